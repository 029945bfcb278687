/*
 * scheduled.h - ScheduledStatus (docs: entities/ScheduledStatus).
 */
#ifndef PRESENT_SCHEDULED_H
#define PRESENT_SCHEDULED_H

#include "core/scheduled.h"
#include "present/present.h"

enum err present_scheduled(const struct present *p, const struct scheduled *s, struct jw *j);

#endif

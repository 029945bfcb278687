/*
 * moderation.h - ModerationEntry, a shape of kicau's own.
 */
#ifndef PRESENT_MODERATION_H
#define PRESENT_MODERATION_H

#include "moderation/audit.h"
#include "present/present.h"

enum err present_audit_entry(const struct present *p, const struct audit_entry *e, struct jw *j);

#endif

/*
 * plan_defaults.h - the plans that come with the program.
 */
#ifndef METER_PLAN_DEFAULTS_H
#define METER_PLAN_DEFAULTS_H

#include "meter/plan.h"

extern const struct plan plan_defaults[];
extern const size_t plan_defaults_n;

#endif

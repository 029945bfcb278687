/*
 * report.h - Report, AccountWarning and Rule (docs: entities of these names).
 */
#ifndef PRESENT_REPORT_H
#define PRESENT_REPORT_H

#include "core/rules.h"
#include "moderation/reports.h"
#include "moderation/warnings.h"
#include "present/present.h"

enum err present_report(const struct present *p, const struct report *r, struct jw *j);
/* As the one it is about may read it: nothing of who did it. */
enum err present_warning(const struct present *p, const struct warning *w, struct jw *j);
void present_rule(const struct rule *r, struct jw *j);

#endif

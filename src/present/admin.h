/*
 * admin.h - what moderators are shown (docs: entities/Admin_Account, Admin_Report). Fields of Mastodon's serializers,
 * where the docs are older.
 */
#ifndef PRESENT_ADMIN_H
#define PRESENT_ADMIN_H

#include "moderation/people.h"
#include "moderation/reports.h"
#include "present/present.h"

enum err present_person(const struct present *p, const struct person *person, struct jw *j);
enum err present_admin_report(const struct present *p, const struct report *r, struct jw *j);

#endif

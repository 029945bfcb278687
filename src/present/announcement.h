/*
 * announcement.h - Announcement and its Reactions (docs: entities/Announcement, entities/Reaction). A viewer who is
 * nobody is not told what they have read or reacted with.
 */
#ifndef PRESENT_ANNOUNCEMENT_H
#define PRESENT_ANNOUNCEMENT_H

#include "core/announcements.h"
#include "present/present.h"

enum err present_announcement(const struct present *p, const struct announcement *n, struct jw *j);
/* The payload of "announcement.reaction": an emoji by its number, with the announcement's id. */
enum err present_reaction_change(const struct present *p, int64_t emoji, struct jw *j);

#endif

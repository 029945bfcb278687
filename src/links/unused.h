/*
 * unused.h - cards that no post has any more: they go, with their pictures.
 */
#ifndef LINKS_UNUSED_H
#define LINKS_UNUSED_H

#include "core/core.h"

/* A card rests so long before it goes: a job may have found it, and be about to give it to a post. */
#define UNUSED_CARD_MS ((int64_t)24 * 3600 * 1000)

/* struct job_period: looks at every card, some at a time. */
enum err unused_cards_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif

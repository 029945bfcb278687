/*
 * emojis.h - the server's custom emojis, all in memory: a few hundred small rows that every rendered post asks for.
 */
#ifndef CORE_EMOJIS_H
#define CORE_EMOJIS_H

#include "core/core.h"

#define EMOJI_SHORTCODE_BYTES 64

struct emoji {
	struct view shortcode, file, static_file, category; /* category empty: none */
	bool visible;					    /* in pickers */
};

struct emojis *emojis_new(struct core *c); /* empty until emojis_load() */
void emojis_free(struct emojis *e);
enum err emojis_load(struct core *c, struct db *db);

/* All, by shortcode; copied into the arena. */
void emojis_all(struct core *c, struct arena *a, const struct emoji **ret, size_t *ret_n);
/* Those whose :shortcode: is in one of the texts, each once, in the order met; copied into the arena. */
void emojis_in(struct core *c, struct arena *a, const struct view *texts, size_t n, const struct emoji **ret,
	       size_t *ret_n);

/*
 * Adds or replaces; [A-Za-z0-9_]{2,EMOJI_SHORTCODE_BYTES}, else ERR_INVALID. file and static_file are file keys.
 * Announces EVENT_EMOJI_CHANGED. emoji_remove: ERR_NOT_FOUND when there is none.
 */
enum err emojis_add(struct core *c, struct db *db, const struct emoji *emoji);
enum err emojis_remove(struct core *c, struct db *db, struct view shortcode);

#endif

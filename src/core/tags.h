/*
 * tags.h - hashtags and how much they are used.
 */
#ifndef CORE_TAGS_H
#define CORE_TAGS_H

#include "core/core.h"

#define TAG_DAYS 7

struct tag_use {
	int64_t day; /* ms of midnight UTC */
	int64_t uses, accounts;
};

struct tag {
	int64_t id; /* 0: nobody has used it */
	struct view name, display;
	struct tag_use days[TAG_DAYS]; /* today first */
};

/* name: as anybody writes it, without '#'. ERR_NOT_FOUND when it is no tag at all; an unused one has id 0. */
enum err tag_load(struct db *db, struct arena *a, struct view name, struct tag *ret);

/* Folded names that begin with prefix (as written), the tag itself first, then those used last. */
enum err tags_find(struct db *db, struct arena *a, struct view prefix, size_t limit, size_t offset, struct view *ret,
		   size_t *ret_n);

/* The folded name, in the arena. ERR_NOT_FOUND when it is no tag. */
enum err tag_name(struct arena *a, struct view written, struct view *ret);
/*
 * As tag_name(), of what is to be kept: it must be a hashtag as it stands, as in a post, and not only have one in it.
 * *ret_display: as written, without '#'.
 */
enum err tag_written(struct arena *a, struct view written, struct view *ret_name, struct view *ret_display);

/* Whether an account features it; name folded. */
enum err tag_is_featured(struct db *db, struct account_id who, struct view name, bool *ret);

#endif

/*
 * tag_rules.h - hashtags as moderators see them (docs: methods/admin/tags): whether posts may have them, whether they are
 * found, and how they are written. Whether one may be a trend is trends.h's.
 */
#ifndef CORE_TAG_RULES_H
#define CORE_TAG_RULES_H

#include "core/page.h"
#include "core/tags.h"

struct tag_rules {
	int64_t id;
	struct view name; /* folded */
	bool usable, listable;
};
/* ERR_NOT_FOUND when no public post has ever had it. */
enum err tag_rules_load(struct db *db, struct arena *a, int64_t id, struct tag_rules *ret);
/* Newest first; ret has room for page->limit. */
enum err tag_rules_page(struct db *db, struct arena *a, const struct page *page, struct tag_rules *ret, size_t *ret_n);

struct tag_rules_change {
	bool has_usable, has_listable, usable, listable;
	struct view display; /* empty: as it was. Another way to write the same tag, or ERR_UNPROCESSABLE */
};
enum err tag_rules_change(struct core *c, struct db *db, struct arena *a, int64_t id, const struct tag_rules_change *ch,
			  struct problem *problem);

/* ERR_UNPROCESSABLE with words where one of these (folded) may not be used. Kept in memory, as most posts have tags that others have had. */
enum err tag_rules_check(struct core *c, struct db *db, struct view name, struct problem *problem);

struct tag_rules_known *tag_rules_new(size_t bytes);
void tag_rules_free(struct tag_rules_known *t); /* NULL-safe */

#endif

/*
 * import_kinds.c - the list of what can be imported.
 */
#include "base/base.h"

#include "transfer/import.h"
#include "transfer/import_lists.h"
#include "transfer/import_posts.h"

#define LIST .overwrites = true, .bytes_max = (int64_t)LIMIT_IMPORT_LIST_BYTES
#define ARCHIVE .overwrites = false, .bytes_max = LIMIT_IMPORT_ARCHIVE_BYTES

const struct import_kind import_kinds[] = {
	{"follows", LIST, .step = import_follows},
	{"blocks", LIST, .step = import_blocks},
	{"mutes", LIST, .step = import_mutes},
	{"domain_blocks", LIST, .step = import_domains},
	{"bookmarks", LIST, .step = import_bookmarks},
	{"lists", LIST, .step = import_lists},
	{"filters", LIST, .step = import_filters},
	{"mastodon", ARCHIVE, .step = import_mastodon},
	{"twitter", ARCHIVE, .step = import_twitter},
	{0},
};

const struct import_kind *import_kind_find(struct view name)
{
	for (const struct import_kind *k = import_kinds; k->name; k++)
		if (view_is(name, k->name))
			return k;
	return NULL;
}

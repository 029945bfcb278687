/*
 * inventory.h - what lies under DATA/media, and which of it is in use: the files on the disk beside the rows that name
 * them. For the command line; the server may run meanwhile.
 */
#ifndef MEDIA_INVENTORY_H
#define MEDIA_INVENTORY_H

#include "base/base.h"
#include "base/map.h"
#include "store/store.h"

enum stored {
	STORED_IMAGE,
	STORED_GIFV,
	STORED_VIDEO,
	STORED_AUDIO,
	STORED_OTHER,
	STORED_UPLOAD,	/* waits to be converted */
	STORED_PROFILE, /* avatars and headers */
	STORED_EMOJI,
	STORED_CARD,   /* pictures of links' cards */
	STORED_ORPHAN, /* nothing names it */
	STORED_COUNT
};
extern const char *const stored_names[STORED_COUNT];

/* Who names which file. */
struct inventory {
	struct map names;
	int64_t things[STORED_COUNT]; /* attachments, accounts, emojis that have files */
};
enum err inventory_load(struct db *db, struct inventory *ret);
void inventory_release(struct inventory *inv);

/*
 * Calls found() for each file, in no order, with its key and age; false from it ends the walk. Files that the rows do not
 * name, and that are not older than they could be named by a later row, are told by their age: who deletes, waits a day.
 */
struct stored_file {
	enum stored kind;
	struct view key;
	uint64_t bytes;
	int64_t age_ms;
};
enum err inventory_walk(const struct inventory *inv, const char *data_dir,
			bool (*found)(void *arg, const struct stored_file *file), void *arg, struct problem *problem);

#endif

/*
 * import_lists.h - the kinds of imports that are lists in CSV, and filters in JSON. What a file may look like is Mastodon's
 * (app/models/form/import.rb): with its line of headers, in any order, or without one.
 */
#ifndef TRANSFER_IMPORT_LISTS_H
#define TRANSFER_IMPORT_LISTS_H

#include "transfer/import.h"

/* A step of a kind each: import_kind.step. */
enum err import_follows(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			struct problem *problem);
enum err import_blocks(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
		       struct problem *problem);
enum err import_mutes(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
		      struct problem *problem);
enum err import_domains(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			struct problem *problem);
enum err import_bookmarks(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			  struct problem *problem);
enum err import_lists(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
		      struct problem *problem);
enum err import_filters(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			struct problem *problem);

#endif

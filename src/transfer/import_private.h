/*
 * import_private.h - what the files import_*.c of lists share.
 */
#ifndef TRANSFER_IMPORT_PRIVATE_H
#define TRANSFER_IMPORT_PRIVATE_H

#include "core/search.h"
#include "core/viewer.h"
#include "transfer/csv.h"
#include "transfer/import.h"

/* Columns of all kinds: what each means is the same wherever it stands. */
enum column {
	COLUMN_ACCT,
	COLUMN_BOOSTS,
	COLUMN_NOTIFY,
	COLUMN_LANGUAGES,
	COLUMN_HIDE,
	COLUMN_DOMAIN,
	COLUMN_URI,
	COLUMN_LIST,
	COLUMNS
};

struct list_import {
	struct core *core;
	struct db *db;
	struct arena *arena; /* of the step; rows have their own below */
	struct import *i;
	struct viewer *viewer;
	int place[COLUMNS]; /* in a record; -1: not there */
	struct csv_record record;
	struct problem problem;
};

/* The field of a column, without white space around; empty where there is none. */
struct view list_field(const struct list_import *w, enum column column);
/* Of a column of true and false; fallback where it says neither. */
bool list_flag(const struct list_import *w, enum column column, bool fallback);
/* The account a row is about. ERR_UNPROCESSABLE with words. */
enum err list_account(struct list_import *w, struct arena *a, struct account_id *ret);
/* The post a row is about, that its owner may see. ERR_UNPROCESSABLE with words. */
enum err list_post(struct list_import *w, struct arena *a, struct post_id *ret);

/*
 * What a kind of list is. take: takes a row; ERR_UNPROCESSABLE with words refuses it, ERR_CONFLICT says it is here already.
 * clear: takes away what is not among the rows; called once all could be read, with what identify() says of each.
 */
struct idset;
struct list_kind {
	enum column columns[3]; /* that a file without headers has, in their order */
	size_t n_columns;
	enum err (*take)(struct list_import *w, struct arena *a);
	enum err (*identify)(struct list_import *w, struct arena *a, uint64_t *ret);
	enum err (*clear)(struct list_import *w, const struct idset *keep);
};
enum err list_step(struct core *c, struct db *db, struct arena *a, struct import *i, const struct list_kind *kind,
		   bool *ret_more, struct problem *problem);

#endif

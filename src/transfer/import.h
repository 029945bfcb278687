/*
 * import.h - taking in what somebody brings: lists in Mastodon's formats, and posts from archives. An import is a row
 * that says how far it is, the file under DATA/imports, and a list of what could not be taken. It is done in steps;
 * each entry is taken once, whatever ends in between: what has been done is written with how far it is, or is of a kind
 * that nothing changes the second time.
 */
#ifndef TRANSFER_IMPORT_H
#define TRANSFER_IMPORT_H

#include "core/core.h"

enum import_state { IMPORT_SENDING, IMPORT_RUNNING, IMPORT_FINISHED, IMPORT_FAILED }; /* imports.state */

#define LIMIT_IMPORT_LIST_BYTES ((size_t)20 * 1024 * 1024) /* Mastodon's */
#define LIMIT_IMPORT_LIST_ROWS 20000			    /* Mastodon's */
#define LIMIT_IMPORT_ARCHIVE_BYTES INT64_C(0x400000000)	    /* 16 GiB */
#define LIMIT_IMPORT_PROBLEMS 20000			    /* told one by one; the rest is counted */
#define LIMIT_IMPORTS 50				    /* of an account that are remembered; the oldest goes */

struct import {
	int64_t id;
	struct account_id account;
	const struct import_kind *kind;
	bool overwrite;
	enum import_state state;
	int64_t bytes;				 /* of the file */
	int64_t total, done;			 /* entries; total 0: not counted yet */
	int64_t taken, known, refused, problems; /* known: were here already. problems: how many can be listed */
	struct view error;			 /* of a failed one */
	int64_t created_at, updated_at;
};

struct import_kind {
	const char *name; /* stored: never changes */
	bool overwrites;  /* it can also take away what is not in the file */
	int64_t bytes_max;
	/*
	 * Does some of it: about a second's work, unless it cannot be cut. The arena is the step's own. *ret_more: there
	 * is something left. ERR_UNPROCESSABLE with words: the file is none of this kind; the import has failed.
	 */
	enum err (*step)(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			 struct problem *problem);
};
extern const struct import_kind import_kinds[];		      /* ended by a row without name */
const struct import_kind *import_kind_find(struct view name); /* NULL: none */

/* A new import without its file. ERR_UNPROCESSABLE: it cannot overwrite. */
enum err import_create(struct core *c, struct account_id who, const struct import_kind *kind, bool overwrite,
		       int64_t *ret_id, struct problem *problem);
/*
 * Adds bytes at the offset `at`, which is what is there already: ERR_CONFLICT with words otherwise, so that who was
 * interrupted learns where to go on. ERR_TOO_LARGE. ERR_NOT_FOUND: not theirs, or not being sent any more.
 */
enum err import_send(struct core *c, struct db *db, struct account_id who, int64_t id, int64_t at, struct view bytes,
		     struct problem *problem);
/* The file is complete: a job does the rest, from so many ms on. Until then the caller may, by import_step(). */
enum err import_sent(struct core *c, struct account_id who, int64_t id, int64_t delay_ms);
/* *ret_more false: finished or failed; its row says which. ERR_BUSY: somebody else, of another process too, is at it. */
enum err import_step(struct core *c, struct db *db, struct account_id who, int64_t id, bool *ret_more);

enum err import_load(struct db *db, struct arena *a, struct account_id who, int64_t id, struct import *ret);
/* Newest first; ret has room for LIMIT_IMPORTS. */
enum err imports_load(struct db *db, struct arena *a, struct account_id who, struct import *ret, size_t *ret_n);
/* Forgets it, under way or not: what it has brought stays. */
enum err import_delete(struct core *c, struct account_id who, int64_t id);

struct import_problem {
	int64_t n;
	struct view place, item, words; /* "line 7", "bob@example.com", "there is no such account here" */
};
/* Those behind `after`, in the order of the file. The caller has loaded the import. */
enum err import_problems(struct db *db, struct arena *a, int64_t id, int64_t after, size_t limit,
			 struct import_problem *ret, size_t *ret_n);

/* DATA/imports/ID, the folder of an import. */
#define IMPORT_PATH_MAX 4096
void import_folder(const struct core *c, int64_t id, char ret[IMPORT_PATH_MAX]);
void import_file(const struct core *c, int64_t id, char ret[IMPORT_PATH_MAX]); /* what was sent */

/* For the kinds: what a step has found, written together with how far it is. */
#define IMPORT_REPORT_MAX 128
struct import_report {
	size_t n;
	struct {
		char place[96], item[256], words[256];
	} rows[IMPORT_REPORT_MAX];
};
/* Notes an entry that is refused, or (refused false) one that is taken without something. */
void import_complain(struct import *i, struct import_report *r, bool refused, const char *place, struct view item,
		     const char *words);
/* Writes *i and the report, and empties it. ERR_NOT_FOUND: the import was deleted meanwhile. */
enum err import_save(struct core *c, const struct import *i, struct import_report *r);

/* Registered in server/kinds.c. */
#define IMPORT_JOB "import"
enum err import_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);
enum err import_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif

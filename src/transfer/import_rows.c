/*
 * import_rows.c - walking the rows of a list. They are few (LIMIT_IMPORT_LIST_ROWS), so every step reads the file from its
 * beginning and leaves out those that are done.
 */
#include "base/base.h"

#include "transfer/import_private.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/map.h"
#include "core/accounts.h"
#include "core/admitted.h"

#define STEP_ROWS 50
#define ROW_ARENA LIMIT_MIB

static const char *const headers[COLUMNS] = {
	[COLUMN_ACCT] = "Account address",	  [COLUMN_BOOSTS] = "Show boosts",
	[COLUMN_NOTIFY] = "Notify on new posts",  [COLUMN_LANGUAGES] = "Languages",
	[COLUMN_HIDE] = "Hide notifications",	  [COLUMN_DOMAIN] = "#domain",
	[COLUMN_URI] = "#uri",			  [COLUMN_LIST] = "List name",
};

struct view list_field(const struct list_import *w, enum column column)
{
	int at = w->place[column];

	return at >= 0 && (size_t)at < w->record.n ? view_trim(w->record.fields[at]) : V("");
}

bool list_flag(const struct list_import *w, enum column column, bool fallback)
{
	struct view v = list_field(w, column);
	bool on = fallback;

	if (view_eq_nocase(v, V("true")))
		return true;
	if (view_eq_nocase(v, V("false")))
		return false;
	return v.len && parse_bool(v, &on) ? on : fallback;
}

enum err list_account(struct list_import *w, struct arena *a, struct account_id *ret)
{
	struct view acct = list_field(w, COLUMN_ACCT);
	struct account_id id;

	(void)a;
	if (!acct.len)
		return fail(&w->problem, ERR_UNPROCESSABLE, "there is no account in it");
	enum err err = account_find_acct(w->core, w->db, acct, &id);
	if (err == OK)
		err = account_admitted(w->core, w->db, id);
	if (err == ERR_NOT_FOUND)
		return fail(&w->problem, ERR_UNPROCESSABLE, "there is no such account here");
	TRY(err);
	*ret = id;
	return OK;
}

enum err list_post(struct list_import *w, struct arena *a, struct post_id *ret)
{
	struct search_query q = {
		.text = list_field(w, COLUMN_URI), .viewer = w->viewer, .posts = true, .resolve = true, .limit = 1};
	struct search_result found = {0};

	if (!view_starts(q.text, V("https://")) && !view_starts(q.text, V("http://")))
		return fail(&w->problem, ERR_UNPROCESSABLE, "it is not the address of a post");
	TRY(search(w->core, w->db, a, &q, &found));
	if (!found.n_posts)
		return fail(&w->problem, ERR_UNPROCESSABLE, "there is no such post here");
	*ret = found.posts[0];
	return OK;
}

/* ---- columns ---- */

/* The first record, where it is one of headers: then *ret_headers. */
static void find_columns(struct list_import *w, const struct list_kind *kind, bool *ret_headers)
{
	bool first = false;

	for (size_t c = 0; c < COLUMNS; c++)
		w->place[c] = -1;
	for (size_t c = 0; c < COLUMNS && w->record.n; c++)
		first |= view_is(view_trim(w->record.fields[0]), headers[c]);
	*ret_headers = first;
	if (!first) {
		for (size_t i = 0; i < kind->n_columns; i++)
			w->place[kind->columns[i]] = (int)i;
		return;
	}
	for (size_t f = 0; f < w->record.n; f++)
		for (size_t c = 0; c < COLUMNS; c++)
			if (view_is(view_trim(w->record.fields[f]), headers[c]))
				w->place[c] = (int)f;
}

/* A reader of the rows behind the headers. ERR_UNPROCESSABLE: it is another kind of file, or empty. */
static enum err begin(struct list_import *w, const struct list_kind *kind, struct view text, struct csv *ret,
		      struct problem *problem)
{
	struct csv c = csv_of(text);
	bool has_headers = false;

	*ret = c;
	if (!csv_next(&c, w->arena, &w->record))
		return fail(problem, ERR_UNPROCESSABLE, "The file is empty");
	find_columns(w, kind, &has_headers);
	if (has_headers)
		*ret = c;
	for (size_t i = 0; i < kind->n_columns; i++)
		if (w->place[kind->columns[i]] < 0)
			return fail(problem, ERR_UNPROCESSABLE, "This is not such a file: it has no column \"%s\"",
				    headers[kind->columns[i]]);
	return OK;
}

/* ---- walking ---- */

static enum err count(struct list_import *w, struct csv c, struct problem *problem)
{
	int64_t n = 0;

	while (csv_next(&c, w->arena, &w->record)) {
		arena_reset(w->arena);
		if (++n > LIMIT_IMPORT_LIST_ROWS)
			return fail(problem, ERR_UNPROCESSABLE, "The file has more than %d rows",
				    LIMIT_IMPORT_LIST_ROWS);
	}
	if (!n)
		return fail(problem, ERR_UNPROCESSABLE, "The file is empty");
	w->i->total = n;
	return OK;
}

static enum err clear_others(struct list_import *w, const struct list_kind *kind, struct csv c, struct idset *keep,
			     struct problem *problem)
{
	size_t readable = 0;

	while (csv_next(&c, w->arena, &w->record)) {
		uint64_t id = 0;
		enum err err = w->record.wrong ? ERR_UNPROCESSABLE : kind->identify(w, w->arena, &id);

		arena_reset(w->arena);
		if (err == ERR_UNPROCESSABLE)
			continue;
		TRY(err);
		idset_add(keep, id);
		readable++;
	}
	if (!readable)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Nothing in the file is known here, so nothing was taken away for it");
	return kind->clear(w, keep);
}

static struct view item_of(const struct list_import *w)
{
	return w->record.n ? list_field(w, w->place[COLUMN_ACCT] >= 0  ? COLUMN_ACCT
					   : w->place[COLUMN_URI] >= 0 ? COLUMN_URI
								       : COLUMN_DOMAIN)
			   : V("");
}

static enum err take(struct list_import *w, const struct list_kind *kind, struct arena *a, struct import_report *report)
{
	char place[64];

	w->problem = (struct problem){0};
	enum err err = w->record.wrong ? fail(&w->problem, ERR_UNPROCESSABLE, "%s", w->record.wrong) : kind->take(w, a);
	snprintf(place, sizeof(place), "line %" PRId64, w->record.line);
	if (err == ERR_UNPROCESSABLE)
		import_complain(w->i, report, true, place, item_of(w), w->problem.text);
	else if (err == ERR_CONFLICT)
		w->i->known++;
	else if (err)
		return err;
	else
		w->i->taken++;
	w->i->done++;
	return OK;
}

static enum err walk(struct list_import *w, const struct list_kind *kind, struct csv c, struct import_report *report,
		     bool *ret_more)
{
	int64_t before = w->i->done, n = 0;
	struct arena row;
	enum err err = OK;
	bool more = false;

	arena_init(&row, ROW_ARENA);
	while (err == OK && (more = csv_next(&c, &row, &w->record))) {
		if (n++ >= before) {
			if (w->i->done - before == STEP_ROWS)
				break;
			err = take(w, kind, &row, report);
		}
		arena_reset(&row);
	}
	arena_release(&row);
	TRY(err);
	TRY(import_save(w->core, w->i, report));
	*ret_more = more;
	return OK;
}

static enum err step_in(struct list_import *w, const struct list_kind *kind, struct view text, bool *ret_more,
			struct problem *problem)
{
	struct import_report *report = xcalloc(1, sizeof(*report));
	struct idset keep;
	struct csv c;

	idset_init(&keep);
	enum err err = begin(w, kind, text, &c, problem);
	if (err == OK && !w->i->total)
		err = count(w, c, problem);
	if (err == OK && w->i->overwrite && !w->i->done)
		err = clear_others(w, kind, c, &keep, problem);
	if (err == OK)
		err = walk(w, kind, c, report, ret_more);
	idset_release(&keep);
	free(report);
	return err;
}

enum err list_step(struct core *c, struct db *db, struct arena *a, struct import *i, const struct list_kind *kind,
		   bool *ret_more, struct problem *problem)
{
	struct list_import w = {.core = c, .db = db, .arena = a, .i = i};
	char path[IMPORT_PATH_MAX];
	struct stat st;

	import_file(c, i->id, path);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return fail(problem, ERR_UNPROCESSABLE, "The file is empty");
	void *text = fstat(fd, &st) == 0 && st.st_size ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
						       : MAP_FAILED;
	close(fd);
	if (text == MAP_FAILED)
		return fail(problem, ERR_UNPROCESSABLE, "The file is empty");
	enum err err = viewer_get(c, db, i->account, &w.viewer);
	if (err == OK)
		err = step_in(&w, kind, view_make(text, (size_t)st.st_size), ret_more, problem);
	viewer_put(w.viewer);
	munmap(text, (size_t)st.st_size);
	return err;
}

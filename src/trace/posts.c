/*
 * posts.c - see posts.h. Two passes over the posts: how common shingles are (of large networks, in every eighth page), then all.
 */
#include "base/base.h"

#include "trace/posts.h"

#include "base/arena.h"
#include "base/limits.h"
#include "trace/normal.h"

#define PAGE 4000 /* posts */
#define SAMPLE_EVERY 8
#define SAMPLE_ALL 400000 /* posts up to which all are looked at */
#define LOAD_MAX 500	  /* posts asked for at once */
#define VISIBILITY_OPEN "visibility <= 1"

SQL(trace_count, "SELECT COUNT(*) FROM posts WHERE domain = '' AND " VISIBILITY_OPEN);
SQL(trace_page,
    "SELECT id, text, visibility, boost_of, edited_at FROM posts WHERE id > $1 AND domain = '' AND " VISIBILITY_OPEN
    " ORDER BY id LIMIT $2");
SQL(trace_texts_of, "SELECT id, text, edited_at FROM posts WHERE id IN IDS($1)");
SQL(trace_versions_of, "SELECT post_id, text FROM post_edits WHERE post_id IN IDS($1) ORDER BY post_id, id");

struct making {
	struct db *db;
	struct index_builder *to;
	struct buf normal;
	struct arena arena;
	uint64_t done, total;
	int64_t last; /* id */
	bool counting, skipping;
	int64_t edited[PAGE];
	uint32_t edited_posts[PAGE];
	size_t n_edited;
	trace_progress_fn *progress;
	void *arg;
};

static struct view normal_text(struct making *m, struct view text)
{
	buf_clear(&m->normal);
	return normal_of_post(&m->normal, text) == OK ? buf_view(&m->normal) : V("");
}

static enum err add_post(struct making *m, const struct rows *r)
{
	bool boost = !row_is_null(r, 3), edited = !row_is_null(r, 4);
	unsigned flags = (boost ? INDEX_BOOST : 0U) | (row_int(r, 2) == 0 ? INDEX_PUBLIC : 0U);
	uint32_t post;

	TRY(index_build_post(m->to, m->last, flags, &post));
	if (edited) {
		m->edited[m->n_edited] = m->last;
		m->edited_posts[m->n_edited++] = post;
		return OK;
	}
	return boost ? OK : index_build_text(m->to, post, normal_text(m, row_text(r, 1)));
}

/* All texts that edited posts ever had, the present ones too. */
static enum err add_versions(struct making *m)
{
	enum err err = OK;
	struct rows r;
	size_t at = 0;

	if (!m->n_edited)
		return OK;
	db_query(m->db, &r, &trace_versions_of, BINDS(bind_ids(&m->arena, m->edited, m->n_edited)));
	while (err == OK && rows_next(&r)) {
		while (at < m->n_edited && m->edited[at] < row_int(&r, 0))
			at++;
		if (at < m->n_edited && m->edited[at] == row_int(&r, 0))
			err = index_build_text(m->to, m->edited_posts[at], normal_text(m, row_text(&r, 1)));
	}
	enum err end = rows_end(&r);
	m->n_edited = 0;
	arena_reset(&m->arena);
	return err == OK ? end : err;
}

static enum err one_page(struct making *m, bool *ret_more)
{
	enum err err = OK;
	size_t n = 0;
	struct rows r;

	db_query(m->db, &r, &trace_page, BINDS(B_INT(m->last), B_INT(PAGE)));
	while (err == OK && rows_next(&r)) {
		n++;
		m->last = row_int(&r, 0);
		if (!m->counting)
			err = add_post(m, &r);
		else if (!m->skipping)
			index_build_sample(m->to, normal_text(m, row_text(&r, 1)));
	}
	enum err end = rows_end(&r);
	TRY(err);
	TRY(end);
	TRY(add_versions(m));
	m->done += n;
	m->progress(m->arg, m->done, 2 * m->total);
	*ret_more = n == PAGE;
	return OK;
}

static enum err all_pages(struct making *m, bool counting)
{
	bool more = true;

	m->counting = counting;
	m->last = 0;
	for (size_t page = 0; more; page++) {
		m->skipping = m->total > SAMPLE_ALL && page % SAMPLE_EVERY;
		TRY(one_page(m, &more));
	}
	return OK;
}

static enum err add_delivered(void *arg, uint64_t index, const struct ledger_record *r)
{
	(void)index;
	if (r->kind == LEDGER_POSTS)
		for (size_t i = 0; i < r->n_items; i++)
			index_build_delivered(arg, r->items[i].id);
	return OK;
}

static enum err make(struct making *m, struct ledger *ledger)
{
	TRY(all_pages(m, true));
	TRY(all_pages(m, false));
	return ledger ? ledger_each(ledger, ledger_first(ledger), add_delivered, m->to) : OK;
}

enum err trace_index_make(struct db *db, struct ledger *ledger, const char *path, trace_progress_fn *progress,
			  void *arg, struct problem *problem)
{
	struct making *m;
	int64_t n;

	TRY(db_int(db, &trace_count, NO_BINDS, &n));
	m = xcalloc(1, sizeof(*m));
	*m = (struct making){
		.db = db, .normal = {.max = 8 * NORMAL_MAX}, .total = (uint64_t)n, .progress = progress, .arg = arg};
	arena_init(&m->arena, LIMIT_MIB);
	enum err err = index_build(path, (uint64_t)n, &m->to, problem);
	if (err == OK) {
		err = make(m, ledger);
		if (err == OK)
			err = index_build_end(m->to, problem);
		index_build_free(m->to);
	}
	buf_release(&m->normal);
	arena_release(&m->arena);
	free(m);
	return err;
}

/* ---- texts ---- */

struct loading {
	struct db *db;
	matcher_text_fn *fn;
	void *fn_arg;
	struct arena arena;
	int64_t edited[LOAD_MAX];
	size_t n_edited;
};

static enum err load_versions(struct loading *l)
{
	enum err err = OK;
	int64_t post = 0;
	uint32_t version = 0;
	struct rows r;

	db_query(l->db, &r, &trace_versions_of, BINDS(bind_ids(&l->arena, l->edited, l->n_edited)));
	while (err == OK && rows_next(&r)) {
		version = row_int(&r, 0) == post ? version + 1 : 0;
		post = row_int(&r, 0);
		err = l->fn(l->fn_arg, post, version, row_text(&r, 1));
	}
	enum err end = rows_end(&r);
	return err == OK ? end : err;
}

static enum err load_some(struct loading *l, const int64_t *posts, size_t n)
{
	enum err err = OK;
	struct rows r;

	l->n_edited = 0;
	db_query(l->db, &r, &trace_texts_of, BINDS(bind_ids(&l->arena, posts, n)));
	while (err == OK && rows_next(&r)) {
		if (!row_is_null(&r, 2))
			l->edited[l->n_edited++] = row_int(&r, 0);
		else
			err = l->fn(l->fn_arg, row_int(&r, 0), 0, row_text(&r, 1));
	}
	enum err end = rows_end(&r);
	TRY(err);
	TRY(end);
	return l->n_edited ? load_versions(l) : OK;
}

static enum err load_texts(void *arg, const int64_t *posts, size_t n, matcher_text_fn *fn, void *fn_arg)
{
	struct loading l = {.db = arg, .fn = fn, .fn_arg = fn_arg};
	enum err err = OK;

	arena_init(&l.arena, LIMIT_MIB);
	for (size_t at = 0; err == OK && at < n; at += LOAD_MAX) {
		err = load_some(&l, posts + at, n - at < LOAD_MAX ? n - at : LOAD_MAX);
		arena_reset(&l.arena);
	}
	arena_release(&l.arena);
	return err;
}

struct matcher_texts trace_texts(struct db *db)
{
	return (struct matcher_texts){load_texts, db};
}

/*
 * timeline_pages.c - filling pages, and the timelines that are read from the database: public, tag, list. Also who
 * takes a new post, for streams.
 */
#include "base/base.h"

#include "core/timeline_pages.h"

#include "core/cards.h"
#include "core/filter_set.h"
#include "core/visibility.h"

/* Some of what a source answers will not fit the viewer; a few more save a second round. */
#define SLACK 8
#define ROUNDS_MAX 64
#define ROWS_MAX 500 /* looked at in a round, once it turns out that few of them fit */

struct filling {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct viewer *viewer;
	const struct page_source *source;
	struct filter_set *filters;
};

static enum err stays(const struct filling *f, int64_t id, bool *ret)
{
	enum filter_context context = f->source->home ? FILTER_HOME : FILTER_PUBLIC;
	bool hidden;

	TRY(filter_set_hides_post(f->core, f->db, f->arena, f->filters, context, (struct post_id){id}, &hidden));
	*ret = !hidden;
	return OK;
}

static enum err fits(const struct filling *f, int64_t id, bool *ret)
{
	struct card *card = NULL;
	enum err err = card_get(f->core, f->db, f->arena, (struct post_id){id}, &card);

	*ret = false;
	if (err == ERR_NOT_FOUND) {
		if (f->source->gone)
			f->source->gone(f->source->arg, id);
		return OK;
	}
	TRY(err);
	*ret = (f->source->home ? home_listed_for : listed_for)(f->viewer, &card->meta);
	card_put(card);
	return *ret ? stays(f, id, ret) : OK;
}

static void reverse(struct post_id *ids, size_t n)
{
	for (size_t i = 0; i + 1 < n - i; i++) {
		struct post_id other = ids[i];

		ids[i] = ids[n - 1 - i];
		ids[n - 1 - i] = other;
	}
}

static enum err fill(const struct filling *f, const struct page *page, struct post_id *ret, size_t *ret_n)
{
	const struct page_source *source = f->source;
	struct scan scan = {page_floor(page), page_ceiling(page), page_upward(page), page->limit + SLACK,
			    page->limit + SLACK};
	struct ring_entry *entries = ARENA_ARRAY(f->arena, scan.cap, struct ring_entry);
	size_t n = 0;

	for (int round = 0; round < ROUNDS_MAX && n < page->limit; round++) {
		struct found found = {0};

		TRY(source->next(source->arg, &scan, entries, &found));
		for (size_t i = 0; i < found.n && n < page->limit; i++) {
			bool fit;

			TRY(fits(f, entries[i].id, &fit));
			if (fit)
				ret[n++].v = entries[i].id;
		}
		if (!found.more)
			break;
		*(scan.upward ? &scan.floor : &scan.ceiling) = found.last;
		scan.rows = ROWS_MAX;
	}
	if (scan.upward)
		reverse(ret, n);
	*ret_n = n;
	return OK;
}

enum err page_fill(struct core *c, struct db *db, struct arena *a, struct viewer *v, const struct page *page,
		   const struct page_source *source, struct post_id *ret, size_t *ret_n)
{
	struct filling f = {c, db, a, v, source, NULL};

	TRY(filter_set_get(c, db, v->account, &f.filters));
	enum err err = fill(&f, page, ret, ret_n);
	filter_set_put(f.filters);
	return err;
}

struct list_source {
	struct db *db;
	struct viewer *viewer;
	int64_t list;
};

static enum err list_next(void *arg, const struct scan *s, struct ring_entry *ret, struct found *ret_found)
{
	struct list_source *l = arg;

	return scan_list(l->db, l->viewer, l->list, s, ret, ret_found);
}

enum err timeline_list(struct core *c, struct db *db, struct arena *a, struct viewer *v, int64_t list,
		       const struct page *page, struct post_id *ret, size_t *ret_n)
{
	struct list_source l = {db, v, list};
	struct page_source source = {.next = list_next, .arg = &l, .home = true};

	return page_fill(c, db, a, v, page, &source, ret, ret_n);
}

struct public_source {
	struct db *db;
	struct public_filter filter;
};

static enum err public_next(void *arg, const struct scan *s, struct ring_entry *ret, struct found *ret_found)
{
	struct public_source *p = arg;

	return scan_public(p->db, p->filter, s, ret, ret_found);
}

enum err timeline_public(struct core *c, struct db *db, struct arena *a, struct viewer *v, struct public_filter filter,
			 const struct page *page, struct post_id *ret, size_t *ret_n)
{
	struct public_source p = {db, filter};
	struct page_source source = {.next = public_next, .arg = &p};

	return page_fill(c, db, a, v, page, &source, ret, ret_n);
}

struct tag_source {
	struct db *db;
	struct arena *arena;
	const struct tag_filter *filter;
};

static enum err tag_next(void *arg, const struct scan *s, struct ring_entry *ret, struct found *ret_found)
{
	struct tag_source *t = arg;

	return scan_tag(t->db, t->arena, t->filter, s, ret, ret_found);
}

enum err timeline_tag(struct core *c, struct db *db, struct arena *a, struct viewer *v, const struct tag_filter *filter,
		      const struct page *page, struct post_id *ret, size_t *ret_n)
{
	struct tag_source t = {db, a, filter};
	struct page_source source = {.next = tag_next, .arg = &t};

	return page_fill(c, db, a, v, page, &source, ret, ret_n);
}

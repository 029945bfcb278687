/*
 * timelines.h - home, list, public, local and hashtag timelines. Each home and list timeline of a recently active
 * account is a ring of LIMIT_TIMELINE_RING entries in memory, pushed to when a post is made; an author with very many
 * followers is merged in on read instead; whoever was away is rebuilt from the database on the first read. Pages
 * deeper than the ring are read from the database. Nothing in memory is the only copy.
 *
 * Answers are post ids newest first, that existed and fitted the timeline when it was written; present_posts() leaves
 * out what the viewer may not see by now, so callers ask for a page through timeline_read_*, which already has done so.
 */
#ifndef CORE_TIMELINES_H
#define CORE_TIMELINES_H

#include "core/page.h"
#include "core/post.h"
#include "core/viewer.h"

struct timelines *timelines_new(struct core *c, size_t bytes); /* subscribes to events */
void timelines_free(struct timelines *t);
/* Drops the rings of accounts that have not read for core_config.active_days. Once an hour, by jobs/. */
void timelines_sweep(struct core *c, int64_t now);

/* ret has room for page->limit ids. Everything returned may be listed for the viewer. */
enum err timeline_home(struct core *c, struct db *db, struct arena *a, struct viewer *v, const struct page *page,
		       struct post_id *ret, size_t *ret_n);
enum err timeline_list(struct core *c, struct db *db, struct arena *a, struct viewer *v, int64_t list,
		       const struct page *page, struct post_id *ret, size_t *ret_n);

struct public_filter {
	bool local, remote, only_media;
};
enum err timeline_public(struct core *c, struct db *db, struct arena *a, struct viewer *v, struct public_filter filter,
			 const struct page *page, struct post_id *ret, size_t *ret_n);

struct tag_filter {
	struct public_filter base;
	struct view name;		     /* folded */
	const struct view *any, *all, *none; /* folded */
	size_t n_any, n_all, n_none;
};
enum err timeline_tag(struct core *c, struct db *db, struct arena *a, struct viewer *v, const struct tag_filter *filter,
		      const struct page *page, struct post_id *ret, size_t *ret_n);

/*
 * Who a new post is for, for streams: calls fn for each account whose home takes it (list 0), and for each list that
 * does; only accounts for which wanted() is true are considered. wanted() is called under a lock and must be quick; fn
 * is not. Visibility is not judged: the caller asks home_listed_for() for each receiver.
 */
enum err timelines_audience(struct core *c, struct db *db, const struct post_meta *m,
			    bool (*wanted)(void *arg, struct account_id account),
			    void (*fn)(void *arg, struct account_id account, int64_t list), void *arg);

#endif

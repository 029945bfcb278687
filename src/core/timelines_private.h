/*
 * timelines_private.h - shared by timelines.c (reads), fanout.c (writes) and timeline_scan.c (the database).
 *
 * Accounts of this server that follow somebody or read get a dense index, so that an author's audience is an array of
 * small numbers and a delivery is one array look-up. `lock` guards the tables and the life of rings: readers and
 * pushes share it, making and dropping a ring takes it alone. It is never held across a query.
 */
#ifndef CORE_TIMELINES_PRIVATE_H
#define CORE_TIMELINES_PRIVATE_H

#include <pthread.h>

#include "base/map.h"
#include "core/cache.h"
#include "core/ring_pool.h"
#include "core/timelines.h"

struct timelines {
	struct core *core;
	size_t budget_bytes;
	struct cache *audiences;
	pthread_rwlock_t lock;
	struct map index_of; /* account id → index + 1 */
	int64_t *account_at; /* by index */
	struct ring **rings; /* by index; NULL: away */
	size_t n, alloc, n_rings;
	struct ring_pool pool;
	struct map merged; /* author id → struct ring *: its own posts; these authors are not pushed */
	uint64_t next_serial;
};

enum edge_flags {
	EDGE_SELF = 1,
	EDGE_NO_BOOSTS = 2,
	EDGE_EXCLUSIVE = 4, /* in an exclusive list of the follower: not in home */
	EDGE_LANGUAGES = 8, /* only some languages, see struct audience */
};

struct edge {
	uint32_t index, flags;
};

struct edge_languages {
	uint32_t index;
	struct view list; /* "en,id" */
};

struct list_edge {
	int64_t list;
	struct account_id owner;
	uint8_t replies_policy;
};

/* Who has an author's posts in a timeline: followers of this server and the author, by index; and lists. */
struct audience {
	struct cached cached;
	size_t n, n_languages, n_lists;
	struct edge *edges;		  /* ascending */
	struct edge_languages *languages; /* ascending */
	struct list_edge *lists;
	struct arena arena;
};

/* fanout.c */
enum err audience_get(struct timelines *t, struct db *db, struct account_id author, struct audience **ret);
void audience_put(struct audience *a);
const struct edge *audience_find(const struct audience *a, uint32_t index);
/*
 * The home rule for one follower of the author. follows_answered: when the post answers somebody else, whether the
 * follower is in that one's audience too.
 */
bool home_takes(const struct audience *a, const struct edge *edge, struct account_id account, const struct post_meta *m,
		bool follows_answered);
/*
 * Of a post that comes by a hashtag: whether what holds for its author's posts lets it into the home. edge: NULL when
 * the reader does not follow the author. Whom it answers does not matter.
 */
bool home_takes_tagged(const struct audience *a, const struct edge *edge, const struct post_meta *m);
/* Delivers m to the rings of the audience; *ret_taken: how many took it (0 for authors merged in on read). */
enum err fanout_push(struct timelines *t, struct db *db, const struct post_meta *m, size_t *ret_taken);
/* True when m answers somebody else than its author. */
static inline bool answers_other(const struct post_meta *m)
{
	return m->reply_to.v && !account_eq(m->reply_to_account, m->author);
}

/* timelines.c; the caller holds the lock (alone for index_make) */
uint32_t index_make(struct timelines *t, struct account_id account);
bool index_find(const struct timelines *t, struct account_id account, uint32_t *ret);

/* timeline_scan.c: candidates from the database, with floor < id < ceiling, at most cap. */
struct scan {
	int64_t floor, ceiling;
	bool upward; /* lowest first instead of newest first */
	size_t cap;
	size_t rows; /* of public and tag scans: how many may be looked at for it */
};
/* What a scan found: n entries; whether more rows may lie behind the last one looked at, and that one's id. */
struct found {
	size_t n;
	bool more;
	int64_t last;
};
enum err scan_home(struct db *db, const struct viewer *v, const struct scan *s, struct ring_entry *ret,
		   struct found *ret_found);
enum err scan_list(struct db *db, const struct viewer *v, int64_t list, const struct scan *s, struct ring_entry *ret,
		   struct found *ret_found);
enum err scan_public(struct db *db, struct public_filter f, const struct scan *s, struct ring_entry *ret,
		     struct found *ret_found);
enum err scan_tag(struct db *db, struct arena *a, const struct tag_filter *f, const struct scan *s,
		  struct ring_entry *ret, struct found *ret_found);
enum err scan_author(struct db *db, struct account_id author, const struct scan *s, struct ring_entry *ret,
		     struct found *ret_found);
/*
 * Several sources read at once. A source with more to come says nothing of what lies behind the last it looked at, so
 * the page of all of them ends where the first of them does; what others have found behind that comes again.
 */
struct scan_end {
	bool more;
	int64_t at;
};
void scan_end_add(struct scan_end *end, const struct scan *s, const struct found *part);
/* n entries of all sources become one page: sorted in the scan's order, without repeats, cut at its cap and at `end`. */
struct found scan_merge(struct ring_entry *e, size_t n, const struct scan *s, const struct scan_end *end);
/* Removes boosts of what stands within RING_BOOST_DISTANCE beneath them; entries newest first. */
size_t scan_drop_repeated_boosts(struct ring_entry *entries, size_t n);

#endif

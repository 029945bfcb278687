/*
 * timelines.c - the engine's life, what events do to it, and reading the home timeline from rings. The other timelines
 * are read by timeline_pages.c.
 */
#include "base/base.h"

#include "core/timelines_private.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/cards.h"
#include "core/events.h"
#include "core/timeline_pages.h"

#define AUDIENCES_SHARE 4 /* one part in four of the budget is for audiences, the rest for rings */

static size_t grown(size_t n) { return n ? n * 2 : 1024; }

uint32_t index_make(struct timelines *t, struct account_id account)
{
	uint32_t index;

	if (index_find(t, account, &index))
		return index;
	if (t->n == t->alloc) {
		t->alloc = grown(t->alloc);
		t->account_at = xrealloc(t->account_at, t->alloc * sizeof(*t->account_at));
		t->rings = xrealloc(t->rings, t->alloc * sizeof(*t->rings));
	}
	index = (uint32_t)t->n++;
	t->account_at[index] = account.v;
	t->rings[index] = NULL;
	map_put(&t->index_of, (uint64_t)account.v, (void *)(uintptr_t)(index + 1));
	return index;
}

bool index_find(const struct timelines *t, struct account_id account, uint32_t *ret)
{
	uintptr_t found = (uintptr_t)map_get(&t->index_of, (uint64_t)account.v);

	if (!found)
		return false;
	*ret = (uint32_t)(found - 1);
	return true;
}

static struct ring *ring_of(const struct timelines *t, struct account_id account)
{
	uint32_t index;

	return index_find(t, account, &index) ? t->rings[index] : NULL;
}

static void drop_at(struct timelines *t, uint32_t index)
{
	if (!t->rings[index])
		return;
	ring_pool_give(&t->pool, t->rings[index]);
	t->rings[index] = NULL;
	t->n_rings--;
	metric_set(METRIC_TIMELINES_WARM, (int64_t)t->n_rings);
}

static void drop(struct timelines *t, struct account_id account)
{
	uint32_t index;

	pthread_rwlock_wrlock(&t->lock);
	if (index_find(t, account, &index))
		drop_at(t, index);
	pthread_rwlock_unlock(&t->lock);
}

static void drop_all(struct timelines *t)
{
	pthread_rwlock_wrlock(&t->lock);
	for (uint32_t i = 0; i < t->n; i++)
		drop_at(t, i);
	pthread_rwlock_unlock(&t->lock);
}

/* Over the budget the ring goes that was not read for the longest time, of a few looked at. */
static void evict(struct timelines *t, uint32_t keep)
{
	static const size_t samples = 16;
	size_t rings_bytes = t->budget_bytes - t->budget_bytes / AUDIENCES_SHARE;

	while (t->n_rings > 1 && t->n_rings * sizeof(struct ring) > rings_bytes) {
		uint32_t worst = keep;
		size_t seen = 0;

		for (uint32_t i = (uint32_t)(hash_u64(t->next_serial + t->n_rings) % t->n), k = 0;
		     k < t->n && seen < samples; k++, i = (uint32_t)((i + 1) % t->n)) {
			if (!t->rings[i] || i == keep)
				continue;
			seen++;
			if (worst == keep || t->rings[i]->read_at < t->rings[worst]->read_at)
				worst = i;
		}
		drop_at(t, worst);
	}
}

/* An empty ring that takes pushes from now on; answers its serial. */
static uint64_t ring_make(struct timelines *t, struct account_id account)
{
	pthread_rwlock_wrlock(&t->lock);
	uint32_t index = index_make(t, account);
	struct ring *r = t->rings[index];
	if (!r) {
		r = t->rings[index] = ring_pool_take(&t->pool);
		r->serial = ++t->next_serial;
		atomic_store(&r->read_at, clock_now());
		t->n_rings++;
		metric_set(METRIC_TIMELINES_WARM, (int64_t)t->n_rings);
		evict(t, index);
	}
	uint64_t serial = r->serial;
	pthread_rwlock_unlock(&t->lock);
	return serial;
}

/*
 * Makes the viewer's ring and fills it from the database. What is committed before the query is in it; what is
 * committed later is pushed to the ring, which stands already. A ring dropped meanwhile (a follow) is not filled.
 */
static enum err rebuild(struct timelines *t, struct db *db, const struct viewer *v)
{
	struct scan scan = {.ceiling = INT64_MAX, .cap = LIMIT_TIMELINE_RING};
	struct ring_entry *entries = xcalloc(scan.cap, sizeof(*entries));
	uint64_t serial = ring_make(t, v->account);
	struct found found;
	enum err err = scan_home(db, v, &scan, entries, &found);

	if (!err) {
		found.n = scan_drop_repeated_boosts(entries, found.n);
		pthread_rwlock_rdlock(&t->lock);
		struct ring *r = ring_of(t, v->account);
		if (r && r->serial == serial && !r->whole)
			ring_fill(r, entries, found.n, !found.more);
		pthread_rwlock_unlock(&t->lock);
		metric_add(METRIC_TIMELINE_REBUILDS, 1);
	} else {
		drop(t, v->account);
	}
	free(entries);
	return err;
}

struct home {
	struct timelines *t;
	struct db *db;
	struct arena *arena;
	struct viewer *viewer;
	bool rebuilt;
};

/* Whether a merged author's post belongs in this home: the rule that fan-out applies to the others. */
static enum err merged_fits(const struct home *h, struct account_id author, int64_t id, bool *ret)
{
	struct audience *a = NULL, *reply_audience = NULL;
	struct card *card = NULL;
	uint32_t index = 0;
	enum err err = audience_get(h->t, h->db, author, &a);

	*ret = false;
	if (!err)
		err = card_get(h->t->core, h->db, h->arena, (struct post_id){id}, &card);
	if (!err && answers_other(&card->meta))
		err = audience_get(h->t, h->db, card->meta.reply_to_account, &reply_audience);
	if (!err) {
		pthread_rwlock_rdlock(&h->t->lock);
		bool known = index_find(h->t, h->viewer->account, &index);
		pthread_rwlock_unlock(&h->t->lock);
		const struct edge *edge = known ? audience_find(a, index) : NULL;
		*ret = edge && home_takes(a, edge, h->viewer->account, &card->meta,
					  reply_audience && audience_find(reply_audience, index));
	}
	card_put(card);
	audience_put(reply_audience);
	audience_put(a);
	return err == ERR_NOT_FOUND ? OK : err;
}

/*
 * Adds the posts of followed authors, and of the viewer, who are not pushed. *enough turns false when a ring of theirs
 * is too short.
 */
static enum err add_merged(const struct home *h, const struct scan *s, struct ring_entry **entries, struct found *found,
			   bool *enough)
{
	struct scan_end end = {0};
	struct {
		struct account_id author;
		struct ring *ring;
	} followed[64];
	size_t n_followed = 0, at = 0, n = found->n;
	uint64_t author;
	void *ring;

	pthread_rwlock_rdlock(&h->t->lock);
	while (map_next(&h->t->merged, &at, &author, &ring))
		if (author == (uint64_t)h->viewer->account.v || idset_has(&h->viewer->following, author)) {
			*enough = *enough && n_followed < ARRAY_LEN(followed);
			if (!*enough)
				break;
			followed[n_followed].author.v = (int64_t)author;
			followed[n_followed++].ring = ring;
		}
	pthread_rwlock_unlock(&h->t->lock);
	if (!n_followed || !*enough)
		return OK;
	struct ring_entry *all = ARENA_ARRAY(h->arena, (n_followed + 1) * s->cap, struct ring_entry);
	memcpy(all, *entries, n * sizeof(*all));
	scan_end_add(&end, s, found);
	for (size_t i = 0; i < n_followed && *enough; i++) {
		struct ring_entry *mine = all + n;
		size_t got = ring_page(followed[i].ring, s->floor, s->ceiling, s->upward, mine, s->cap, enough),
		       kept = 0;
		const struct found part = {.more = got == s->cap, .last = got ? mine[got - 1].id : 0};

		scan_end_add(&end, s, &part);
		for (size_t k = 0; k < got; k++) {
			bool fits;

			TRY(merged_fits(h, followed[i].author, mine[k].id, &fits));
			if (fits)
				mine[kept++] = mine[k];
		}
		n += kept;
	}
	*found = scan_merge(all, n, s, &end);
	*entries = all;
	return OK;
}

/* From the ring and the merged authors; *ret_enough false: the database must be asked. */
static enum err from_memory(struct home *h, const struct scan *s, struct ring_entry *ret, struct found *ret_found,
			    bool *ret_enough)
{
	struct ring_entry *entries = ret;
	struct found found = {0};
	bool enough = false;

	pthread_rwlock_rdlock(&h->t->lock);
	struct ring *r = ring_of(h->t, h->viewer->account);
	if (r) {
		found.n = ring_page(r, s->floor, s->ceiling, s->upward, ret, s->cap, &enough);
		found.more = found.n == s->cap;
		found.last = found.n ? ret[found.n - 1].id : 0;
		atomic_store_explicit(&r->read_at, clock_now(), memory_order_relaxed);
	}
	bool merging = h->t->merged.count > 0;
	pthread_rwlock_unlock(&h->t->lock);
	if (enough && merging)
		TRY(add_merged(h, s, &entries, &found, &enough));
	if (enough && entries != ret)
		memcpy(ret, entries, found.n * sizeof(*ret));
	*ret_found = found;
	*ret_enough = enough;
	return OK;
}

static bool has_whole_ring(struct home *h)
{
	pthread_rwlock_rdlock(&h->t->lock);
	struct ring *r = ring_of(h->t, h->viewer->account);
	bool whole = r && r->whole;
	pthread_rwlock_unlock(&h->t->lock);
	return whole;
}

static enum err followed_candidates(struct home *h, const struct scan *s, struct ring_entry *ret,
				    struct found *ret_found)
{
	bool enough = false;

	if (!h->rebuilt && !has_whole_ring(h)) {
		h->rebuilt = true;
		TRY(rebuild(h->t, h->db, h->viewer));
	}
	TRY(from_memory(h, s, ret, ret_found, &enough));
	if (enough)
		return OK;
	TRY(scan_home(h->db, h->viewer, s, ret, ret_found));
	if (!s->upward)
		ret_found->n = scan_drop_repeated_boosts(ret, ret_found->n);
	return OK;
}

/* Of somebody the viewer follows in some languages only, or has on an exclusive list, it may not be wanted here. */
static enum err tagged_fits(const struct home *h, int64_t id, bool *ret)
{
	struct audience *a = NULL;
	struct card *card = NULL;
	uint32_t index = 0;
	enum err err = card_get(h->t->core, h->db, h->arena, (struct post_id){id}, &card);

	*ret = !err;
	if (!err && idset_has(&h->viewer->following, (uint64_t)card->meta.author.v)) {
		err = audience_get(h->t, h->db, card->meta.author, &a);
		if (!err) {
			pthread_rwlock_rdlock(&h->t->lock);
			bool known = index_find(h->t, h->viewer->account, &index);
			pthread_rwlock_unlock(&h->t->lock);
			*ret = home_takes_tagged(a, known ? audience_find(a, index) : NULL, &card->meta);
		}
		audience_put(a);
	}
	card_put(card);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Posts with hashtags the viewer follows: whoever follows some pays for it when reading. */
static enum err add_tagged(const struct home *h, const struct scan *s, struct ring_entry *ret, struct found *found)
{
	const struct viewer *v = h->viewer;
	struct ring_entry *all = ARENA_ARRAY(h->arena, (v->n_tags + 1) * s->cap, struct ring_entry);
	struct scan tagged = *s;
	struct scan_end end = {0};
	size_t n = found->n;

	tagged.rows = s->cap;
	memcpy(all, ret, n * sizeof(*all));
	scan_end_add(&end, s, found);
	for (size_t i = 0; i < v->n_tags; i++) {
		const struct tag_filter filter = {.name = view_of(v->tags[i])};
		struct found part = {0};

		TRY(scan_tag(h->db, h->arena, &filter, &tagged, all + n, &part));
		scan_end_add(&end, s, &part);
		size_t from = n;
		for (size_t k = 0; k < part.n; k++) {
			bool fits;

			TRY(tagged_fits(h, all[from + k].id, &fits));
			if (fits)
				all[n++] = all[from + k];
		}
	}
	*found = scan_merge(all, n, s, &end);
	memcpy(ret, all, found->n * sizeof(*ret));
	return OK;
}

static enum err home_candidates(void *arg, const struct scan *s, struct ring_entry *ret, struct found *ret_found)
{
	struct home *h = arg;

	TRY(followed_candidates(h, s, ret, ret_found));
	return h->viewer->n_tags ? add_tagged(h, s, ret, ret_found) : OK;
}

static void home_gone(void *arg, int64_t id)
{
	struct home *h = arg;

	pthread_rwlock_rdlock(&h->t->lock);
	struct ring *r = ring_of(h->t, h->viewer->account);
	if (r)
		ring_forget(r, id);
	pthread_rwlock_unlock(&h->t->lock);
}

enum err timeline_home(struct core *c, struct db *db, struct arena *a, struct viewer *v, const struct page *page,
		       struct post_id *ret, size_t *ret_n)
{
	struct home h = {.t = c->timelines, .db = db, .arena = a, .viewer = v};
	struct page_source source = {.next = home_candidates, .gone = home_gone, .arg = &h, .home = true};

	return page_fill(c, db, a, v, page, &source, ret, ret_n);
}

/* A delivery that could not be made (the database is away) would be missing for good: start over from the database. */
static void push(struct timelines *t, const struct event *ev)
{
	struct db *db = store_db(t->core->store);
	struct card *card = NULL;
	struct arena a;
	size_t taken = 0;

	arena_init(&a, LIMIT_CALL_ARENA);
	enum err err = card_get(t->core, db, &a, ev->post, &card);
	if (!err)
		err = fanout_push(t, db, &card->meta, &taken);
	if (err && err != ERR_NOT_FOUND) {
		log_warn("home timelines start over: a post could not be delivered",
			 F_STR("error", view_of(err_name(err))));
		drop_all(t);
	}
	metric_add(METRIC_DELIVERIES, (int64_t)taken);
	card_put(card);
	arena_release(&a);
}

static void on_graph(struct timelines *t, const struct event *ev)
{
	if (ev->change == GRAPH_REQUEST || ev->change == GRAPH_MUTE || ev->change == GRAPH_UNMUTE)
		return; /* judged on read */
	cache_forget(t->audiences, (uint64_t)ev->target.v);
	drop(t, ev->account);
	if (ev->change == GRAPH_BLOCK) { /* ends follows in both directions */
		cache_forget(t->audiences, (uint64_t)ev->account.v);
		drop(t, ev->target);
	}
}

static void on_event(void *arg, const struct event *ev)
{
	struct timelines *t = arg;

	switch (ev->kind) {
	case EVENT_POST_CREATED:
		push(t, ev);
		break;
	case EVENT_GRAPH_CHANGED:
		on_graph(t, ev);
		break;
	case EVENT_LIST_CHANGED: /* exclusive lists take their members out of home */
		cache_forget(t->audiences, (uint64_t)ev->target.v);
		drop(t, ev->account);
		break;
	case EVENT_ACCOUNT_CHANGED:
		if (ev->other_id)
			cache_forget_all(t->audiences);
		break;
	default:
		break;
	}
}

void timelines_sweep(struct core *c, int64_t now)
{
	struct timelines *t = c->timelines;
	int64_t since = now - c->config.active_days * 24 * 3600 * 1000;

	pthread_rwlock_wrlock(&t->lock);
	for (uint32_t i = 0; i < t->n; i++)
		if (t->rings[i] && t->rings[i]->read_at < since)
			drop_at(t, i);
	pthread_rwlock_unlock(&t->lock);
}

struct timelines *timelines_new(struct core *c, size_t bytes)
{
	struct timelines *t = xcalloc(1, sizeof(*t));

	t->core = c;
	t->budget_bytes = bytes;
	t->audiences = cache_new(bytes / AUDIENCES_SHARE, METRIC_COUNT);
	pthread_rwlock_init(&t->lock, NULL);
	map_init(&t->index_of);
	map_init(&t->merged);
	events_subscribe(c->events, on_event, t);
	return t;
}

void timelines_free(struct timelines *t)
{
	if (!t)
		return;
	drop_all(t);
	ring_pool_release(&t->pool);
	map_release(&t->merged);
	map_release(&t->index_of);
	cache_free(t->audiences);
	free(t->rings);
	free(t->account_at);
	pthread_rwlock_destroy(&t->lock);
	free(t);
}

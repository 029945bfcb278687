/*
 * kept.c - see kept.h.
 *
 * There is no list from posts to pages. Every change has a number, counted up; `hard` and `soft` remember the newest
 * change of what shares a slot. A page remembers the number at which its reads began, and what it shows: it is good while none
 * of these slots has a newer one. So a change costs one store, a view some dozens of loads; that two things share a slot draws a
 * page once too often. The number is taken before the reads, and a change is counted after its commit: a page read too
 * early is older than the change.
 */
#include "base/base.h"

#include "web/kept.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "core/cache.h"
#include "gate/form.h"
#include "web/page.h"

#define SLOTS 16384 /* a power of two */
#define SHOWN_MAX 2048	   /* a page that shows more is not kept */
#define PART_SHOWN_MAX 128 /* nor such a part */
#define DRAWING_MS 2000 /* a page that is drawn anew for longer is drawn by somebody else too */
#define ETAG_BYTES 12
#define KEY_BYTES 1024

struct kept {
	struct cache *pages, *parts;
	_Atomic uint64_t changes, all; /* all: the newest that concerns every page */
	_Atomic uint64_t hard[SLOTS], soft[SLOTS];
};

/* Of the page that a call draws; in its arena. */
struct page_record {
	uint64_t key, began;
	struct view name, policy; /* name: what the key stands for, since two may have the same */
	int64_t until;
	size_t n_slots, slots_max;
	uint16_t *slots;
};

struct kept_page {
	struct cached cached;
	uint64_t began;
	int64_t made_at, until;
	_Atomic int64_t drawn_since; /* somebody draws it anew; 0: nobody does */
	struct view name, policy, body, etag;
	size_t n_slots;
	const uint16_t *slots;
};

static uint16_t slot_of(enum kept_what what, int64_t id)
{
	return (uint16_t)(hash_u64((uint64_t)id * KEPT_WHATS + what) % SLOTS);
}

/* ---- changes ---- */

static bool changed(const struct kept_page *p, const _Atomic uint64_t *slots)
{
	for (size_t i = 0; i < p->n_slots; i++)
		if (atomic_load_explicit(&slots[p->slots[i]], memory_order_relaxed) > p->began)
			return true;
	return false;
}

static void change_all(struct kept *k)
{
	atomic_store(&k->all, atomic_fetch_add(&k->changes, 1) + 1);
}

static void change(struct kept *k, _Atomic uint64_t *slots, enum kept_what what, int64_t id)
{
	uint64_t n = atomic_fetch_add(&k->changes, 1) + 1;

	if (id)
		atomic_store(&slots[slot_of(what, id)], n);
}

static void on_event(void *arg, const struct event *ev)
{
	struct kept *k = arg;

	switch (ev->kind) {
	case EVENT_POST_COUNTS:
		change(k, k->soft, KEPT_POST, ev->post.v);
		break;
	case EVENT_POST_EDITED:
		change(k, k->hard, KEPT_POST, ev->post.v);
		break;
	case EVENT_POST_DELETED:
		change(k, k->hard, KEPT_POST, ev->post.v);
		change(k, k->hard, KEPT_POSTS, ev->account.v);
		break;
	case EVENT_POST_CREATED:
	case EVENT_POST_FLAGS: /* pinned */
		change(k, k->hard, KEPT_POSTS, ev->account.v);
		break;
	case EVENT_ACCOUNT_POSTED:
		change(k, k->hard, KEPT_POSTS, ev->account.v);
		break;
	case EVENT_ACCOUNT_CHANGED:
		change(k, k->hard, KEPT_ACCOUNT, ev->account.v);
		if (ev->other_id) /* suspended or limited: what is shown of it, and of posts around it, is another matter */
			change_all(k);
		break;
	case EVENT_ANNOUNCEMENT:
	case EVENT_ANNOUNCEMENT_DELETED:
	case EVENT_ANNOUNCEMENT_REACTION:
		change(k, k->hard, KEPT_ANNOUNCEMENTS, KEPT_ALL);
		break;
	case EVENT_ANNOUNCEMENT_READ:
		change(k, k->hard, KEPT_READ, ev->account.v);
		break;
	case EVENT_EMOJI_CHANGED:
	case EVENT_WORDS_CHANGED: /* each page has links to the longer texts */
		change_all(k);
		break;
	default:
		break;
	}
}

struct kept *kept_new(struct core *c, size_t bytes)
{
	struct kept *k = xcalloc(1, sizeof(*k));

	k->pages = cache_new(bytes, METRIC_COUNT);
	k->parts = cache_new(bytes, METRIC_COUNT);
	events_subscribe(c->events, on_event, k);
	return k;
}

void kept_free(struct kept *k)
{
	if (!k)
		return;
	cache_free(k->pages);
	cache_free(k->parts);
	free(k);
}

/* ---- which page ---- */

/* Whether the query says something that the row knows: then it is another page. Others add words of their own to links. */
static bool query_matters(const struct call *c)
{
	struct view rest = c->x->query, name, value;

	while (form_next(&rest, &name, &value))
		for (const struct param *p = c->row->params; p && p->name; p++)
			if (view_is(name, p->name))
				return true;
	return false;
}

/* Empty: not a page that is kept. */
static struct view name_of(struct call *c)
{
	struct view where = query_matters(c) ? c->x->target : c->x->path;

	if (!c->core->kept || c->auth.session_id || where.len > KEY_BYTES)
		return V("");
	return arena_printf(c->arena, "%s %.*s %.*s", tongue_code(page_tongue(c)), VIEW_ARG(page_theme(c)),
			    VIEW_ARG(where));
}

/* ---- drawing ---- */

static void begin_record(struct call *c, struct view name, size_t slots_max)
{
	struct page_record *r = ARENA_NEW(c->arena, struct page_record);

	r->name = name;
	r->key = hash_bytes(name);
	r->began = atomic_load(&c->core->kept->changes);
	r->until = clock_now() + KEPT_MAX_MS;
	r->slots_max = slots_max;
	r->slots = ARENA_ARRAY(c->arena, slots_max, uint16_t);
	c->record = r;
}

void kept_begin(struct call *c)
{
	struct view name = name_of(c);

	if (!name.len || c->record)
		return;
	begin_record(c, name, SHOWN_MAX);
}

void kept_shows(struct call *c, enum kept_what what, int64_t id)
{
	struct page_record *r = c->record;

	if (!r || !id)
		return;
	if (r->n_slots == r->slots_max)
		c->record = NULL;
	else
		r->slots[r->n_slots++] = slot_of(what, id);
}

void kept_until(struct call *c, int64_t ms)
{
	if (c->record && ms < c->record->until)
		c->record->until = ms;
}

void kept_policy(struct call *c, struct view policy)
{
	if (c->record)
		c->record->policy = policy;
}

static struct view copy_in(char **at, struct view v)
{
	char *to = *at;

	if (v.len)
		memcpy(to, v.p, v.len);
	*at += v.len;
	return view_make(to, v.len);
}

static struct view etag_of(struct call *c, struct view body)
{
	struct digest d = digest_sha256(body);
	char hex[HEX_LEN(ETAG_BYTES) + 1];

	hex_encode(d.b, ETAG_BYTES, hex);
	return arena_printf(c->arena, "\"%s\"", hex);
}

static struct kept_page *page_of(const struct page_record *r, struct view body, struct view etag)
{
	size_t slots = r->n_slots * sizeof(uint16_t);
	size_t size = sizeof(struct kept_page) + slots + r->name.len + r->policy.len + body.len + etag.len;
	struct kept_page *p = xmalloc(size);
	char *at = (char *)(p + 1);

	*p = (struct kept_page){.began = r->began, .made_at = clock_now(), .until = r->until, .n_slots = r->n_slots};
	cached_init(&p->cached, size, NULL);
	p->slots = memcpy(at, r->slots, slots);
	at += slots;
	p->name = copy_in(&at, r->name);
	p->policy = copy_in(&at, r->policy);
	p->body = copy_in(&at, body);
	p->etag = copy_in(&at, etag);
	return p;
}

static void set_headers(struct call *c, const struct kept_page *p)
{
	call_header(c, "ETag", p->etag);
	call_header(c, "Cache-Control", V("no-cache"));
}

/* In the place of the one before. */
static void keep(struct cache *pages, uint64_t key, struct kept_page *p)
{
	cache_forget(pages, key);
	cache_keep(pages, key, &p->cached, cache_generation(pages, key));
}

void kept_end(struct call *c)
{
	struct page_record *r = c->record;

	c->record = NULL;
	if (!r || c->status || buf_err(&c->out) != OK)
		return;
	struct view body = buf_view(&c->out);
	struct kept_page *p = page_of(r, body, etag_of(c, body));
	keep(c->core->kept->pages, r->key, p);
	set_headers(c, p);
	cached_unref(&p->cached);
}

/* ---- parts ---- */

void kept_part_begin(struct call *c, struct view name)
{
	if (c->record)
		BUG("a part of a page that is kept itself");
	if (c->core->kept)
		begin_record(c, name, PART_SHOWN_MAX);
}

void kept_part_drop(struct call *c)
{
	c->record = NULL;
}

void kept_part_end(struct call *c, size_t from)
{
	struct page_record *r = c->record;

	c->record = NULL;
	if (!r || buf_err(&c->out) != OK)
		return;
	struct view all = buf_view(&c->out);
	struct kept_page *p = page_of(r, view_sub(all, from, all.len - from), V(""));
	keep(c->core->kept->parts, r->key, p);
	cached_unref(&p->cached);
}

bool kept_part(struct call *c, struct html *h, struct view name)
{
	struct kept *k = c->core->kept;
	uint64_t generation;
	struct kept_page *p = k ? (struct kept_page *)cache_find(k->parts, hash_bytes(name), &generation) : NULL;

	if (!p)
		return false;
	bool good = view_eq(p->name, name) && atomic_load(&k->all) <= p->began && !changed(p, k->hard) &&
		    !changed(p, k->soft) && clock_now() < p->until;
	if (good)
		html_safe(h, html_trust_stored(p->body)); /* by kept_part_end, from this writer */
	cached_unref(&p->cached);
	return good;
}

/* ---- answering ---- */

/* One at a time draws it anew. */
static bool is_drawn_by_another(struct kept_page *p, int64_t now)
{
	int64_t since = atomic_load(&p->drawn_since);

	return now - since < DRAWING_MS || !atomic_compare_exchange_strong(&p->drawn_since, &since, now);
}

static bool is_good(struct kept *k, struct kept_page *p, struct view name)
{
	int64_t now = clock_now();

	if (!view_eq(p->name, name) || atomic_load(&k->all) > p->began || changed(p, k->hard))
		return false;
	if (now < p->until && (now - p->made_at < KEPT_STALE_MS || !changed(p, k->soft)))
		return true;
	return is_drawn_by_another(p, now);
}

/* RFC 9110 13.1.2: a list, compared weakly. */
static bool has_already(const struct call *c, const struct kept_page *p)
{
	struct view known = http_header(c->x, "If-None-Match");

	return known.len && memmem(known.p, known.len, p->etag.p, p->etag.len);
}

bool kept_answer(struct call *c)
{
	struct view name = name_of(c);
	uint64_t generation;

	if (!name.len)
		return false;
	struct kept *k = c->core->kept;
	struct kept_page *p = (struct kept_page *)cache_find(k->pages, hash_bytes(name), &generation);
	if (!p)
		return false;
	if (!is_good(k, p, name)) {
		cached_unref(&p->cached);
		return false;
	}
	set_headers(c, p);
	page_headers(c, p->policy);
	if (has_already(c, p)) {
		c->status = 304;
		cached_unref(&p->cached);
		return true;
	}
	call_cached(c, p->body, &p->cached);
	return true;
}

/*
 * settle.c - what was handed over is charged, by a record of its own; what broke off is given back. Ten times a second what ended
 * meanwhile goes into one record of each kind, for which nobody waits.
 */
#include "base/base.h"
#include "meter/meter_private.h"

#include "base/clock.h"

/* Deliveries whose settlement is on its way into the ledger. */
struct batch {
	struct meter *meter;
	enum ledger_kind kind;
	size_t n;
	struct delivery *deliveries[LEDGER_ITEMS_MAX];
};

static void put_back(struct meter *m, struct delivery *d)
{
	pthread_mutex_lock(&m->ended_lock);
	d->next_ended = m->ended;
	m->ended = d;
	pthread_mutex_unlock(&m->ended_lock);
}

void meter_settle(struct delivery *d, bool whole)
{
	d->whole = whole;
	atomic_store(&d->ended, true);
	put_back(d->meter, d);
}

static void unlink_open(struct delivery *d)
{
	if (d->prev)
		d->prev->next = d->next;
	else
		d->meter->open = d->next;
	if (d->next)
		d->next->prev = d->prev;
}

/* ---- charged ---- */

struct sum sum_of(const struct delivery *d)
{
	bool posts = d->kind == LEDGER_POSTS;
	struct sum sum = {.licensee = d->licensee, .app = d->app, .terms = d->plan.id, .day = day_of(d->time_ms)};

	if (!d->whole) {
		sum.broken = 1;
		return sum;
	}
	sum.micro = d->cost.micro;
	sum.posts_included = posts ? d->cost.charged - d->extra : 0;
	sum.posts_extra = posts ? d->extra : 0;
	sum.posts_repeated = posts ? d->cost.repeated : 0;
	sum.users_extra = posts ? 0 : d->cost.charged;
	sum.users_repeated = posts ? 0 : d->cost.repeated;
	return sum;
}

static void count(struct meter *m, const struct delivery *d)
{
	struct sum sum = sum_of(d);

	sums_add(&m->sums, &sum);
	if (d->request && d->whole && d->cost.charged)
		sums_add_request(&m->sums, (struct named_request){d->licensee, d->request, d->index});
}

/* On the ledger's thread. */
static void settled(void *arg, const struct ledger_done *done)
{
	struct batch *b = arg;
	struct meter *m = b->meter;

	if (done->err != OK) {
		for (size_t i = 0; i < b->n; i++)
			put_back(m, b->deliveries[i]);
		free(b);
		atomic_fetch_sub(&m->batches, 1);
		return;
	}
	pthread_mutex_lock(&m->lock);
	for (size_t i = 0; i < b->n; i++) {
		count(m, b->deliveries[i]);
		unlink_open(b->deliveries[i]);
		delivery_free(b->deliveries[i]);
	}
	m->sums.counted = done->index + 1;
	pthread_mutex_unlock(&m->lock);
	free(b);
	atomic_fetch_sub(&m->batches, 1);
}

static void append_batch(struct batch *b)
{
	struct meter *m = b->meter;
	struct ledger_item items[LEDGER_ITEMS_MAX];
	struct ledger_record r = {.kind = b->kind, .items = items, .n_items = b->n};
	enum err err;

	for (size_t i = 0; i < b->n; i++)
		items[i] = (struct ledger_item){.id = (int64_t)b->deliveries[i]->index};
	atomic_fetch_add(&m->batches, 1);
	pthread_mutex_lock(&m->lock);
	r.time_ms = m->last_ms;
	err = ledger_append(m->ledger, &r, settled, b);
	pthread_mutex_unlock(&m->lock);
	if (err != OK)
		settled(b, &(struct ledger_done){.err = err});
}

static void append_one(struct meter *m, enum ledger_kind kind, struct batch **b, struct delivery *d)
{
	if (!*b) {
		*b = xcalloc(1, sizeof(**b));
		(*b)->meter = m;
		(*b)->kind = kind;
	}
	(*b)->deliveries[(*b)->n++] = d;
	if ((*b)->n < LEDGER_ITEMS_MAX)
		return;
	append_batch(*b);
	*b = NULL;
}

static void mark_paid(struct standing *s, const struct delivery *d)
{
	struct charged *set = standing_set(s, d->kind);

	if (day_of(d->time_ms) != s->day)
		return;
	for (size_t i = 0; i < d->n_charged; i++)
		charged_at(set, (uint64_t)d->items[i].id, d->items[i].version)->state = CHARGED_PAID;
}

/* ---- given back ---- */

/*
 * What this delivery held for itself is free again. What others got for nothing meanwhile is collected: it is charged by
 * a delivery of its own. Returns how many those are.
 */
static size_t release_items(struct standing *s, struct delivery *d, struct ledger_item *shared)
{
	struct charged *set = standing_set(s, d->kind);
	size_t n = 0;

	if (day_of(d->time_ms) != s->day)
		return 0;
	for (size_t i = 0; i < d->n_charged; i++) {
		uint64_t id = (uint64_t)d->items[i].id;
		uint32_t version = d->items[i].version;

		if (charged_state(set, id, version) == CHARGED_SHARED)
			shared[n++] = d->items[i];
		charged_remove(set, id, version);
	}
	return n;
}

static void carry(struct meter *m, struct standing *s, const struct delivery *from, struct ledger_item *shared,
		  size_t n)
{
	struct licence l = {.key = from->key, .app = from->app, .licensee = from->licensee, .plan = from->plan};
	struct meter_ask ask = {.licence = &l, .endpoint = DATA_CARRIED, .kind = from->kind, .items = shared, .n = n};
	struct delivery *d = delivery_new(m, &ask, n);
	struct meter_refusal why;

	/* It was reserved until now, so that cap and balance have room for it. */
	n = standing_price(s, &d->plan, d->kind, n, &d->cost.micro, &d->extra, &why);
	d->n = d->n_charged = n;
	d->cost.charged = (uint32_t)n;
	d->time_ms = m->last_ms;
	d->whole = true;
	atomic_store(&d->ended, true);
	if (n == 0 || delivery_record(d, shared, s) != OK) {
		delivery_free(d);
		return;
	}
	for (size_t i = 0; i < n; i++)
		charged_at(standing_set(s, d->kind), (uint64_t)d->items[i].id, d->items[i].version)->state =
			CHARGED_WAITING;
	put_back(m, d);
}

void delivery_forgo(struct delivery *d)
{
	d->cost = (struct meter_cost){0};
	d->n_charged = 0;
}

static void give_back(struct meter *m, struct delivery *d)
{
	struct ledger_item *shared = xcalloc(d->n_charged + 1, sizeof(*shared));

	pthread_mutex_lock(&m->lock);
	struct standing *s = standing_of(m, d->licensee, m->last_ms);
	size_t n = release_items(s, d, shared);

	standing_give_back(s, d);
	if (n > 0)
		carry(m, s, d, shared, n);
	delivery_forgo(d); /* its settlement may have to be tried again */
	pthread_mutex_unlock(&m->lock);
	free(shared);
}

static void forget(struct meter *m, struct delivery *d)
{
	pthread_mutex_lock(&m->lock);
	unlink_open(d);
	pthread_mutex_unlock(&m->lock);
	delivery_free(d);
}

/* ---- ten times a second ---- */

static struct delivery *take_ended(struct meter *m)
{
	pthread_mutex_lock(&m->ended_lock);
	struct delivery *list = m->ended;

	m->ended = NULL;
	pthread_mutex_unlock(&m->ended_lock);
	return list;
}

static void settle_one(struct meter *m, struct delivery *d, struct batch **whole, struct batch **broken)
{
	if (atomic_load(&d->state) != DELIVERY_DURABLE) {
		put_back(m, d); /* it was given up before it was recorded */
		return;
	}
	/* A carried one counts as handed over, and may not be recorded all the same. */
	if (d->whole && d->err == OK) {
		pthread_mutex_lock(&m->lock);
		mark_paid(standing_of(m, d->licensee, m->last_ms), d);
		pthread_mutex_unlock(&m->lock);
		append_one(m, LEDGER_SETTLED, whole, d);
		return;
	}
	give_back(m, d);
	if (d->err == OK)
		append_one(m, LEDGER_BROKEN, broken, d);
	else
		forget(m, d);
}

void settle_ended(struct meter *m)
{
	struct batch *whole = NULL, *broken = NULL;
	struct delivery *d = take_ended(m), *next;

	for (; d; d = next) {
		next = d->next_ended;
		settle_one(m, d, &whole, &broken);
	}
	if (whole)
		append_batch(whole);
	if (broken)
		append_batch(broken);
}

bool settle_waits(struct meter *m)
{
	bool waits;

	pthread_mutex_lock(&m->ended_lock);
	waits = m->ended != NULL;
	pthread_mutex_unlock(&m->ended_lock);
	return waits;
}

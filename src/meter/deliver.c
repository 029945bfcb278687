/*
 * deliver.c - reserve and record: which of the items are new today, whether they may be had, and the record of it. All of it under
 * one lock, so that records stand in the ledger in the order of their times, and no two calls are charged for one post.
 */
#include "base/base.h"
#include "meter/meter_private.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/limits.h"

SQL(meter_request_indexes, "SELECT ledger_index FROM data_requests WHERE licensee_id = $1 AND request = $2");

/* ---- deliveries ---- */

struct delivery *delivery_new(struct meter *m, const struct meter_ask *ask, size_t n)
{
	size_t charged = 0;

	for (size_t i = 0; i < n; i++)
		charged += ask->items[i].charged;
	struct delivery *d = xcalloc(1, sizeof(*d) + charged * sizeof(d->items[0]));
	d->meter = m;
	d->plan = ask->licence->plan;
	d->licensee = ask->licence->licensee;
	d->app = ask->licence->app;
	d->key = ask->licence->key;
	d->endpoint = ask->endpoint;
	d->kind = ask->kind;
	d->n = n;
	for (size_t i = 0; i < n; i++)
		if (ask->items[i].charged)
			d->items[d->n_charged++] = ask->items[i];
	return d;
}

void delivery_free(struct delivery *d)
{
	free(d->receipt);
	free(d);
}

const struct meter_cost *delivery_cost(const struct delivery *d)
{
	return &d->cost;
}

const char *delivery_receipt(const struct delivery *d)
{
	return d->receipt;
}

uint64_t delivery_index(const struct delivery *d)
{
	return d->index;
}

/* On the ledger's thread. Whoever waits may settle it at once: it is not looked at afterwards. */
static void recorded(void *arg, const struct ledger_done *done)
{
	struct delivery *d = arg;
	struct meter *m = d->meter;

	d->err = done->err;
	d->index = done->index;
	d->receipt = done->err == OK ? xstrdup(done->receipt) : NULL;
	if (atomic_exchange(&d->state, DELIVERY_DURABLE) == DELIVERY_AWAITED)
		d->fn(d->arg, done->err);
	atomic_fetch_sub(&m->unrecorded, 1);
}

void delivery_when_durable(struct delivery *d, void (*fn)(void *arg, enum err err), void *arg)
{
	int pending = DELIVERY_PENDING;

	d->fn = fn;
	d->arg = arg;
	if (!atomic_compare_exchange_strong(&d->state, &pending, DELIVERY_AWAITED))
		fn(arg, d->err);
}

enum err delivery_record(struct delivery *d, const struct ledger_item *items, struct standing *s)
{
	struct meter *m = d->meter;
	struct ledger_record r = {
		.kind = d->kind,
		.endpoint = (uint8_t)d->endpoint,
		.time_ms = d->time_ms,
		.licensee = d->licensee,
		.key = d->key,
		.terms = d->plan.id,
		.cost_micro = d->cost.micro,
		.request = d->request,
		.items = m->items, /* the ledger sorts them */
		.n_items = d->n,
	};

	memcpy(m->items, items, d->n * sizeof(*items));
	atomic_fetch_add(&m->unrecorded, 1);
	enum err err = ledger_append(m->ledger, &r, recorded, d);

	if (err != OK) {
		atomic_fetch_sub(&m->unrecorded, 1);
		return err;
	}
	standing_take(s, d->kind, d->cost.charged, d->cost.micro);
	standing_cost(s, &d->plan, &d->cost);
	d->next = m->open;
	if (d->next)
		d->next->prev = d;
	m->open = d;
	return OK;
}

/* ---- what a call named before ---- */

static uint64_t request_hash(struct view name)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	uint64_t first = 0;

	crypto_hash_sha256(sum, (const unsigned char *)name.p, name.len);
	for (size_t i = 0; i < sizeof(first); i++)
		first = first << 8 | sum[i];
	return first & INT64_MAX ? first & INT64_MAX : 1;
}

struct earlier {
	struct arena arena;
	struct charged paid; /* under the same name; none: empty */
};

static enum err read_earlier(struct meter *m, struct earlier *e, uint64_t index)
{
	struct ledger_record r;

	TRY(ledger_read(m->ledger, &e->arena, index, &r));
	for (size_t i = 0; i < r.n_items; i++)
		if (r.items[i].charged)
			charged_at(&e->paid, (uint64_t)r.items[i].id, r.items[i].version)->state = CHARGED_PAID;
	return OK;
}

/* What is settled but not in the database yet. */
static size_t find_unwritten(struct meter *m, int64_t licensee, uint64_t request, uint64_t *ret, size_t max)
{
	size_t n = 0;

	pthread_mutex_lock(&m->lock);
	for (size_t i = 0; i < m->sums.n_requests && n < max; i++)
		if (m->sums.requests[i].licensee == licensee && m->sums.requests[i].request == request)
			ret[n++] = m->sums.requests[i].index;
	pthread_mutex_unlock(&m->lock);
	return n;
}

#define BALANCE_NS (INT64_C(10) * 1000000000)
#define EARLIER_MAX 256 /* answers under one name that are looked at */

static enum err find_earlier(struct meter *m, struct db *db, int64_t licensee, uint64_t request, struct earlier *e)
{
	uint64_t indexes[EARLIER_MAX];
	size_t n;
	struct rows r;
	enum err err = OK;

	pthread_mutex_lock(&m->writing); /* nothing may go from memory to the database between the two looks */
	n = find_unwritten(m, licensee, request, indexes, EARLIER_MAX);
	db_query(db, &r, &meter_request_indexes, BINDS(B_INT(licensee), B_INT(request)));
	while (n < EARLIER_MAX && rows_next(&r))
		indexes[n++] = (uint64_t)row_int(&r, 0);
	err = rows_end(&r);
	pthread_mutex_unlock(&m->writing);
	for (size_t i = 0; err == OK && i < n; i++)
		err = read_earlier(m, e, indexes[i]);
	return err;
}

/* ---- reserve ---- */

/* The ledger's clock: it never goes back, so that a day that is over never opens anew. */
static int64_t tick(struct meter *m)
{
	int64_t now = clock_now();

	if (now > m->last_ms)
		m->last_ms = now;
	return m->last_ms;
}

/* Marks which items are to be charged; returns how many. *ret_waiting: another call has taken some, and may give them back. */
static size_t mark_new(struct standing *s, const struct meter_ask *ask, const struct earlier *e, bool *ret_waiting)
{
	const struct charged *set = standing_set(s, ask->kind);
	size_t n = 0;

	*ret_waiting = false;
	for (size_t i = 0; i < ask->n; i++)
		charged_prefetch(set, (uint64_t)ask->items[i].id, ask->items[i].version);
	for (size_t i = 0; i < ask->n; i++) {
		struct ledger_item *item = &ask->items[i];
		uint64_t id = (uint64_t)item->id;
		enum charged_state state = charged_state(set, id, item->version);

		*ret_waiting |= state == CHARGED_WAITING;
		item->charged = state == CHARGED_FREE && charged_state(&e->paid, id, item->version) == CHARGED_FREE;
		n += item->charged;
	}
	return n;
}

/* How many items from the front hold no more than `allowed` that are charged. */
static size_t prefix(const struct meter_ask *ask, size_t allowed)
{
	size_t n = 0;

	for (; n < ask->n; n++)
		if (ask->items[n].charged && allowed-- == 0)
			break;
	return n;
}

static enum err refuse(const struct meter_ask *ask, const struct meter_refusal *why, struct problem *problem)
{
	char when[CLOCK_ISO_LEN + 1];

	if (strcmp(why->what, "balance") == 0)
		return fail(problem, ERR_PAYMENT,
			    "the balance of %" PRId64 " micro-units does not pay for this, it costs %" PRId64
			    "; add credits",
			    why->limit, why->used);
	clock_iso(why->reset_ms, when);
	return fail(problem, ERR_PAYMENT,
		    "the plan \"%s\" allows %" PRId64 " post reads a month, and %" PRId64
		    " are used; it begins anew at %s",
		    ask->licence->plan.name, why->limit, why->used, when);
}

/*
 * What is new is taken. What another call has taken and not yet handed over is shared with it: should that break off,
 * somebody has to pay for what this one got for nothing. What was paid under the request's name is neither.
 */
static void mark_taken(struct standing *s, const struct meter_ask *ask, size_t n)
{
	struct charged *set = standing_set(s, ask->kind);

	for (size_t i = 0; i < n; i++) {
		uint64_t id = (uint64_t)ask->items[i].id;
		uint32_t version = ask->items[i].version;

		if (ask->items[i].charged)
			charged_at(set, id, version)->state = CHARGED_WAITING;
		else if (charged_state(set, id, version) == CHARGED_WAITING)
			charged_at(set, id, version)->state = CHARGED_SHARED;
	}
}

#define NOT_RECORDED "the delivery cannot be recorded now, so nothing is delivered; try again in a while"

struct price {
	size_t n; /* items from the front that are granted */
	size_t charged;
	int64_t micro;
	uint32_t extra;
	bool waiting; /* another call has taken some of them */
};

/* Under the lock; *s is only read. What is cut short has its reason in *why and problem, and is OK. */
static enum err set_price(struct standing *s, const struct meter_ask *ask, const struct earlier *e, struct price *ret,
			  struct meter_refusal *why, struct problem *problem)
{
	size_t wanted = mark_new(s, ask, e, &ret->waiting);

	ret->charged = standing_price(s, &ask->licence->plan, ask->kind, wanted, &ret->micro, &ret->extra, why);
	ret->n = ret->charged == wanted ? ask->n : prefix(ask, ret->charged);
	if (ret->charged == wanted)
		return OK;
	enum err err = refuse(ask, why, problem);
	return ask->cut && ret->n ? OK : err;
}

/* Under the lock. */
static enum err reserve(struct meter *m, const struct meter_ask *ask, uint64_t request, const struct earlier *e,
			struct delivery **ret, struct meter_refusal *why, struct problem *problem)
{
	int64_t now = tick(m);
	struct standing *s = standing_of(m, ask->licence->licensee, now);
	struct price p;
	enum err err;

	TRY(set_price(s, ask, e, &p, why, problem));
	struct delivery *d = delivery_new(m, ask, p.n);
	d->time_ms = now;
	d->request = request;
	d->extra = p.extra;
	d->cost = (struct meter_cost){
		.micro = p.micro, .charged = (uint32_t)p.charged, .repeated = (uint32_t)(p.n - p.charged)};
	err = delivery_record(d, ask->items, s);
	if (err != OK) {
		delivery_free(d);
		return fail(problem, err, NOT_RECORDED);
	}
	if (p.waiting || p.charged)
		mark_taken(s, ask, p.n);
	*ret = d;
	return OK;
}

/* The command line books payments and credits too, and tells nobody: what was read a while ago is read again. */
static int64_t balance_read_at(struct meter *m, const struct licence *l)
{
	int64_t read;

	pthread_mutex_lock(&m->lock);
	read = standing_of(m, l->licensee, tick(m))->balance_read_ns;
	pthread_mutex_unlock(&m->lock);
	return read;
}

/*
 * It decides on prepaid plans. For others it is only told: an old figure has to do while the books are written, for which a loop or
 * a stream would wait as long as the disk takes, or cannot be read.
 */
static enum err refresh_balance(struct meter *m, struct db *db, const struct licence *l)
{
	int64_t read = balance_read_at(m, l);

	if (read && clock_mono_ns() - read < BALANCE_NS)
		return OK;
	enum err err = standing_read_balance(m, db, l->licensee, l->plan.prepaid || !read);

	return l->plan.prepaid ? err : OK;
}

/* What was paid under the request's name. Whatever it returns, forget_earlier() is owed. */
static enum err remember_earlier(struct meter *m, struct db *db, const struct meter_ask *ask, uint64_t request,
				 struct earlier *ret)
{
	*ret = (struct earlier){0};
	arena_init(&ret->arena, LIMIT_CALL_ARENA);
	return request ? find_earlier(m, db, ask->licence->licensee, request, ret) : OK;
}

static void forget_earlier(struct earlier *e)
{
	charged_release(&e->paid);
	arena_release(&e->arena);
}

enum err meter_deliver(struct meter *m, struct db *db, const struct meter_ask *ask, struct delivery **ret,
		       size_t *granted, struct meter_refusal *why, struct problem *problem)
{
	struct earlier e;
	uint64_t request = ask->request.len ? request_hash(ask->request) : 0;

	if (ask->n == 0 || ask->n > LEDGER_ITEMS_MAX)
		BUG("%zu items in one delivery", ask->n);
	if (!m)
		return fail(problem, ERR_NO_SPACE, NOT_RECORDED);
	TRY(refresh_balance(m, db, ask->licence));
	enum err err = remember_earlier(m, db, ask, request, &e);

	if (err == OK) {
		pthread_mutex_lock(&m->lock);
		err = reserve(m, ask, request, &e, ret, why, problem);
		pthread_mutex_unlock(&m->lock);
	}
	if (err == OK)
		*granted = (*ret)->n;
	forget_earlier(&e);
	return err;
}

/* How it stands, as if that much were gone. The sets of what was charged stay the licensee's: they may only be read. */
static struct standing standing_without(struct meter *m, const struct licence *l, int64_t spent_micro)
{
	struct standing s = *standing_of(m, l->licensee, tick(m));

	s.balance_micro -= spent_micro;
	return s;
}

enum err meter_foresee(struct meter *m, struct db *db, const struct meter_ask *ask, int64_t spent_micro,
		       size_t *granted, struct meter_cost *ret, struct meter_refusal *why, struct problem *problem)
{
	struct earlier e;
	struct price p = {0};

	if (!m)
		return fail(problem, ERR_NO_SPACE, NOT_RECORDED);
	TRY(refresh_balance(m, db, ask->licence));
	enum err err = remember_earlier(m, db, ask, ask->request.len ? request_hash(ask->request) : 0, &e);

	if (err == OK) {
		pthread_mutex_lock(&m->lock);
		struct standing s = standing_without(m, ask->licence, spent_micro);
		err = set_price(&s, ask, &e, &p, why, problem);
		pthread_mutex_unlock(&m->lock);
	}
	forget_earlier(&e);
	TRY(err);
	*ret = (struct meter_cost){
		.micro = p.micro, .charged = (uint32_t)p.charged, .repeated = (uint32_t)(p.n - p.charged)};
	*granted = p.n;
	return OK;
}

enum err meter_quote(struct meter *m, struct db *db, const struct licence *l, enum ledger_kind kind, size_t n,
		     int64_t spent_micro, struct meter_cost *ret, struct meter_refusal *why, struct problem *problem)
{
	struct meter_ask ask = {.licence = l};
	uint32_t extra;
	size_t allowed;

	TRY(refresh_balance(m, db, l));
	pthread_mutex_lock(&m->lock);
	struct standing s = standing_without(m, l, spent_micro);
	*ret = (struct meter_cost){0};
	allowed = standing_price(&s, &l->plan, kind, n, &ret->micro, &extra, why);
	ret->charged = (uint32_t)allowed;
	standing_cost(&s, &l->plan, ret);
	pthread_mutex_unlock(&m->lock);
	return allowed == n ? OK : refuse(&ask, why, problem);
}

/*
 * recover.c - at the start: the sums of this month come from the database, what the ledger holds behind them is counted
 * again, and so is what was charged today. Deliveries whose answers were under way when the process ended are recorded as broken: they
 * are free.
 */
#include "base/base.h"
#include "meter/meter_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "meter/plan_store.h"

#define ANSWER_MS_MAX INT64_C(3600000) /* no answer takes longer than this from record to settlement */
#define ARENA_BYTES (64 << 20)

SQL(counted_get, "SELECT counted FROM meter_state WHERE id = 1");
SQL(month_reads, "SELECT licensee_id, SUM(posts_included + posts_extra) FROM usage_days WHERE day >= $1 AND day <= $2"
		 " GROUP BY licensee_id");
SQL(app_of_key, "SELECT app_id FROM data_keys WHERE id = $1");

enum err meter_counted(struct db *db, uint64_t *ret)
{
	int64_t counted = 0;
	enum err err = db_int(db, &counted_get, NO_BINDS, &counted);

	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*ret = (uint64_t)counted;
	return OK;
}

struct replay {
	struct meter *m;
	struct db *db;
	struct arena arena;
	struct map open; /* index + 1 → struct delivery, not settled yet */
	/* A day has many deliveries under few plans and keys: each is asked for once. */
	struct map plans; /* terms → struct plan */
	struct map apps;  /* key → its app, as a pointer */
	uint64_t counted, from;
	int64_t now_ms;
};

/* Time goes on where the ledger ended, should the clock say less. */
static enum err begin_time(struct replay *p)
{
	uint64_t size = ledger_size(p->m->ledger);
	struct ledger_record last;

	if (size == 0)
		return OK;
	TRY(ledger_read(p->m->ledger, &p->arena, size - 1, &last));
	if (last.time_ms > p->now_ms)
		p->now_ms = last.time_ms;
	return OK;
}

static enum err read_month(struct replay *p)
{
	struct clock_date d = clock_split(p->now_ms);
	struct clock_date first = {.year = d.year, .month = d.month, .day = 1};
	struct rows r;

	db_query(p->db, &r, &month_reads,
		 BINDS(B_INT(day_of(clock_join(&first))), B_INT(day_of(month_ends(p->now_ms)) - 1)));
	while (rows_next(&r))
		standing_of(p->m, row_int(&r, 0), p->now_ms)->month_posts = row_int(&r, 1);
	return rows_end(&r);
}

/* ---- deliveries ---- */

static enum err app_of(struct replay *p, int64_t key, int64_t *ret)
{
	void *known = map_get(&p->apps, (uint64_t)key);
	enum err err = OK;

	*ret = (int64_t)(uintptr_t)known;
	if (known)
		return OK;
	err = db_int(p->db, &app_of_key, BINDS(B_INT(key)), ret);
	*ret = err == OK ? *ret : 0; /* the key is gone, what it read is not */
	if (*ret)
		map_put(&p->apps, (uint64_t)key, (void *)(uintptr_t)*ret);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err plan_of(struct replay *p, int64_t terms, struct plan *ret)
{
	struct plan *known = map_get(&p->plans, (uint64_t)terms);

	if (!known) {
		TRY(plan_load(p->db, terms, ret, NULL));
		known = xmalloc(sizeof(*known));
		*known = *ret;
		map_put(&p->plans, (uint64_t)terms, known);
	}
	*ret = *known;
	return OK;
}

/* The same as when it was made: what it cost is in the record, and how many of its items were beyond the plan follows. */
static enum err delivery_of(struct replay *p, uint64_t index, const struct ledger_record *r, struct delivery **ret)
{
	struct licence l = {.key = r->key, .licensee = r->licensee};
	struct meter_ask ask = {
		.licence = &l, .endpoint = r->endpoint, .kind = r->kind, .items = r->items, .n = r->n_items};
	struct delivery *d;

	TRY(plan_of(p, r->terms, &l.plan));
	TRY(app_of(p, r->key, &l.app));
	d = delivery_new(p->m, &ask, r->n_items);
	d->time_ms = r->time_ms;
	d->index = index;
	d->request = r->request;
	d->cost.micro = r->cost_micro;
	d->cost.charged = (uint32_t)d->n_charged;
	d->cost.repeated = (uint32_t)d->n - d->cost.charged;
	if (l.plan.post_micro > 0 && r->kind == LEDGER_POSTS)
		d->extra = (uint32_t)(r->cost_micro / l.plan.post_micro);
	*ret = d;
	return OK;
}

static enum err open_one(struct replay *p, uint64_t index, const struct ledger_record *r)
{
	struct delivery *d;

	TRY(delivery_of(p, index, r, &d));
	map_put(&p->open, index + 1, d);
	return OK;
}

/* ---- settlements ---- */

static void charge_today(struct replay *p, const struct delivery *d)
{
	struct standing *s = standing_of(p->m, d->licensee, p->now_ms);
	struct charged *set = standing_set(s, d->kind);

	for (size_t i = 0; i < d->n_charged; i++)
		charged_at(set, (uint64_t)d->items[i].id, d->items[i].version)->state = CHARGED_PAID;
}

static void count_again(struct replay *p, const struct delivery *d)
{
	struct standing *s = standing_of(p->m, d->licensee, p->now_ms);
	struct sum sum = sum_of(d);

	sums_add(&p->m->sums, &sum);
	if (d->whole && d->request && d->cost.charged)
		sums_add_request(&p->m->sums, (struct named_request){d->licensee, d->request, d->index});
	if (!d->whole)
		return;
	s->unwritten_micro += d->cost.micro;
	if (d->kind == LEDGER_POSTS && month_of(d->time_ms) == s->month)
		s->month_posts += d->cost.charged;
}

static enum err settle_again(struct replay *p, uint64_t index, uint64_t of, bool whole)
{
	struct delivery *d = map_del(&p->open, of + 1);

	if (!d && index < p->counted)
		return OK; /* of another day, and in the sums */
	if (!d) {
		struct ledger_record r;

		TRY(ledger_read(p->m->ledger, &p->arena, of, &r));
		TRY(delivery_of(p, of, &r, &d));
	}
	d->whole = whole;
	if (index >= p->counted)
		count_again(p, d);
	if (whole && day_of(d->time_ms) == day_of(p->now_ms))
		charge_today(p, d);
	delivery_free(d);
	return OK;
}

static enum err replay_one(void *arg, uint64_t index, const struct ledger_record *r)
{
	struct replay *p = arg;

	if (r->kind == LEDGER_POSTS || r->kind == LEDGER_USERS)
		return open_one(p, index, r);
	if (r->kind != LEDGER_SETTLED && r->kind != LEDGER_BROKEN)
		return OK;
	for (size_t i = 0; i < r->n_items; i++)
		TRY(settle_again(p, index, (uint64_t)r->items[i].id, r->kind == LEDGER_SETTLED));
	if (index >= p->counted)
		p->m->sums.counted = index + 1;
	arena_reset(&p->arena);
	return OK;
}

/* What was under way when the last process ended. It holds nothing: who asks again pays for that, maybe before this is settled. */
static void break_off(struct replay *p)
{
	size_t at = 0, n = 0;
	uint64_t key;
	void *value;

	while (map_next(&p->open, &at, &key, &value)) {
		struct delivery *d = value;

		atomic_store(&d->state, DELIVERY_DURABLE);
		delivery_forgo(d);
		d->next = p->m->open;
		if (d->next)
			d->next->prev = d;
		p->m->open = d;
		meter_settle(d, false);
		n++;
	}
	if (n)
		log_info("answers were under way when the server ended; they are free", F_INT("answers", n));
}

static uint64_t replay_from(struct replay *p)
{
	uint64_t today = ledger_at(p->m->ledger, (int64_t)day_of(p->now_ms) * DAY_MS - ANSWER_MS_MAX);

	return today < p->counted ? today : p->counted;
}

static enum err replay(struct replay *p)
{
	TRY(meter_counted(p->db, &p->counted));
	p->m->sums.counted = p->counted;
	if (p->counted > ledger_size(p->m->ledger))
		return ERR_CORRUPT;
	TRY(read_month(p));
	return ledger_each(p->m->ledger, replay_from(p), replay_one, p);
}

enum err recover(struct meter *m, struct problem *problem)
{
	struct replay p = {.m = m, .db = store_db(m->core->store), .now_ms = clock_now()};
	size_t at = 0, plan = 0;
	uint64_t key;
	void *value;
	enum err err;

	arena_init(&p.arena, ARENA_BYTES);
	map_init(&p.open);
	map_init(&p.plans);
	map_init(&p.apps);
	err = begin_time(&p);
	m->last_ms = p.now_ms;
	if (err == OK)
		err = replay(&p);
	if (err == OK)
		break_off(&p);
	else
		while (map_next(&p.open, &at, &key, &value))
			delivery_free(value);
	while (map_next(&p.plans, &plan, &key, &value))
		free(value);
	map_release(&p.plans);
	map_release(&p.apps);
	map_release(&p.open);
	arena_release(&p.arena);
	if (err == ERR_CORRUPT)
		return fail(
			problem, err,
			"the sums of what was read go further than the ledger: the ledger was cut, or it is another "
			"database's; `kicau ledger verify` says more");
	return err == OK ? OK : fail(problem, err, "what was read cannot be counted again from the ledger");
}

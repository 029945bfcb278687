/*
 * standing.c - what one licensee has used, and what its plan and its balance still allow.
 */
#include "base/base.h"
#include "meter/meter_private.h"

#include "base/clock.h"
#include "meter/journal.h"

int32_t month_of(int64_t ms)
{
	struct clock_date d = clock_split(ms);

	return (d.year - 1970) * 12 + d.month - 1;
}

int64_t month_ends(int64_t ms)
{
	struct clock_date d = clock_split(ms);
	struct clock_date next = {.year = d.month == 12 ? d.year + 1 : d.year, .month = d.month % 12 + 1, .day = 1};

	return clock_join(&next);
}

static void turn_to(struct standing *s, int64_t now_ms)
{
	int32_t day = day_of(now_ms), month = month_of(now_ms);

	if (s->day != day) {
		charged_release(&s->posts);
		charged_release(&s->users);
	}
	if (s->month != month)
		s->month_posts = 0;
	s->day = day;
	s->month = month;
}

struct standing *standing_of(struct meter *m, int64_t licensee, int64_t now_ms)
{
	struct standing *s = map_get(&m->standings, (uint64_t)licensee);

	if (!s) {
		s = xcalloc(1, sizeof(*s));
		s->licensee = licensee;
		map_put(&m->standings, (uint64_t)licensee, s);
	}
	turn_to(s, now_ms);
	return s;
}

struct charged *standing_set(struct standing *s, enum ledger_kind kind)
{
	return kind == LEDGER_USERS ? &s->users : &s->posts;
}

enum err standing_read_balance(struct meter *m, struct db *db, int64_t licensee, bool wait)
{
	int64_t micro;
	enum err err;

	if (wait)
		pthread_mutex_lock(&m->writing);
	else if (pthread_mutex_trylock(&m->writing) != 0)
		return ERR_BUSY;
	err = journal_balance(db, licensee, &micro);
	if (err == OK) {
		pthread_mutex_lock(&m->lock);
		struct standing *s = map_get(&m->standings, (uint64_t)licensee);

		if (s) {
			s->balance_micro = micro - s->unwritten_micro;
			s->balance_read_ns = clock_mono_ns();
		}
		pthread_mutex_unlock(&m->lock);
	}
	pthread_mutex_unlock(&m->writing);
	return err;
}

/* Post reads in a month at most; INT64_MAX: no bound. */
static int64_t month_bound(const struct plan *p)
{
	int64_t bound = p->hard_stop ? p->included : INT64_MAX;

	return p->ceiling && p->ceiling < bound ? p->ceiling : bound;
}

static size_t within_cap(const struct standing *s, const struct plan *p, size_t n, struct meter_refusal *why)
{
	int64_t bound = month_bound(p), left = bound - s->month_posts;

	if (left >= (int64_t)n)
		return n;
	*why = (struct meter_refusal){"posts", bound, s->month_posts, month_ends((int64_t)s->day * DAY_MS)};
	return left > 0 ? (size_t)left : 0;
}

/* The first `cheap` of n cost nothing, the others `each`. */
static size_t within_balance(const struct standing *s, size_t cheap, size_t n, int64_t each, struct meter_refusal *why)
{
	int64_t afford = s->balance_micro > 0 ? s->balance_micro / each : 0;

	if ((int64_t)(n - cheap) <= afford)
		return n;
	*why = (struct meter_refusal){"balance", s->balance_micro, (int64_t)(n - cheap) * each, 0};
	return cheap + (size_t)afford;
}

size_t standing_price(const struct standing *s, const struct plan *p, enum ledger_kind kind, size_t n,
		      int64_t *ret_micro, uint32_t *ret_extra, struct meter_refusal *why)
{
	bool posts = kind == LEDGER_POSTS;
	int64_t each = posts ? p->post_micro : p->user_micro, included = posts ? p->included - s->month_posts : 0;
	size_t allowed = posts ? within_cap(s, p, n, why) : n, cheap = 0;

	if (included > 0)
		cheap = included < (int64_t)allowed ? (size_t)included : allowed;
	if (p->prepaid && each > 0)
		allowed = within_balance(s, cheap, allowed, each, why);
	*ret_extra = (uint32_t)(allowed - cheap);
	*ret_micro = (int64_t)*ret_extra * each;
	return allowed;
}

void standing_take(struct standing *s, enum ledger_kind kind, uint32_t posts, int64_t micro)
{
	if (kind == LEDGER_POSTS)
		s->month_posts += posts;
	s->balance_micro -= micro;
	s->unwritten_micro += micro;
}

void standing_give_back(struct standing *s, const struct delivery *d)
{
	if (d->kind == LEDGER_POSTS && month_of(d->time_ms) == s->month)
		s->month_posts -= d->cost.charged;
	s->balance_micro += d->cost.micro;
	s->unwritten_micro -= d->cost.micro;
}

void standing_cost(const struct standing *s, const struct plan *p, struct meter_cost *ret)
{
	int64_t bound = month_bound(p);

	if (p->included && p->included < bound)
		bound = p->included;
	ret->balance_micro = s->balance_micro;
	ret->month_left = bound == INT64_MAX ? -1 : bound > s->month_posts ? bound - s->month_posts : 0;
}

/*
 * ring.c - see ring.h. ring_push is the innermost loop of fan-out: it touches the header and one or two entries.
 */
#include "base/base.h"

#include "core/ring.h"

static void lock(struct ring *r)
{
	while (atomic_flag_test_and_set_explicit(&r->lock, memory_order_acquire))
		__builtin_ia32_pause();
}

static void unlock(struct ring *r) { atomic_flag_clear_explicit(&r->lock, memory_order_release); }

/* i-th entry from the oldest. */
static struct ring_entry *at(struct ring *r, size_t i)
{
	size_t slot = r->start + i;

	return &r->entries[slot < LIMIT_TIMELINE_RING ? slot : slot - LIMIT_TIMELINE_RING];
}

static bool boosted_lately(struct ring *r, int64_t post)
{
	size_t look = r->n < RING_BOOST_DISTANCE ? r->n : RING_BOOST_DISTANCE;

	for (size_t i = r->n - look; i < r->n; i++) {
		const struct ring_entry *e = at(r, i);

		if (e->id == post || e->boost_of == post)
			return true;
	}
	return false;
}

/* Nearly always at the newest end; two threads may announce in the other order than they committed. */
static bool insert(struct ring *r, struct ring_entry e)
{
	size_t i = r->n;

	while (i > 0 && at(r, i - 1)->id > e.id)
		i--;
	if (i > 0 && at(r, i - 1)->id == e.id)
		return false;
	if (r->n == LIMIT_TIMELINE_RING) {
		if (i == 0) {
			r->complete = false;
			return false;
		}
		r->start = (uint16_t)((r->start + 1) % LIMIT_TIMELINE_RING);
		r->complete = false;
		r->n--;
		i--;
	}
	for (size_t k = r->n; k > i; k--)
		*at(r, k) = *at(r, k - 1);
	*at(r, i) = e;
	r->n++;
	return true;
}

bool ring_push(struct ring *r, struct ring_entry e)
{
	lock(r);
	bool pushed = !(e.boost_of && boosted_lately(r, e.boost_of)) && insert(r, e);
	unlock(r);
	return pushed;
}

void ring_fill(struct ring *r, const struct ring_entry *older, size_t n, bool complete)
{
	lock(r);
	r->complete = complete;
	for (size_t i = n; i-- > 0;) /* oldest first: what no longer fits falls off that end */
		insert(r, older[i]);
	r->whole = true;
	unlock(r);
}

/* Index of the first entry with id > floor, counted from the oldest. */
static size_t first_above(struct ring *r, int64_t floor)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (at(r, mid)->id > floor)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

size_t ring_page(struct ring *r, int64_t floor, int64_t ceiling, bool upward, struct ring_entry *ret, size_t cap,
		 bool *ret_enough)
{
	lock(r);
	size_t from = first_above(r, floor), to = first_above(r, ceiling - 1), n = to > from ? to - from : 0;
	bool reaches_floor = r->complete || from > 0;

	if (n > cap)
		n = cap;
	for (size_t i = 0; i < n; i++)
		ret[i] = upward ? *at(r, from + i) : *at(r, to - 1 - i);
	*ret_enough = r->whole && (upward ? reaches_floor : n == cap || reaches_floor);
	unlock(r);
	return n;
}

void ring_forget(struct ring *r, int64_t id)
{
	lock(r);
	size_t i = first_above(r, id - 1);
	if (i < r->n && at(r, i)->id == id) {
		for (r->n--; i < r->n; i++)
			*at(r, i) = *at(r, i + 1);
	}
	unlock(r);
}

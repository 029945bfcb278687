/*
 * ring.c - see ring.h. ring_push is the innermost loop of fan-out: it touches the header and one or two entries.
 */
#include "base/base.h"

#include "core/ring.h"

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

static void lock(struct ring *r)
{
	while (atomic_flag_test_and_set_explicit(&r->lock, memory_order_acquire))
		relax();
}

static void unlock(struct ring *r) { atomic_flag_clear_explicit(&r->lock, memory_order_release); }

static size_t load(const _Atomic uint16_t *v) { return atomic_load_explicit(v, memory_order_relaxed); }

static void store(_Atomic uint16_t *v, size_t n) { atomic_store_explicit(v, (uint16_t)n, memory_order_relaxed); }

static size_t slot_of(size_t i) { return i < LIMIT_TIMELINE_RING ? i : i - LIMIT_TIMELINE_RING; }

/* i-th entry from the oldest. */
static struct ring_entry *at(struct ring *r, size_t i) { return &r->entries[slot_of(load(&r->start) + i)]; }

void ring_prefetch_end(const struct ring *r)
{
	size_t end = load(&r->start) + load(&r->n);

	__builtin_prefetch(&r->entries[slot_of(end)], 1);
	if (end)
		__builtin_prefetch(&r->entries[slot_of(end - 1)], 1);
}

/* The post one sees: boosts are never boosted themselves. */
static int64_t shown_by(const struct ring_entry *e) { return e->boost_of ? e->boost_of : e->id; }

static uint8_t mark_of(int64_t post) { return (uint8_t)(((uint64_t)post * 0x9E3779B97F4A7C15U) >> 56); }

static void mark(struct ring *r, size_t i)
{
	r->marks[slot_of(load(&r->start) + i) % RING_BOOST_DISTANCE] = mark_of(shown_by(at(r, i)));
}

/* Entries have moved. */
static void mark_newest(struct ring *r)
{
	size_t n = load(&r->n);

	for (size_t i = n > RING_BOOST_DISTANCE ? n - RING_BOOST_DISTANCE : 0; i < n; i++)
		mark(r, i);
}

/* Looks only at entries whose mark agrees, for every entry is a line of memory that is rarely at hand. */
static bool boosted_lately(struct ring *r, int64_t post)
{
	size_t n = load(&r->n), newest = slot_of(load(&r->start) + n + LIMIT_TIMELINE_RING - 1) % RING_BOOST_DISTANCE;
	const uint8_t *end = r->marks + RING_BOOST_DISTANCE, *m = r->marks;

	for (; (m = memchr(m, mark_of(post), (size_t)(end - m))); m++) {
		size_t back = (newest + RING_BOOST_DISTANCE - (size_t)(m - r->marks)) % RING_BOOST_DISTANCE;

		if (back < n && shown_by(at(r, n - 1 - back)) == post)
			return true;
	}
	return false;
}

/* Nearly always at the newest end; two threads may announce in the other order than they committed. */
static bool insert(struct ring *r, struct ring_entry e)
{
	size_t n = load(&r->n), i = n;

	while (i > 0 && at(r, i - 1)->id > e.id)
		i--;
	if (i > 0 && at(r, i - 1)->id == e.id)
		return false;
	if (n == LIMIT_TIMELINE_RING) {
		r->complete = false;
		if (i == 0)
			return false;
		store(&r->start, slot_of(load(&r->start) + 1));
		n--;
		i--;
	}
	for (size_t k = n; k > i; k--)
		*at(r, k) = *at(r, k - 1);
	*at(r, i) = e;
	store(&r->n, n + 1);
	if (i < n)
		mark_newest(r);
	else
		mark(r, i);
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
	size_t low = 0, high = load(&r->n);

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
	size_t i = first_above(r, id - 1), n = load(&r->n);
	if (i < n && at(r, i)->id == id) {
		for (; i + 1 < n; i++)
			*at(r, i) = *at(r, i + 1);
		store(&r->n, n - 1);
		mark_newest(r);
	}
	unlock(r);
}

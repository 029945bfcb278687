/*
 * segments.c - see segments.h. segments_open.c finds them in their directories.
 */
#include "base/base.h"
#include "ledger/segments.h"

void segments_close(struct segments *f)
{
	for (size_t i = 0; i < f->list.n; i++)
		segment_unref(f->list.v[i]);
	VEC_FREE(&f->list);
	pthread_mutex_destroy(&f->lock);
}

void segments_add(struct segments *f, struct segment *s)
{
	pthread_mutex_lock(&f->lock);
	VEC_PUSH(&f->list, s);
	pthread_mutex_unlock(&f->lock);
}

void segments_replace(struct segments *f, const struct segment *old, struct segment *new)
{
	struct segment *gone = NULL;

	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < f->list.n && !gone; i++)
		if (f->list.v[i] == old) {
			gone = f->list.v[i];
			f->list.v[i] = new;
		}
	pthread_mutex_unlock(&f->lock);
	if (!gone)
		BUG("a segment that is not there is replaced");
	segment_unref(gone);
}

struct segment *segments_find(struct segments *f, uint64_t index)
{
	struct segment *found = NULL;

	pthread_mutex_lock(&f->lock);
	size_t low = 0, high = f->list.n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (f->list.v[mid]->first <= index)
			low = mid + 1;
		else
			high = mid;
	}
	if (low && index - f->list.v[low - 1]->first < segment_count(f->list.v[low - 1]))
		found = segment_ref(f->list.v[low - 1]);
	pthread_mutex_unlock(&f->lock);
	return found;
}

struct segment *segments_last(struct segments *f)
{
	pthread_mutex_lock(&f->lock);
	struct segment *s = f->list.n ? segment_ref(f->list.v[f->list.n - 1]) : NULL;
	pthread_mutex_unlock(&f->lock);
	return s;
}

struct segment *segments_unpacked(struct segments *f, size_t *ret_n)
{
	struct segment *oldest = NULL;
	size_t n = 0;

	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i + 1 < f->list.n; i++) {
		if (!f->list.v[i]->tail)
			continue;
		if (!n++)
			oldest = segment_ref(f->list.v[i]);
	}
	pthread_mutex_unlock(&f->lock);
	*ret_n = n;
	return oldest;
}

struct segment **segments_all(struct segments *f, size_t *ret_n)
{
	pthread_mutex_lock(&f->lock);
	struct segment **all = xcalloc(f->list.n + 1, sizeof(struct segment *));
	for (size_t i = 0; i < f->list.n; i++)
		all[i] = segment_ref(f->list.v[i]);
	*ret_n = f->list.n;
	pthread_mutex_unlock(&f->lock);
	return all;
}

void segments_let_go(struct segment **all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		segment_unref(all[i]);
	free(all);
}

uint64_t segments_first(struct segments *f)
{
	pthread_mutex_lock(&f->lock);
	uint64_t first = f->list.n ? f->list.v[0]->first : 0;
	pthread_mutex_unlock(&f->lock);
	return first;
}

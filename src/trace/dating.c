/*
 * dating.c - see dating.h.
 */
#include "base/base.h"

#include "trace/dating.h"

#include "base/limits.h"
#include "base/vec.h"

#define HOUR_MS INT64_C(3600000)
#define RECEIVERS_MAX 100000 /* of one post */
#define WHOLE ((1U << COUNTERS) - 1)
#define FINGERPRINTS 65536.0

/* A delivery that fits a row. */
struct fit {
	uint32_t row;
	int64_t licensee, time_ms;
};
/* What speaks for an hour of a licensee. */
struct bucket {
	int64_t licensee, hour_ms;
	double weight;
};

struct work {
	struct dating d;
	struct ledger *ledger;
	const struct fingerprint_salt *salt;
	struct arena arena;
	struct VEC(struct trace_match) matches; /* without texts */
	struct VEC(struct fit) fits;		/* by row */
	struct VEC(struct bucket) buckets;	/* by licensee and hour */
};

static int compare_i64(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* ---- what fits ---- */

static bool is_it(const struct work *w, const struct trace_match *m, const struct ledger_item *item)
{
	const int64_t *v = m->counters.v;
	struct fingerprint_of of = {.post = m->post,
				    .version = item->version,
				    .likes = v[COUNTER_LIKES],
				    .replies = v[COUNTER_REPLIES],
				    .boosts = v[COUNTER_BOOSTS],
				    .quotes = v[COUNTER_QUOTES],
				    .followers = v[COUNTER_FOLLOWERS]};

	return item->fingerprint == fingerprint(w->salt, &of);
}

static enum err look_at(struct work *w, uint32_t row)
{
	const struct trace_match *m = &w->matches.v[row];
	struct ledger_receiver *all;
	size_t n = 0, found = 0;

	arena_reset(&w->arena);
	TRY(ledger_who(w->ledger, &w->arena, m->post, RECEIVERS_MAX, &all, &n));
	for (size_t i = 0; i < n; i++) {
		if (!all[i].item.fingerprint)
			continue; /* not kept; once in 65 536 a real one */
		w->d.kept = true;
		w->d.compared++;
		if (found == DATING_FITS_MAX || !is_it(w, m, &all[i].item))
			continue;
		found++;
		VEC_PUSH(&w->fits, (struct fit){row, all[i].licensee, all[i].time_ms});
	}
	w->d.dated += found > 0;
	return OK;
}

/* ---- which of them ---- */

static int compare_buckets(const void *a, const void *b)
{
	const struct bucket *x = a, *y = b;
	int by_licensee = compare_i64(x->licensee, y->licensee);

	return by_licensee ? by_licensee : compare_i64(x->hour_ms, y->hour_ms);
}

static size_t fits_of_row(const struct work *w, size_t from)
{
	size_t end = from;

	while (end < w->fits.n && w->fits.v[end].row == w->fits.v[from].row)
		end++;
	return end - from;
}

static void weigh(struct work *w)
{
	size_t n = 0;

	for (size_t i = 0, of_row; i < w->fits.n; i += of_row) {
		of_row = fits_of_row(w, i);
		for (size_t j = i; j < i + of_row; j++) {
			const struct fit *f = &w->fits.v[j];
			VEC_PUSH(&w->buckets,
				 (struct bucket){f->licensee, f->time_ms - f->time_ms % HOUR_MS, 1.0 / (double)of_row});
		}
	}
	if (w->buckets.n)
		qsort(w->buckets.v, w->buckets.n, sizeof(*w->buckets.v), compare_buckets);
	for (size_t i = 0; i < w->buckets.n; i++) {
		if (n && compare_buckets(&w->buckets.v[n - 1], &w->buckets.v[i]) == 0)
			w->buckets.v[n - 1].weight += w->buckets.v[i].weight;
		else
			w->buckets.v[n++] = w->buckets.v[i];
	}
	w->buckets.n = n;
}

static double weight_of(const struct work *w, const struct fit *f)
{
	struct bucket key = {f->licensee, f->time_ms - f->time_ms % HOUR_MS, 0};
	const struct bucket *b = bsearch(&key, w->buckets.v, w->buckets.n, sizeof(key), compare_buckets);

	return b ? b->weight : 0;
}

/* ---- the sums ---- */

static struct dated_licensee *sums_of(struct dating *d, int64_t licensee)
{
	for (size_t i = 0; i < d->n_licensees; i++)
		if (d->licensees[i].licensee == licensee)
			return &d->licensees[i];
	d->licensees = xrealloc(d->licensees, (d->n_licensees + 1) * sizeof(*d->licensees));
	d->licensees[d->n_licensees] = (struct dated_licensee){.licensee = licensee};
	return &d->licensees[d->n_licensees++];
}

static void count_fits(struct dating *d, const struct fit *fits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool before = false;

		for (size_t j = 0; j < i && !before; j++)
			before = fits[j].licensee == fits[i].licensee;
		sums_of(d, fits[i].licensee)->fits += !before;
	}
}

static void choose(struct work *w)
{
	for (size_t i = 0, n; i < w->fits.n; i += n) {
		const struct fit *best = &w->fits.v[i];

		n = fits_of_row(w, i);
		for (size_t j = i + 1; j < i + n; j++)
			if (weight_of(w, &w->fits.v[j]) > weight_of(w, best))
				best = &w->fits.v[j];
		count_fits(&w->d, &w->fits.v[i], n);
		sums_of(&w->d, best->licensee)->rows++;
		w->d.rows[best->row].licensee = best->licensee;
		w->d.rows[best->row].time_ms = best->time_ms;
	}
}

static int compare_dated(const void *a, const void *b)
{
	const struct dated_row *x = a, *y = b;
	int by_licensee = compare_i64(x->licensee, y->licensee);

	return by_licensee ? by_licensee : compare_i64(x->time_ms, y->time_ms);
}

static void add_hour(struct dating *d, size_t *alloc, const struct dated_row *r)
{
	int64_t hour = r->time_ms - r->time_ms % HOUR_MS;
	struct dated_hour *last = d->n_hours ? &d->hours[d->n_hours - 1] : NULL;

	if (last && last->licensee == r->licensee && last->hour_ms == hour) {
		last->rows++;
		return;
	}
	if (d->n_hours == *alloc)
		d->hours = vec_grow(d->hours, alloc, sizeof(*d->hours));
	d->hours[d->n_hours++] = (struct dated_hour){r->licensee, hour, 1};
}

static int compare_licensees(const void *a, const void *b)
{
	const struct dated_licensee *x = a, *y = b;

	if (x->rows != y->rows)
		return x->rows > y->rows ? -1 : 1;
	return compare_i64(x->licensee, y->licensee);
}

static void sum_up(struct work *w)
{
	struct dating *d = &w->d;
	size_t n = w->matches.n, alloc = 0, end;
	struct dated_row *sorted = xcalloc(n + 1, sizeof(*sorted));

	memcpy(sorted, d->rows, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_dated);
	for (size_t i = 0; i < n; i = end) {
		for (end = i; end < n && sorted[end].licensee == sorted[i].licensee; end++)
			if (sorted[end].licensee)
				add_hour(d, &alloc, &sorted[end]);
		if (!sorted[i].licensee)
			continue;
		struct dated_licensee *of = sums_of(d, sorted[i].licensee);
		of->first_ms = sorted[i].time_ms;
		of->median_ms = sorted[i + (end - i) / 2].time_ms;
		of->last_ms = sorted[end - 1].time_ms;
	}
	free(sorted);
	if (d->n_licensees)
		qsort(d->licensees, d->n_licensees, sizeof(*d->licensees), compare_licensees);
}

static enum err date(struct work *w)
{
	arena_init(&w->arena, 64 * LIMIT_MIB);
	w->d.looked_at = w->matches.n;
	w->d.rows = xcalloc(w->matches.n + 1, sizeof(*w->d.rows));
	enum err err = OK;
	for (uint32_t i = 0; err == OK && i < w->matches.n; i++) {
		w->d.rows[i] = (struct dated_row){.row = w->matches.v[i].row, .post = w->matches.v[i].post};
		err = look_at(w, i);
	}
	if (err == OK) {
		w->d.by_chance = (double)w->d.compared / FINGERPRINTS;
		weigh(w);
		choose(w);
		sum_up(w);
	}
	arena_release(&w->arena);
	VEC_FREE(&w->fits);
	VEC_FREE(&w->buckets);
	return err;
}

/* ---- which rows ---- */

static enum err count_match(void *arg, const struct trace_match *m)
{
	struct work *w = arg;

	w->d.with_counters += m->counters.given != 0;
	w->d.complete += m->counters.given == WHOLE;
	return OK;
}

struct taking {
	struct work *w;
	uint64_t seen;
};

/* Of n, DATING_ROWS_MAX evenly: the i-th is taken when it begins another of so many equal parts. */
static enum err take_match(void *arg, const struct trace_match *m)
{
	struct taking *t = arg;
	uint64_t n = t->w->d.complete, i = t->seen;

	if (m->counters.given != WHOLE)
		return OK;
	t->seen++;
	if (n > DATING_ROWS_MAX && i * DATING_ROWS_MAX / n == (i + 1) * DATING_ROWS_MAX / n)
		return OK;
	VEC_PUSH(&t->w->matches, *m);
	t->w->matches.v[t->w->matches.n - 1].text = V("");
	return OK;
}

static enum err finish(struct work *w, enum err err, struct dating *ret)
{
	if (err == OK)
		err = date(w);
	VEC_FREE(&w->matches);
	if (err == OK)
		*ret = w->d;
	else
		dating_release(&w->d);
	return err;
}

enum err dating_make(const struct leak_result *r, struct ledger *ledger, const struct fingerprint_salt *salt,
		     struct dating *ret)
{
	struct work w = {.ledger = ledger, .salt = salt};
	struct taking t = {.w = &w};
	enum err err = leak_each(r, count_match, &w);

	if (err == OK)
		err = leak_each(r, take_match, &t);
	return finish(&w, err, ret);
}

enum err dating_of(const struct trace_match *matches, size_t n, struct ledger *ledger,
		   const struct fingerprint_salt *salt, struct dating *ret)
{
	struct work w = {.ledger = ledger, .salt = salt};
	struct taking t = {.w = &w};
	enum err err = OK;

	for (size_t i = 0; err == OK && i < n; i++)
		err = count_match(&w, &matches[i]);
	for (size_t i = 0; err == OK && i < n; i++)
		err = take_match(&t, &matches[i]);
	return finish(&w, err, ret);
}

void dating_release(struct dating *d)
{
	free(d->licensees);
	free(d->hours);
	free(d->rows);
	*d = (struct dating){0};
}

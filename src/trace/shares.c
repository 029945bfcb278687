/*
 * shares.c - see shares.h. Posts that are withheld from nobody differ by stratum alone; the others are walked, once for each step.
 */
#include "base/base.h"
#include "trace/shares.h"

#include <math.h>

#define STEPS_MAX 200
#define SWEEPS_MAX 500
#define HALVINGS_MAX 34
#define GAP 1e-7 /* of ln likelihood: enough */

struct fit {
	const struct evidence_input *in;
	const struct holes *h;
	size_t n; /* licensees */
	const bool *may;
	uint64_t *bare; /* [stratum]: posts that are withheld from nobody */
	double *odds;	/* [licensee * strata + stratum]: p / (1 - p) */
	double *base;	/* [stratum]: 1 + sum of s odds */
	double *share, *gradient;
	/* A step moves some licensees only: those that have a share, or want one. */
	size_t n_moved;
	uint32_t *moved;	/* licensee of each */
	int32_t *place;		/* [licensee]: its place among the moved; -1 */
	double *curvature;	/* [n_moved * n_moved] */
	double *target, *slope; /* [n_moved] */
};

static size_t stratum_of(const struct fit *f, size_t post)
{
	return f->in->stratum ? f->in->stratum[post] : 0;
}

static double odds(const struct fit *f, size_t licensee, size_t stratum)
{
	return f->odds[licensee * f->in->n_strata + stratum];
}

static void fit_init(struct fit *f, const struct evidence_input *in, const struct holes *h, double *share)
{
	size_t n = in->n_licensees;

	*f = (struct fit){.in = in, .h = h, .n = n, .share = share};
	f->bare = xcalloc(in->n_strata, sizeof(*f->bare));
	f->base = xcalloc(in->n_strata, sizeof(*f->base));
	f->odds = xcalloc(n * in->n_strata, sizeof(*f->odds));
	f->gradient = xcalloc(n, sizeof(*f->gradient));
	f->moved = xcalloc(n, sizeof(*f->moved));
	f->place = xcalloc(n, sizeof(*f->place));
	f->target = xcalloc(n, sizeof(*f->target));
	f->slope = xcalloc(n, sizeof(*f->slope));
	for (size_t x = 0; x < in->n; x++)
		f->bare[stratum_of(f, x)]++;
	for (size_t i = 0; i < h->n; i++)
		f->bare[stratum_of(f, h->post[i])]--;
	for (size_t j = 0; j < n; j++)
		for (size_t c = 0; c < in->n_strata; c++)
			f->odds[j * in->n_strata + c] = in->licensees[j].p[c] / (1 - in->licensees[j].p[c]);
}

static void fit_release(struct fit *f)
{
	free(f->bare);
	free(f->base);
	free(f->odds);
	free(f->gradient);
	free(f->moved);
	free(f->place);
	free(f->target);
	free(f->slope);
	free(f->curvature);
}

/* ---- likelihood, gradient, curvature ---- */

static void set_base(struct fit *f, const double *share)
{
	for (size_t c = 0; c < f->in->n_strata; c++) {
		f->base[c] = 1;
		for (size_t j = 0; j < f->n; j++)
			if (share[j] > 0)
				f->base[c] += share[j] * odds(f, j, c);
	}
}

/* The factor of the i-th post with holes. */
static double factor(const struct fit *f, const double *share, size_t i)
{
	size_t c = stratum_of(f, f->h->post[i]);
	double m = f->base[c];

	for (uint64_t a = f->h->start[i]; a < f->h->start[i + 1]; a++)
		if (share[f->h->who[a]] > 0)
			m -= share[f->h->who[a]] * (1 + odds(f, f->h->who[a], c));
	return m;
}

static double likelihood(struct fit *f, const double *share)
{
	double ln = 0;

	set_base(f, share);
	for (size_t c = 0; c < f->in->n_strata; c++)
		if (f->bare[c])
			ln += (double)f->bare[c] * log(f->base[c]);
	for (size_t i = 0; i < f->h->n; i++) {
		double m = factor(f, share, i);
		if (m <= 0)
			return -INFINITY;
		ln += log(m);
	}
	return ln;
}

/* Base is that of share. */
static void set_gradient(struct fit *f)
{
	size_t strata = f->in->n_strata;
	double *all = xcalloc(strata, sizeof(*all)); /* sum of 1 / factor */

	memset(f->gradient, 0, f->n * sizeof(*f->gradient));
	for (size_t c = 0; c < strata; c++)
		all[c] = (double)f->bare[c] / f->base[c];
	for (size_t i = 0; i < f->h->n; i++) {
		size_t c = stratum_of(f, f->h->post[i]);
		double r = 1 / factor(f, f->share, i);
		all[c] += r;
		for (uint64_t a = f->h->start[i]; a < f->h->start[i + 1]; a++)
			f->gradient[f->h->who[a]] -= r * (1 + odds(f, f->h->who[a], c));
	}
	for (size_t j = 0; j < f->n; j++)
		for (size_t c = 0; c < strata; c++)
			f->gradient[j] += all[c] * odds(f, j, c);
	free(all);
}

/* By concavity the maximum is at most this far above: a linear function on the simplex is largest in a corner. */
static double gap(const struct fit *f)
{
	double best = 0, here = 0;

	for (size_t j = 0; j < f->n; j++) {
		if (!f->may || f->may[j])
			best = fmax(best, f->gradient[j]);
		here += f->share[j] * f->gradient[j];
	}
	return best - here;
}

static void choose_moved(struct fit *f)
{
	f->n_moved = 0;
	for (size_t j = 0; j < f->n; j++) {
		bool moves = (!f->may || f->may[j]) && (f->share[j] > 0 || f->gradient[j] > 0);
		f->place[j] = moves ? (int32_t)f->n_moved : -1;
		if (moves)
			f->moved[f->n_moved++] = (uint32_t)j;
	}
	free(f->curvature);
	f->curvature = xcalloc(f->n_moved * f->n_moved, sizeof(*f->curvature));
}

static void add_curvature(struct fit *f, size_t a, size_t b, double v)
{
	f->curvature[a * f->n_moved + b] += v;
	if (a != b)
		f->curvature[b * f->n_moved + a] += v;
}

/* One post with holes: pairs of its moved licensees; sums[place * strata + stratum] gathers single ones. */
static void curve_post(struct fit *f, size_t i, double r, double *sums)
{
	size_t strata = f->in->n_strata, c = stratum_of(f, f->h->post[i]);

	for (uint64_t a = f->h->start[i]; a < f->h->start[i + 1]; a++) {
		size_t ja = f->h->who[a];
		if (f->place[ja] < 0)
			continue;
		double va = r * (1 + odds(f, ja, c));
		sums[(size_t)f->place[ja] * strata + c] += va;
		for (uint64_t b = a; b < f->h->start[i + 1]; b++) {
			size_t jb = f->h->who[b];
			if (f->place[jb] >= 0)
				add_curvature(f, (size_t)f->place[ja], (size_t)f->place[jb], va * (1 + odds(f, jb, c)));
		}
	}
}

/* Sum over posts of z_a z_b / factor^2, with z = odds - (1 + odds) where it is withheld. */
static void set_curvature(struct fit *f)
{
	size_t strata = f->in->n_strata;
	double *all = xcalloc(strata, sizeof(*all)), *sums = xcalloc(f->n_moved * strata, sizeof(*sums));

	for (size_t c = 0; c < strata; c++)
		all[c] = (double)f->bare[c] / (f->base[c] * f->base[c]);
	for (size_t i = 0; i < f->h->n; i++) {
		double m = factor(f, f->share, i), r = 1 / (m * m);
		all[stratum_of(f, f->h->post[i])] += r;
		curve_post(f, i, r, sums);
	}
	for (size_t a = 0; a < f->n_moved; a++)
		for (size_t b = a; b < f->n_moved; b++) {
			double v = 0;
			for (size_t c = 0; c < strata; c++) {
				double oa = odds(f, f->moved[a], c), ob = odds(f, f->moved[b], c);
				v += oa * ob * all[c] - oa * sums[b * strata + c] - ob * sums[a * strata + c];
			}
			add_curvature(f, a, b, v);
		}
	free(all);
	free(sums);
}

/* ---- a step ---- */

static void move(struct fit *f, size_t a, double to)
{
	double by = to - f->target[a];

	f->target[a] = to;
	for (size_t b = 0; b < f->n_moved; b++)
		f->slope[b] += by * f->curvature[a * f->n_moved + b];
}

/* The least of the quadratic model plus price times the sum of shares, one coordinate after the other. Returns the sum. */
static double descend(struct fit *f, double price)
{
	double sum = 0;

	for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
		double most = 0;
		for (size_t a = 0; a < f->n_moved; a++) {
			double bend = f->curvature[a * f->n_moved + a];
			double to = bend > 0 ? fmax(0, f->target[a] - (f->slope[a] + price) / bend) : f->target[a];
			if (to == f->target[a])
				continue;
			most = fmax(most, fabs(to - f->target[a]));
			move(f, a, to);
		}
		if (most < 1e-12)
			break;
	}
	for (size_t a = 0; a < f->n_moved; a++)
		sum += f->target[a];
	return sum;
}

/* Where the model is least, with shares that sum to at most 1: the price is what keeps them there. */
static void set_target(struct fit *f)
{
	double low = 0, high = 1;

	for (size_t a = 0; a < f->n_moved; a++) {
		f->target[a] = f->share[f->moved[a]];
		f->slope[a] = -f->gradient[f->moved[a]];
	}
	if (descend(f, 0) <= 1)
		return;
	while (descend(f, high) > 1) {
		low = high;
		high *= 2;
	}
	for (int i = 0; i < 60 && high - low > 1e-12 * high; i++) {
		double price = (low + high) / 2;
		if (descend(f, price) > 1)
			low = price;
		else
			high = price;
	}
	descend(f, high);
}

/* Half the way, and half again, until it gets better. */
static bool walk(struct fit *f, double *ln, double *trial)
{
	for (int halvings = 0; halvings < HALVINGS_MAX; halvings++) {
		double part = ldexp(1, -halvings);
		memcpy(trial, f->share, f->n * sizeof(*trial));
		for (size_t a = 0; a < f->n_moved; a++)
			trial[f->moved[a]] += part * (f->target[a] - f->share[f->moved[a]]);
		double better = likelihood(f, trial);
		if (better > *ln) {
			memcpy(f->share, trial, f->n * sizeof(*trial));
			*ln = better;
			return true;
		}
	}
	return false;
}

double shares_fit(const struct evidence_input *in, const struct holes *h, const bool *may, double *ret_share,
		  double *ret_gap)
{
	struct fit f;
	double ln, *trial = xcalloc(in->n_licensees, sizeof(*trial));

	memset(ret_share, 0, in->n_licensees * sizeof(*ret_share));
	fit_init(&f, in, h, ret_share);
	f.may = may;
	ln = likelihood(&f, ret_share);
	for (int step = 0; step < STEPS_MAX; step++) {
		set_base(&f, ret_share);
		set_gradient(&f);
		if (gap(&f) < GAP)
			break;
		choose_moved(&f);
		set_curvature(&f);
		set_target(&f);
		if (!walk(&f, &ln, trial))
			break;
	}
	set_base(&f, ret_share);
	set_gradient(&f);
	*ret_gap = fmax(0, gap(&f));
	fit_release(&f);
	free(trial);
	return ln;
}

/*
 * attribution.c - who is named for leaks whose sources are known? One experiment a run: attribution NAME SEED RUNS; writes one JSON object.
 * study/run.mjs runs all of them and sums up.
 */
#include "base/base.h"

#include <math.h>

#include "trace/power.h"
#include "world.h"

#define LICENSEES 200
#define PPM 10000
#define PPM_GLOBAL 5000
#define SOURCES_MAX 5

/* ---- how a leak comes about ---- */

enum way {
	WAY_PUBLIC,	  /* from the public site: everything */
	WAY_SOURCE,	  /* one licensee's copy */
	WAY_MIXED,	  /* each post from one of several copies, by chance */
	WAY_MERGED,	  /* whatever one of several has */
	WAY_INTERSECTION, /* what all have */
	WAY_FILLED,	  /* one copy; a share of what it lacks filled in from the public site */
	WAY_PADDED,	  /* one copy; and what was withheld from it, `share` times as often as by chance */
	WAY_HALF_PUBLIC,  /* `share` from one copy, the rest from the public site */
	WAYS
};
static const char *const way_names[] = {"public",	"one licensee", "mixture", "merged",
					"intersection", "holes filled", "padded",  "part public"};

struct scene {
	enum way way;
	size_t sources[SOURCES_MAX], n_sources;
	double share;
	struct chance chance;
};

static bool leaks(void *arg, const struct world *w, size_t x)
{
	struct scene *s = arg;
	size_t have = 0;

	for (size_t i = 0; i < s->n_sources; i++)
		have += world_has(w, s->sources[i], x);
	switch (s->way) {
	case WAY_PUBLIC:
		return true;
	case WAY_SOURCE:
		return have;
	case WAY_MIXED:
		return world_has(w, s->sources[chance_below(&s->chance, s->n_sources)], x);
	case WAY_MERGED:
		return have;
	case WAY_INTERSECTION:
		return have == s->n_sources;
	case WAY_FILLED:
		return have || chance_uniform(&s->chance) < s->share;
	case WAY_PADDED: /* posts of the copy are taken with a chance of 1/2, so that up to twice is possible */
		return chance_uniform(&s->chance) < (have ? 0.5 : s->share / 2);
	case WAY_HALF_PUBLIC:
		return chance_uniform(&s->chance) >= s->share || have;
	default:
		BUG("way %d", (int)s->way);
	}
}

static void choose_sources(struct scene *s, size_t n, size_t licensees)
{
	s->n_sources = 0;
	while (s->n_sources < n) {
		size_t j = chance_below(&s->chance, licensees), i = 0;
		while (i < s->n_sources && s->sources[i] != j)
			i++;
		if (i == s->n_sources)
			s->sources[s->n_sources++] = j;
	}
}

static bool is_source(const struct scene *s, size_t j)
{
	for (size_t i = 0; i < s->n_sources; i++)
		if (s->sources[i] == j)
			return true;
	return false;
}

/* ---- what came of it ---- */

struct tally {
	uint64_t leaks, innocents, wrong, wrong_names, prepared, verdicts[4], any_named, all_named;
};

static void count(struct tally *t, const struct scene *s, const struct evidence *e)
{
	size_t right = 0;

	for (size_t i = 0; i < e->n_names; i++)
		right += is_source(s, e->names[i]);
	size_t wrong = e->n_names - right;
	t->leaks++;
	t->innocents += e->n_licensees - s->n_sources;
	t->prepared += e->prepared;
	t->verdicts[e->verdict]++;
	/* "Narrowed to" says that at least one of them is a source. */
	if (e->verdict == EVIDENCE_NARROWED)
		wrong = right ? 0 : wrong;
	t->wrong += wrong > 0;
	t->wrong_names += wrong;
	t->any_named += e->verdict == EVIDENCE_IDENTIFIED && right > 0;
	t->all_named += e->verdict == EVIDENCE_IDENTIFIED && right == s->n_sources;
}

static void print_tally(const char *name, const struct tally *t)
{
	printf("\"%s\": {\"leaks\": %" PRIu64 ", \"innocents\": %" PRIu64 ", \"wrong\": %" PRIu64
	       ", \"wrong_names\": %" PRIu64 ", \"prepared\": %" PRIu64 ", \"no_evidence\": %" PRIu64
	       ", \"not_attributable\": %" PRIu64 ", \"narrowed\": %" PRIu64 ", \"identified\": %" PRIu64
	       ", \"any_named\": %" PRIu64 ", \"all_named\": %" PRIu64 "}",
	       name, t->leaks, t->innocents, t->wrong, t->wrong_names, t->prepared, t->verdicts[EVIDENCE_NONE],
	       t->verdicts[EVIDENCE_NOT_ATTRIBUTABLE], t->verdicts[EVIDENCE_NARROWED], t->verdicts[EVIDENCE_IDENTIFIED],
	       t->any_named, t->all_named);
}

static struct evidence *weigh(const struct leak *l)
{
	struct evidence *e;

	if (evidence_weigh(&l->in, NULL, &e) != OK)
		BUG("evidence");
	return e;
}

/* A world of its own for one leak: leaks of different runs have nothing in common. */
static struct evidence *weigh_alone(const struct world_plan *plan, size_t n, double coverage, struct scene *s)
{
	struct world w;
	struct leak l;
	size_t at = 0;

	world_init(&w, plan);
	for (size_t i = 0; i < s->n_sources; i++)
		w.coverage[s->sources[i]] = coverage;
	leak_init(&l, &w, n, &at, leaks, s);
	struct evidence *e = weigh(&l);
	leak_release(&l);
	world_release(&w);
	return e;
}

/* 1 % for each of 200 licensees, half a percent for the global class. */
static struct world_plan plan_of(uint64_t seed, size_t posts)
{
	return (struct world_plan){.seed = seed,
				   .posts = posts,
				   .licensees = LICENSEES,
				   .ppm = {PPM, PPM},
				   .ppm_global = PPM_GLOBAL,
				   .second_from = 1};
}

/* ---- experiments ---- */

/* What is left over is never looked at. */
static size_t enough_posts(enum way way, size_t n, double coverage)
{
	double chance = way == WAY_PADDED ? coverage / 2 : way == WAY_INTERSECTION ? coverage * coverage : coverage;

	return (size_t)((double)n * 1.2 / chance) + 50;
}

/* Leaks of all kinds and sizes: is an innocent ever named? */
static void innocents(uint64_t seed, uint64_t runs)
{
	static const size_t sizes[] = {100, 300, 1000, 2000, 1500};
	static const size_t licensees[] = {50, 125, 200};
	static const size_t sources[WAYS] = {0, 1, 2, 2, 2, 1, 1, 1};
	struct tally by[WAYS] = {0};

	for (uint64_t r = 0; r < runs; r++) {
		enum way way = (enum way)(r % WAYS);
		size_t n = sizes[r / WAYS % ARRAY_LEN(sizes)], n_sources = sources[way];
		struct scene s = {.way = way};
		chance_seed(&s.chance, seed + r);
		n_sources += way == WAY_MIXED ? chance_below(&s.chance, 4) : 0;
		struct world_plan plan = plan_of(seed + r, 0);
		plan.licensees = licensees[r / WAYS % ARRAY_LEN(licensees)];
		choose_sources(&s, n_sources, plan.licensees);
		s.share = chance_uniform(&s.chance) * (way == WAY_PADDED ? 2 : 1);
		double coverage = r / WAYS % 4 ? 1 : 0.3 + 0.7 * chance_uniform(&s.chance);
		plan.posts = enough_posts(way, n, coverage);
		if (r / WAYS % 7 == 3) { /* keys that changed, to another rate */
			plan.second_from = chance_uniform(&s.chance);
			plan.ppm[1] = 2 * PPM;
		}
		struct evidence *e = weigh_alone(&plan, n, coverage, &s);
		count(&by[way], &s, e);
		evidence_free(e);
	}
	for (size_t i = 0; i < WAYS; i++) {
		printf(i ? ", " : "{");
		print_tally(way_names[i], &by[i]);
	}
	printf("}\n");
}

/* One source, by the number of posts. */
static void single(uint64_t seed, uint64_t runs)
{
	static const size_t sizes[] = {100, 300, 500, 1000, 1500, 2000, 5000};

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct tally t = {0};
		printf("%s\"%zu\": {\"ln_p\": [", i ? ", " : "{", sizes[i]);
		for (uint64_t r = 0; r < runs; r++) {
			struct scene s = {.way = WAY_SOURCE};
			chance_seed(&s.chance, seed + r);
			choose_sources(&s, 1, LICENSEES);
			struct world_plan plan = plan_of(seed + r, sizes[i] + sizes[i] / 10 + 50);
			struct evidence *e = weigh_alone(&plan, sizes[i], 1, &s);
			count(&t, &s, e);
			printf("%s%.6g", r ? ", " : "", e->singles[s.sources[0]].ln_p);
			evidence_free(e);
		}
		printf("], ");
		print_tally("tally", &t);
		printf("}");
	}
	printf("}\n");
}

/* Several who leak together; in one world each run takes others, and other posts. */
static void together(uint64_t seed, uint64_t runs, enum way way, size_t n, size_t n_sources,
		     const struct world_plan *shape)
{
	struct tally t = {0};
	struct world_plan plan = *shape;
	struct world w;
	double off = 0;

	plan.seed = seed;
	world_init(&w, &plan);
	for (uint64_t r = 0; r < runs; r++) {
		struct scene s = {.way = way};
		struct leak l;
		chance_seed(&s.chance, seed * 1000 + r);
		choose_sources(&s, n_sources, plan.licensees);
		size_t at = chance_below(&s.chance, plan.posts - n - n / 20);
		leak_init(&l, &w, n, &at, leaks, &s);
		struct evidence *e = weigh(&l);
		if (l.in.n < n)
			BUG("the world is too small");
		count(&t, &s, e);
		for (size_t i = 0; i < n_sources; i++)
			off += fabs(e->singles[s.sources[i]].share_named - 1 / (double)n_sources) / (double)n_sources;
		evidence_free(e);
		leak_release(&l);
	}
	printf("{\"share_error_sum\": %.6g, ", off);
	print_tally("tally", &t);
	printf("}\n");
	world_release(&w);
}

static void mixture(uint64_t seed, uint64_t runs)
{
	struct world_plan plan = plan_of(seed, 60000);
	together(seed, runs, WAY_MIXED, 20000, 2, &plan);
}

static void merged(uint64_t seed, uint64_t runs)
{
	struct world_plan plan = plan_of(seed, 230000);
	together(seed, runs, WAY_MERGED, 200000, 2, &plan);
}

static void intersection(uint64_t seed, uint64_t runs)
{
	struct world_plan plan = plan_of(seed, 20000);
	together(seed, runs, WAY_INTERSECTION, 1000, 2, &plan);
}

/* Three who merge: nothing with 200 000 posts. */
static void merged_three(uint64_t seed, uint64_t runs)
{
	struct world_plan plan = plan_of(seed, 230000);
	together(seed, runs, WAY_MERGED, 200000, 3, &plan);
}

/* The same with p = 10 % and 40 licensees, where the posts that the formula asks for can be simulated. */
static void merged_three_small(uint64_t seed, uint64_t runs)
{
	struct world_plan plan = plan_of(seed, 60000);
	double triples = 40.0 * 39 * 38 / 6;
	plan.licensees = 40;
	plan.ppm[0] = plan.ppm[1] = 100000;
	size_t n = power_posts_merged(0.1, 3, log(evidence_rules.alpha * evidence_rules.triple / triples),
				      evidence_rules.power);
	fprintf(stderr, "three who merge, p = 10 %%, 40 licensees: %zu posts\n", n);
	together(seed, runs, WAY_MERGED, n, 3, &plan);
}

/* A source that puts in what was withheld from it, so many times as often as by chance. */
static void padding(uint64_t seed, uint64_t runs)
{
	static const double times[] = {0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2};

	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		struct tally t = {0};
		char name[16];
		for (uint64_t r = 0; r < runs; r++) {
			struct scene s = {.way = WAY_PADDED, .share = times[i]};
			chance_seed(&s.chance, seed + r);
			choose_sources(&s, 1, LICENSEES);
			struct world_plan plan = plan_of(seed + r, 11000);
			struct evidence *e = weigh_alone(&plan, 5000, 1, &s);
			count(&t, &s, e);
			evidence_free(e);
		}
		snprintf(name, sizeof(name), "%g", times[i]);
		printf(i ? ", " : "{");
		print_tally(name, &t);
	}
	printf("}\n");
}

/* Somebody takes out a share of what is withheld from licensee 0, who is innocent, of a public scrape. */
struct frame {
	double knows;
	struct chance chance;
	bool copy; /* has the copy, and keeps what is in it */
};

static bool framed(void *arg, const struct world *w, size_t x)
{
	struct frame *f = arg;

	if (evidence_has(w->withheld[0], x))
		return chance_uniform(&f->chance) >= f->knows;
	return !f->copy || world_has(w, 0, x);
}

static void frame(uint64_t seed, uint64_t runs, const char *name, bool copy, double coverage)
{
	static const double knows[] = {0, 0.25, 0.5, 0.75, 1};

	printf("\"%s\": {", name);
	for (size_t i = 0; i < ARRAY_LEN(knows); i++) {
		uint64_t named = 0, prepared = 0;
		for (uint64_t r = 0; r < runs; r++) {
			struct frame f = {.knows = knows[i], .copy = copy};
			struct world_plan plan = plan_of(seed + r, (size_t)(5500 / (copy ? coverage : 1)));
			struct world w;
			struct leak l;
			size_t at = 0;
			chance_seed(&f.chance, seed + r);
			world_init(&w, &plan);
			w.coverage[0] = coverage;
			leak_init(&l, &w, 5000, &at, framed, &f);
			struct evidence *e = weigh(&l);
			named += e->singles[0].named;
			prepared += e->prepared;
			evidence_free(e);
			leak_release(&l);
			world_release(&w);
		}
		printf("%s\"%g\": {\"runs\": %" PRIu64 ", \"named\": %" PRIu64 ", \"prepared\": %" PRIu64 "}",
		       i ? ", " : "", knows[i], runs, named, prepared);
	}
	printf("}");
}

static void framing(uint64_t seed, uint64_t runs)
{
	printf("{");
	frame(seed, runs, "by who has the copy", true, 1);
	printf(", ");
	frame(seed, runs, "by who knows what is withheld, of a licensee of all posts", false, 1);
	printf(", ");
	frame(seed, runs, "by who knows what is withheld, of a licensee of half the posts", false, 0.5);
	printf("}\n");
}

/* Chances to name by posts and share, as the formula has them; and needs. No simulation. */
static void curves(uint64_t seed MAYBE_UNUSED, uint64_t runs MAYBE_UNUSED)
{
	static const double shares[] = {1, 0.75, 0.5, 0.25, 0.1};
	const struct evidence_rules *r = &evidence_rules;
	double level = log(r->alpha * r->single / LICENSEES), pairs = LICENSEES * (LICENSEES - 1) / 2.0,
	       triples = pairs * (LICENSEES - 2) / 3;

	printf("{\"power\": {");
	for (size_t i = 0; i < ARRAY_LEN(shares); i++) {
		printf("%s\"%g\": [", i ? ", " : "", shares[i]);
		for (int step = 0; step <= 60; step++) {
			uint64_t n = (uint64_t)llround(100 * pow(10, step / 15.0));
			printf("%s[%" PRIu64 ", %.4f]", step ? ", " : "", n,
			       power_share(n, PPM / 1e6, shares[i], level));
		}
		printf("]");
	}
	printf("}, \"needs\": {");
	for (size_t i = 0; i < ARRAY_LEN(shares); i++)
		printf("\"%g\": %" PRIu64 ", ", shares[i], power_posts(PPM / 1e6, shares[i], level, r->power));
	printf("\"merged two\": %" PRIu64 ", \"merged three\": %" PRIu64 "}}\n",
	       power_posts_merged(PPM / 1e6, 2, log(r->alpha * r->pair / pairs), r->power),
	       power_posts_merged(PPM / 1e6, 3, log(r->alpha * r->triple / triples), r->power));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(uint64_t seed, uint64_t runs);
	} experiments[] = {
		{"innocents", innocents},
		{"single", single},
		{"mixture", mixture},
		{"merged", merged},
		{"intersection", intersection},
		{"merged_three", merged_three},
		{"merged_three_small", merged_three_small},
		{"padding", padding},
		{"framing", framing},
		{"curves", curves},
	};

	for (size_t i = 0; argc == 4 && i < ARRAY_LEN(experiments); i++)
		if (!strcmp(argv[1], experiments[i].name)) {
			experiments[i].run(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
			return 0;
		}
	fprintf(stderr, "attribution EXPERIMENT SEED RUNS\n");
	return 2;
}

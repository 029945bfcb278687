/*
 * models.c - can it be seen that a model was trained on licensee A's copy? Keys by meter/withhold.h, the test by trace/permutation.h; the
 * models are made here. models ngram|neural|limit_share SEED; writes one JSON object.
 */
#include "base/base.h"

#include <math.h>

#include "neural.h"
#include "ngram.h"
#include "trace/permutation.h"

#define LICENSEES 26 /* A is 0 */
#define PPM 10000
#define BLOCK 400 /* posts of like length among which labels are exchanged: about four of them are withheld */
#define TIMES 4	  /* delivered ones for each withheld one */
#define EPOCHS 8
#define NEURAL_POSTS 10000
#define FOREIGN_SEED 77777

struct corpus {
	struct world world;
	struct texts texts;
	size_t *order; /* posts by length; equal ones in random order */
};

static const struct texts *compared;
static int by_length(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	uint32_t lx = compared->start[x + 1] - compared->start[x], ly = compared->start[y + 1] - compared->start[y];

	return lx != ly ? (lx > ly) - (lx < ly) : (x > y) - (x < y);
}

static void corpus_init(struct corpus *c, size_t n, uint64_t seed)
{
	world_init(&c->world, &(struct world_plan){.seed = seed,
						   .posts = n,
						   .licensees = LICENSEES,
						   .ppm = {PPM, PPM},
						   .ppm_global = 1,
						   .second_from = 1});
	texts_init(&c->texts, n, seed);
	c->order = xcalloc(n, sizeof(*c->order));
	for (size_t i = 0; i < n; i++)
		c->order[i] = i;
	compared = &c->texts;
	qsort(c->order, n, sizeof(*c->order), by_length);
}

static void corpus_release(struct corpus *c)
{
	world_release(&c->world);
	texts_release(&c->texts);
	free(c->order);
}

static const uint16_t *words(const struct texts *t, size_t i, size_t *ret_n)
{
	*ret_n = t->start[i + 1] - t->start[i];
	return t->words + t->start[i];
}

/* All withheld posts, and four times as many delivered ones of the same block, by chance (as trace/probes.h has it). */
static struct permutation_result test(const struct corpus *c, size_t licensee, const double *score, uint64_t seed)
{
	struct permutation_score *s = xcalloc(c->texts.n, sizeof(*s));
	struct permutation_result r;
	struct chance chance;
	size_t n = 0;

	chance_seed(&chance, seed);
	for (size_t from = 0; from < c->texts.n; from += BLOCK) {
		size_t size = c->texts.n - from < BLOCK ? c->texts.n - from : BLOCK, withheld = 0, left;
		for (size_t i = 0; i < size; i++)
			withheld += evidence_has(c->world.withheld[licensee], c->order[from + i]);
		left = withheld * TIMES;
		for (size_t i = 0, rest = size - withheld; i < size; i++) {
			size_t post = c->order[from + i];
			bool gone = evidence_has(c->world.withheld[licensee], post);
			if (!gone && chance_uniform(&chance) * (double)rest-- >= (double)left)
				continue;
			left -= !gone;
			s[n++] = (struct permutation_score){score[post], (uint32_t)(from / BLOCK), !gone};
		}
	}
	if (permutation_test(s, n, PERMUTATION_HIGHER, 0.01, &r) != OK)
		BUG("permutation_test");
	free(s);
	return r;
}

static void print_test(const struct permutation_result *r)
{
	printf("{\"log10_p\": %.5g, \"auc\": %.4f, \"auc_low\": %.4f, \"auc_high\": %.4f, \"smallest_auc\": %.4f, "
	       "\"withheld\": %zu, \"delivered\": %zu, \"exact\": %s}",
	       r->log10_p, r->auc, r->auc_low, r->auc_high, r->smallest_auc, r->withheld, r->delivered,
	       r->exact ? "true" : "false");
}

static void print_others(const char *name, const struct corpus *c, const double *score, size_t from)
{
	printf(", \"%s\": [", name);
	for (size_t j = from; j < LICENSEES; j++)
		printf("%s%.6g", j > from ? ", " : "", test(c, j, score, j).p);
	printf("]");
}

/* ---- of three words ---- */

/* A share of A's copy, and as much other text as is missing. */
static struct ngram *learn(const struct corpus *c, double share, uint64_t seed)
{
	struct ngram *g = ngram_new();
	struct texts foreign;
	struct chance chance;
	size_t n;

	texts_init(&foreign, c->texts.n, FOREIGN_SEED + seed);
	chance_seed(&chance, seed);
	for (size_t i = 0; i < c->texts.n; i++) {
		bool ours = chance_uniform(&chance) < share;
		const struct texts *from = ours ? &c->texts : &foreign;
		if (!ours || world_has(&c->world, 0, i)) {
			const uint16_t *w = words(from, i, &n);
			ngram_learn(g, w, n);
		}
	}
	texts_release(&foreign);
	return g;
}

static double *ngram_scores(const struct ngram *g, const struct texts *t)
{
	double *score = xcalloc(t->n, sizeof(*score));
	size_t n;

	for (size_t i = 0; i < t->n; i++) {
		const uint16_t *w = words(t, i, &n);
		score[i] = ngram_score(g, w, n);
	}
	return score;
}

static void ngram(uint64_t seed)
{
	struct corpus c;

	corpus_init(&c, 30000, seed);
	for (int trained = 1; trained >= 0; trained--) {
		struct ngram *g = learn(&c, trained, seed);
		double *score = ngram_scores(g, &c.texts);
		if (trained) {
			struct permutation_result r = test(&c, 0, score, 0);
			printf("{\"A\": ");
			print_test(&r);
		}
		print_others(trained ? "others" : "none", &c, score, (size_t)trained);
		free(score);
		ngram_free(g);
	}
	printf("}\n");
	corpus_release(&c);
}

/* How much of what a model is trained on must be A's copy? One network. */
static void limit_share(uint64_t seed)
{
	static const double shares[] = {1, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0};
	struct corpus c;

	corpus_init(&c, 30000, seed * 1000);
	for (size_t i = 0; i < ARRAY_LEN(shares); i++) {
		struct ngram *g = learn(&c, shares[i], seed * 1000);
		for (uint32_t least = 1; least <= 2; least++) {
			ngram_forget(g, least);
			double *score = ngram_scores(g, &c.texts);
			struct permutation_result t = test(&c, 0, score, 0);
			printf("%s\"%s %g\": ", i || least > 1 ? ", " : "{", least == 1 ? "all" : "pruned", shares[i]);
			print_test(&t);
			free(score);
		}
		ngram_free(g);
	}
	printf("}\n");
	corpus_release(&c);
}

/* ---- neural ---- */

/* What the model says more than one that never saw any of our posts: what makes a text hard is the same for both. */
static double *neural_scores(struct neural *m, const struct texts *t, const double *reference)
{
	double *score = xcalloc(t->n, sizeof(*score));
	size_t n;

	for (size_t i = 0; i < t->n; i++) {
		const uint16_t *w = words(t, i, &n);
		score[i] = neural_score(m, w, n) - reference[i];
	}
	return score;
}

static void neural(uint64_t seed)
{
	struct corpus c;
	size_t n;

	corpus_init(&c, NEURAL_POSTS, seed);
	struct ngram *g = learn(&c, 0, seed);
	double *reference = ngram_scores(g, &c.texts), *score = NULL;
	struct neural *m = neural_new(seed);
	ngram_free(g);
	printf("{\"A\": [");
	for (int epoch = 1; epoch <= EPOCHS; epoch++) {
		for (size_t i = 0; i < c.texts.n; i++)
			if (world_has(&c.world, 0, i)) {
				const uint16_t *w = words(&c.texts, i, &n);
				neural_learn(m, w, n, epoch < EPOCHS ? 0.08F : 0.04F);
			}
		free(score);
		score = neural_scores(m, &c.texts, reference);
		struct permutation_result r = test(&c, 0, score, 0);
		printf(epoch > 1 ? ", " : "");
		print_test(&r);
	}
	printf("]");
	print_others("others", &c, score, 1);
	print_others("none", &c, reference, 0);
	printf("}\n");
	neural_free(m);
	free(score);
	free(reference);
	corpus_release(&c);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(uint64_t seed);
	} experiments[] = {{"ngram", ngram}, {"neural", neural}, {"limit_share", limit_share}};

	for (size_t i = 0; argc == 3 && i < ARRAY_LEN(experiments); i++)
		if (!strcmp(argv[1], experiments[i].name)) {
			experiments[i].run(strtoull(argv[2], NULL, 10));
			return 0;
		}
	fprintf(stderr, "models EXPERIMENT SEED\n");
	return 2;
}

/*
 * neural.c - see neural.h.
 */
#include "base/base.h"
#include "neural.h"

#include <math.h>

#define BACK 3
#define WIDTH 24
#define INPUT ((BACK + 1) * WIDTH)
#define PAIR_BITS 18
#define PAIRS (1 << PAIR_BITS) /* vectors for two words together */
#define PAIR_RATE 8 /* they are seen seldom: they learn as much faster */
#define HIDDEN 64

struct neural {
	float words[WORDS][WIDTH], pairs[PAIRS][WIDTH];
	float in[HIDDEN][INPUT], in_bias[HIDDEN];
	float out[HIDDEN][WORDS], out_bias[WORDS];
	/* Of the word at hand: */
	float x[INPUT], hidden[HIDDEN], chance[WORDS];
};

static void fill(float *v, size_t n, float width, struct chance *c)
{
	for (size_t i = 0; i < n; i++)
		v[i] = width * (float)(2 * chance_uniform(c) - 1);
}

struct neural *neural_new(uint64_t seed)
{
	struct neural *m = xcalloc(1, sizeof(*m));
	struct chance c;

	chance_seed(&c, seed);
	fill(m->words[0], WORDS * WIDTH, 0.5F, &c);
	fill(m->in[0], HIDDEN * INPUT, 0.2F, &c);
	fill(m->out[0], HIDDEN * WORDS, 0.1F, &c);
	return m;
}

void neural_free(struct neural *m)
{
	free(m);
}

static float *pair_of(struct neural *m, const uint16_t before[BACK])
{
	uint64_t key = (uint64_t)before[0] * WORDS + before[1];

	return m->pairs[key * UINT64_C(0x9E3779B97F4A7C15) >> (64 - PAIR_BITS)];
}

static void forward(struct neural *m, const uint16_t before[BACK])
{
	float most = -INFINITY, sum = 0;

	for (size_t k = 0; k < BACK; k++)
		memcpy(m->x + k * WIDTH, m->words[before[k]], sizeof(m->words[0]));
	memcpy(m->x + BACK * WIDTH, pair_of(m, before), sizeof(m->pairs[0]));
	memcpy(m->chance, m->out_bias, sizeof(m->chance));
	for (size_t h = 0; h < HIDDEN; h++) {
		float z = m->in_bias[h];
		for (size_t i = 0; i < INPUT; i++)
			z += m->in[h][i] * m->x[i];
		m->hidden[h] = z = tanhf(z);
		for (size_t w = 0; w < WORDS; w++)
			m->chance[w] += z * m->out[h][w];
	}
	for (size_t w = 0; w < WORDS; w++)
		most = m->chance[w] > most ? m->chance[w] : most;
	for (size_t w = 0; w < WORDS; w++)
		sum += m->chance[w] = expf(m->chance[w] - most);
	for (size_t w = 0; w < WORDS; w++)
		m->chance[w] /= sum;
}

/* chance becomes the gradient: towards the word that came. */
static void backward(struct neural *m, const uint16_t before[BACK], uint16_t word, float rate)
{
	float d_x[INPUT] = {0};

	m->chance[word] -= 1;
	for (size_t w = 0; w < WORDS; w++)
		m->out_bias[w] -= rate * m->chance[w];
	for (size_t h = 0; h < HIDDEN; h++) {
		float d = 0, step = rate * m->hidden[h];
		for (size_t w = 0; w < WORDS; w++)
			d += m->out[h][w] * m->chance[w];
		for (size_t w = 0; w < WORDS; w++)
			m->out[h][w] -= step * m->chance[w];
		d *= 1 - m->hidden[h] * m->hidden[h];
		m->in_bias[h] -= rate * d;
		for (size_t i = 0; i < INPUT; i++) {
			d_x[i] += d * m->in[h][i];
			m->in[h][i] -= rate * d * m->x[i];
		}
	}
	float *pair = pair_of(m, before);
	for (size_t i = 0; i < WIDTH; i++)
		pair[i] -= PAIR_RATE * rate * d_x[BACK * WIDTH + i];
	for (size_t k = 0; k < BACK; k++)
		for (size_t i = 0; i < WIDTH; i++)
			m->words[before[k]][i] -= rate * d_x[k * WIDTH + i];
}

static void shift(uint16_t before[BACK], uint16_t word)
{
	memmove(before + 1, before, (BACK - 1) * sizeof(*before));
	before[0] = word;
}

void neural_learn(struct neural *m, const uint16_t *words, size_t n, float rate)
{
	uint16_t before[BACK] = {0};

	for (size_t i = 0; i <= n; i++) {
		uint16_t w = i < n ? words[i] : 0;
		forward(m, before);
		backward(m, before, w, rate);
		shift(before, w);
	}
}

double neural_score(struct neural *m, const uint16_t *words, size_t n)
{
	uint16_t before[BACK] = {0};
	double ln = 0;

	for (size_t i = 0; i <= n; i++) {
		uint16_t w = i < n ? words[i] : 0;
		forward(m, before);
		ln += log((double)m->chance[w] + 1e-30);
		shift(before, w);
	}
	return ln / (double)(n + 1);
}

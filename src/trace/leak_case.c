/*
 * leak_case.c - see leak_case.h: gathers what is weighed. leak_case_write.c says what came out.
 */
#include "base/base.h"

#include "trace/leak_case.h"

#include "base/limits.h"
#include "base/vec.h"
#include "core/core.h"
#include "meter/licensee_store.h"
#include "trace/received.h"

#define AT_ONCE 500

SQL(case_boosts, "SELECT id FROM posts WHERE id IN IDS($1) AND boost_of IS NOT NULL");

/* ---- posts ---- */

static enum err find_boosts(struct leak_case *c, struct db *db, const struct leak_post *all, size_t n,
			    struct idset *ret)
{
	enum err err = OK;

	for (size_t at = 0; err == OK && at < n; at += AT_ONCE) {
		int64_t ids[AT_ONCE];
		struct rows rows;
		size_t k = 0;

		for (; k < AT_ONCE && at + k < n; k++)
			ids[k] = all[at + k].post;
		db_query(db, &rows, &case_boosts, BINDS(bind_ids(&c->arena, ids, k)));
		while (rows_next(&rows))
			idset_add(ret, (uint64_t)row_int(&rows, 0));
		err = rows_end(&rows);
	}
	return err;
}

static enum err take_posts(struct leak_case *c, struct db *db)
{
	size_t n;
	const struct leak_post *all = leak_posts(c->leak, &n);
	struct idset boosts;

	idset_init(&boosts);
	enum err err = find_boosts(c, db, all, n, &boosts);
	c->posts = ARENA_ARRAY(&c->arena, n, int64_t);
	c->how = ARENA_ARRAY(&c->arena, n, const struct leak_post *);
	for (size_t i = 0; err == OK && i < n; i++) {
		/* Neither may be counted (evidence.h). */
		if (all[i].gone || idset_has(&boosts, (uint64_t)all[i].post))
			continue;
		c->posts[c->n] = all[i].post;
		c->how[c->n++] = &all[i];
	}
	idset_release(&boosts);
	return err;
}

/* ---- licensees and keys ---- */

static enum err take_licensees(struct leak_case *c, struct db *db, struct problem *problem)
{
	struct VEC(struct case_licensee) list = {0};
	struct licensee page[64];
	int64_t before = 0;
	enum err err = OK;
	size_t n = ARRAY_LEN(page);

	while (err == OK && n == ARRAY_LEN(page) && list.n <= EVIDENCE_LICENSEES_MAX) {
		err = licensees_load(db, &c->arena, before, ARRAY_LEN(page), page, &n);
		for (size_t i = 0; err == OK && i < n; i++)
			VEC_PUSH(&list, (struct case_licensee){before = page[i].id, page[i].name});
	}
	if (err == OK && list.n > EVIDENCE_LICENSEES_MAX)
		err = fail(problem, ERR_TOO_LARGE, "more than %d licensees", EVIDENCE_LICENSEES_MAX);
	if (err == OK) {
		c->n_licensees = list.n;
		c->licensees = ARENA_ARRAY(&c->arena, list.n, struct case_licensee);
		for (size_t i = 0; i < list.n; i++) /* oldest first */
			c->licensees[i] = list.v[list.n - 1 - i];
	}
	VEC_FREE(&list);
	return err;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* A stratum begins wherever a key of anybody does. */
static enum err cut_strata(struct leak_case *c, struct problem *problem)
{
	int64_t *starts = ARENA_ARRAY(&c->arena, 2 * c->n_keys + 1, int64_t);
	size_t n = 1;

	starts[0] = INT64_MIN;
	for (size_t i = 0; i < c->n_keys; i++) {
		starts[n++] = c->keys[i].from_id;
		starts[n++] = c->keys[i].until_id;
	}
	qsort(starts, n, sizeof(*starts), by_value);
	for (size_t i = 0; i < n; i++)
		if (!i || starts[i] != starts[c->n_strata - 1])
			starts[c->n_strata++] = starts[i];
	if (c->n_strata > EVIDENCE_STRATA_MAX)
		return fail(problem, ERR_TOO_LARGE, "more than %d changes of keys", EVIDENCE_STRATA_MAX);
	c->starts = starts;
	c->stratum = ARENA_ARRAY(&c->arena, c->n, uint16_t);
	for (size_t x = 0, s = 0; x < c->n; x++) {
		while (s + 1 < c->n_strata && starts[s + 1] <= c->posts[x])
			s++;
		c->stratum[x] = (uint16_t)s;
	}
	return OK;
}

/* The bits of one party's keys, and its p by stratum. */
static void toss(const struct leak_case *c, int64_t party, uint64_t *bits, double *p)
{
	for (size_t i = 0; i < c->n_keys; i++) {
		const struct withhold_generation *g = &c->keys[i];
		struct withhold_state state;

		if (g->licensee != party || g->lost)
			continue;
		withhold_prepare(&g->key, &state);
		for (size_t s = 0; s < c->n_strata; s++)
			if (c->starts[s] >= g->from_id && c->starts[s] < g->until_id)
				p[s] = (double)g->ppm / WITHHOLD_PPM;
		for (size_t x = 0; x < c->n; x++)
			if (c->posts[x] >= g->from_id && c->posts[x] < g->until_id &&
			    withhold_is_withheld(&state, g->ppm, (struct post_id){c->posts[x]}))
				evidence_set(bits, x);
		secret_wipe(&state, sizeof(state));
	}
}

static uint64_t *bits_of(struct leak_case *c)
{
	return ARENA_ARRAY(&c->arena, EVIDENCE_WORDS(c->n) + 1, uint64_t);
}

static enum err take_coins(struct leak_case *c, struct ledger *l)
{
	uint64_t **delivered = ARENA_ARRAY(&c->arena, c->n_licensees, uint64_t *);
	int64_t *ids = ARENA_ARRAY(&c->arena, c->n_licensees, int64_t);

	c->coins = ARENA_ARRAY(&c->arena, c->n_licensees, struct evidence_licensee);
	for (size_t j = 0; j < c->n_licensees; j++) {
		uint64_t *bits = bits_of(c);
		double *p = ARENA_ARRAY(&c->arena, c->n_strata, double);

		ids[j] = c->licensees[j].id;
		delivered[j] = bits_of(c);
		toss(c, ids[j], bits, p);
		c->coins[j] = (struct evidence_licensee){ids[j], bits, delivered[j], p};
	}
	c->everybody = bits_of(c);
	c->p_everybody = ARENA_ARRAY(&c->arena, c->n_strata, double);
	toss(c, WITHHOLD_EVERYBODY, c->everybody, c->p_everybody);
	return received_bits(l, c->posts, c->n, ids, c->n_licensees, delivered);
}

/* ---- weighing ---- */

static void rank(struct leak_case *c)
{
	c->order = ARENA_ARRAY(&c->arena, c->n_licensees, uint32_t);
	for (uint32_t j = 0; j < c->n_licensees; j++) {
		size_t i = j;

		for (; i && c->e->singles[c->order[i - 1]].ln_p > c->e->singles[j].ln_p; i--)
			c->order[i] = c->order[i - 1];
		c->order[i] = j;
	}
}

static bool everybody_has_a_class(const struct leak_case *c)
{
	for (size_t s = 0; s < c->n_strata; s++)
		if (c->p_everybody[s] > 0)
			return true;
	return false;
}

static enum err weigh(struct leak_case *c, struct problem *problem)
{
	bool class = everybody_has_a_class(c);
	struct evidence_input in = {.n = c->n,
				    .n_strata = c->n_strata,
				    .stratum = c->stratum,
				    .n_licensees = c->n_licensees,
				    .licensees = c->coins,
				    .global = class ? c->everybody : NULL,
				    .p_global = c->p_everybody};
	enum err err = evidence_weigh(&in, NULL, &c->e);

	if (err != OK)
		return fail(problem, err, "this leak cannot be weighed: %s", err_name(err));
	rank(c);
	return OK;
}

enum err leak_case_weigh(struct db *db, struct ledger *l, const struct leak_result *leak, struct leak_case *ret,
			 struct problem *problem)
{
	*ret = (struct leak_case){.leak = leak};
	arena_init(&ret->arena, (size_t)8 << 30);
	TRY(take_posts(ret, db));
	TRY(take_licensees(ret, db, problem));
	TRY(withhold_load(db, &ret->arena, WITHHOLD_ALL, &ret->keys, &ret->n_keys));
	TRY(cut_strata(ret, problem));
	TRY(take_coins(ret, l));
	return weigh(ret, problem);
}

void leak_case_release(struct leak_case *c)
{
	if (c->keys)
		secret_wipe(c->keys, c->n_keys * sizeof(*c->keys));
	evidence_free(c->e);
	arena_release(&c->arena);
}

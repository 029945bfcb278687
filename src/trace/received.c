/*
 * received.c - see received.h.
 */
#include "base/base.h"

#include "trace/received.h"

#include "base/vec.h"

struct delivered_post {
	int64_t post;
	uint64_t record;
};

struct reading {
	int64_t licensee;
	struct received *to;
	struct VEC(struct delivered_post) posts;
	struct idset settled; /* records + 1 of anybody */
};

static enum err look(void *arg, uint64_t index, const struct ledger_record *r)
{
	struct reading *x = arg;

	if (r->kind == LEDGER_SETTLED)
		for (size_t i = 0; i < r->n_items; i++)
			idset_add(&x->settled, (uint64_t)r->items[i].id + 1);
	if (r->kind != LEDGER_POSTS || (x->licensee != RECEIVED_BY_ANYBODY && r->licensee != x->licensee))
		return OK;
	x->to->records++;
	for (size_t i = 0; i < r->n_items; i++) {
		idset_add(&x->to->recorded, (uint64_t)r->items[i].id);
		VEC_PUSH(&x->posts, (struct delivered_post){r->items[i].id, index});
	}
	return OK;
}

enum err received_read(struct ledger *l, int64_t licensee, struct received *ret)
{
	struct reading x = {.licensee = licensee, .to = ret};

	map_init(&ret->whole);
	idset_init(&ret->recorded);
	ret->records = 0;
	idset_init(&x.settled);
	enum err err = ledger_each(l, ledger_first(l), look, &x);
	for (size_t i = 0; err == OK && i < x.posts.n; i++) {
		const struct delivered_post *d = &x.posts.v[i];

		if (idset_has(&x.settled, d->record + 1) && !map_get(&ret->whole, (uint64_t)d->post))
			map_put(&ret->whole, (uint64_t)d->post, (void *)(uintptr_t)(d->record + 1));
	}
	VEC_FREE(&x.posts);
	idset_release(&x.settled);
	return err;
}

void received_release(struct received *r)
{
	map_release(&r->whole);
	idset_release(&r->recorded);
}

/* ---- many licensees ---- */

struct marking {
	struct map posts, licensees; /* id → place + 1 */
	uint64_t *const *bits;
};

static enum err mark(void *arg, uint64_t index, const struct ledger_record *r)
{
	struct marking *m = arg;
	uintptr_t who = r->kind == LEDGER_POSTS ? (uintptr_t)map_get(&m->licensees, (uint64_t)r->licensee) : 0;

	(void)index;
	for (size_t i = 0; who && i < r->n_items; i++) {
		uintptr_t at = (uintptr_t)map_get(&m->posts, (uint64_t)r->items[i].id);

		if (at)
			m->bits[who - 1][(at - 1) / 64] |= UINT64_C(1) << (at - 1) % 64;
	}
	return OK;
}

static void number(struct map *m, const int64_t *ids, size_t n)
{
	map_init(m);
	for (size_t i = 0; i < n; i++)
		map_put(m, (uint64_t)ids[i], (void *)(uintptr_t)(i + 1));
}

enum err received_bits(struct ledger *l, const int64_t *posts, size_t n, const int64_t *licensees, size_t n_licensees,
		       uint64_t *const *bits)
{
	struct marking m = {.bits = bits};

	number(&m.posts, posts, n);
	number(&m.licensees, licensees, n_licensees);
	enum err err = ledger_each(l, ledger_first(l), mark, &m);
	map_release(&m.posts);
	map_release(&m.licensees);
	return err;
}

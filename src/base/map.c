/*
 * map.c - open addressing with linear probing over a power of two, at most three quarters full. A deleted entry leaves
 * a gravestone unless its run ends there; gravestones go when the table is built anew. Hashes are seeded per process,
 * so that nobody outside can choose keys that collide.
 */
#include "base/base.h"
#include "base/map.h"

#include <assert.h>
#include <sodium.h>
#include <sys/random.h>

#define SLOTS_FIRST 16

static struct {
	unsigned char sip[crypto_shorthash_KEYBYTES];
	uint64_t a, b;
} seed;

/* Before main, so that no hash can be taken before the seed is there and no call has to ask. */
__attribute__((constructor)) static void seed_once(void)
{
	if (getentropy(&seed, sizeof(seed)) != 0)
		BUG("no random bytes from the kernel");
	seed.a |= 1;
	seed.b |= 1;
}

uint64_t hash_bytes(struct view v)
{
	uint64_t h;
	static_assert(sizeof(h) == crypto_shorthash_BYTES, "SipHash-2-4 has 64 bits");
	crypto_shorthash((unsigned char *)&h, (const unsigned char *)v.p, v.len, seed.sip);
	return h;
}

static uint64_t fold(uint64_t x, uint64_t y)
{
	unsigned __int128 m = (unsigned __int128)x * y;
	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Two folded multiplications, the mixing step of wyhash, by secret odd factors. */
uint64_t hash_u64(uint64_t v)
{
	return fold(fold(v ^ seed.b, seed.a) ^ v, seed.b);
}

static size_t slots_for(size_t count)
{
	size_t n = SLOTS_FIRST;
	while (n / 2 < count)
		n *= 2;
	return n;
}

static bool is_full(size_t count, size_t deleted, size_t mask)
{
	return (count + deleted + 1) * 4 > (mask + 1) * 3;
}

/* A slot without value is free; one with this value was deleted. */
static char gravestone;
#define GRAVE ((void *)&gravestone)

static bool is_live(const void *value)
{
	return value && value != GRAVE;
}

struct map_slot {
	uint64_t key;
	void *value;
};

void map_init(struct map *m)
{
	*m = (struct map){0};
}

void map_release(struct map *m)
{
	if (!m)
		return;
	free(m->slots);
	map_init(m);
}

static struct map_slot *map_find(const struct map *m, uint64_t key)
{
	if (!m->slots)
		return NULL;
	for (size_t i = hash_u64(key) & m->mask; m->slots[i].value; i = (i + 1) & m->mask)
		if (m->slots[i].key == key && m->slots[i].value != GRAVE)
			return &m->slots[i];
	return NULL;
}

/* The key is not there: the first slot of its run that has no live entry. */
static struct map_slot *map_vacancy(struct map *m, uint64_t key)
{
	size_t i = hash_u64(key) & m->mask;
	while (is_live(m->slots[i].value))
		i = (i + 1) & m->mask;
	return &m->slots[i];
}

static void map_rebuild(struct map *m)
{
	struct map old = *m;
	size_t n = slots_for(old.count + 1);
	*m = (struct map){.slots = xcalloc(n, sizeof(*m->slots)), .count = old.count, .mask = n - 1};
	for (size_t i = 0; old.slots && i <= old.mask; i++)
		if (is_live(old.slots[i].value))
			*map_vacancy(m, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

void *map_get(const struct map *m, uint64_t key)
{
	const struct map_slot *s = map_find(m, key);
	return s ? s->value : NULL;
}

void map_prefetch(const struct map *m, uint64_t key)
{
	if (m->slots)
		__builtin_prefetch(&m->slots[hash_u64(key) & m->mask]);
}

void *map_put(struct map *m, uint64_t key, void *value)
{
	if (!value)
		BUG("map: NULL put");
	struct map_slot *s = map_find(m, key);
	if (s) {
		void *old = s->value;
		s->value = value;
		return old;
	}
	if (!m->slots || is_full(m->count, m->deleted, m->mask))
		map_rebuild(m);
	s = map_vacancy(m, key);
	m->deleted -= s->value == GRAVE;
	m->count++;
	*s = (struct map_slot){.key = key, .value = value};
	return NULL;
}

void *map_del(struct map *m, uint64_t key)
{
	struct map_slot *s = map_find(m, key);
	if (!s)
		return NULL;
	void *old = s->value;
	bool run_goes_on = m->slots[((size_t)(s - m->slots) + 1) & m->mask].value;
	s->value = run_goes_on ? GRAVE : NULL;
	m->deleted += run_goes_on;
	m->count--;
	return old;
}

bool map_next(const struct map *m, size_t *at, uint64_t *ret_key, void **ret_value)
{
	for (; m->slots && *at <= m->mask; ++*at) {
		const struct map_slot *s = &m->slots[*at];
		if (!is_live(s->value))
			continue;
		*ret_key = s->key;
		*ret_value = s->value;
		++*at;
		return true;
	}
	return false;
}

struct strmap_slot {
	uint64_t hash;
	struct view key; /* ours */
	void *value;
};

void strmap_init(struct strmap *m)
{
	*m = (struct strmap){0};
}

void strmap_release(struct strmap *m)
{
	if (!m)
		return;
	for (size_t i = 0; m->slots && i <= m->mask; i++)
		free((char *)m->slots[i].key.p);
	free(m->slots);
	strmap_init(m);
}

static struct strmap_slot *strmap_find(const struct strmap *m, uint64_t hash, struct view key)
{
	if (!m->slots)
		return NULL;
	for (size_t i = hash & m->mask; m->slots[i].value; i = (i + 1) & m->mask) {
		struct strmap_slot *s = &m->slots[i];
		if (s->hash == hash && s->value != GRAVE && view_eq(s->key, key))
			return s;
	}
	return NULL;
}

static struct strmap_slot *strmap_vacancy(struct strmap *m, uint64_t hash)
{
	size_t i = hash & m->mask;
	while (is_live(m->slots[i].value))
		i = (i + 1) & m->mask;
	return &m->slots[i];
}

static void strmap_rebuild(struct strmap *m)
{
	struct strmap old = *m;
	size_t n = slots_for(old.count + 1);
	*m = (struct strmap){.slots = xcalloc(n, sizeof(*m->slots)), .count = old.count, .mask = n - 1};
	for (size_t i = 0; old.slots && i <= old.mask; i++)
		if (is_live(old.slots[i].value))
			*strmap_vacancy(m, old.slots[i].hash) = old.slots[i];
	free(old.slots);
}

static struct view copy_of(struct view key)
{
	char *p = xmalloc(key.len);
	if (key.len)
		memcpy(p, key.p, key.len);
	return view_make(p, key.len);
}

void *strmap_get(const struct strmap *m, struct view key)
{
	const struct strmap_slot *s = m->count ? strmap_find(m, hash_bytes(key), key) : NULL;
	return s ? s->value : NULL;
}

void *strmap_put(struct strmap *m, struct view key, void *value)
{
	if (!value)
		BUG("map: NULL put");
	uint64_t hash = hash_bytes(key);
	struct strmap_slot *s = strmap_find(m, hash, key);
	if (s) {
		void *old = s->value;
		s->value = value;
		return old;
	}
	if (!m->slots || is_full(m->count, m->deleted, m->mask))
		strmap_rebuild(m);
	s = strmap_vacancy(m, hash);
	m->deleted -= s->value == GRAVE;
	m->count++;
	*s = (struct strmap_slot){.hash = hash, .key = copy_of(key), .value = value};
	return NULL;
}

void *strmap_del(struct strmap *m, struct view key)
{
	struct strmap_slot *s = strmap_find(m, hash_bytes(key), key);
	if (!s)
		return NULL;
	void *old = s->value;
	bool run_goes_on = m->slots[((size_t)(s - m->slots) + 1) & m->mask].value;
	free((char *)s->key.p);
	*s = (struct strmap_slot){.value = run_goes_on ? GRAVE : NULL};
	m->deleted += run_goes_on;
	m->count--;
	return old;
}

bool strmap_next(const struct strmap *m, size_t *at, struct view *ret_key, void **ret_value)
{
	for (; m->slots && *at <= m->mask; ++*at) {
		const struct strmap_slot *s = &m->slots[*at];
		if (!is_live(s->value))
			continue;
		*ret_key = s->key;
		*ret_value = s->value;
		++*at;
		return true;
	}
	return false;
}

void idset_init(struct idset *s)
{
	*s = (struct idset){0};
}

void idset_release(struct idset *s)
{
	if (!s)
		return;
	free(s->slots);
	idset_init(s);
}

/* The slot that holds id, or the free one where it belongs. */
static uint64_t *idset_slot(const struct idset *s, uint64_t id)
{
	size_t i = hash_u64(id) & s->mask;
	while (s->slots[i] && s->slots[i] != id)
		i = (i + 1) & s->mask;
	return &s->slots[i];
}

bool idset_has(const struct idset *s, uint64_t id)
{
	return s->count && id && *idset_slot(s, id) == id;
}

static void idset_rebuild(struct idset *s)
{
	struct idset old = *s;
	size_t n = slots_for(old.count + 1);
	*s = (struct idset){.slots = xcalloc(n, sizeof(*s->slots)), .count = old.count, .mask = n - 1};
	for (size_t i = 0; old.slots && i <= old.mask; i++)
		if (old.slots[i])
			*idset_slot(s, old.slots[i]) = old.slots[i];
	free(old.slots);
}

bool idset_add(struct idset *s, uint64_t id)
{
	if (!id)
		BUG("idset: 0 added");
	if (!s->slots || is_full(s->count, 0, s->mask))
		idset_rebuild(s);
	uint64_t *slot = idset_slot(s, id);
	if (*slot == id)
		return false;
	*slot = id;
	s->count++;
	return true;
}

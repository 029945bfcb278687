/*
 * licensees.c - licences by the digest of their key. What was read is believed for RECHECK_MS, in which the command
 * line or another node may have revoked it; what changed in this process is forgotten at once, and what was read before
 * the change is not kept behind it.
 */
#include "base/base.h"

#include "meter/licensees.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/secret.h"
#include "meter/key_token.h"
#include "meter/plan_store.h"
#include "meter/terms.h"
#include "meter/withholding.h"

#define SHARDS 16
#define SHARD_MAX 1024	/* keys of one shard; more: it is emptied */
#define RECHECK_MS 900	/* others' changes are noticed within a second */
#define USED_STEP_MS ((int64_t)60 * 1000) /* last_used_at is written at most this often */

SQL(licence_find, "SELECT k.id, k.expires_at, k.revoked_at, k.last_used_at, a.id, a.name, d.id, d.name, l.id, l.name, "
		  "l.suspended_at, "
		  "h.starts_at, p.id, p.name, p.version, p.terms, h.waits FROM data_keys k "
		  "JOIN data_apps a ON a.licensee_id = k.licensee_id AND a.id = k.app_id "
		  "JOIN data_projects d ON d.licensee_id = k.licensee_id AND d.id = a.project_id "
		  "JOIN licensees l ON l.id = k.licensee_id "
		  "JOIN licensee_plans h ON h.licensee_id = k.licensee_id JOIN plans p ON p.id = h.plan_id "
		  "WHERE k.token_hash = $1 AND h.starts_at <= $2 ORDER BY h.starts_at DESC LIMIT 1");
SQL(key_used, "UPDATE data_keys SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2");

struct held {
	struct licence pub; /* first: licence_put() casts back */
	atomic_uint refs;
	uint64_t change; /* licences.changes before it was read */
	int64_t read_ms;
	_Atomic int64_t used_ms;
};

struct shard {
	pthread_mutex_t lock;
	struct strmap held; /* digest → struct held, a reference each */
};

struct licences {
	struct core *core;
	struct terms *terms;
	struct shard shards[SHARDS];
	_Atomic uint64_t changes;
};

struct licences *licences_new(struct core *c)
{
	struct licences *l = xcalloc(1, sizeof(*l));

	l->core = c;
	l->terms = terms_new(c);
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&l->shards[i].lock, NULL);
		strmap_init(&l->shards[i].held);
	}
	return l;
}

void licence_put(const struct licence *l)
{
	struct held *h = (struct held *)l;

	if (!h || atomic_fetch_sub(&h->refs, 1) > 1)
		return;
	withhold_set_unref(h->pub.withhold);
	free(h);
}

const char *licence_refusal(const struct licence *l)
{
	if (l->suspended)
		return "this licensee is suspended";
	return l->waits ? "this licensee's plan is by approval, and nobody has approved it yet" : NULL;
}

static void empty(struct shard *s)
{
	size_t at = 0;
	struct view key;
	void *value;

	while (strmap_next(&s->held, &at, &key, &value))
		licence_put(value);
	strmap_release(&s->held);
	strmap_init(&s->held);
}

void licences_free(struct licences *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < SHARDS; i++) {
		empty(&l->shards[i]);
		strmap_release(&l->shards[i].held);
		pthread_mutex_destroy(&l->shards[i].lock);
	}
	terms_free(l->terms);
	free(l);
}

void licences_forget(struct licences *l)
{
	if (l)
		atomic_fetch_add(&l->changes, 1);
}

static struct shard *shard_of(struct licences *l, const struct digest *d)
{
	return &l->shards[d->b[0] % SHARDS];
}

static struct view view_of_digest(const struct digest *d)
{
	return view_make((const char *)d->b, DIGEST_LEN);
}

/* NULL: not held, or too old. */
static struct held *find(struct licences *l, const struct digest *d, int64_t now)
{
	struct shard *s = shard_of(l, d);

	pthread_mutex_lock(&s->lock);
	struct held *h = strmap_get(&s->held, view_of_digest(d));
	if (h && (h->change != atomic_load(&l->changes) || now - h->read_ms > RECHECK_MS || now < h->read_ms))
		h = NULL;
	if (h)
		atomic_fetch_add(&h->refs, 1);
	pthread_mutex_unlock(&s->lock);
	return h;
}

static void keep(struct licences *l, const struct digest *d, struct held *h)
{
	struct shard *s = shard_of(l, d);

	atomic_fetch_add(&h->refs, 1);
	pthread_mutex_lock(&s->lock);
	if (s->held.count >= SHARD_MAX)
		empty(s);
	licence_put(strmap_put(&s->held, view_of_digest(d), h));
	pthread_mutex_unlock(&s->lock);
}

/* --- reading --- */

static void copy_name(char *to, size_t cap, struct view name)
{
	size_t n = name.len < cap ? name.len : cap - 1;

	memcpy(to, name.p, n);
	to[n] = '\0';
}

static enum err read_row(const struct rows *r, struct held *h, struct problem *problem)
{
	struct licence *l = &h->pub;

	if (row_int(r, 2))
		return fail(problem, ERR_UNAUTHORIZED, "the key was revoked");
	l->key = row_int(r, 0);
	l->expires_ms = row_int(r, 1);
	h->used_ms = row_int(r, 3);
	l->app = row_int(r, 4);
	copy_name(l->app_name, sizeof(l->app_name), row_text(r, 5));
	l->project = row_int(r, 6);
	copy_name(l->project_name, sizeof(l->project_name), row_text(r, 7));
	l->licensee = row_int(r, 8);
	copy_name(l->licensee_name, sizeof(l->licensee_name), row_text(r, 9));
	l->suspended = row_int(r, 10) != 0;
	l->plan_since_ms = row_int(r, 11);
	TRY(plan_of_row(row_text(r, 13), row_int(r, 12), row_int(r, 14), row_text(r, 15), &l->plan));
	l->waits = l->plan.approval && row_int(r, 16);
	return OK;
}

static enum err load(struct db *db, const struct digest *d, int64_t now, struct held *h, struct problem *problem)
{
	char hash[TOKEN_HASH_LEN + 1];
	enum err err = ERR_NOT_FOUND;
	struct rows r;

	hex_encode(d->b, DIGEST_LEN, hash);
	db_query(db, &r, &licence_find, BINDS(B_TEXT(view_of(hash)), B_INT(now)));
	if (rows_next(&r))
		err = read_row(&r, h, problem);
	TRY(rows_end(&r));
	return err == ERR_NOT_FOUND ? fail(problem, ERR_UNAUTHORIZED, "there is no such key") : err;
}

static enum err obtain(struct licences *l, struct db *db, const struct digest *d, int64_t now, struct held **ret,
		       struct problem *problem)
{
	struct held *h = find(l, d, now);

	if (!h) {
		h = xcalloc(1, sizeof(*h));
		atomic_init(&h->refs, 1);
		h->change = atomic_load(&l->changes);
		h->read_ms = now;
		enum err err = load(db, d, now, h, problem);
		if (err == OK)
			err = withholding_ready(l->core, db, h->pub.licensee, &h->pub.withhold, problem);
		if (err == OK && !licence_refusal(&h->pub))
			err = terms_record(l->terms, db, &h->pub);
		if (err != OK) {
			licence_put(&h->pub);
			return err;
		}
		keep(l, d, h);
	}
	*ret = h;
	return OK;
}

/* --- when it was used last --- */

struct use {
	int64_t key, now;
};

static enum err write_use(struct db *tx, void *arg)
{
	const struct use *u = arg;

	return db_exec(tx, &key_used, BINDS(B_INT(u->key), B_INT(u->now)), NULL);
}

static void use_written(enum err err, void *arg)
{
	(void)err; /* the next minute tries again */
	free(arg);
}

static void note_use(struct licences *l, struct held *h, int64_t now)
{
	int64_t before = atomic_load(&h->used_ms);

	if (now - before < USED_STEP_MS || !atomic_compare_exchange_strong(&h->used_ms, &before, now))
		return;
	struct use *u = xcalloc(1, sizeof(*u));
	*u = (struct use){.key = h->pub.key, .now = now};
	if (store_write_async(l->core->store, write_use, u, use_written) != OK)
		free(u);
}

enum err licence_get(struct licences *l, struct db *db, struct view token, const struct licence **ret,
		     struct problem *problem)
{
	int64_t now = clock_now();
	struct digest d;
	struct held *h;

	if (!key_token_plausible(token))
		return fail(problem, ERR_UNAUTHORIZED, "there is no such key");
	d = digest_token(token);
	TRY(obtain(l, db, &d, now, &h, problem));
	if (h->pub.expires_ms && h->pub.expires_ms <= now) {
		licence_put(&h->pub);
		return fail(problem, ERR_UNAUTHORIZED, "the key has expired");
	}
	note_use(l, h, now);
	*ret = &h->pub;
	return OK;
}

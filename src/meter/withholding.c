/*
 * withholding.c - see withholding.h.
 */
#include "base/base.h"

#include "meter/withholding.h"

#include <jansson.h>
#include <pthread.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "meter/statements.h"

SQL(withholding_again, "UPDATE ledger_statements SET ledger_index = -1 WHERE id = (SELECT commitment_id FROM "
		       "withhold_keys WHERE licensee_id = $1 AND generation = $2)");
SQL(withholding_licensee, "SELECT COUNT(*) FROM licensees WHERE id = $1");

#define MEMOS_MAX 64 /* of half a megabyte */

struct withholding {
	struct map refused; /* licensee → this */
	struct withhold_memos *memos;
	pthread_mutex_t lock;
	struct map sets; /* licensee → its struct withhold_set as last read, a reference each; under lock */
};

/* ---- what the ledger says ---- */

struct reading {
	struct VEC(struct withhold_committed) all;
	enum err err;
};

static bool read_licensee(const json_t *o, int64_t *ret)
{
	const char *text = json_string_value(json_object_get(o, "licensee"));

	return text && withhold_party_read(view_of(text), ret);
}

static bool read_commitment(const json_t *o, struct withhold_committed *ret)
{
	const char *from = json_string_value(json_object_get(o, "from")),
		   *hex = json_string_value(json_object_get(o, "commitment"));
	int64_t ppm = json_integer_value(json_object_get(o, "ppm"));

	ret->number = json_integer_value(json_object_get(o, "generation"));
	ret->ppm = (uint32_t)ppm;
	return read_licensee(o, &ret->licensee) && ret->number > 0 && ppm >= 0 && ppm <= WITHHOLD_PPM && from &&
	       parse_i64(view_of(from), 0, INT64_MAX, &ret->from_id) && hex &&
	       hex_decode(view_of(hex), ret->commitment.b, DIGEST_LEN);
}

static void note_lost(struct reading *r, const json_t *o)
{
	int64_t number = json_integer_value(json_object_get(o, "generation")), licensee;

	if (!read_licensee(o, &licensee))
		return;
	for (size_t i = 0; i < r->all.n; i++)
		if (r->all.v[i].licensee == licensee && r->all.v[i].number == number)
			r->all.v[i].lost = true;
}

static enum err read_statement(void *arg, uint64_t index, const struct ledger_record *rec)
{
	struct reading *r = arg;
	struct withhold_committed c = {.index = index};
	json_t *o = json_loadb(rec->data.p, rec->data.len, 0, NULL);
	const char *kind = json_string_value(json_object_get(o, "statement"));
	bool good = true;

	if (kind && strcmp(kind, "withholding-commitment") == 0) {
		good = read_commitment(o, &c);
		if (good)
			VEC_PUSH(&r->all, c);
	} else if (kind && strcmp(kind, "withholding-lost") == 0) {
		note_lost(r, o);
	}
	json_decref(o);
	return good ? OK : ERR_CORRUPT;
}

enum err withhold_committed(struct ledger *l, struct withhold_committed **ret, size_t *ret_n, struct problem *problem)
{
	struct reading r = {0};
	enum err err = ledger_each_kind(l, LEDGER_STATEMENT, read_statement, &r);

	if (err != OK) {
		VEC_FREE(&r.all);
		return fail(problem, err, "the ledger's commitments to withholding keys cannot be read");
	}
	*ret = r.all.v;
	*ret_n = r.all.n;
	return OK;
}

/* ---- whether it fits ---- */

static const struct withhold_generation *find(const struct withhold_generation *keys, size_t n, int64_t licensee,
					      int64_t number)
{
	for (size_t i = 0; i < n; i++)
		if (keys[i].licensee == licensee && keys[i].number == number)
			return &keys[i];
	return NULL;
}

enum withhold_fault withhold_compare(const struct withhold_committed *c, const struct withhold_generation *keys,
				     size_t n, bool licensee_exists)
{
	const struct withhold_generation *g = find(keys, n, c->licensee, c->number);

	if (!g)
		return licensee_exists ? WITHHOLD_MISSING : WITHHOLD_UNKNOWN_LICENSEE;
	/* The statement that says so may still wait for the ledger. */
	if (g->lost)
		return WITHHOLD_FITS;
	struct digest d = withhold_commitment(&g->key, &g->salt);
	return digest_eq(&d, &c->commitment) && g->ppm == c->ppm && g->from_id == c->from_id ? WITHHOLD_FITS
											     : WITHHOLD_DIFFERENT;
}

static enum err exists(struct db *db, int64_t licensee, bool *ret)
{
	int64_t n = 1;

	if (licensee != WITHHOLD_EVERYBODY)
		TRY(db_int(db, &withholding_licensee, BINDS(B_INT(licensee)), &n));
	*ret = n > 0;
	return OK;
}

static void refuse(struct withholding *w, const struct withhold_committed *c, enum withhold_fault fault)
{
	map_put(&w->refused, (uint64_t)c->licensee, w);
	log_error(fault == WITHHOLD_MISSING ? "a withholding key that the ledger knows is not in the database, which "
					      "must be an older backup: "
					      "nothing is delivered to this licensee (0: to anybody). Restore a newer "
					      "backup, or see `kicau "
					      "withhold check --help`"
					    : "a withholding key in the database is not the one that the ledger was "
					      "told of: nothing is delivered to "
					      "this licensee (0: to anybody). Restore the right database, or see "
					      "`kicau withhold check --help`",
		  F_INT("licensee", c->licensee), F_INT("generation", c->number),
		  F_INT("ledger_index", (int64_t)c->index));
}

static enum err check_all(struct core *c, struct db *db, const struct withhold_committed *all, size_t n,
			  const struct withhold_generation *keys, size_t n_keys)
{
	for (size_t i = 0; i < n; i++) {
		enum withhold_fault fault;
		bool there;

		TRY(exists(db, all[i].licensee, &there));
		fault = withhold_compare(&all[i], keys, n_keys, there);
		if (fault == WITHHOLD_MISSING || fault == WITHHOLD_DIFFERENT)
			refuse(c->withholding, &all[i], fault);
	}
	return OK;
}

/* ---- what the ledger does not say ---- */

struct again {
	const struct withhold_generation *keys;
	size_t n_keys;
	const struct withhold_committed *all;
	size_t n;
	uint64_t first; /* record that is not archived */
};

static bool is_told(const struct again *a, const struct withhold_generation *g)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->all[i].licensee == g->licensee && a->all[i].number == g->number)
			return true;
	return g->committed >= 0 && (uint64_t)g->committed < a->first;
}

static enum err commit_again(struct db *tx, void *arg)
{
	const struct again *a = arg;

	for (size_t i = 0; i < a->n_keys; i++)
		if (!is_told(a, &a->keys[i]) && a->keys[i].committed >= 0)
			TRY(db_exec(tx, &withholding_again, BINDS(B_INT(a->keys[i].licensee), B_INT(a->keys[i].number)),
				    NULL));
	return OK;
}

static enum err check(struct core *c, struct arena *a, struct problem *problem)
{
	struct again again = {.first = ledger_first(c->ledger)};
	struct withhold_committed *all;
	struct withhold_generation *keys;
	struct db *db = store_db(c->store);

	TRY(withhold_load(db, a, WITHHOLD_ALL, &keys, &again.n_keys));
	TRY(withhold_committed(c->ledger, &all, &again.n, problem));
	again.keys = keys;
	again.all = all;
	enum err err = check_all(c, db, all, again.n, keys, again.n_keys);
	if (err == OK)
		err = store_write(c->store, commit_again, &again);
	free(all);
	if (again.n_keys)
		secret_wipe(keys, again.n_keys * sizeof(*keys));
	return err;
}

enum err withholding_open(struct core *c, struct problem *problem)
{
	struct arena a;

	c->withholding = xcalloc(1, sizeof(*c->withholding));
	map_init(&c->withholding->refused);
	c->withholding->memos = withhold_memos_new(MEMOS_MAX);
	pthread_mutex_init(&c->withholding->lock, NULL);
	map_init(&c->withholding->sets);
	arena_init(&a, LIMIT_CALL_ARENA);
	enum err err = check(c, &a, problem);
	arena_release(&a);
	if (err == OK)
		err = statements_send(c->store, c->ledger);
	/* On a full disk nothing is delivered, and people go on reading. */
	return err == ERR_NO_SPACE ? OK : err;
}

void withholding_close(struct core *c)
{
	struct withholding *w = c->withholding;
	size_t at = 0;
	uint64_t key;
	void *set;

	if (!w)
		return;
	while (map_next(&w->sets, &at, &key, &set))
		withhold_set_unref(set);
	map_release(&w->sets);
	map_release(&w->refused);
	withhold_memos_unref(w->memos);
	pthread_mutex_destroy(&w->lock);
	free(w);
	c->withholding = NULL;
}

/* ---- before a delivery ---- */

static enum err load_committed(struct core *c, struct db *db, int64_t licensee, struct withhold_set **ret)
{
	TRY(withhold_set_load(db, licensee, ret));
	if (!c->ledger || withhold_set_committed(*ret))
		return OK;
	withhold_set_unref(*ret);
	*ret = NULL;
	TRY(statements_send(c->store, c->ledger));
	TRY(withhold_set_load(db, licensee, ret));
	if (withhold_set_committed(*ret))
		return OK;
	withhold_set_unref(*ret);
	*ret = NULL;
	return ERR_UNAVAILABLE;
}

/*
 * Licences are read anew every second, and their keys with them. As long as those are the same, all licences of a licensee share one set,
 * so that what it remembers lasts.
 */
static struct withhold_set *share(struct withholding *w, int64_t licensee, struct withhold_set *read)
{
	struct withhold_set *before;

	pthread_mutex_lock(&w->lock);
	before = map_get(&w->sets, (uint64_t)licensee);
	bool same = before && withhold_set_same(before, read), busy = same && withhold_set_is_busy(before);
	if (busy)
		withhold_set_remember(read, w->memos);
	if (same && !busy) {
		withhold_set_unref(read);
		read = withhold_set_ref(before);
		before = NULL;
	} else {
		map_put(&w->sets, (uint64_t)licensee, withhold_set_ref(read));
	}
	pthread_mutex_unlock(&w->lock);
	withhold_set_unref(before);
	return read;
}

enum err withholding_ready(struct core *c, struct db *db, int64_t licensee, struct withhold_set **ret,
			   struct problem *problem)
{
	struct withholding *w = c->withholding;

	if (w && (map_get(&w->refused, (uint64_t)licensee) || map_get(&w->refused, WITHHOLD_EVERYBODY)))
		return fail(problem, ERR_UNAVAILABLE,
			    "the server's keys for this licensee are older than its ledger; its operator has to "
			    "restore them");
	enum err err = load_committed(c, db, licensee, ret);
	if (err == OK) {
		*ret = w ? share(w, licensee, *ret) : *ret;
		return OK;
	}
	return fail(problem, err == ERR_CORRUPT ? err : ERR_UNAVAILABLE,
		    "what is withheld from this licensee cannot be committed to in the ledger now, so nothing is "
		    "delivered; try again");
}

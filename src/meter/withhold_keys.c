/*
 * withhold_keys.c - see withhold_keys.h. Each key is made in one transaction with the statement that commits to it.
 */
#include "base/base.h"

#include "meter/withhold_keys.h"

#include <stdatomic.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/vec.h"
#include "meter/licensee_store.h"
#include "meter/statements.h"
#include "moderation/audit.h"

#define TEXT_MAX 1024
#define MISSING_AT_ONCE 200

#define COLUMNS                                                                                                        \
	"SELECT k.licensee_id, k.generation, k.secret, k.salt, k.ppm, k.from_id, k.made_at, "                          \
	"COALESCE(c.ledger_index, -1), COALESCE(v.ledger_index, -1), k.reveal_id, k.commitment_id "                    \
	"FROM withhold_keys k LEFT JOIN ledger_statements c ON c.id = k.commitment_id "                                \
	"LEFT JOIN ledger_statements v ON v.id = k.reveal_id "
SQL(withhold_all, COLUMNS "ORDER BY k.licensee_id, k.generation");
SQL(withhold_of_one, COLUMNS "WHERE k.licensee_id = $1 ORDER BY k.generation");
SQL(withhold_newest, "SELECT generation, from_id FROM withhold_keys WHERE licensee_id = $1 ORDER BY generation DESC "
		     "LIMIT 1");
SQL(withhold_insert, "INSERT INTO withhold_keys (licensee_id, generation, secret, salt, ppm, from_id, made_at, "
		     "commitment_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
SQL(withhold_missing, "SELECT l.id FROM licensees l WHERE NOT EXISTS (SELECT 1 FROM withhold_keys k "
		      "WHERE k.licensee_id = l.id) ORDER BY l.id LIMIT $1");
SQL(withhold_licensees, "SELECT COUNT(*) FROM licensees");
SQL(withhold_forget, "INSERT INTO withhold_keys (licensee_id, generation, secret, salt, ppm, from_id, made_at, "
		     "commitment_id) VALUES ($1, $2, '', '', $3, $4, $5, $6) ON CONFLICT (licensee_id, generation) DO "
		     "UPDATE SET secret = '', salt = '', commitment_id = excluded.commitment_id");
SQL(withhold_whose, "SELECT name FROM licensees WHERE id = $1");
SQL(withhold_set_reveal, "UPDATE withhold_keys SET reveal_id = $3 WHERE licensee_id = $1 AND generation = $2");

/* ---- reading ---- */

static enum err read_row(const struct rows *r, struct withhold_generation *ret)
{
	*ret = (struct withhold_generation){
		.licensee = row_int(r, 0),
		.number = row_int(r, 1),
		.lost = row_text(r, 2).len == 0,
		.ppm = (uint32_t)row_int(r, 4),
		.from_id = row_int(r, 5),
		.until_id = INT64_MAX,
		.made_ms = row_int(r, 6),
		.committed = row_int(r, 7),
		.revealed = row_int(r, 8),
		.revealing = row_int(r, 9) != 0,
		.commitment_id = row_int(r, 10),
		.reveal_id = row_int(r, 9),
	};
	if (ret->lost)
		return OK;
	return hex_decode(row_text(r, 2), ret->key.b, sizeof(ret->key.b)) &&
			       hex_decode(row_text(r, 3), ret->salt.b, sizeof(ret->salt.b))
		       ? OK
		       : ERR_CORRUPT;
}

struct generations VEC(struct withhold_generation);

static enum err read_all(struct db *db, int64_t licensee, struct generations *all)
{
	enum err err = OK;
	struct rows r;

	if (licensee == WITHHOLD_ALL)
		db_query(db, &r, &withhold_all, NO_BINDS);
	else
		db_query(db, &r, &withhold_of_one, BINDS(B_INT(licensee)));
	while (err == OK && rows_next(&r)) {
		struct withhold_generation g;

		err = read_row(&r, &g);
		if (all->n && all->v[all->n - 1].licensee == g.licensee)
			all->v[all->n - 1].until_id = g.from_id;
		VEC_PUSH(all, g);
	}
	TRY(rows_end(&r));
	return err;
}

static void forget(struct generations *all)
{
	if (all->n)
		secret_wipe(all->v, all->n * sizeof(*all->v));
	VEC_FREE(all);
}

enum err withhold_load(struct db *db, struct arena *a, int64_t licensee, struct withhold_generation **ret,
		       size_t *ret_n)
{
	struct generations all = {0};
	enum err err = read_all(db, licensee, &all);

	if (err == OK) {
		*ret = ARENA_ARRAY(a, all.n + 1, struct withhold_generation);
		if (all.n)
			memcpy(*ret, all.v, all.n * sizeof(**ret));
		*ret_n = all.n;
	}
	forget(&all);
	return err;
}

const struct withhold_generation *withhold_deciding(const struct withhold_generation *list, size_t n, int64_t licensee,
						    struct post_id post)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].licensee == licensee && post.v >= list[i].from_id && post.v < list[i].until_id)
			return &list[i];
	return NULL;
}

/* ---- making ---- */

static void kv_hex(struct jw *j, const char *key, const void *bytes, size_t n)
{
	char hex[HEX_LEN(DIGEST_LEN) + 1];

	hex_encode(bytes, n, hex);
	jw_kv_cstr(j, key, hex);
	secret_wipe(hex, sizeof(hex));
}

static const struct view everybody = {"everybody", 9};

void withhold_party_write(struct jw *j, int64_t licensee)
{
	if (licensee == WITHHOLD_EVERYBODY)
		jw_kv_str(j, "licensee", everybody);
	else
		jw_kv_id(j, "licensee", licensee);
}

bool withhold_party_read(struct view text, int64_t *ret)
{
	if (!view_eq(text, everybody))
		return parse_i64(text, 1, INT64_MAX, ret);
	*ret = WITHHOLD_EVERYBODY;
	return true;
}

void withhold_from_write(struct jw *j, const struct withhold_generation *g)
{
	char from[24];

	snprintf(from, sizeof(from), "%" PRId64, g->from_id);
	jw_kv_cstr(j, "from", from);
}

/* What both statements begin with. */
static void begin_text(struct jw *j, const char *kind, int64_t licensee, int64_t number)
{
	jw_object(j);
	jw_kv_cstr(j, "statement", kind);
	withhold_party_write(j, licensee);
	jw_kv_int(j, "generation", number);
}

static enum err commit(struct db *tx, const struct withhold_generation *g, int64_t *ret_id)
{
	struct digest commitment = withhold_commitment(&g->key, &g->salt);
	struct buf CLEANUP(buf_release) text = {.max = TEXT_MAX};
	struct jw j = jw_to(&text);

	begin_text(&j, "withholding-commitment", g->licensee, g->number);
	jw_kv_int(&j, "ppm", g->ppm);
	withhold_from_write(&j, g);
	kv_hex(&j, "commitment", commitment.b, DIGEST_LEN);
	jw_object_end(&j);
	TRY(buf_err(&text));
	return statement_add(tx, g->licensee, buf_view(&text), ret_id);
}

static enum err insert(struct db *tx, const struct withhold_generation *g, int64_t commitment)
{
	char key[HEX_LEN(WITHHOLD_KEY_LEN) + 1], salt[HEX_LEN(WITHHOLD_SALT_LEN) + 1];

	hex_encode(g->key.b, WITHHOLD_KEY_LEN, key);
	hex_encode(g->salt.b, WITHHOLD_SALT_LEN, salt);
	enum err err = db_exec(tx, &withhold_insert,
			       BINDS(B_INT(g->licensee), B_INT(g->number), B_TEXT(view_of(key)), B_TEXT(view_of(salt)),
				     B_INT(g->ppm), B_INT(g->from_id), B_INT(g->made_ms), B_INT(commitment)),
			       NULL);
	secret_wipe(key, sizeof(key));
	return err;
}

static enum err make(struct db *tx, struct withhold_generation g)
{
	int64_t commitment;

	rand_bytes(g.key.b, sizeof(g.key.b));
	rand_bytes(g.salt.b, sizeof(g.salt.b));
	enum err err = commit(tx, &g, &commitment);
	if (err == OK)
		err = insert(tx, &g, commitment);
	secret_wipe(&g, sizeof(g));
	return err;
}

static enum err newest(struct db *db, int64_t licensee, int64_t *ret_number, int64_t *ret_from)
{
	enum err err = ERR_NOT_FOUND;
	struct rows r;

	db_query(db, &r, &withhold_newest, BINDS(B_INT(licensee)));
	if (rows_next(&r)) {
		*ret_number = row_int(&r, 0);
		*ret_from = row_int(&r, 1);
		err = OK;
	}
	TRY(rows_end(&r));
	return err;
}

enum err withhold_first(struct db *tx, const struct core_config *config, int64_t licensee)
{
	return make(tx,
		    (struct withhold_generation){
			    .licensee = licensee, .number = 1, .ppm = config->withhold_ppm, .made_ms = clock_now()});
}

/* Posts of before may have gone to somebody when there is anybody. */
static enum err begin_everybody(struct db *tx, const struct core_config *config, int64_t now)
{
	int64_t number, from, licensees;
	enum err err = newest(tx, WITHHOLD_EVERYBODY, &number, &from);

	if (err != ERR_NOT_FOUND)
		return err;
	TRY(db_int(tx, &withhold_licensees, NO_BINDS, &licensees));
	return make(tx, (struct withhold_generation){.licensee = WITHHOLD_EVERYBODY,
						     .number = 1,
						     .ppm = config->withhold_everybody_ppm,
						     .from_id = licensees ? id_at(now) : 0,
						     .made_ms = now});
}

static enum err load_missing(struct db *db, int64_t ret[MISSING_AT_ONCE], size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &withhold_missing, BINDS(B_INT(MISSING_AT_ONCE)));
	while (n < MISSING_AT_ONCE && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

enum err withhold_begin(struct db *tx, const struct core_config *config)
{
	int64_t missing[MISSING_AT_ONCE], now = clock_now();
	size_t n = MISSING_AT_ONCE;

	TRY(begin_everybody(tx, config, now));
	while (n == MISSING_AT_ONCE) {
		TRY(load_missing(tx, missing, &n));
		for (size_t i = 0; i < n; i++)
			TRY(make(tx, (struct withhold_generation){.licensee = missing[i],
								  .number = 1,
								  .ppm = config->withhold_ppm,
								  .from_id = id_at(now),
								  .made_ms = now}));
	}
	return OK;
}

static enum err install(struct db *tx, void *arg)
{
	return withhold_begin(tx, &((struct core *)arg)->config);
}

enum err withhold_install(struct core *c)
{
	return store_write(c->store, install, c);
}

const char *withhold_state_name(const struct withhold_generation *g, int64_t now_ms)
{
	int64_t now = id_at(now_ms);

	if (g->lost)
		return "lost";
	if (g->revealing)
		return "revealed";
	if (g->committed < 0)
		return "waits";
	return g->from_id > now ? "to come" : g->until_id <= now ? "ended" : "decides";
}

/* ---- changing ---- */

/* In the record of what moderators do. */
static enum err note(struct db *tx, struct account_id by, const char *action, int64_t licensee, int64_t number)
{
	char label[LICENSEE_NAME_MAX + 40];
	struct rows r;

	snprintf(label, sizeof(label), "everybody, generation %" PRId64, number);
	db_query(tx, &r, &withhold_whose, BINDS(B_INT(licensee)));
	if (rows_next(&r))
		snprintf(label, sizeof(label), "%.*s, generation %" PRId64, VIEW_ARG(row_text(&r, 0)), number);
	TRY(rows_end(&r));
	return audit_add(tx, by, action, "withholding_key", licensee, view_of(label));
}

enum err withhold_rotate(struct db *tx, struct account_id by, int64_t licensee, uint32_t ppm, int64_t now_ms,
			 struct problem *problem)
{
	int64_t number, from, begin = id_at(now_ms + WITHHOLD_LEAD_MS);
	char when[CLOCK_ISO_LEN + 1];

	TRY(newest(tx, licensee, &number, &from));
	if (from > id_at(now_ms)) {
		clock_iso(id_time(from), when);
		return fail(problem, ERR_CONFLICT, "generation %" PRId64 " is made already, and begins at %s", number,
			    when);
	}
	TRY(note(tx, by, "rotate", licensee, number + 1));
	return make(
		tx,
		(struct withhold_generation){
			.licensee = licensee, .number = number + 1, .ppm = ppm, .from_id = begin, .made_ms = now_ms});
}

static enum err say(struct db *tx, struct account_id by, const struct withhold_generation *g)
{
	struct buf CLEANUP(buf_release) text = {.max = TEXT_MAX};
	struct jw j = jw_to(&text);
	int64_t id;

	begin_text(&j, "withholding-reveal", g->licensee, g->number);
	kv_hex(&j, "key", g->key.b, WITHHOLD_KEY_LEN);
	kv_hex(&j, "salt", g->salt.b, WITHHOLD_SALT_LEN);
	jw_object_end(&j);
	TRY(buf_err(&text));
	TRY(note(tx, by, "reveal", g->licensee, g->number));
	TRY(statement_add(tx, g->licensee, buf_view(&text), &id));
	return db_exec(tx, &withhold_set_reveal, BINDS(B_INT(g->licensee), B_INT(g->number), B_INT(id)), NULL);
}

static enum err check_reveal(const struct withhold_generation *g, int64_t now_ms, struct problem *problem)
{
	char when[CLOCK_ISO_LEN + 1];

	if (g->lost)
		return fail(problem, ERR_CONFLICT, "the key of generation %" PRId64 " is lost", g->number);
	if (g->until_id == INT64_MAX)
		return fail(problem, ERR_CONFLICT,
			    "generation %" PRId64 " decides on new posts: rotate first, then reveal it", g->number);
	if (g->until_id <= id_at(now_ms))
		return OK;
	clock_iso(id_time(g->until_id), when);
	return fail(problem, ERR_CONFLICT,
		    "generation %" PRId64 " decides on new posts until %s; it can be revealed after that", g->number,
		    when);
}

enum err withhold_reveal(struct db *tx, struct account_id by, int64_t licensee, int64_t number, int64_t now_ms,
			 struct problem *problem)
{
	struct generations all = {0};
	enum err err = read_all(tx, licensee, &all);
	const struct withhold_generation *g = NULL;

	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].number == number)
			g = &all.v[i];
	if (err == OK && !g)
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = check_reveal(g, now_ms, problem);
	if (err == OK && !g->revealing)
		err = say(tx, by, g);
	forget(&all);
	return err;
}

enum err withhold_forgo(struct db *tx, const struct withhold_generation *g, int64_t now_ms)
{
	struct buf CLEANUP(buf_release) text = {.max = TEXT_MAX};
	struct jw j = jw_to(&text);
	int64_t id, number, from;

	begin_text(&j, "withholding-lost", g->licensee, g->number);
	jw_object_end(&j);
	TRY(buf_err(&text));
	TRY(note(tx, (struct account_id){0}, "forgo", g->licensee, g->number));
	TRY(statement_add(tx, g->licensee, buf_view(&text), &id));
	TRY(db_exec(
		tx, &withhold_forget,
		BINDS(B_INT(g->licensee), B_INT(g->number), B_INT(g->ppm), B_INT(g->from_id), B_INT(now_ms), B_INT(id)),
		NULL));
	TRY(newest(tx, g->licensee, &number, &from));
	return number == g->number ? make(tx, (struct withhold_generation){.licensee = g->licensee,
									   .number = number + 1,
									   .ppm = g->ppm,
									   .from_id = id_at(now_ms + WITHHOLD_LEAD_MS),
									   .made_ms = now_ms})
				   : OK;
}

/* ---- as deliveries use them ---- */

struct part {
	int64_t licensee, number, from_id, until_id, committed;
	uint32_t ppm; /* 0: it withholds nothing */
	struct withhold_state state;
};

struct withhold_set {
	_Atomic unsigned refs;
	bool committed;
	bool withholds;		    /* at least one of its keys does */
	struct withhold_memo *memo; /* NULL: every decision is made anew */
	_Atomic uint32_t decided;   /* without a memo, about */
	size_t n;
	struct part parts[];
};

static struct withhold_set *make_set(const struct generations *all)
{
	struct withhold_set *s = xcalloc(1, sizeof(*s) + all->n * sizeof(s->parts[0]));

	s->refs = 1;
	s->committed = true;
	for (size_t i = 0; i < all->n; i++) {
		const struct withhold_generation *g = &all->v[i];
		struct part *part = &s->parts[s->n++];

		s->committed = s->committed && g->committed >= 0;
		s->withholds = s->withholds || (!g->lost && g->ppm);
		*part = (struct part){.licensee = g->licensee,
				      .number = g->number,
				      .from_id = g->from_id,
				      .until_id = g->until_id,
				      .committed = g->committed,
				      .ppm = g->lost ? 0 : g->ppm};
		withhold_prepare(&g->key, &part->state);
	}
	return s;
}

enum err withhold_set_load(struct db *db, int64_t licensee, struct withhold_set **ret)
{
	struct generations all = {0};
	enum err err = read_all(db, WITHHOLD_EVERYBODY, &all);
	size_t n = all.n;

	if (err == OK && licensee != WITHHOLD_EVERYBODY)
		err = read_all(db, licensee, &all);
	/* Nobody is delivered to without keys: they are made in one transaction with the licensee. */
	if (err == OK && (n == 0 || (licensee != WITHHOLD_EVERYBODY && all.n == n)))
		err = ERR_CORRUPT;
	if (err == OK)
		*ret = make_set(&all);
	forget(&all);
	return err;
}

struct withhold_set *withhold_set_ref(struct withhold_set *s)
{
	s->refs++;
	return s;
}

void withhold_set_unref(struct withhold_set *s)
{
	if (!s || --s->refs > 0)
		return;
	withhold_memo_free(s->memo);
	secret_wipe(s, sizeof(*s) + s->n * sizeof(s->parts[0]));
	free(s);
}

static bool decides(const struct part *part, struct post_id post)
{
	return post.v >= part->from_id && post.v < part->until_id;
}

static bool decide(const struct withhold_set *s, struct post_id post)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->parts[i].ppm && decides(&s->parts[i], post) &&
		    withhold_is_withheld(&s->parts[i].state, s->parts[i].ppm, post))
			return true;
	return false;
}

bool withhold_set_has(struct withhold_set *s, struct post_id post)
{
	bool withheld;

	if (!s->withholds || post.v <= 0)
		return false;
	if (!s->memo) {
		uint32_t decided = atomic_load_explicit(&s->decided, memory_order_relaxed);

		/* Two at once may count as one. */
		atomic_store_explicit(&s->decided, decided + (decided < UINT32_MAX), memory_order_relaxed);
		return decide(s, post);
	}
	if (!withhold_memo_find(s->memo, post.v, &withheld)) {
		withheld = decide(s, post);
		withhold_memo_keep(s->memo, post.v, withheld);
	}
	return withheld;
}

void withhold_set_prefetch(const struct withhold_set *s, struct post_id post)
{
	if (s->memo)
		withhold_memo_prefetch(s->memo, post.v);
}

static bool same_part(const struct part *a, const struct part *b)
{
	return a->licensee == b->licensee && a->number == b->number && a->from_id == b->from_id &&
	       a->until_id == b->until_id && a->committed == b->committed && a->ppm == b->ppm &&
	       memcmp(a->state.inner, b->state.inner, sizeof(a->state.inner)) == 0 &&
	       memcmp(a->state.outer, b->state.outer, sizeof(a->state.outer)) == 0;
}

bool withhold_set_same(const struct withhold_set *a, const struct withhold_set *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (!same_part(&a->parts[i], &b->parts[i]))
			return false;
	return a->n == b->n;
}

#define BUSY_DECISIONS 1000

bool withhold_set_is_busy(const struct withhold_set *s)
{
	return atomic_load_explicit(&s->decided, memory_order_relaxed) >= BUSY_DECISIONS;
}

void withhold_set_remember(struct withhold_set *s, struct withhold_memos *memos)
{
	if (!s->memo)
		s->memo = withhold_memo_new(memos);
}

bool withhold_set_committed(const struct withhold_set *s)
{
	return s->committed;
}

struct withhold_terms withhold_set_terms(const struct withhold_set *s, struct post_id post)
{
	struct withhold_terms terms = {.committed = -1, .everybody_committed = -1};

	for (size_t i = 0; i < s->n; i++) {
		const struct part *part = &s->parts[i];

		if (!decides(part, post))
			continue;
		if (part->licensee == WITHHOLD_EVERYBODY) {
			terms.everybody_ppm = part->ppm;
			terms.everybody_committed = part->committed;
		} else {
			terms.ppm = part->ppm;
			terms.generation = part->number;
			terms.committed = part->committed;
		}
	}
	return terms;
}

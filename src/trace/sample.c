/*
 * sample.c - see sample.h. One walk over the ledger, one over the posts.
 */
#include "base/base.h"

#include "trace/sample.h"

#include "base/limits.h"
#include "base/vec.h"
#include "core/core.h"
#include "trace/normal.h"
#include "trace/received.h"

#define PAGE 2000

SQL(sample_posts,
    "SELECT p.id, p.account_id, p.text, p.language, p.edited_at, COALESCE(c.replies + c.boosts + c.favourites, 0),"
    " EXISTS (SELECT 1 FROM imported_posts i WHERE i.post_id = p.id)"
    " FROM posts p LEFT JOIN post_counts c ON c.post_id = p.id"
    " WHERE p.id > $1 AND p.visibility = 0 AND p.boost_of IS NULL AND p.domain = '' ORDER BY p.id LIMIT $2");

enum group { MISSING, WITHHELD, DELIVERED };

struct row {
	struct probe_candidate c;
	int64_t author;
	uint64_t text; /* hash of its normal form */
	enum group group;
};

struct key {
	const struct withhold_generation *of;
	struct withhold_state state;
};
struct keys VEC(struct key);

struct gathering {
	struct arena arena;
	struct withhold_generation *generations;
	size_t n_generations;
	struct keys keys;
	int64_t licensee;
	struct received received;
	struct map texts; /* hash → how many */
	struct VEC(struct row) rows;
	struct sample_counts counts;
};

/* ---- keys ---- */

static enum err load_keys(struct db *db, struct gathering *g)
{
	TRY(withhold_load(db, &g->arena, WITHHOLD_ALL, &g->generations, &g->n_generations));
	for (size_t i = 0; i < g->n_generations; i++) {
		struct key k = {.of = &g->generations[i]};

		if (k.of->licensee != g->licensee && k.of->licensee != WITHHOLD_EVERYBODY)
			continue;
		if (!k.of->lost)
			withhold_prepare(&k.of->key, &k.state);
		VEC_PUSH(&g->keys, k);
	}
	return OK;
}

/* The key that decides on a post; NULL: none, or it is lost. */
static const struct key *deciding(const struct gathering *g, int64_t licensee, int64_t post)
{
	for (size_t i = 0; i < g->keys.n; i++) {
		const struct withhold_generation *of = g->keys.v[i].of;

		if (of->licensee == licensee && post >= of->from_id && post < of->until_id)
			return of->lost || !of->ppm ? NULL : &g->keys.v[i];
	}
	return NULL;
}

static bool withheld_by(const struct key *k, int64_t post)
{
	return k && withhold_is_withheld(&k->state, k->of->ppm, (struct post_id){post});
}

/* ---- posts ---- */

static uint32_t count_chars(struct view text)
{
	uint32_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
	return n;
}

/* Its hash, 0 for one that is too short. Equal texts are counted. */
static uint64_t look_at_text(struct gathering *g, struct buf *normal, struct view text)
{
	buf_clear(normal);
	if (normal_of_post(normal, text) != OK || normal->len < SAMPLE_CHARS_MIN)
		return 0;
	uint64_t hash = hash_bytes(buf_view(normal)) | 1;
	map_put(&g->texts, hash, (void *)((uintptr_t)map_get(&g->texts, hash) + 1));
	return hash;
}

/* Which group a post is in; false: in none, whatever is delivered or withheld. */
static bool group_of(struct gathering *g, struct row *r)
{
	const struct key *own = deciding(g, g->licensee, r->c.post);
	uintptr_t record = (uintptr_t)map_get(&g->received.whole, (uint64_t)r->c.post);
	bool recorded = idset_has(&g->received.recorded, (uint64_t)r->c.post);

	if (g->licensee != WITHHOLD_EVERYBODY && withheld_by(deciding(g, WITHHOLD_EVERYBODY, r->c.post), r->c.post)) {
		g->counts.everybody++;
		return false;
	}
	if (recorded && !record) {
		g->counts.unsure++;
		return false;
	}
	bool withheld = withheld_by(own, r->c.post);
	if (!own || (withheld && recorded)) /* from before it had this key */
		return false;
	r->c.stratum = (uint32_t)own->of->number;
	r->c.record = record ? record - 1 : 0;
	r->c.delivered = record != 0;
	r->group = record ? DELIVERED : withheld ? WITHHELD : MISSING;
	return true;
}

static void look_at(struct gathering *g, const struct rows *rows, struct buf *normal)
{
	struct row r = {.c.post = row_int(rows, 0), .author = row_int(rows, 1)};
	int64_t popularity = row_int(rows, 5);

	r.text = look_at_text(g, normal, row_text(rows, 2));
	r.c.length = count_chars(row_text(rows, 2));
	r.c.language = (uint32_t)hash_bytes(row_text(rows, 3));
	r.c.popularity = popularity < 0 ? 0 : popularity > UINT32_MAX ? UINT32_MAX : (uint32_t)popularity;
	g->counts.looked_at++;
	if (row_int(rows, 6))
		g->counts.published++;
	else if (!row_is_null(rows, 4))
		g->counts.edited++;
	else if (!r.text)
		g->counts.too_short++;
	else if (group_of(g, &r))
		VEC_PUSH(&g->rows, r);
}

static enum err walk_posts(struct db *db, struct gathering *g)
{
	struct buf normal;
	int64_t last = 0, before = -1;
	enum err err = OK;

	buf_init(&normal, NORMAL_MAX + 16);
	while (err == OK && last != before) {
		struct rows rows;

		before = last;
		db_query(db, &rows, &sample_posts, BINDS(B_INT(last), B_INT(PAGE)));
		while (rows_next(&rows)) {
			last = row_int(&rows, 0);
			look_at(g, &rows, &normal);
		}
		err = rows_end(&rows);
	}
	buf_release(&normal);
	return err;
}

/* ---- what is comparable ---- */

static int by_author(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;

	if (a->author != b->author)
		return a->author < b->author ? -1 : 1;
	return a->c.post < b->c.post ? -1 : a->c.post > b->c.post;
}

struct chosen VEC(struct probe_candidate);

/*
 * An author's posts, oldest first. What lies between the first and the last that was delivered; not those two: they are delivered by being what
 * they are.
 */
static void choose_author(struct gathering *g, const struct row *v, size_t n, double coverage, struct chosen *ret)
{
	uint64_t counts[3] = {0};
	size_t from = 0, to = n;

	while (from < n && v[from].group != DELIVERED)
		from++;
	while (to > from && v[to - 1].group != DELIVERED)
		to--;
	if (from == n)
		return;
	g->counts.authors++;
	for (size_t i = from + 1; i + 1 < to; i++)
		counts[v[i].group]++;
	if ((double)counts[DELIVERED] < coverage * (double)(counts[DELIVERED] + counts[MISSING])) {
		g->counts.authors_chosen++;
		return;
	}
	g->counts.coverage += (double)counts[MISSING];
	for (size_t i = from + 1; i + 1 < to; i++) {
		if (v[i].group == MISSING)
			continue;
		if ((uintptr_t)map_get(&g->texts, v[i].text) > 1) {
			g->counts.repeated++;
			continue;
		}
		if (v[i].group == DELIVERED)
			g->counts.delivered++;
		else
			g->counts.withheld++;
		VEC_PUSH(ret, v[i].c);
	}
}

static void choose(struct gathering *g, double coverage, struct chosen *ret)
{
	struct row *v = g->rows.v;

	if (g->rows.n)
		qsort(v, g->rows.n, sizeof(*v), by_author);
	for (size_t at = 0, end; at < g->rows.n; at = end) {
		for (end = at + 1; end < g->rows.n && v[end].author == v[at].author; end++)
			;
		choose_author(g, v + at, end - at, coverage, ret);
	}
	double missing = g->counts.coverage, delivered = (double)g->counts.delivered;
	g->counts.coverage = delivered > 0 ? delivered / (delivered + missing) : 0;
}

/* Of the keys that decide on any of its posts. */
static uint32_t least_ppm(const struct gathering *g)
{
	uint32_t least = 0;

	for (size_t i = 0; i < g->keys.n; i++) {
		const struct withhold_generation *of = g->keys.v[i].of;

		if (of->licensee == g->licensee && of->ppm && !of->lost && (!least || of->ppm < least))
			least = of->ppm;
	}
	return least;
}

struct sample_words {
	const char *nothing, *none, *little;
};
static const struct sample_words of_licensee = {"nothing is withheld from this licensee",
						"this licensee has received no post that could be in a sample",
						"this licensee took too little of each author's posts"};
static const struct sample_words of_everybody = {
	"nothing is withheld from everybody: withhold_everybody_ppm is 0, or was until now",
	"no licensee has received a post that could be in a sample",
	"licensees together took too little of each author's posts"};

static enum err finish(struct gathering *g, const struct sample_ask *ask, struct sample *ret, struct problem *problem)
{
	const struct sample_words *words = g->licensee == WITHHOLD_EVERYBODY ? &of_everybody : &of_licensee;
	struct chosen chosen = {0};
	enum err err;

	ret->ppm = least_ppm(g);
	choose(g, ask->coverage, &chosen);
	ret->counts = g->counts;
	if (!ret->ppm)
		err = fail(problem, ERR_NOT_FOUND, "%s", words->nothing);
	else if (!g->counts.authors)
		err = fail(problem, ERR_NOT_FOUND, "%s", words->none);
	else if (!chosen.n)
		err = fail(problem, ERR_NOT_FOUND,
			   "%s (%" PRIu64 " authors, %" PRIu64
			   " of them below %.0f %%): what was withheld is then not like what was chosen",
			   words->little, g->counts.authors, g->counts.authors_chosen, 100 * ask->coverage);
	else
		err = probes_choose(chosen.v, chosen.n, ask->n, probes_block_size(ret->ppm, chosen.n), &ret->probes);
	if (err == ERR_NOT_FOUND && chosen.n)
		err = fail(problem, err,
			   "no withheld post is comparable with delivered ones (%" PRIu64 " delivered, %" PRIu64
			   " withheld): more posts are needed",
			   g->counts.delivered, g->counts.withheld);
	VEC_FREE(&chosen);
	if (err == OK)
		probes_balance(&ret->probes, &ret->balance);
	return err;
}

enum err sample_make(struct db *db, struct ledger *l, const struct sample_ask *ask, struct sample *ret,
		     struct problem *problem)
{
	struct gathering g = {.licensee = ask->licensee};

	arena_init(&g.arena, 256 * LIMIT_MIB);
	map_init(&g.texts);
	bool anybody = ask->licensee == WITHHOLD_EVERYBODY;
	enum err err = received_read(l, anybody ? RECEIVED_BY_ANYBODY : ask->licensee, &g.received);
	if (err == OK)
		err = load_keys(db, &g);
	if (err == OK)
		err = walk_posts(db, &g);
	if (err == OK)
		err = finish(&g, ask, ret, problem);
	received_release(&g.received);
	map_release(&g.texts);
	VEC_FREE(&g.keys);
	VEC_FREE(&g.rows);
	arena_release(&g.arena);
	return err;
}

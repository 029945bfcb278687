/*
 * matcher.c - see matcher.h. A batch goes through three rounds: rows that name a post, and are held against its text; then, of rows
 * that have a text alone, or whose id stands for something else here, those whose whole text we have; then those of which we
 * have nearly that, which takes most time.
 */
#include "base/base.h"

#include "trace/matcher.h"

#include <math.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"
#include "text/url.h"
#include "trace/grams.h"
#include "trace/normal.h"
#include "trace/similar.h"
#include "trace/votes.h"

#define BATCH_ROWS 256
#define BATCH_BYTES (2 * LIMIT_MIB) /* of texts, as they came */
#define ARENA_BYTES (256 * LIMIT_MIB)
#define SAME_LOOKED_AT 3 /* posts of one hash: two that are it make a row ambiguous, one may be there by chance */
#define NEAR_LOOKED_AT 6
#define NO_POST UINT32_MAX

struct candidate {
	uint32_t post;
	bool whole; /* by the hash of the whole text */
};

struct pending {
	struct leak_row row;
	uint64_t tag;
	struct view normal;
	uint32_t named; /* the post whose id or address it has */
	enum match_how named_how;
	bool named_otherwise; /* that has another text */
	struct candidate candidates[SAME_LOOKED_AT + NEAR_LOOKED_AT];
	size_t n_candidates;
	struct row_result result;
	bool done;
};

struct text {
	struct text *next;
	uint32_t version;
	struct view normal;
};

struct matcher {
	const struct trace_index *index;
	struct matcher_texts texts;
	char *base;
	struct url base_url;
	matcher_fn *fn;
	void *arg;
	uint32_t ignored;
	struct arena arena;
	struct pending rows[BATCH_ROWS];
	size_t n, bytes;
	struct map known; /* id of a post → struct loaded */
	struct votes votes;
	uint64_t grams[GRAMS_MAX];
	uint32_t weights[INDEX_SAME_MAX]; /* of a shingle, by how many posts have it */
	struct VEC(int64_t) wanted;
};

struct loaded {
	struct text *first;
};

/*
 * What it says to have a shingle: the bits by which it narrows down which post it is, squared, since shingles that many have come
 * several at once, with the common word they are of. Two that some posts have still say more than one that a single post has.
 */
static void weigh_shingles(struct matcher *m)
{
	double posts = (double)index_posts(m->index) + 1;

	for (size_t i = 1; i < INDEX_SAME_MAX; i++)
		m->weights[i] = 1 + (uint32_t)pow(log2(fmax(1, posts / (double)i)), 2);
}

struct matcher *matcher_new(const struct trace_index *x, const struct matcher_texts *texts, struct view base_url,
			    matcher_fn *fn, void *arg)
{
	struct matcher *m = xcalloc(1, sizeof(*m));

	m->index = x;
	m->texts = *texts;
	m->fn = fn;
	m->arg = arg;
	m->ignored = MATCHER_IGNORES_NONE;
	m->base = xmalloc(base_url.len + 1);
	memcpy(m->base, base_url.p, base_url.len);
	m->base[base_url.len] = '\0';
	if (!url_parse(view_make(m->base, base_url.len), &m->base_url))
		m->base_url = (struct url){0};
	arena_init(&m->arena, ARENA_BYTES);
	map_init(&m->known);
	votes_init(&m->votes);
	weigh_shingles(m);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	arena_release(&m->arena);
	map_release(&m->known);
	votes_release(&m->votes);
	VEC_FREE(&m->wanted);
	free(m->base);
	free(m);
}

void matcher_ignore(struct matcher *m, uint32_t post)
{
	m->ignored = post;
}

/* ---- the named post ---- */

/* The number in ".../@name/NUMBER" and ".../users/name/statuses/NUMBER[/activity]" of this server; 0 without. */
static int64_t number_of_url(const struct matcher *m, struct view address)
{
	struct url url;
	struct view rest, piece;
	int64_t id = 0;

	if (!address.len || !m->base_url.host.len || !url_parse(address, &url) ||
	    !view_eq_nocase(url.host, m->base_url.host))
		return 0;
	rest = url.path;
	while (view_split(&rest, '/', &piece))
		(void)parse_i64(piece, 1, INT64_MAX, &id); /* the last one: names may be numbers too */
	return id;
}

static uint32_t post_of_id(const struct matcher *m, int64_t id)
{
	uint32_t post;

	return id > 0 && index_find_id(m->index, id, &post) && post != m->ignored ? post : NO_POST;
}

static void name_post(struct matcher *m, struct pending *p)
{
	p->named_how = MATCH_ID;
	p->named = post_of_id(m, p->row.id);
	if (p->named != NO_POST)
		return;
	p->named_how = MATCH_URL;
	p->named = post_of_id(m, number_of_url(m, p->row.url));
}

/* ---- loading texts ---- */

static void want(struct matcher *m, uint32_t post)
{
	int64_t id = index_id(m->index, post);

	if (index_flags(m->index, post) & INDEX_GONE || map_get(&m->known, (uint64_t)id))
		return;
	map_put(&m->known, (uint64_t)id, ARENA_NEW(&m->arena, struct loaded));
	VEC_PUSH(&m->wanted, id);
}

static enum err keep_text(void *arg, int64_t post, uint32_t version, struct view text)
{
	struct matcher *m = arg;
	struct loaded *of = map_get(&m->known, (uint64_t)post);
	struct buf CLEANUP(buf_release) normal = {.max = 8 * NORMAL_MAX};

	/* A text that is no UTF-8 would be our own damage: it is like none. */
	if (!of || normal_of_post(&normal, text) != OK)
		return OK;
	struct text *one = ARENA_NEW(&m->arena, struct text);
	*one = (struct text){of->first, version, arena_view(&m->arena, buf_view(&normal))};
	of->first = one;
	return OK;
}

static int compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static enum err load_wanted(struct matcher *m)
{
	if (!m->wanted.n)
		return OK;
	qsort(m->wanted.v, m->wanted.n, sizeof(*m->wanted.v), compare_ids); /* so does the database keep them */
	enum err err = m->texts.load(m->texts.arg, m->wanted.v, m->wanted.n, keep_text, m);
	m->wanted.n = 0;
	return err;
}

static const struct text *texts_of(struct matcher *m, uint32_t post)
{
	struct loaded *of = map_get(&m->known, (uint64_t)index_id(m->index, post));

	return of ? of->first : NULL;
}

/* ---- judging ---- */

struct likeness {
	uint32_t post, version;
	float similarity, letters; /* letters: that match */
	bool same;
	struct view normal; /* of the post */
};

static struct likeness likeness_of(struct matcher *m, struct view normal, uint32_t post)
{
	struct likeness best = {.post = post};

	for (const struct text *t = texts_of(m, post); t; t = t->next) {
		bool same = view_eq(t->normal, normal);
		float like = same ? 1 : similar(t->normal, normal);
		size_t shorter = t->normal.len < normal.len ? t->normal.len : normal.len;

		if (best.same || (!same && (float)shorter * like <= best.letters))
			continue;
		best = (struct likeness){post, t->version, like, (float)shorter * like, same, t->normal};
	}
	return best;
}

static void matched(struct pending *p, enum match_how how, const struct likeness *like)
{
	p->result.fate = FATE_MATCHED;
	p->result.post = like->post;
	p->result.how = how;
	p->result.version = like->version;
	p->result.similarity = like->similarity;
	p->done = true;
}

/* In how many ways so many of n letters can be changed, left out or have one before them, as bits: at least. */
static double ways_bits(double n, double edits)
{
	double share = edits / n;

	return edits <= 0 || edits >= n ? 0 : n * (share * log2(3 / share) - (1 - share) * log2(1 - share));
}

/*
 * What agrees, in bits. Changed letters of a row are surprising because they are wrong: what a row says is then no more than
 * as much of the post does.
 */
static double agreeing_bits(const struct matcher *m, struct view row, const struct likeness *like)
{
	struct view ours = view_sub(like->normal, 0, SIMILAR_MAX), all = view_sub(row, 0, SIMILAR_MAX);
	double n = (double)(ours.len < all.len ? ours.len : all.len), edits = n * (1 - (double)like->similarity);
	double bits = row.len < like->normal.len ? index_bits(m->index, all) : index_bits(m->index, ours);

	if (edits > 0 && row.len < like->normal.len)
		bits = fmin(bits, index_bits(m->index, ours) * n / (double)ours.len);
	return bits * (1 - edits / n) - ways_bits(n, edits);
}

static bool says_enough(const struct matcher *m, struct view row, const struct likeness *like)
{
	size_t longer = row.len > like->normal.len ? row.len : like->normal.len;
	double places = (double)index_posts(m->index) * (like->same ? 1 : (double)longer);

	return agreeing_bits(m, row, like) >= log2(places) + MATCH_SURE_BITS;
}

/* A match by the text alone, unless that says too little. */
static void matched_by_text(const struct matcher *m, struct pending *p, enum match_how how, const struct likeness *like)
{
	p->done = true;
	p->result.fate = FATE_SHORT;
	if (says_enough(m, p->normal, like))
		matched(p, how, like);
}

static void judge_named(struct matcher *m, struct pending *p)
{
	const struct text *text = texts_of(m, p->named);
	bool comparable = p->normal.len && text && text->normal.len;
	struct likeness like = {.post = p->named};

	if (comparable) {
		like = likeness_of(m, p->normal, p->named);
		p->named_otherwise = like.similarity < MATCH_ID_LEAST;
		if (p->named_otherwise)
			return;
	}
	p->result.id_only = !comparable;
	matched(p, p->named_how, &like);
}

/* The post whose whole text it is. */
static void judge_whole(struct matcher *m, struct pending *p)
{
	struct likeness found = {0};
	size_t n = 0;

	for (size_t i = 0; i < p->n_candidates; i++) {
		if (!p->candidates[i].whole)
			continue;
		struct likeness like = likeness_of(m, p->normal, p->candidates[i].post);
		if (!like.same)
			continue;
		found = like;
		n++;
	}
	if (n == 0)
		return;
	p->done = true;
	p->result.fate = FATE_AMBIGUOUS;
	if (n == 1)
		matched_by_text(m, p, MATCH_TEXT, &found);
}

/* Of a and b, the one with more in common is first. */
static void rank(struct likeness best[2], struct likeness like)
{
	if (like.letters > best[0].letters) {
		best[1] = best[0];
		best[0] = like;
	} else if (like.letters > best[1].letters) {
		best[1] = like;
	}
}

static void judge_near(struct matcher *m, struct pending *p)
{
	struct likeness best[2] = {0};

	for (size_t i = 0; i < p->n_candidates; i++) {
		if (p->candidates[i].whole)
			continue;
		struct likeness like = likeness_of(m, p->normal, p->candidates[i].post);
		if (like.similarity >= MATCH_NEAR_LEAST && like.letters >= MATCH_NEAR_LEAST * MATCH_NEAR_LETTERS)
			rank(best, like);
	}
	if (best[0].letters <= 0)
		return;
	p->done = true;
	p->result.fate = FATE_AMBIGUOUS;
	if (best[1].letters < MATCH_RIVAL * best[0].letters)
		matched_by_text(m, p, MATCH_NEAR, &best[0]);
}

static enum row_fate fate_of_rest(const struct pending *p)
{
	if (p->row.unreadable)
		return FATE_UNREADABLE;
	if (p->named_otherwise)
		return FATE_CONFLICTING;
	if (!p->row.text.p)
		return FATE_WITHOUT_TEXT;
	return p->normal.len < MATCH_TEXT_LETTERS ? FATE_SHORT : FATE_UNMATCHED;
}

/* ---- looking up ---- */

static void add_candidate(struct matcher *m, struct pending *p, uint32_t post, bool whole)
{
	if (post == m->ignored)
		return;
	p->candidates[p->n_candidates++] = (struct candidate){post, whole};
	want(m, post);
}

static void look_up_whole(struct matcher *m, struct pending *p)
{
	uint32_t same[INDEX_SAME_MAX];
	size_t n = index_look_up(m->index, gram_whole(p->normal, index_salt(m->index)), same);

	for (size_t i = 0, kept = 0; i < n && kept < SAME_LOOKED_AT; i++) {
		kept += same[i] != m->ignored;
		add_candidate(m, p, same[i], true);
	}
}

static void look_up_near(struct matcher *m, struct pending *p)
{
	size_t n = grams(p->normal, index_salt(m->index), m->grams);
	uint32_t same[INDEX_SAME_MAX], top[NEAR_LOOKED_AT];

	for (size_t i = 0; i < n; i++)
		index_prefetch(m->index, m->grams[i]);
	for (size_t i = 0; i < n; i++)
		index_prefetch_postings(m->index, m->grams[i]);
	for (size_t i = 0; i < n; i++) {
		size_t posts = index_look_up(m->index, m->grams[i], same);

		for (size_t j = 0; j < posts && posts < INDEX_SAME_MAX; j++)
			if (same[j] != m->ignored)
				votes_add(&m->votes, same[j], m->weights[posts]);
	}
	n = votes_take(&m->votes, top, NEAR_LOOKED_AT);
	for (size_t i = 0; i < n; i++)
		add_candidate(m, p, top[i], false);
}

/* ---- the batch ---- */

static enum err match_named(struct matcher *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->rows[i].named != NO_POST)
			want(m, m->rows[i].named);
	TRY(load_wanted(m));
	for (size_t i = 0; i < m->n; i++)
		if (m->rows[i].named != NO_POST)
			judge_named(m, &m->rows[i]);
	return OK;
}

/* Of the rows that are not done and have letters enough; what they may be is loaded for all of them at once. */
static enum err match_texts(struct matcher *m, size_t letters, void (*look_up)(struct matcher *, struct pending *),
			    void (*judge)(struct matcher *, struct pending *))
{
	for (size_t i = 0; i < m->n; i++)
		if (!m->rows[i].done && m->rows[i].normal.len >= letters)
			look_up(m, &m->rows[i]);
	TRY(load_wanted(m));
	for (size_t i = 0; i < m->n; i++)
		if (!m->rows[i].done && m->rows[i].normal.len >= letters)
			judge(m, &m->rows[i]);
	return OK;
}

static enum err tell(struct matcher *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct pending *p = &m->rows[i];

		if (!p->done)
			p->result.fate = fate_of_rest(p);
		p->result.tag = p->tag;
		p->result.row = &p->row;
		TRY(m->fn(m->arg, &p->result));
	}
	return OK;
}

enum err matcher_flush(struct matcher *m)
{
	enum err err = match_named(m);

	if (err == OK)
		err = match_texts(m, MATCH_TEXT_LETTERS, look_up_whole, judge_whole);
	if (err == OK)
		err = match_texts(m, MATCH_NEAR_LETTERS, look_up_near, judge_near);
	if (err == OK)
		err = tell(m);
	m->n = m->bytes = m->wanted.n = 0;
	map_release(&m->known);
	map_init(&m->known);
	arena_reset(&m->arena);
	return err;
}

static struct view normal_of(struct matcher *m, struct view text)
{
	struct buf CLEANUP(buf_release) normal = {.max = 8 * NORMAL_MAX};

	if (!text.len || normal_of_row(&normal, &m->arena, text) != OK)
		return V("");
	return arena_view(&m->arena, buf_view(&normal));
}

enum err matcher_add(struct matcher *m, const struct leak_row *row, uint64_t tag)
{
	struct pending *p = &m->rows[m->n++];
	struct view text = view_sub(row->text, 0, ROW_TEXT_MAX);

	*p = (struct pending){.row = *row, .tag = tag, .named = NO_POST};
	p->row.text = row->text.p ? arena_view(&m->arena, text) : (struct view){0};
	p->row.url = arena_view(&m->arena, row->url);
	if (!row->unreadable) {
		p->normal = normal_of(m, p->row.text);
		name_post(m, p);
	}
	m->bytes += text.len;
	return m->n == BATCH_ROWS || m->bytes > BATCH_BYTES ? matcher_flush(m) : OK;
}

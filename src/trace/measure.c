/*
 * measure.c - see measure.h.
 */
#include "base/base.h"

#include "trace/measure.h"

#include <unicase.h>

#include "base/vec.h"
#include "text/utf8.h"
#include "trace/grams.h"
#include "trace/normal.h"

#define CHANGED_IN 10
#define TRIES_EACH 4 /* posts looked at for one that is counted, at most */

static const char *const names[REWRITES] = {
	"as they are",	   "all letters large",		"links and mentions cut", "emoji and signs dropped",
	"one letter in ten changed", "the first half alone", "inside other words",	  "all but the last two together",
};

const char *rewrite_name(enum rewrite r)
{
	return names[r];
}

/* ---- rewriting ---- */

static uint64_t next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

static void put_char(struct buf *out, ucs4_t c)
{
	uint8_t bytes[8];
	int n = u8_uctomb(bytes, c, sizeof(bytes));

	if (n > 0)
		buf_add(out, view_make((const char *)bytes, (size_t)n));
}

static void upper(struct buf *out, struct view v)
{
	ucs4_t c;

	for (size_t at = 0, n; at < v.len; at += n) {
		n = utf8_at(v, at, &c);
		put_char(out, uc_toupper(c));
	}
}

static void cut_links(struct buf *out, struct view v)
{
	struct view word;

	for (bool first = true; view_split(&v, ' ', &word);) {
		if (view_starts(word, V("http://")) || view_starts(word, V("https://")) || view_starts(word, V("@")))
			continue;
		if (!first)
			buf_add_c(out, ' ');
		first = false;
		buf_add(out, word);
	}
}

static void drop_signs(struct buf *out, struct view v)
{
	ucs4_t c;

	for (size_t at = 0, n; at < v.len; at += n) {
		n = utf8_at(v, at, &c);
		if (c < 0x80 || utf8_is_word(c))
			buf_add(out, view_sub(v, at, n));
	}
}

/* Others of the same kind: a Latin letter for one, the neighbour in its script for others. */
static void change_chars(struct buf *out, struct view v, uint64_t *state)
{
	ucs4_t c;

	for (size_t at = 0, n; at < v.len; at += n) {
		n = utf8_at(v, at, &c);
		if (!utf8_is_alnum(c) || next(state) % CHANGED_IN)
			buf_add(out, view_sub(v, at, n));
		else if (c < 0x80)
			buf_add_c(out, (char)('a' + next(state) % 26));
		else
			put_char(out, c + 1 + (ucs4_t)(next(state) % 7));
	}
}

static void first_half(struct buf *out, struct view v)
{
	size_t len = v.len / 2;

	while (len && ((unsigned char)v.p[len] & 0xc0) == 0x80)
		len--;
	buf_add(out, view_sub(v, 0, len));
}

static void quote(struct buf *out, struct view v)
{
	buf_add(out, V("Saw this the other day and had to keep it: \xe2\x80\x9c"));
	buf_add(out, v);
	buf_add(out, V("\xe2\x80\x9d - what do you all make of that?"));
}

static void all_together(struct buf *out, struct view v, uint64_t *state)
{
	struct buf CLEANUP(buf_release) a = {.max = out->max}, CLEANUP(buf_release) b = {.max = out->max};

	cut_links(&a, v);
	drop_signs(&b, buf_view(&a));
	buf_clear(&a);
	change_chars(&a, buf_view(&b), state);
	upper(out, buf_view(&a));
}

void rewrite(struct buf *out, struct view text, enum rewrite how, uint64_t seed)
{
	uint64_t state = gram_whole(text, seed) | 1;

	switch (how) {
	case REWRITE_CASE:
		upper(out, text);
		break;
	case REWRITE_LINKS:
		cut_links(out, text);
		break;
	case REWRITE_EMOJI:
		drop_signs(out, text);
		break;
	case REWRITE_CHARS:
		change_chars(out, text, &state);
		break;
	case REWRITE_HALF:
		first_half(out, text);
		break;
	case REWRITE_QUOTED:
		quote(out, text);
		break;
	case REWRITE_ALL:
		all_together(out, text, &state);
		break;
	default:
		buf_add(out, text);
	}
}

/* ---- which posts ---- */

struct sampled {
	uint32_t post;
	char *text; /* its last version, NUL-ended; NULL: it is none to count */
	size_t len;
	uint32_t version;
};

struct measuring {
	const struct trace_index *index;
	const struct matcher_texts *texts;
	struct measured m;
	struct VEC(struct sampled) posts;
	uint64_t wanted, seed;
	/* While rows are asked: */
	const struct sampled *asked;
	bool absent;
};

static enum err take_text(void *arg, int64_t post, uint32_t version, struct view text)
{
	struct sampled *s = arg;

	(void)post;
	if (s->text && version < s->version)
		return OK;
	free(s->text);
	s->text = xmalloc(text.len + 1);
	memcpy(s->text, text.p, text.len);
	s->text[text.len] = '\0';
	s->len = text.len;
	s->version = version;
	return OK;
}

/* Whether it is one to count; its text is another's as well, or too short, else. */
static bool counts(struct measuring *g, const struct sampled *s)
{
	struct buf CLEANUP(buf_release) normal = {.max = 8 * NORMAL_MAX};
	uint32_t same[INDEX_SAME_MAX];

	if (!s->text || normal_of_post(&normal, view_make(s->text, s->len)) != OK || normal.len < MEASURE_LETTERS) {
		g->m.brief++;
		return false;
	}
	if (index_look_up(g->index, gram_whole(buf_view(&normal), index_salt(g->index)), same) != 1) {
		g->m.shared++;
		return false;
	}
	return true;
}

static enum err sample_one(struct measuring *g, uint32_t post)
{
	struct sampled s = {.post = post};
	int64_t id = index_id(g->index, post);

	if (index_flags(g->index, post) & (INDEX_GONE | INDEX_BOOST))
		return OK;
	g->m.looked_at++;
	enum err err = g->texts->load(g->texts->arg, &id, 1, take_text, &s);
	if (err == OK && counts(g, &s))
		VEC_PUSH(&g->posts, s);
	else
		free(s.text);
	return err;
}

static enum err sample(struct measuring *g)
{
	uint64_t posts = index_stats(g->index).posts, tries = TRIES_EACH * g->wanted;

	if (tries > posts)
		tries = posts;
	for (uint64_t i = 0; i < tries && g->posts.n < g->wanted; i++) {
		/* Evenly, and whatever number comes first, not only the oldest: a stride that has no factor with tries. */
		uint64_t at = i * UINT64_C(2654435761) % tries;
		TRY(sample_one(g, (uint32_t)(at * posts / tries)));
	}
	g->m.posts = g->posts.n;
	return OK;
}

/* ---- asking ---- */

static enum err on_result(void *arg, const struct row_result *r)
{
	struct measuring *g = arg;
	struct measured_rewrite *by = &g->m.by[r->tag];
	bool found = r->fate == FATE_MATCHED;

	if (g->absent) {
		by->false_rows++;
		by->false_found += found;
		return OK;
	}
	by->rows++;
	by->right += found && r->post == g->asked->post;
	by->wrong += found && r->post != g->asked->post;
	by->ambiguous += r->fate == FATE_AMBIGUOUS;
	return OK;
}

static enum err ask(struct measuring *g, struct matcher *m, const struct sampled *s, bool absent)
{
	struct buf CLEANUP(buf_release) text = {.max = 4 * ROW_TEXT_MAX};

	g->asked = s;
	g->absent = absent;
	matcher_ignore(m, absent ? s->post : MATCHER_IGNORES_NONE);
	for (unsigned how = 0; how < REWRITES; how++) {
		buf_clear(&text);
		rewrite(&text, view_make(s->text, s->len), (enum rewrite)how, g->seed);
		struct leak_row row = {.text = buf_view(&text)};
		TRY(matcher_add(m, &row, how));
	}
	return matcher_flush(m);
}

static void sum_up(struct measured *m)
{
	uint64_t rows = 0, right = 0, wrong = 0;

	for (size_t i = 0; i < REWRITES; i++) {
		const struct measured_rewrite *by = &m->by[i];

		m->single_recall[i] = by->rows ? (double)by->right / (double)by->rows : 0;
		if (i == REWRITE_NONE)
			continue;
		rows += by->rows;
		right += by->right;
		wrong += by->wrong + by->false_found;
	}
	m->recall = rows ? (double)right / (double)rows : 0;
	m->precision = right + wrong ? (double)right / (double)(right + wrong) : 0;
}

enum err measure_matching(const struct trace_index *x, const struct matcher_texts *texts, uint64_t n, uint64_t seed,
			  struct measured *ret)
{
	struct measuring g = {.index = x, .texts = texts, .wanted = n, .seed = seed};
	struct matcher *m = matcher_new(x, texts, V(""), on_result, &g);
	enum err err = sample(&g);

	for (size_t i = 0; err == OK && i < g.posts.n; i++) {
		err = ask(&g, m, &g.posts.v[i], false);
		if (err == OK)
			err = ask(&g, m, &g.posts.v[i], true);
	}
	for (size_t i = 0; i < g.posts.n; i++)
		free(g.posts.v[i].text);
	VEC_FREE(&g.posts);
	matcher_free(m);
	sum_up(&g.m);
	if (err == OK)
		*ret = g.m;
	return err;
}

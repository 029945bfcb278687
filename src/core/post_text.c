/*
 * post_text.c - see post_text.h. What a token is, and how it looks as HTML, is text/'s; whom a mention means is here.
 */
#include "base/base.h"

#include "core/post_text.h"

#include "base/limits.h"
#include "text/compose.h"
#include "text/post_html.h"
#include "text/segment.h"
#include "text/utf8.h"

#define HTML_BYTES_TOKEN 400 /* what stands around a link, besides its address */
#define HTML_BYTES 3	     /* for each byte of the text: an address stands there twice */
#define TOKENS_BYTES_BYTE 20 /* no character folds to more */

SQL(post_text_account,
    "SELECT id, username, url FROM accounts WHERE username_key = $1 AND domain = $2 AND suspended_at IS NULL");
SQL(post_text_blocked, "SELECT target_id FROM blocks WHERE account_id = $1 AND target_id IN IDS($2)");

struct person {
	struct account_id id;
	struct view username, domain, url;
};

struct maker {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct tokens tokens;
	struct post_link *links;
	struct person *people; /* each once, in the order of the text */
	size_t n_people;
};

static struct view lower(struct arena *a, struct view v)
{
	char *p = arena_alloc(a, v.len + 1);

	for (size_t i = 0; i < v.len; i++)
		p[i] = ascii_lower(v.p[i]);
	return view_make(p, v.len);
}

static struct view home_domain(const struct maker *m, struct view domain)
{
	return view_eq_nocase(domain, view_of(m->core->config.domain)) ? V("") : lower(m->arena, domain);
}

static enum err find_person(struct maker *m, const struct token *t, struct person *ret, bool *ret_found)
{
	struct view domain = home_domain(m, t->domain);
	struct rows r;

	db_query(m->db, &r, &post_text_account, BINDS(B_TEXT(lower(m->arena, t->name)), B_TEXT(domain)));
	*ret_found = rows_next(&r);
	if (*ret_found)
		*ret = (struct person){{row_int(&r, 0)}, row_copy(&r, 1, m->arena), domain, row_copy(&r, 2, m->arena)};
	return rows_end(&r);
}

/* Index among the people met so far, or n_people. */
static size_t known(const struct maker *m, struct account_id id)
{
	size_t i = 0;

	while (i < m->n_people && !account_eq(m->people[i].id, id))
		i++;
	return i;
}

static enum err resolve(struct maker *m)
{
	for (size_t i = 0; i < m->tokens.n && m->n_people < LIMIT_POST_MENTIONS; i++) {
		struct person person;
		bool found;

		if (m->tokens.v[i].kind != TOKEN_MENTION)
			continue;
		TRY(find_person(m, &m->tokens.v[i], &person, &found));
		if (!found)
			continue;
		if (known(m, person.id) == m->n_people)
			m->people[m->n_people++] = person;
		m->links[i] = (struct post_link){.url = person.url, .shown = person.username};
	}
	return OK;
}

/* Two people of one name in one text are told apart by their domains. */
static bool name_is_shared(const struct maker *m, const struct person *p)
{
	for (size_t i = 0; i < m->n_people; i++)
		if (!account_eq(m->people[i].id, p->id) && view_eq_nocase(m->people[i].username, p->username))
			return true;
	return false;
}

static void tell_apart(struct maker *m)
{
	for (size_t i = 0; i < m->tokens.n; i++) {
		for (size_t p = 0; m->links[i].url.len && p < m->n_people; p++) {
			const struct person *person = &m->people[p];

			if (!view_eq(m->links[i].url, person->url) || !name_is_shared(m, person))
				continue;
			m->links[i].shown = arena_printf(
				m->arena, "%.*s@%.*s", VIEW_ARG(person->username),
				VIEW_ARG(person->domain.len ? person->domain : view_of(m->core->config.domain)));
		}
	}
}

/* Whom the author blocks is linked, but not addressed. */
static enum err drop_blocked(struct maker *m, struct account_id author)
{
	int64_t *ids = ARENA_ARRAY(m->arena, m->n_people + 1, int64_t);
	struct rows r;

	if (!m->n_people)
		return OK;
	for (size_t i = 0; i < m->n_people; i++)
		ids[i] = m->people[i].id.v;
	db_query(m->db, &r, &post_text_blocked, BINDS(B_INT(author.v), bind_ids(m->arena, ids, m->n_people)));
	while (rows_next(&r)) {
		size_t i = known(m, (struct account_id){row_int(&r, 0)});

		if (i == m->n_people)
			continue;
		memmove(&m->people[i], &m->people[i + 1], (m->n_people - i - 1) * sizeof(*m->people));
		m->n_people--;
	}
	return rows_end(&r);
}

static void collect_tags(struct maker *m, struct post_text *text)
{
	struct post_tag *tags = ARENA_ARRAY(m->arena, LIMIT_POST_TAGS, struct post_tag);

	for (size_t i = 0; i < m->tokens.n && text->n_tags < LIMIT_POST_TAGS; i++) {
		struct buf CLEANUP(buf_release) key = {.max = COMPOSE_TAG_BYTES + 1};
		bool again = false;

		if (m->tokens.v[i].kind != TOKEN_TAG || compose_tag_key(&key, m->tokens.v[i].name) != OK)
			continue;
		for (size_t t = 0; t < text->n_tags && !again; t++)
			again = view_eq(tags[t].name, buf_view(&key));
		if (!again)
			tags[text->n_tags++] = (struct post_tag){arena_view(m->arena, buf_view(&key)),
								 arena_view(m->arena, m->tokens.v[i].name)};
	}
	text->tags = tags;
}

static void collect_mentions(struct maker *m, struct post_text *text)
{
	struct account_id *ids = ARENA_ARRAY(m->arena, m->n_people + 1, struct account_id);

	for (size_t i = 0; i < m->n_people; i++)
		ids[i] = m->people[i].id;
	text->mentions = ids;
	text->n_mentions = m->n_people;
}

size_t post_text_bytes_max(const struct core *c)
{
	size_t max = (size_t)c->config.post_chars * LIMIT_CHAR_BYTES + LIMIT_POST_LINK_BYTES;

	return max < LIMIT_POST_TEXT_BYTES ? max : LIMIT_POST_TEXT_BYTES;
}

/* All that a post within its limits comes to; more is made of letters that HTML writes longer. */
static size_t html_max(const struct core *c, size_t n_tokens)
{
	return HTML_BYTES * post_text_bytes_max(c) + HTML_BYTES_TOKEN * (n_tokens + 1);
}

static struct maker maker_of(struct core *c, struct db *db, struct arena *a, struct view text)
{
	struct maker m = {.core = c, .db = db, .arena = a, .tokens = compose_tokens(a, text, LIMIT_POST_TOKENS)};

	m.links = ARENA_ARRAY(a, m.tokens.n + 1, struct post_link);
	m.people = ARENA_ARRAY(a, LIMIT_POST_MENTIONS, struct person);
	return m;
}

static enum err write_html(struct maker *m, struct view text, struct view *ret)
{
	struct post_style style = {.base_url = view_of(m->core->config.base_url), .paragraphs = true};
	struct buf CLEANUP(buf_release) out = {.max = html_max(m->core, m->tokens.n)};
	struct safe_html html;

	TRY(post_html(&out, text, m->tokens, m->links, &style, &html));
	*ret = arena_view(m->arena, html.reviewed);
	return OK;
}

enum err post_text_make(struct core *c, struct db *db, struct arena *a, struct account_id author, struct view text,
			struct post_text *ret)
{
	struct maker m = maker_of(c, db, a, text);
	struct post_text made = {0};

	TRY(resolve(&m));
	tell_apart(&m);
	TRY(write_html(&m, text, &made.html));
	TRY(drop_blocked(&m, author));
	collect_mentions(&m, &made);
	collect_tags(&m, &made);
	*ret = made;
	return OK;
}

enum err post_text_make_plain(struct core *c, struct arena *a, struct view text, struct post_text *ret)
{
	struct maker m = maker_of(c, NULL, a, text);
	struct post_text made = {0};

	TRY(write_html(&m, text, &made.html));
	collect_mentions(&m, &made);
	collect_tags(&m, &made);
	*ret = made;
	return OK;
}

enum err post_text_tokens(struct arena *a, const struct view *pieces, size_t n, struct view *ret)
{
	size_t bytes = n;

	for (size_t i = 0; i < n; i++)
		bytes += pieces[i].len;
	struct buf CLEANUP(buf_release) out = {.max = TOKENS_BYTES_BYTE * bytes + 1};
	for (size_t i = 0; i < n; i++) {
		if (pieces[i].len && out.len)
			buf_add_c(&out, ' ');
		TRY(segment(&out, pieces[i]));
	}
	*ret = arena_view(a, buf_view(&out));
	return OK;
}

bool post_text_blank(struct view text)
{
	ucs4_t c;

	for (size_t at = 0; at < text.len;) {
		at += utf8_at(text, at, &c);
		if (!utf8_is_space(c))
			return false;
	}
	return true;
}

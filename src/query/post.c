/*
 * post.c - see post.h.
 */
#include "base/base.h"
#include "query/post.h"

#include <jansson.h>

#include "base/limits.h"
#include "query/values.h"
#include "text/compose.h"
#include "text/segment.h"
#include "text/utf8.h"

#define SEGMENT_BYTES 36
#define CASHTAGS_MAX 64

SQL(query_post_author, "SELECT username_key, fields FROM accounts WHERE id = $1");
SQL(query_post_name, "SELECT username_key FROM accounts WHERE id = $1 AND domain = ''");

struct builder {
	struct arena *arena;
	const struct query_parts *parts;
	const struct post *said; /* whose text it is: the post, or what it boosts */
	struct query_post *ret;
};

bool query_has_phrase(struct view tokens, struct view phrase)
{
	const char *at = tokens.p, *end = tokens.p + tokens.len;

	/* A space stands before the first token, and behind the last. */
	while ((size_t)(end - at) > phrase.len && (at = memmem(at, (size_t)(end - at), phrase.p, phrase.len))) {
		if (at > tokens.p && at[-1] == ' ' && at + phrase.len < end && at[phrase.len] == ' ')
			return true;
		at++;
	}
	return false;
}

static struct view lower(struct arena *a, struct view v)
{
	char *p = arena_cstr(a, v);

	for (size_t i = 0; i < v.len; i++)
		p[i] = ascii_lower(p[i]);
	return view_make(p, v.len);
}

/* Appends " tokens of the piece ". What is not UTF-8 has none. */
static void add_piece(struct buf *out, struct view piece)
{
	struct buf CLEANUP(buf_release) tokens = {.max = SEGMENT_BYTES * piece.len + 1};

	if (segment(&tokens, piece) != OK || !tokens.len)
		return;
	buf_add_c(out, ' ');
	buf_add(out, buf_view(&tokens));
	buf_add_c(out, ' ');
}

static void add_words(struct builder *b)
{
	const struct post *said = b->said;
	struct buf CLEANUP(buf_release) words = {.max = SEGMENT_BYTES * (said->text.len + said->spoiler.len) + 8};

	add_piece(&words, said->text);
	add_piece(&words, said->spoiler);
	b->ret->words = arena_view(b->arena, buf_view(&words));
	b->ret->symbols = strip_selectors(b->arena, said->text);
}

static void add_urls(struct builder *b)
{
	struct buf CLEANUP(buf_release) urls = {.max = SEGMENT_BYTES * b->said->text.len + 2 * LIMIT_POST_TOKENS};
	struct token t;
	size_t at = 0;

	while (compose_next(b->said->text, &at, &t))
		if (t.kind == TOKEN_URL)
			add_piece(&urls, t.name);
	if (urls.len)
		b->ret->flags |= FLAG_LINKS;
	b->ret->urls = arena_view(b->arena, buf_view(&urls));
}

/* "$ACME" where no word ends right before it. */
static void add_cashtags(struct builder *b)
{
	struct view text = b->said->text;
	struct view *list = NULL;
	size_t n = 0;

	for (size_t at = view_find(text, 0, '$'); at < text.len && n < CASHTAGS_MAX;
	     at = view_find(text, at + 1, '$')) {
		size_t len = cashtag_len(view_sub(text, at + 1, text.len));

		if (!len || (at && (utf8_is_word(utf8_before(text, at)) || text.p[at - 1] == '$')))
			continue;
		if (!list)
			list = ARENA_ARRAY(b->arena, CASHTAGS_MAX, struct view);
		list[n++] = lower(b->arena, view_sub(text, at + 1, len));
	}
	b->ret->cashtags = (struct views){list, n};
	b->ret->flags |= n ? FLAG_CASHTAGS : 0;
}

static bool has_name(struct view words, struct view name)
{
	struct buf CLEANUP(buf_release) tokens = {.max = SEGMENT_BYTES * name.len + 1};

	return segment(&tokens, name) == OK && tokens.len && query_has_phrase(words, buf_view(&tokens));
}

/* Of this server, and named in the text: by its words the search finds them. */
static void add_names(struct builder *b)
{
	const struct post *said = b->said;
	struct view *list = ARENA_ARRAY(b->arena, said->n_mentions + 1, struct view);
	size_t n = 0;

	for (size_t i = 0; i < said->n_mentions; i++) {
		const struct post_mention *m = &said->mentions[i];

		if (m->silent)
			continue;
		b->ret->flags |= FLAG_MENTIONS;
		if (!m->domain.len && has_name(b->ret->words, m->username))
			list[n++] = lower(b->arena, m->username);
	}
	b->ret->names = (struct views){list, n};
}

static unsigned media_flags(const struct post *said)
{
	unsigned flags = 0;

	for (size_t i = 0; i < said->n_media; i++) {
		struct view kind = said->media[i].kind;

		flags |= FLAG_MEDIA;
		if (view_is(kind, "image"))
			flags |= FLAG_IMAGES;
		else if (view_is(kind, "video") || view_is(kind, "gifv"))
			flags |= FLAG_VIDEOS;
	}
	return flags;
}

/* Whether a link in the author's fields was found to lead back. */
static bool is_verified(struct view fields)
{
	json_t *list = fields.len > 2 ? json_loadb(fields.p, fields.len, JSON_ALLOW_NUL, NULL) : NULL, *field;
	bool found = false;
	size_t i;

	json_array_foreach (list, i, field)
		found |= json_string_length(json_object_get(field, "verified_at")) > 0;
	json_decref(list);
	return found;
}

static unsigned flags_of(const struct query_parts *parts, const struct post *said)
{
	const struct post_meta *m = &parts->post->meta;

	return (m->reply_to_account.v ? FLAG_REPLY : 0) | (m->boost_of.v ? FLAG_BOOST : 0) |
	       (m->quote_of.v && m->quote_state == QUOTE_ACCEPTED ? FLAG_QUOTE : 0) |
	       (is_verified(parts->author_fields) ? FLAG_VERIFIED : 0) | (said->n_tags ? FLAG_TAGS : 0) |
	       (said->poll ? FLAG_POLL : 0) | media_flags(said);
}

const struct query_post *query_post_build(struct arena *a, const struct query_parts *parts)
{
	const struct post_meta *m = &parts->post->meta;
	struct query_post *p = ARENA_NEW(a, struct query_post);
	const struct post *said = parts->boosted ? parts->boosted : parts->post;
	struct builder b = {a, parts, said, p};

	*p = (struct query_post){
		.id = m->id.v,
		.author = m->author.v,
		.reply_to = m->reply_to.v,
		.reply_author = m->reply_to_account.v,
		.thread = m->boost_of.v ? m->id.v : m->thread_id, /* as X has it */
		.boost_of = m->boost_of.v,
		.boost_author = m->boost_author.v,
		.quote_of = m->quote_state == QUOTE_ACCEPTED ? m->quote_of.v : 0,
		.created_ms = id_time(m->id.v),
		.author_name = lower(a, parts->author_name),
		.reply_name = lower(a, parts->reply_name),
		.boost_name = lower(a, parts->boost_name),
		.language = said->language,
		.tags = {said->tags, said->n_tags},
		.flags = flags_of(parts, said),
		.likes = said->favourites,
		.replies = said->replies,
		.boosts = said->boosts,
	};
	add_words(&b);
	add_urls(&b);
	add_cashtags(&b);
	add_names(&b);
	return p;
}

static enum err load_author(struct db *db, struct arena *a, struct query_parts *parts)
{
	struct rows r;
	bool found;

	db_query(db, &r, &query_post_author, BINDS(B_INT(parts->post->meta.author.v)));
	found = rows_next(&r);
	if (found) {
		parts->author_name = row_copy(&r, 0, a);
		parts->author_fields = row_copy(&r, 1, a);
	}
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

/* Who has gone, or is of another server, has no name to be found by. */
static enum err load_name(struct db *db, struct arena *a, struct account_id id, struct view *ret)
{
	struct rows r;

	if (!id.v)
		return OK;
	db_query(db, &r, &query_post_name, BINDS(B_INT(id.v)));
	if (rows_next(&r))
		*ret = row_copy(&r, 0, a);
	return rows_end(&r);
}

enum err query_post_make(struct core *c, struct db *db, struct arena *a, const struct post *post,
			 const struct query_post **ret)
{
	struct query_parts parts = {.post = post};

	TRY(load_author(db, a, &parts));
	TRY(load_name(db, a, post->meta.reply_to_account, &parts.reply_name));
	TRY(load_name(db, a, post->meta.boost_author, &parts.boost_name));
	if (post->meta.boost_of.v) {
		struct post *boosted = ARENA_NEW(a, struct post);

		TRY(post_load(c, db, a, post->meta.boost_of, boosted));
		parts.boosted = boosted;
	}
	*ret = query_post_build(a, &parts);
	return OK;
}

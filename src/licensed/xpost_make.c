/*
 * xpost_make.c - every member of a post, its media and its poll, each by a function of its own (X API v2, data
 * dictionary). What is different from X stands in docs/from-x.md.
 */
#include "base/base.h"

#include "licensed/xpost_make.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/accounts.h"
#include "core/post_history.h"
#include "licensed/stamp.h"
#include "licensed/xmedia.h"
#include "licensed/xpost_text.h"

#define NOTE_CHARS 280		    /* X: longer texts stand in note_tweet too */
#define LIMIT_XPOST_JSON (4 * LIMIT_MIB)
#define NO_END ((int64_t)253402300799000) /* the last second of 9999: posts may be edited for ever */

struct making {
	struct core *core;
	struct post post;
	struct post boosted; /* of a boost */
	struct xtext text;
	int64_t version;
};

static void id(const void *of, struct jw *j)
{
	jw_kv_id(j, "id", ((const struct making *)of)->post.meta.id.v);
}

static void text(const void *of, struct jw *j)
{
	jw_kv_str(j, "text", ((const struct making *)of)->text.text);
}

/* An edit keeps the id here, so there is one. */
static void edit_history(const void *of, struct jw *j)
{
	jw_key(j, "edit_history_tweet_ids");
	jw_array(j);
	jw_id(j, ((const struct making *)of)->post.meta.id.v);
	jw_array_end(j);
}

static void attachments(const void *of, struct jw *j)
{
	const struct post *p = &((const struct making *)of)->post;

	if (!p->n_media && !p->poll)
		return;
	jw_key(j, "attachments");
	jw_object(j);
	if (p->n_media) {
		jw_key(j, "media_keys");
		jw_array(j);
		for (size_t i = 0; i < p->n_media; i++)
			xmedia_key(&p->media[i], j);
		jw_array_end(j);
	}
	if (p->poll) {
		jw_key(j, "poll_ids");
		jw_array(j);
		jw_id(j, p->meta.id.v);
		jw_array_end(j);
	}
	jw_object_end(j);
}

static void author_id(const void *of, struct jw *j)
{
	jw_kv_id(j, "author_id", ((const struct making *)of)->post.meta.author.v);
}

static void conversation_id(const void *of, struct jw *j)
{
	const struct making *m = of;

	jw_kv_id(j, "conversation_id", m->post.meta.boost_of.v ? m->post.meta.id.v : m->post.meta.thread_id);
}

static void created_at(const void *of, struct jw *j)
{
	jw_kv_time(j, "created_at", ((const struct making *)of)->post.created_at);
}

static void edit_controls(const void *of, struct jw *j)
{
	const struct making *m = of;
	int64_t left = m->post.meta.boost_of.v ? 0 : LIMIT_POST_EDITS - m->version;

	jw_key(j, "edit_controls");
	jw_object(j);
	jw_kv_int(j, "edits_remaining", left > 0 ? left : 0);
	jw_kv_bool(j, "is_edit_eligible", left > 0);
	jw_kv_time(j, "editable_until", NO_END);
	jw_object_end(j);
}

/* The key is taken back when there is nothing behind it. */
static void entities(const void *of, struct jw *j)
{
	size_t before = j->out->len;

	jw_key(j, "entities");
	if (!xtext_entities(&((const struct making *)of)->text, j))
		j->out->len = before;
}

static void in_reply_to(const void *of, struct jw *j)
{
	const struct post_meta *m = &((const struct making *)of)->post.meta;

	if (m->reply_to_account.v)
		jw_kv_id(j, "in_reply_to_user_id", m->reply_to_account.v);
}

/* X writes "und" where it knows of none. */
static void lang(const void *of, struct jw *j)
{
	const struct making *m = of;
	const struct post *p = m->post.meta.boost_of.v ? &m->boosted : &m->post;

	jw_kv_str(j, "lang", p->language.len ? p->language : V("und"));
}

static void note(const void *of, struct jw *j)
{
	const struct making *m = of;

	if (m->post.meta.boost_of.v || compose_chars(m->text.text) <= NOTE_CHARS)
		return;
	jw_key(j, "note_tweet");
	jw_object(j);
	jw_kv_str(j, "text", m->text.text);
	entities(of, j);
	jw_object_end(j);
}

static void possibly_sensitive(const void *of, struct jw *j)
{
	const struct making *m = of;

	jw_kv_bool(j, "possibly_sensitive",
		   m->post.sensitive || m->post.spoiler.len || m->boosted.sensitive || m->boosted.spoiler.len);
}

static void public_metrics(const void *of, struct jw *j)
{
	const struct post *p = &((const struct making *)of)->post;

	jw_key(j, "public_metrics");
	jw_object(j);
	jw_kv_int(j, "retweet_count", p->boosts);
	jw_kv_int(j, "reply_count", p->replies);
	jw_kv_int(j, "like_count", p->favourites);
	jw_kv_int(j, "quote_count", p->quotes);
	jw_kv_int(j, "bookmark_count", 0);
	jw_kv_int(j, "impression_count", 0);
	jw_object_end(j);
}

static void reference(const char *type, struct post_id of, struct jw *j)
{
	if (!of.v)
		return;
	jw_object(j);
	jw_kv_cstr(j, "type", type);
	jw_kv_id(j, "id", of.v);
	jw_object_end(j);
}

static void referenced(const void *of, struct jw *j)
{
	const struct post_meta *m = &((const struct making *)of)->post.meta;

	if (!m->boost_of.v && !m->quote_of.v && !m->reply_to.v)
		return;
	jw_key(j, "referenced_tweets");
	jw_array(j);
	reference("retweeted", m->boost_of, j);
	reference("quoted", m->quote_of, j);
	reference("replied_to", m->reply_to, j);
	jw_array_end(j);
}

static void reply_settings(const void *of, struct jw *j)
{
	(void)of;
	jw_kv_cstr(j, "reply_settings", "everyone");
}

static void source(const void *of, struct jw *j)
{
	const struct post *p = &((const struct making *)of)->post;

	if (p->app_name.len)
		jw_kv_str(j, "source", p->app_name);
}

static void kicau(const void *of, struct jw *j)
{
	const struct making *m = of;

	jw_key(j, "kicau");
	jw_object(j);
	jw_kv_str(j, "url", m->post.url.len ? m->post.url : m->post.uri);
	jw_kv_int(j, "version", m->version);
	if (m->post.edited_at)
		jw_kv_time(j, "edited_at", m->post.edited_at);
	if (m->post.spoiler.len)
		jw_kv_str(j, "warning", m->post.spoiler);
	jw_object_end(j);
}

static xpiece_fn *const members[TWEET_FIELDS] = {
	[TWEET_ID] = id,
	[TWEET_TEXT] = text,
	[TWEET_EDIT_HISTORY] = edit_history,
	[TWEET_ATTACHMENTS] = attachments,
	[TWEET_AUTHOR_ID] = author_id,
	[TWEET_CONVERSATION_ID] = conversation_id,
	[TWEET_CREATED_AT] = created_at,
	[TWEET_EDIT_CONTROLS] = edit_controls,
	[TWEET_ENTITIES] = entities,
	[TWEET_IN_REPLY_TO] = in_reply_to,
	[TWEET_LANG] = lang,
	[TWEET_NOTE] = note,
	[TWEET_SENSITIVE] = possibly_sensitive,
	[TWEET_METRICS] = public_metrics,
	[TWEET_REFERENCED] = referenced,
	[TWEET_REPLY_SETTINGS] = reply_settings,
	[TWEET_SOURCE] = source,
	[TWEET_KICAU] = kicau,
};

/* ---- reading ---- */

/* Whom the text may name: those it mentions, and first who is boosted. */
static void name_all(struct arena *a, const struct post *p, const struct xnamed *first, struct xtext *t)
{
	struct xnamed *named = ARENA_ARRAY(a, p->n_mentions + 1, struct xnamed);
	size_t n = 0;

	if (first)
		named[n++] = *first;
	for (size_t i = 0; i < p->n_mentions; i++)
		named[n++] = (struct xnamed){p->mentions[i].id, p->mentions[i].username, p->mentions[i].domain};
	t->named = named;
	t->n_named = n;
}

/* A boost says "RT @name: " and what it is of, whole. */
static enum err read_text(struct making *m, struct db *db, struct arena *a)
{
	const struct post *shown = &m->post;
	struct xnamed booster = {0}, *first = NULL;

	m->text.text = m->post.text;
	if (m->post.meta.boost_of.v) {
		struct account author;

		TRY(post_load(m->core, db, a, m->post.meta.boost_of, &m->boosted));
		TRY(account_load(db, a, m->boosted.meta.author, &author));
		shown = &m->boosted;
		booster = (struct xnamed){author.id, author.username, author.domain};
		first = &booster;
		m->text.text = arena_printf(a, "RT @%.*s: %.*s", VIEW_ARG(author.username), VIEW_ARG(m->boosted.text));
	}
	m->text.domain = view_of(m->core->config.domain);
	m->text.card = shown->card;
	m->text.tokens = compose_tokens(a, m->text.text, LIMIT_POST_TOKENS);
	name_all(a, shown, first, &m->text);
	return OK;
}

static enum err read_version(struct db *db, const struct post *p, int64_t *ret)
{
	*ret = 0;
	if (p->edited_at)
		TRY(post_versions_count(db, p->meta.id, ret));
	*ret -= *ret > 0; /* the original is among them */
	return OK;
}

/* ---- the block ---- */

struct block {
	struct buf *json;
	size_t n_media, n_mentions;
	uint32_t tweet[TWEET_FIELDS + 1], poll[XPOLL_FIELDS + 1];
	uint32_t media[LIMIT_POST_MEDIA_SHOWN][XMEDIA_FIELDS + 1];
	struct account_id *mentions;
};

static const uint32_t *copy_ends(uint32_t **at, const uint32_t *ends, size_t n)
{
	uint32_t *copy = *at;

	memcpy(copy, ends, n * sizeof(*ends));
	*at += n;
	return copy;
}

/* One block: the post, its media's pieces, whom it mentions, where pieces end, the JSON. */
static struct xpost *assemble(const struct making *m, const struct block *b)
{
	size_t ends = TWEET_FIELDS + 1 + XPOLL_FIELDS + 1 + b->n_media * (XMEDIA_FIELDS + 1),
	       size = sizeof(struct xpost) + b->n_media * sizeof(struct xpieces) +
		      b->n_mentions * sizeof(struct account_id) + ends * sizeof(uint32_t) + b->json->len;
	struct xpost *x = xmalloc(size);
	struct xpieces *media = (struct xpieces *)(x + 1);
	struct account_id *mentions = (struct account_id *)(media + b->n_media);
	uint32_t *at = (uint32_t *)(mentions + b->n_mentions);
	const char *json = (const char *)(at + ends);

	*x = (struct xpost){.meta = m->post.meta, .rendered = true};
	memcpy(at + ends, b->json->p, b->json->len);
	if (b->n_mentions)
		memcpy(mentions, b->mentions, b->n_mentions * sizeof(*mentions));
	x->pieces = (struct xpieces){json, copy_ends(&at, b->tweet, TWEET_FIELDS + 1)};
	json += b->tweet[TWEET_FIELDS];
	x->poll = (struct xpieces){json, copy_ends(&at, b->poll, XPOLL_FIELDS + 1)};
	json += b->poll[XPOLL_FIELDS];
	for (size_t i = 0; i < b->n_media; i++) {
		media[i] = (struct xpieces){json, copy_ends(&at, b->media[i], XMEDIA_FIELDS + 1)};
		json += b->media[i][XMEDIA_FIELDS];
	}
	x->media = media;
	x->n_media = b->n_media;
	x->mentions = mentions;
	x->n_mentions = b->n_mentions;
	cached_init(&x->cached, size, xpost_release);
	return x;
}

static void fill(struct xpost *x, const struct making *m, struct licensed_author *author)
{
	x->meta.mentions = NULL;
	x->meta.n_mentions = 0;
	x->author = author;
	x->stamp = stamp_next();
	x->version = (uint32_t)m->version;
	x->replies = m->post.replies;
	x->boosts = m->post.boosts;
	x->likes = m->post.favourites;
	x->quotes = m->post.quotes;
	x->has_poll = m->post.poll != NULL;
}

/* Each once. */
static void list_mentions(const struct making *m, struct arena *a, struct block *b)
{
	b->mentions = ARENA_ARRAY(a, m->text.tokens.n + 1, struct account_id);
	for (size_t i = 0; i < m->text.tokens.n; i++) {
		const struct token *t = &m->text.tokens.v[i];
		const struct xnamed *named = t->kind == TOKEN_MENTION ? xtext_named(&m->text, t) : NULL;
		size_t k = 0;

		while (named && k < b->n_mentions && !account_eq(b->mentions[k], named->id))
			k++;
		if (named && k == b->n_mentions)
			b->mentions[b->n_mentions++] = named->id;
	}
}

static enum err render(struct making *m, struct arena *a, struct licensed_author *author, struct xpost **ret)
{
	struct buf CLEANUP(buf_release) json = {.max = LIMIT_XPOST_JSON};
	struct block *b = ARENA_NEW(a, struct block);

	b->json = &json;
	xpieces_make(members, TWEET_FIELDS, m, &json, b->tweet);
	if (m->post.poll)
		xpoll_make(&m->post, &json, b->poll);
	b->n_media = m->post.n_media;
	for (size_t i = 0; i < b->n_media; i++)
		xmedia_make(m->core, &m->post.media[i], &json, b->media[i]);
	list_mentions(m, a, b);
	TRY(buf_err(&json));
	*ret = assemble(m, b);
	fill(*ret, m, author);
	return OK;
}

enum err xpost_make(struct core *c, struct db *db, struct arena *a, struct post_id post, struct licensed_author *author,
		    struct xpost **ret)
{
	struct making *m = ARENA_NEW(a, struct making);
	int64_t boosted_version = 0;

	m->core = c;
	TRY(post_load(c, db, a, post, &m->post));
	/* A quote that was taken back is none. */
	if (m->post.meta.quote_state != QUOTE_ACCEPTED)
		m->post.meta.quote_of.v = 0;
	TRY(read_version(db, &m->post, &m->version));
	TRY(read_text(m, db, a));
	if (m->post.meta.boost_of.v)
		TRY(read_version(db, &m->boosted, &boosted_version));
	TRY(render(m, a, author, ret));
	(*ret)->boosted_version = (uint32_t)boosted_version;
	return OK;
}

struct xpost *xpost_bare(const struct post_meta *meta, struct licensed_author *author)
{
	struct xpost *x = xcalloc(1, sizeof(*x));

	x->meta = *meta;
	x->meta.mentions = NULL;
	x->meta.n_mentions = 0;
	x->author = author;
	cached_init(&x->cached, sizeof(*x), xpost_release);
	return x;
}

void xpost_release(struct cached *cached)
{
	struct xpost *x = (struct xpost *)cached;

	licensed_author_put(x->author);
	free(x);
}

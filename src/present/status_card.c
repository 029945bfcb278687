/*
 * status_card.c - see status_card.h.
 */
#include "base/base.h"

#include "present/status_card.h"

#include "base/limits.h"
#include "present/emoji.h"
#include "present/media.h"
#include "present/poll.h"
#include "present/preview.h"
#include "present/tag.h"
#include "text/plain.h"

struct cuts {
	size_t head, middle; /* where they end */
};

static void kv_optional(struct jw *j, const char *key, struct view v)
{
	jw_key(j, key);
	if (v.len)
		jw_str(j, v);
	else
		jw_null(j);
}

static void application(const struct post *post, struct jw *j)
{
	if (!post->meta.local)
		return;
	jw_key(j, "application");
	if (!post->app_name.len) {
		jw_null(j);
		return;
	}
	jw_object(j);
	jw_kv_str(j, "name", post->app_name);
	kv_optional(j, "website", post->app_website);
	jw_object_end(j);
}

static void head(const struct post *post, bool source, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", post->meta.id.v);
	jw_kv_time(j, "created_at", post->created_at);
	jw_kv_id(j, "in_reply_to_id", post->meta.reply_to.v);
	jw_kv_id(j, "in_reply_to_account_id", post->meta.reply_to_account.v);
	jw_kv_bool(j, "sensitive", post->sensitive);
	jw_kv_str(j, "spoiler_text", post->spoiler);
	jw_kv_cstr(j, "visibility", visibility_name((enum visibility)post->meta.visibility));
	kv_optional(j, "language", post->language);
	jw_kv_str(j, "uri", post->uri);
	jw_kv_str(j, "url", post->url.len ? post->url : post->uri);
	jw_kv_int(j, "replies_count", post->replies);
	jw_kv_int(j, "reblogs_count", post->boosts);
	jw_kv_int(j, "favourites_count", post->favourites);
	jw_kv_int(j, "quotes_count", post->quotes);
	jw_kv_time(j, "edited_at", post->edited_at);
	if (source)
		jw_kv_str(j, "text", post->text);
	else
		jw_kv_str(j, "content", post->html);
	application(post, j);
	jw_key(j, "account");
}

static void mentions(const struct post *post, struct jw *j)
{
	jw_key(j, "mentions");
	jw_array(j);
	for (size_t i = 0; i < post->n_mentions; i++) {
		const struct post_mention *m = &post->mentions[i];
		char acct[512];
		int len;

		if (m->silent)
			continue;
		len = snprintf(acct, sizeof(acct), "%.*s@%.*s", VIEW_ARG(m->username), VIEW_ARG(m->domain));
		jw_object(j);
		jw_kv_id(j, "id", m->id.v);
		jw_kv_str(j, "username", m->username);
		jw_kv_str(j, "url", m->url);
		jw_kv_str(j, "acct", m->domain.len && len < (int)sizeof(acct) ? view_of(acct) : m->username);
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void tags(const struct present *p, const struct post *post, struct jw *j)
{
	jw_key(j, "tags");
	jw_array(j);
	for (size_t i = 0; i < post->n_tags; i++) {
		jw_object(j);
		jw_kv_str(j, "name", post->tags[i]);
		jw_kv_str(j, "url", present_tag_url(p, post->tags[i]));
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void attachments(const struct present *p, const struct post *post, struct jw *j)
{
	jw_key(j, "media_attachments");
	jw_array(j);
	for (size_t i = 0; i < post->n_media; i++)
		present_media(p, &post->media[i], j);
	jw_array_end(j);
}

/* A boost shows the card of what it is of. */
static enum err card(const struct present *p, const struct post *post, struct jw *j)
{
	if (!post->card) {
		jw_kv_null(j, "card");
		return OK;
	}
	jw_key(j, "card");
	return present_preview(p, post->card, j);
}

static enum err middle(const struct present *p, const struct post *post, struct jw *j)
{
	struct view texts[] = {post->html, post->spoiler};

	attachments(p, post, j);
	mentions(post, j);
	tags(p, post, j);
	jw_key(j, "emojis");
	present_emojis_in(p, texts, ARRAY_LEN(texts), j);
	TRY(card(p, post, j));
	jw_key(j, "tagged_collections"); /* links to collections are links like others here */
	jw_raw(j, V("[]"));
	if (post->meta.boost_of.v) {
		jw_kv_null(j, "poll");
		jw_key(j, "reblog");
		return OK;
	}
	jw_kv_null(j, "reblog");
	if (!post->poll) {
		jw_kv_null(j, "poll");
		return OK;
	}
	jw_key(j, "poll");
	present_poll_open(p, post->meta.id, post->poll, j);
	return OK;
}

#define CARD_BYTES 2048 /* of most cards, beside the text */

static enum err add_searched(struct buf *out, struct view piece)
{
	if (out->len && piece.len)
		buf_add_c(out, '\n');
	return needle_fold(out, piece);
}

/* What filters look in: as written, or of posts from elsewhere what their HTML says. */
static enum err searched(const struct post *post, struct buf *out)
{
	struct buf CLEANUP(buf_release) plain = {.max = post->html.len + 1};

	if (!post->text.len && post->html.len)
		TRY(plain_text(&plain, html_trust_stored(post->html)));
	TRY(add_searched(out, post->spoiler));
	TRY(add_searched(out, post->text.len ? post->text : buf_view(&plain)));
	for (size_t i = 0; post->poll && i < post->poll->n_options; i++)
		TRY(add_searched(out, post->poll->options[i].title));
	for (size_t i = 0; i < post->n_media; i++)
		TRY(add_searched(out, post->media[i].description));
	return OK;
}

/* One block: the card, whom it mentions, the grams and the text of what is searched, the JSON. */
static struct card *card_make(const struct post *post, struct view folded, const struct buf *json, struct cuts cuts)
{
	size_t words = haystack_gram_words(folded.len), grams_bytes = words * sizeof(uint64_t),
	       ids = post->meta.n_mentions * sizeof(struct account_id),
	       size = sizeof(struct card) + ids + grams_bytes + folded.len + json->len;
	struct card *card = xmalloc(size);
	struct account_id *mentions_copy = (struct account_id *)(card + 1);
	uint64_t *grams = (uint64_t *)((char *)(card + 1) + ids);
	char *searched_copy = (char *)grams + grams_bytes, *text = searched_copy + folded.len;

	*card = (struct card){.meta = post->meta, .sensitive = post->sensitive};
	if (ids)
		memcpy(mentions_copy, post->meta.mentions, ids);
	if (folded.len)
		memcpy(searched_copy, folded.p, folded.len);
	memcpy(text, json->p, json->len);
	card->meta.mentions = mentions_copy;
	card->searched = (struct haystack){view_make(searched_copy, folded.len), grams, words, hash_bytes(folded)};
	haystack_fill(card->searched.text, grams, words);
	card->head = view_make(text, cuts.head);
	card->middle = view_make(text + cuts.head, cuts.middle - cuts.head);
	card->tail = view_make(text + cuts.middle, json->len - cuts.middle);
	cached_init(&card->cached, size, NULL);
	return card;
}

static enum err render(struct core *c, struct db *db, struct arena *a, const struct post *post, bool source,
		       struct card **ret)
{
	const struct present p = {c, db, a, viewer_nobody()};
	struct buf CLEANUP(buf_release) json = {.max = LIMIT_REPLY}, CLEANUP(buf_release) folded = {.max = LIMIT_REPLY};
	struct jw j = jw_to(&json);
	struct cuts cuts;

	(void)buf_reserve(&json, CARD_BYTES + post->html.len);
	head(post, source, &j);
	cuts.head = json.len;
	j.comma = true; /* the account stands there */
	TRY(middle(&p, post, &j));
	cuts.middle = json.len;
	if (post->poll)
		buf_add_c(&json, '}');
	TRY(buf_err(&json));
	TRY(searched(post, &folded));
	*ret = card_make(post, buf_view(&folded), &json, cuts);
	return OK;
}

enum err status_card_render(struct core *c, struct db *db, struct arena *a, const struct post *post, struct card **ret)
{
	return render(c, db, a, post, false, ret);
}

enum err status_card_render_source(struct core *c, struct db *db, struct arena *a, struct post_id id, struct card **ret)
{
	struct post post;

	TRY(post_load(c, db, a, id, &post));
	return render(c, db, a, &post, true, ret);
}

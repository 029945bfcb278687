/*
 * foreign_twitter.c - an entry of tweets.js of an archive of X (formerly Twitter): {"tweet": {…}}, or the tweet itself in
 * old archives. The texts hold t.co addresses, which lead nowhere once X is gone: the entry says where they went.
 */
#include "base/base.h"

#include "transfer/foreign.h"

#include "base/buf.h"
#include "base/clock.h"
#include "transfer/items.h"

#define EPOCH_MS INT64_C(1288834974657) /* of the numbers since November 2010: milliseconds << 22 */
#define ORIGIN "twitter:"
#define ELSEWHERE "@twitter.com" /* "@name" there is nobody of this server */

static struct view copy(struct arena *a, struct view v)
{
	return utf8_valid(v) && v.len <= FOREIGN_TEXT_BYTES ? arena_view(a, v) : V("");
}

static bool is_number(struct view v)
{
	uint64_t n;

	return parse_u64(v, INT64_MAX, &n) && n > 0;
}

static int month_of(struct view v)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12 && v.len == 3; i++)
		if (memcmp(v.p, names + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

bool foreign_twitter_time(struct view v, int64_t *ret_ms)
{
	struct view words[6], time[3], rest;
	uint64_t day, year, clock[3];
	size_t n = 0;

	while (n < ARRAY_LEN(words) && view_split(&v, ' ', &words[n]))
		n++;
	if (n != ARRAY_LEN(words) || v.len || !view_is(words[4], "+0000"))
		return false;
	rest = words[3];
	for (size_t i = 0; i < ARRAY_LEN(time); i++)
		if (!view_split(&rest, ':', &time[i]) || time[i].len != 2 ||
		    !parse_u64(time[i], i ? 59 : 23, &clock[i]))
			return false;
	int month = month_of(words[1]);
	if (!month || rest.len || !parse_u64(words[2], 31, &day) || !day || !parse_u64(words[5], 9999, &year) ||
	    year < 1970)
		return false;
	struct clock_date d = {.year = (int)year,
			       .month = month,
			       .day = (int)day,
			       .hour = (int)clock[0],
			       .minute = (int)clock[1],
			       .second = (int)clock[2]};
	*ret_ms = clock_join(&d);
	return true;
}

/* ---- text ---- */

struct texts {
	const json_t *entities, *media;
	struct buf out;
};

static const json_t *entity_of(const json_t *list, struct view url)
{
	size_t n = json_is_array(list) ? json_array_size(list) : 0;

	for (size_t i = 0; i < n && i < 100; i++)
		if (view_eq(foreign_string(json_array_get(list, i), "url"), url))
			return json_array_get(list, i);
	return NULL;
}

static bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/* Its length when a t.co address begins here. */
static size_t short_url(struct view text, size_t at)
{
	struct view rest = view_sub(text, at, text.len);
	size_t len = view_starts(rest, V("https://t.co/")) ? 13 : view_starts(rest, V("http://t.co/")) ? 12 : 0;

	if (!len)
		return 0;
	while (len < rest.len && is_word(rest.p[len]))
		len++;
	return len;
}

/* What the address stands for: nothing for the pictures of this post. */
static void put_url(struct texts *t, struct view url)
{
	const json_t *entity = entity_of(json_object_get(t->entities, "urls"), url);
	struct view full = foreign_string(entity, "expanded_url");

	if (!entity && (entity_of(t->media, url) || entity_of(json_object_get(t->entities, "media"), url)))
		return;
	buf_add(&t->out, full.len ? full : url);
}

static bool mentioned(const struct texts *t, struct view name)
{
	const json_t *list = json_object_get(t->entities, "user_mentions");
	size_t n = json_is_array(list) ? json_array_size(list) : 0;

	for (size_t i = 0; i < n && i < 100; i++)
		if (view_eq_nocase(foreign_string(json_array_get(list, i), "screen_name"), name))
			return true;
	return false;
}

/* Behind a mention that begins at `at`, which is written; `at` when there is none. */
static size_t put_mention(struct texts *t, struct view text, size_t at)
{
	size_t end = at + 1;

	while (end < text.len && is_word(text.p[end]))
		end++;
	if (end == at + 1 || (at && is_word(text.p[at - 1])) || !mentioned(t, view_sub(text, at + 1, end - at - 1)))
		return at;
	buf_add(&t->out, view_sub(text, at, end - at));
	buf_add_str(&t->out, ELSEWHERE);
	return end;
}

/* X escapes these three and nothing else. */
static size_t put_entity(struct texts *t, struct view text, size_t at)
{
	static const struct {
		struct view name;
		char c;
	} known[] = {{V("&amp;"), '&'}, {V("&lt;"), '<'}, {V("&gt;"), '>'}};

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (!view_starts(view_sub(text, at, text.len), known[i].name))
			continue;
		buf_add_c(&t->out, known[i].c);
		return at + known[i].name.len;
	}
	return at;
}

static struct view read_text(struct arena *a, const json_t *tweet, const json_t *media)
{
	struct texts t = {json_object_get(tweet, "entities"), media, {.max = FOREIGN_TEXT_BYTES}};
	struct view text = foreign_string(tweet, "full_text");

	text = text.len ? text : foreign_string(tweet, "text");
	if (!utf8_valid(text))
		return V("");
	for (size_t at = 0; at < text.len && !t.out.over;) {
		size_t next = at, url = text.p[at] == 'h' ? short_url(text, at) : 0;

		if (url) {
			put_url(&t, view_sub(text, at, url));
			next = at + url;
		} else if (text.p[at] == '@') {
			next = put_mention(&t, text, at);
		} else if (text.p[at] == '&') {
			next = put_entity(&t, text, at);
		}
		if (next == at)
			buf_add_c(&t.out, text.p[next++]);
		at = next;
	}
	text = copy(a, view_trim(buf_view(&t.out)));
	buf_release(&t.out);
	return text;
}

/* ---- media ---- */

static struct view last_part(struct view url)
{
	size_t at;

	url = view_sub(url, 0, view_find(url, 0, '?'));
	for (at = url.len; at > 0 && url.p[at - 1] != '/'; at--)
		;
	return view_sub(url, at, url.len);
}

/* The picture; of a moving one the variant with most bits, which is the one X puts into the archive. */
static struct view media_url(const json_t *m)
{
	const json_t *variants = json_object_get(json_object_get(m, "video_info"), "variants");
	struct view best = foreign_string(m, "media_url_https");
	size_t n = json_is_array(variants) ? json_array_size(variants) : 0;
	int64_t most = -1;

	best = best.len ? best : foreign_string(m, "media_url");
	for (size_t i = 0; i < n && i < 32; i++) {
		const json_t *v = json_array_get(variants, i), *rate = json_object_get(v, "bitrate");
		int64_t bits = json_is_integer(rate) ? json_integer_value(rate) : 0;

		if (!json_is_integer(rate) && !parse_i64(foreign_string(v, "bitrate"), 0, INT64_MAX, &bits))
			bits = 0;
		if (!view_is(foreign_string(v, "content_type"), "video/mp4") || bits <= most)
			continue;
		most = bits;
		best = foreign_string(v, "url");
	}
	return best;
}

static void read_media(struct arena *a, const json_t *media, struct view number, struct foreign_post *p)
{
	static const char *const folders[] = {"data/tweets_media/", "data/tweet_media/"};
	size_t n = json_is_array(media) ? json_array_size(media) : 0;

	for (size_t i = 0; i < n && p->n_media < FOREIGN_MEDIA_MAX; i++) {
		const json_t *one = json_array_get(media, i);
		struct foreign_media *m = &p->media[p->n_media];
		struct view name = last_part(media_url(one));

		if (!name.len || name.len > 256)
			continue;
		for (size_t f = 0; f < ARRAY_LEN(folders); f++)
			m->names[m->n_names++] =
				copy(a, arena_printf(a, "%s%.*s-%.*s", folders[f], VIEW_ARG(number), VIEW_ARG(name)));
		m->description = copy(a, foreign_string(one, "ext_alt_text"));
		p->n_media++;
	}
}

/* ---- the whole ---- */

/* Codes of X's own for "no language", and two that have changed their names since. */
static struct view read_language(struct arena *a, const json_t *tweet)
{
	struct view lang = foreign_string(tweet, "lang");

	if (view_is(lang, "in"))
		return V("id");
	if (view_is(lang, "iw"))
		return V("he");
	return lang.len == 2 || view_starts(lang, V("zh-")) ? copy(a, lang) : V("");
}

static int64_t read_time(const json_t *tweet, struct view number)
{
	int64_t at = 0, id;

	if (!foreign_twitter_time(foreign_string(tweet, "created_at"), &at))
		return 0;
	if (parse_i64(number, 1, INT64_MAX, &id) && ((id >> 22) + EPOCH_MS) / 1000 == at / 1000)
		return (id >> 22) + EPOCH_MS;
	return at;
}

/* X keeps what a post was before it was edited as posts of their own. */
static bool was_edited(const json_t *tweet, struct view number)
{
	const json_t *info = json_object_get(tweet, "edit_info"), *edit = json_object_get(info, "edit");
	const json_t *ids = json_object_get(edit ? edit : json_object_get(info, "initial"), "editTweetIds");
	size_t n = json_is_array(ids) ? json_array_size(ids) : 0;
	const json_t *last = n ? json_array_get(ids, n - 1) : NULL;

	return json_is_string(last) && !view_eq(view_of(json_string_value(last)), number);
}

static const char *refusal(const struct foreign_owner *owner, const json_t *tweet, struct view number)
{
	struct view to = foreign_string(tweet, "in_reply_to_user_id_str");
	struct view to_name = foreign_string(tweet, "in_reply_to_screen_name");
	struct view text = foreign_string(tweet, "full_text");

	if (!is_number(number))
		return "it is no post";
	if (json_is_object(json_object_get(tweet, "retweeted_status")) || view_starts(text, V("RT @")))
		return "a repost of somebody's post";
	if (was_edited(tweet, number))
		return "what a post was before it was edited";
	if (!to.len && !to_name.len)
		return NULL;
	bool own = owner->id.len && to.len ? view_eq(to, owner->id)
					   : owner->name.len && view_eq_nocase(to_name, owner->name);
	return own ? NULL : "a reply to somebody else";
}

static struct view origin(struct arena *a, struct view number)
{
	return is_number(number) ? arena_printf(a, ORIGIN "%.*s", VIEW_ARG(number)) : V("");
}

void foreign_read_twitter(struct arena *a, const struct foreign_owner *owner, const json_t *item,
			  struct foreign_post *ret)
{
	const json_t *within = json_object_get(item, "tweet"), *tweet = json_is_object(within) ? within : item;
	const json_t *media = json_object_get(json_object_get(tweet, "extended_entities"), "media");
	struct view number = foreign_string(tweet, "id_str");
	struct foreign_post p = {.visibility = VISIBILITY_PUBLIC};

	number = number.len ? number : foreign_string(tweet, "id");
	media = media ? media : json_object_get(json_object_get(tweet, "entities"), "media");
	p.id = origin(a, number);
	p.refused = refusal(owner, tweet, number);
	p.at = read_time(tweet, number);
	if (!p.refused) {
		p.reply_to = origin(a, foreign_string(tweet, "in_reply_to_status_id_str"));
		p.answers_owner = p.reply_to.len > 0;
		p.text = read_text(a, tweet, media);
		p.language = read_language(a, tweet);
		p.sensitive = json_is_true(json_object_get(tweet, "possibly_sensitive"));
		read_media(a, media, number, &p);
	}
	*ret = p;
}

bool foreign_owner_twitter(struct arena *a, struct view text, struct foreign_owner *ret)
{
	struct items items;
	struct item item;
	json_error_t error;

	if (items_begin(text, NULL, &items) != OK || !items_next(&items, &item) || item.wrong)
		return false;
	json_t *entry = json_loadb(item.json.p, item.json.len, 0, &error);
	const json_t *account = json_object_get(entry, "account");
	*ret = (struct foreign_owner){copy(a, foreign_string(account, "accountId")),
				      copy(a, foreign_string(account, "username"))};
	json_decref(entry);
	return ret->id.len > 0;
}

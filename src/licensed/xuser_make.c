/*
 * xuser_make.c - every member of a user, each by a function of its own (X API v2, data dictionary).
 */
#include "base/base.h"

#include "licensed/xuser_make.h"

#include <jansson.h>

#include "base/limits.h"
#include "core/accounts.h"
#include "licensed/consent.h"
#include "licensed/stamp.h"
#include "licensed/xpost_text.h"

#define LIMIT_XUSER_JSON (1 * LIMIT_MIB)

SQL(xuser_pinned, "SELECT p.id FROM pins n JOIN posts p ON p.id = n.post_id"
		  " WHERE n.account_id = $1 AND p.visibility = 0 ORDER BY n.id DESC LIMIT 1");

struct making {
	struct core *core;
	struct account account;
	struct view link; /* the first profile field that is one; empty without */
	struct post_id pinned;
	struct xtext note;
	uint32_t uses;
};

static void id(const void *of, struct jw *j)
{
	jw_kv_id(j, "id", ((const struct making *)of)->account.id.v);
}

static void name(const void *of, struct jw *j)
{
	const struct account *a = &((const struct making *)of)->account;

	jw_kv_str(j, "name", a->display_name.len ? a->display_name : a->username);
}

static void username(const void *of, struct jw *j)
{
	jw_kv_str(j, "username", ((const struct making *)of)->account.username);
}

static void created_at(const void *of, struct jw *j)
{
	jw_kv_time(j, "created_at", ((const struct making *)of)->account.created_at);
}

static void description(const void *of, struct jw *j)
{
	jw_kv_str(j, "description", ((const struct making *)of)->account.note);
}

static void link_entity(const struct making *m, struct jw *j)
{
	const struct token token = {.kind = TOKEN_URL, .at = 0, .len = m->link.len, .name = m->link};
	const struct xtext text = {.text = m->link, .tokens = {&token, 1}};

	if (!m->link.len)
		return;
	jw_key(j, "url");
	(void)xtext_entities(&text, j);
}

/* Keys are taken back when there is nothing behind them. */
static void entities(const void *of, struct jw *j)
{
	const struct making *m = of;
	size_t before = j->out->len;

	jw_key(j, "entities");
	jw_object(j);
	link_entity(m, j);
	size_t at = j->out->len;
	bool comma = j->comma;
	jw_key(j, "description");
	bool any = xtext_entities(&m->note, j);
	if (!any) {
		j->out->len = at;
		j->comma = comma;
	}
	jw_object_end(j);
	if (!any && !m->link.len)
		j->out->len = before;
}

static void kv_file(const struct making *m, const char *key, struct view file, const char *fallback, struct jw *j)
{
	char url[1024];
	int n = file.len ? snprintf(url, sizeof(url), "%s/media/%.*s", m->core->config.base_url, VIEW_ARG(file))
			 : snprintf(url, sizeof(url), "%s/assets/%s", m->core->config.base_url, fallback);

	if (n < (int)sizeof(url))
		jw_kv_str(j, key, view_make(url, (size_t)n));
}

static void profile_banner_url(const void *of, struct jw *j)
{
	const struct making *m = of;

	if (m->account.header.len)
		kv_file(m, "profile_banner_url", m->account.header, "", j);
}

static void pinned_tweet_id(const void *of, struct jw *j)
{
	const struct making *m = of;

	if (m->pinned.v)
		jw_kv_id(j, "pinned_tweet_id", m->pinned.v);
}

static void profile_image_url(const void *of, struct jw *j)
{
	const struct making *m = of;

	kv_file(m, "profile_image_url", m->account.avatar, "avatar.png", j);
}

static void is_protected(const void *of, struct jw *j)
{
	jw_kv_bool(j, "protected", ((const struct making *)of)->account.locked);
}

static void public_metrics(const void *of, struct jw *j)
{
	const struct account *a = &((const struct making *)of)->account;

	jw_key(j, "public_metrics");
	jw_object(j);
	jw_kv_int(j, "followers_count", a->followers);
	jw_kv_int(j, "following_count", a->following);
	jw_kv_int(j, "tweet_count", a->posts);
	jw_kv_int(j, "listed_count", 0);
	jw_object_end(j);
}

static void url(const void *of, struct jw *j)
{
	const struct making *m = of;

	if (m->link.len)
		jw_kv_str(j, "url", m->link);
}

static void verified(const void *of, struct jw *j)
{
	(void)of;
	jw_kv_bool(j, "verified", false);
}

static void verified_type(const void *of, struct jw *j)
{
	(void)of;
	jw_kv_cstr(j, "verified_type", "none");
}

static void kicau(const void *of, struct jw *j)
{
	const struct making *m = of;

	jw_key(j, "kicau");
	jw_object(j);
	jw_kv_str(j, "url", m->account.url);
	jw_kv_bool(j, "bot", m->account.bot);
	jw_key(j, "uses");
	jw_array(j);
	for (size_t i = 0; i < USES; i++)
		if (m->uses & 1u << i)
			jw_cstr(j, use_names[i]);
	jw_array_end(j);
	jw_object_end(j);
}

static xpiece_fn *const members[USER_FIELDS] = {
	[USER_ID] = id,
	[USER_NAME] = name,
	[USER_USERNAME] = username,
	[USER_CREATED_AT] = created_at,
	[USER_DESCRIPTION] = description,
	[USER_ENTITIES] = entities,
	[USER_BANNER] = profile_banner_url,
	[USER_PINNED] = pinned_tweet_id,
	[USER_PICTURE] = profile_image_url,
	[USER_PROTECTED] = is_protected,
	[USER_METRICS] = public_metrics,
	[USER_URL] = url,
	[USER_VERIFIED] = verified,
	[USER_VERIFIED_TYPE] = verified_type,
	[USER_KICAU] = kicau,
};

static bool is_link(struct view v)
{
	return (view_starts(v, V("https://")) || view_starts(v, V("http://"))) && view_find(v, 0, ' ') == v.len;
}

/* A profile here has fields; X's has one link. */
static void find_link(struct arena *a, struct making *m)
{
	json_t *list = json_loadb(m->account.fields.p, m->account.fields.len, JSON_ALLOW_NUL, NULL), *field;
	size_t i;

	json_array_foreach (list, i, field) {
		const json_t *value = json_object_get(field, "value");
		struct view v = view_make(json_string_value(value), json_string_length(value));

		if (json_is_string(value) && is_link(v)) {
			m->link = arena_view(a, v);
			break;
		}
	}
	json_decref(list);
}

static enum err read_all(struct db *db, struct arena *a, struct account_id who, struct making *m)
{
	struct consent consent;
	enum err err;

	TRY(account_load(db, a, who, &m->account));
	err = db_int(db, &xuser_pinned, BINDS(B_INT(who.v)), &m->pinned.v);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	TRY(consent_load(m->core, db, who, &consent));
	m->uses = consent_holds(m->core, &consent);
	m->note = (struct xtext){
		.text = m->account.note,
		.tokens = compose_tokens(a, m->account.note, LIMIT_POST_TOKENS),
	};
	find_link(a, m);
	return OK;
}

static void release(struct cached *cached)
{
	struct xuser *x = (struct xuser *)cached;

	licensed_author_put(x->author);
	free(x);
}

static struct xuser *assemble(const struct making *m, const struct buf *json, const uint32_t *ends,
			      struct licensed_author *author)
{
	size_t ends_bytes = (USER_FIELDS + 1) * sizeof(*ends), size = sizeof(struct xuser) + ends_bytes + json->len;
	struct xuser *x = xmalloc(size);
	uint32_t *at = (uint32_t *)(x + 1);

	*x = (struct xuser){
		.id = m->account.id,
		.author = author,
		.stamp = stamp_next(),
		.hides_follows = m->account.hide_collections,
		.pinned = m->pinned,
		.followers = m->account.followers,
		.following = m->account.following,
		.posts = m->account.posts,
		.pieces = {(const char *)at + ends_bytes, at},
	};
	memcpy(at, ends, ends_bytes);
	memcpy((char *)at + ends_bytes, json->p, json->len);
	cached_init(&x->cached, size, release);
	return x;
}

enum err xuser_make(struct core *c, struct db *db, struct arena *a, struct account_id who,
		    struct licensed_author *author, struct xuser **ret)
{
	struct making m = {.core = c};
	struct buf CLEANUP(buf_release) json = {.max = LIMIT_XUSER_JSON};
	uint32_t ends[USER_FIELDS + 1];

	TRY(read_all(db, a, who, &m));
	xpieces_make(members, USER_FIELDS, &m, &json, ends);
	TRY(buf_err(&json));
	*ret = assemble(&m, &json, ends, author);
	return OK;
}

/*
 * account.c - the card of an account, and what is made from it.
 */
#include "base/base.h"

#include "present/account.h"

#include <jansson.h>

#include "base/limits.h"
#include "core/attribution.h"
#include "core/collections.h"
#include "core/roles.h"
#include "present/emoji.h"
#include "present/tag.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define LIMIT_ACCOUNT_JSON (4 * LIMIT_MIB) /* four fields and a note, each up to what account_update.c keeps, escaped */
#define DEFAULT_AVATAR "avatar.png"
#define DEFAULT_HEADER "header.png"

static struct view picture_url(const struct present *p, struct view file, const char *fallback)
{
	return file.len > 0 ? present_file_url(p, file)
			    : arena_printf(p->arena, "%s/assets/%s", p->core->config.base_url, fallback);
}

struct view present_avatar_url(const struct present *p, const struct account *a)
{
	return picture_url(p, a->avatar_static, DEFAULT_AVATAR);
}

static void picture(const struct present *p, struct jw *j, const char *key, struct view file, const char *fallback)
{
	jw_kv_str(j, key, picture_url(p, file, fallback));
}

static void pictures(const struct present *p, const struct account *a, struct jw *j)
{
	picture(p, j, "avatar", a->avatar, DEFAULT_AVATAR);
	picture(p, j, "avatar_static", a->avatar_static, DEFAULT_AVATAR);
	jw_kv_str(j, "avatar_description", a->avatar_description);
	picture(p, j, "header", a->header, DEFAULT_HEADER);
	picture(p, j, "header_static", a->header_static, DEFAULT_HEADER);
	jw_kv_str(j, "header_description", a->header_description);
}

static struct view json_view(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	return view_make(json_is_string(v) ? json_string_value(v) : "", json_is_string(v) ? json_string_length(v) : 0);
}

/* [Field]; value is "html" for everybody, or "value" as written for the owner. */
static void fields(struct jw *j, struct view stored, const char *value)
{
	json_t *list = json_loadb(stored.p, stored.len, JSON_ALLOW_NUL, NULL), *field;
	size_t i;
	jw_array(j);
	json_array_foreach (list, i, field) {
		struct view verified = json_view(field, "verified_at");
		jw_object(j);
		jw_kv_str(j, "name", json_view(field, "name"));
		jw_kv_str(j, "value", json_view(field, value));
		jw_key(j, "verified_at");
		if (verified.len > 0)
			jw_str(j, verified);
		else
			jw_null(j);
		jw_object_end(j);
	}
	jw_array_end(j);
	json_decref(list);
}

/* [AccountRole]: only who speaks for the place; accounts of other servers have no such list. */
static void highlighted_roles(struct jw *j, enum role role)
{
	jw_key(j, "roles");
	jw_array(j);
	if (role != ROLE_USER) {
		jw_object(j);
		jw_kv_cstr(j, "id", role_row(role)->id);
		jw_kv_cstr(j, "name", role_row(role)->name);
		jw_kv_cstr(j, "color", "");
		jw_object_end(j);
	}
	jw_array_end(j);
}

static struct view acct(const struct present *p, const struct account *a)
{
	if (account_is_local(a))
		return a->username;
	return arena_printf(p->arena, "%.*s@%.*s", VIEW_ARG(a->username), VIEW_ARG(a->domain));
}

static void identity(const struct present *p, const struct account *a, struct jw *j)
{
	jw_kv_id(j, "id", a->id.v);
	jw_kv_str(j, "username", a->username);
	jw_kv_str(j, "acct", acct(p, a));
	jw_kv_str(j, "display_name", a->suspended ? V("") : a->display_name);
	jw_kv_bool(j, "locked", a->locked);
	jw_kv_bool(j, "bot", a->bot);
	jw_kv_bool(j, "discoverable", a->discoverable);
	jw_kv_bool(j, "indexable", a->indexable);
	jw_kv_bool(j, "group", a->group);
	jw_kv_time(j, "created_at", a->created_at - a->created_at % DAY_MS);
	jw_kv_str(j, "note", a->suspended ? V("") : a->note_html);
	jw_kv_str(j, "url", a->url);
	jw_kv_str(j, "uri", a->uri);
}

/* Two members that change with each post; account_card_posted() writes them into a card that is there. */
static void post_numbers(int64_t posts, int64_t last_post_at, struct jw *j)
{
	jw_kv_int(j, "statuses_count", posts);
	jw_key(j, "last_status_at");
	jw_date(j, last_post_at);
}

static void numbers(const struct account *a, struct jw *j)
{
	jw_kv_int(j, "followers_count", a->followers);
	jw_kv_int(j, "following_count", a->following);
	post_numbers(a->posts, a->last_post_at, j);
	jw_kv_bool(j, "hide_collections", a->hide_collections);
	jw_kv_bool(j, "show_media", true);
	jw_kv_bool(j, "show_media_replies", true);
	jw_kv_bool(j, "show_featured", true);
}

/* Whoever may be found may be put into a collection, but not where one blocks the other. */
struct view present_account_end(const struct viewer *v, struct account_id id, bool featurable)
{
#define END(automatic, viewer)                                                                                         \
	V(",\"feature_approval\":{\"automatic\":" automatic ",\"manual\":[],\"current_user\":\"" viewer "\"}}")
	if (!featurable)
		return END("[]", "denied");
	if (!v->account.v || idset_has(&v->blocking, (uint64_t)id.v) || idset_has(&v->blocked_by, (uint64_t)id.v))
		return END("[\"public\"]", "denied");
	return END("[\"public\"]", "automatic");
#undef END
}

static bool is_featurable(const struct account *a)
{
	return account_is_local(a) && a->discoverable && !a->suspended;
}

static enum err write_account(const struct present *p, const struct account *a, bool with_moved, struct jw *j);

static enum err moved(const struct present *p, const struct account *a, struct jw *j)
{
	struct account to;
	enum err err = account_load(p->db, p->arena, a->moved_to, &to);
	if (err != OK || to.suspended)
		return err == ERR_NOT_FOUND ? OK : err;
	jw_key(j, "moved");
	TRY(write_account(p, &to, false, j));
	jw_raw(j, present_account_end(p->viewer, to.id, is_featurable(&to)));
	return OK;
}

/* Without the end. */
static enum err write_account(const struct present *p, const struct account *a, bool with_moved, struct jw *j)
{
	struct user user = {.role = ROLE_USER};
	struct view texts[] = {a->display_name, a->note, a->note_html, a->fields};
	jw_object(j);
	identity(p, a, j);
	pictures(p, a, j);
	numbers(a, j);
	if (account_is_local(a)) {
		enum err err = user_load(p->db, p->arena, a->id, &user);
		if (err != OK && err != ERR_NOT_FOUND)
			return err;
		jw_kv_bool(j, "noindex", a->noindex);
		highlighted_roles(j, user.role);
	}
	jw_key(j, "emojis");
	present_emojis_in(p, texts, a->suspended ? 0 : ARRAY_LEN(texts), j);
	jw_key(j, "fields");
	fields(j, a->suspended ? V("[]") : a->fields, "html");
	if (with_moved && a->moved_to.v && !a->suspended)
		TRY(moved(p, a, j));
	if (a->suspended)
		jw_kv_bool(j, "suspended", true);
	if (a->silenced)
		jw_kv_bool(j, "limited", true);
	return OK;
}

/* What the owner sees of the account as it was written. The user's own settings are added by source(). */
static void write_source(const struct account *a, struct jw *j)
{
	jw_kv_str(j, "note", a->note);
	jw_key(j, "fields");
	fields(j, a->fields, "value");
	jw_kv_bool(j, "hide_collections", a->hide_collections);
	jw_kv_bool(j, "discoverable", a->discoverable);
	jw_kv_bool(j, "indexable", a->indexable);
}

/* One block with the JSON, then the source, behind it. */
static struct account_card *card_alloc(const struct buf *out, size_t json_len)
{
	size_t bytes = sizeof(struct account_card) + out->len;
	struct account_card *card = xmalloc(bytes);

	memset(card, 0, sizeof(*card));
	memcpy(card + 1, out->p, out->len);
	card->json = view_make((const char *)(card + 1), json_len);
	card->source = view_make((const char *)(card + 1) + json_len, out->len - json_len);
	cached_init(&card->cached, bytes, NULL);
	return card;
}

/*
 * The account's own come before those of whom it moved to, and no text of anybody holds a quote that is not escaped.
 * An account that has never posted says null; it is rendered anew after its first post.
 */
static void find_post_numbers(struct account_card *card)
{
	static const struct view first = {"\"statuses_count\":", 17}, behind = {",\"hide_collections\":", 20};
	const char *at = memmem(card->json.p, card->json.len, first.p, first.len);
	size_t left = at ? card->json.len - (size_t)(at - card->json.p) : 0;
	const char *end = at ? memmem(at, left, behind.p, behind.len) : NULL;

	if (!end)
		return;
	card->posts_at = (size_t)(at - card->json.p);
	card->posts_len = (size_t)(end - at);
}

enum err account_card_render(struct core *c, struct db *db, struct arena *a, struct account_id id,
			     struct account_card **ret)
{
	struct present p = {.core = c, .db = db, .arena = a, .viewer = viewer_nobody()};
	struct account account;
	struct buf out CLEANUP(buf_release);
	buf_init(&out, LIMIT_ACCOUNT_JSON);
	struct jw j = jw_to(&out);
	TRY(account_load(db, a, id, &account));
	TRY(write_account(&p, &account, true, &j));
	size_t json_len = out.len;
	if (account_is_local(&account)) {
		j.comma = false;
		write_source(&account, &j);
	}
	TRY(buf_err(&out));
	struct account_card *card = card_alloc(&out, json_len);
	card->id = id;
	card->suspended = account.suspended;
	card->featurable = is_featurable(&account);
	card->last_post_at = account.last_post_at;
	find_post_numbers(card);
	*ret = card;
	return OK;
}

struct cached *account_card_posted(const struct cached *old, const void *event)
{
	const struct account_card *card = (const struct account_card *)old;
	const struct event *ev = event;
	struct account_card *next = NULL;
	struct buf out CLEANUP(buf_release) = {.max = LIMIT_ACCOUNT_JSON};

	/* Told late, or of a post of the past: what is newer than what is not known here. */
	if (ev->at <= card->last_post_at || !card->posts_len)
		return NULL;
	struct jw j = jw_to(&out);
	size_t behind = card->posts_at + card->posts_len;
	buf_add(&out, view_sub(card->json, 0, card->posts_at));
	post_numbers(ev->other_id, ev->at, &j);
	size_t posts_len = out.len - card->posts_at;
	buf_add(&out, view_sub(card->json, behind, card->json.len - behind));
	size_t json_len = out.len;
	buf_add(&out, card->source);
	if (buf_err(&out) == OK) {
		next = card_alloc(&out, json_len);
		next->id = card->id;
		next->suspended = card->suspended;
		next->featurable = card->featurable;
		next->last_post_at = ev->at;
		next->posts_at = card->posts_at;
		next->posts_len = posts_len;
	}
	return next ? &next->cached : NULL;
}

/* The card of somebody to be shown; a suspended account is not. */
static enum err shown_card(const struct present *p, struct account_id id, struct account_card **ret)
{
	struct account_card *card;
	TRY(account_card_get(p->core, p->db, p->arena, id, &card));
	if (card->suspended) {
		account_card_put(card);
		return ERR_NOT_FOUND;
	}
	*ret = card;
	return OK;
}

static void write_card(const struct present *p, const struct account_card *card, struct jw *j)
{
	jw_raw(j, card->json);
	buf_add(j->out, present_account_end(p->viewer, card->id, card->featurable));
}

enum err present_account(const struct present *p, struct account_id id, struct jw *j)
{
	struct account_card *card;
	TRY(shown_card(p, id, &card));
	write_card(p, card, j);
	account_card_put(card);
	return OK;
}

enum err present_account_any(const struct present *p, struct account_id id, struct jw *j)
{
	struct account_card *card;
	TRY(account_card_get(p->core, p->db, p->arena, id, &card));
	write_card(p, card, j);
	account_card_put(card);
	return OK;
}

enum err present_accounts(const struct present *p, const struct account_id *ids, size_t n, struct jw *j)
{
	const size_t room = j->out->max - j->out->max / 8;

	jw_array(j);
	for (size_t i = 0; i < n && j->out->len < room; i++) {
		enum err err = present_account(p, ids[i], j);
		if (err != OK && err != ERR_NOT_FOUND)
			return err;
	}
	jw_array_end(j);
	return OK;
}

/* The card without its closing brace, so that more members may follow. */
static void open_card(const struct present *p, const struct account_card *card, struct jw *j)
{
	struct view end = present_account_end(p->viewer, card->id, card->featurable);

	jw_raw(j, card->json);
	buf_add(j->out, view_sub(end, 0, end.len - 1));
}

enum err present_muted_accounts(const struct present *p, const struct graph_entry *entries, size_t n, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < n; i++) {
		struct account_card *card;
		enum err err = shown_card(p, entries[i].account, &card);
		if (err == ERR_NOT_FOUND)
			continue;
		TRY(err);
		open_card(p, card, j);
		jw_kv_time(j, "mute_expires_at", entries[i].until);
		jw_object_end(j);
		account_card_put(card);
	}
	jw_array_end(j);
	return OK;
}

static enum err attribution(const struct present *p, struct account_id id, struct jw *j)
{
	struct view domains[LIMIT_ATTRIBUTION_DOMAINS];
	size_t n = 0;

	TRY(attribution_load(p->db, p->arena, id, domains, &n));
	jw_key(j, "attribution_domains");
	jw_array(j);
	for (size_t i = 0; i < n; i++)
		jw_str(j, domains[i]);
	jw_array_end(j);
	return OK;
}

static enum err source(const struct present *p, const struct account_card *card, const struct user *u, struct jw *j)
{
	jw_key(j, "source");
	jw_object(j);
	jw_kv_cstr(j, "privacy", visibility_name(u->default_visibility));
	jw_kv_bool(j, "sensitive", u->default_sensitive);
	jw_key(j, "language");
	if (u->default_language.len > 0)
		jw_str(j, u->default_language);
	else
		jw_null(j);
	jw_raw(j, card->source);
	jw_kv_int(j, "follow_requests_count", u->follow_requests);
	TRY(attribution(p, u->id, j));
	jw_kv_cstr(j, "quote_policy", quote_policy_name(u->default_quote_policy));
	jw_object_end(j);
	return OK;
}

void present_role(const struct present *p, enum role role, struct jw *j)
{
	const struct role_row *row = role_row(role);

	jw_object(j);
	jw_kv_cstr(j, "id", row->id);
	jw_kv_cstr(j, "name", row->name);
	jw_kv_cstr(j, "color", "");
	jw_kv_str(j, "permissions", arena_printf(p->arena, "%" PRIu32, row->permissions));
	jw_kv_bool(j, "highlighted", role != ROLE_USER);
	jw_kv_int(j, "collection_limit", LIMIT_COLLECTIONS);
	jw_object_end(j);
}

enum err present_credential_account(const struct present *p, struct account_id id, struct jw *j)
{
	struct user u;
	struct account_card *card;
	TRY(user_load(p->db, p->arena, id, &u));
	TRY(account_card_get(p->core, p->db, p->arena, id, &card));
	open_card(p, card, j);
	enum err err = source(p, card, &u, j);
	account_card_put(card);
	TRY(err);
	jw_key(j, "role");
	present_role(p, u.role, j);
	jw_object_end(j);
	return OK;
}

enum err present_partial_account(const struct present *p, struct account_id id, struct jw *j)
{
	struct account a;

	TRY(account_load(p->db, p->arena, id, &a));
	jw_object(j);
	jw_kv_id(j, "id", a.id.v);
	jw_kv_str(j, "acct", acct(p, &a));
	jw_kv_str(j, "url", a.url);
	picture(p, j, "avatar", a.avatar, DEFAULT_AVATAR);
	picture(p, j, "avatar_static", a.avatar_static, DEFAULT_AVATAR);
	jw_kv_str(j, "avatar_description", a.avatar_description);
	jw_kv_bool(j, "locked", a.locked);
	jw_kv_bool(j, "bot", a.bot);
	jw_object_end(j);
	return OK;
}

static void own_picture(const struct present *p, struct jw *j, const char *key, struct view file)
{
	jw_key(j, key);
	if (file.len > 0)
		jw_str(j, present_file_url(p, file));
	else
		jw_null(j);
}

enum err present_profile(const struct present *p, struct account_id id, struct jw *j)
{
	struct account a;
	TRY(account_load(p->db, p->arena, id, &a));
	jw_object(j);
	jw_kv_id(j, "id", a.id.v);
	jw_kv_str(j, "display_name", a.display_name);
	jw_kv_str(j, "note", a.note);
	jw_key(j, "fields");
	fields(j, a.fields, "value");
	own_picture(p, j, "avatar", a.avatar);
	own_picture(p, j, "avatar_static", a.avatar_static);
	jw_kv_str(j, "avatar_description", a.avatar_description);
	own_picture(p, j, "header", a.header);
	own_picture(p, j, "header_static", a.header_static);
	jw_kv_str(j, "header_description", a.header_description);
	jw_kv_bool(j, "locked", a.locked);
	jw_kv_bool(j, "bot", a.bot);
	jw_kv_bool(j, "hide_collections", a.hide_collections);
	jw_kv_bool(j, "discoverable", a.discoverable);
	jw_kv_bool(j, "indexable", a.indexable);
	jw_kv_bool(j, "show_media", true);
	jw_kv_bool(j, "show_media_replies", true);
	jw_kv_bool(j, "show_featured", true);
	TRY(attribution(p, id, j));
	jw_key(j, "featured_tags");
	TRY(present_featured_tags(p, id, j));
	jw_object_end(j);
	return OK;
}

/*
 * account_update.c - changing a profile. Notes and fields are kept as written and as HTML, made here once.
 */
#include "base/base.h"

#include "core/accounts.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "core/account_rules.h"
#include "core/graph.h"
#include "text/compose.h"
#include "text/lang.h"
#include "text/post_html.h"

#define LIMIT_NOTE_HTML (64 * LIMIT_KIB)
#define LIMIT_NOTE_BYTES (8 * LIMIT_KIB) /* 500 characters with their marks, and links; stands beside every post */

SQL(account_change,
    "UPDATE accounts SET display_name = COALESCE($2, display_name), note = COALESCE($3, note), "
    "note_html = COALESCE($4, note_html), fields = COALESCE($5, fields), avatar = COALESCE($6, avatar), "
    "avatar_static = COALESCE($7, avatar_static), header = COALESCE($8, header), "
    "header_static = COALESCE($9, header_static), avatar_description = COALESCE($10, avatar_description), "
    "header_description = COALESCE($11, header_description), locked = COALESCE($12, locked), "
    "actor_type = COALESCE($13, actor_type), discoverable = COALESCE($14, discoverable), "
    "indexable = COALESCE($15, indexable), hide_collections = COALESCE($16, hide_collections), updated_at = $17 "
    "WHERE id = $1");
SQL(user_change, "UPDATE users SET default_visibility = COALESCE($2, default_visibility), "
		 "default_sensitive = COALESCE($3, default_sensitive), "
		 "default_language = CASE WHEN $4 = 0 THEN default_language ELSE $5 END, "
		 "default_quote_policy = COALESCE($6, default_quote_policy) WHERE account_id = $1");

/* Whom the mentions in a text mean; a name nobody has stays text. */
static enum err resolve(struct core *c, struct db *db, struct arena *a, struct tokens tokens, struct post_link *links)
{
	for (size_t i = 0; i < tokens.n; i++) {
		const struct token *t = &tokens.v[i];
		if (t->kind != TOKEN_MENTION)
			continue;
		struct view domain = view_eq_nocase(t->domain, view_of(c->config.domain)) ? V("") : t->domain;
		struct account_id id;
		struct account account;
		enum err err = account_find_name(db, t->name, domain, &id);
		if (err == OK)
			err = account_load(db, a, id, &account);
		if (err == ERR_NOT_FOUND)
			continue;
		TRY(err);
		links[i].url = account.url;
		links[i].shown = account_is_local(&account) ? account.username
							    : arena_printf(a, "%.*s@%.*s", VIEW_ARG(account.username),
									   VIEW_ARG(account.domain));
	}
	return OK;
}

static enum err render(struct core *c, struct db *db, struct arena *a, struct view text, bool field, struct view *ret)
{
	struct tokens tokens = compose_tokens(a, text, LIMIT_POST_TOKENS);
	struct post_link *links = ARENA_ARRAY(a, tokens.n, struct post_link);
	struct post_style style = {.base_url = view_of(c->config.base_url), .paragraphs = !field, .rel_me = field};
	struct buf out CLEANUP(buf_release);
	struct safe_html html;
	buf_init(&out, LIMIT_NOTE_HTML);
	TRY(resolve(c, db, a, tokens, links));
	TRY(post_html(&out, text, tokens, links, &style, &html));
	*ret = arena_view(a, html.reviewed);
	return OK;
}

/* The first n characters (code points): Mastodon cuts fields instead of refusing them. */
static struct view cut(struct view v, size_t n)
{
	size_t at = 0, step;
	while (n-- > 0 && (step = utf8_step(v, at)) > 0)
		at += step;
	return view_sub(v, 0, at);
}

static enum err render_fields(struct core *c, struct db *db, struct arena *a, const struct profile_change *ch,
			      struct view *ret, struct problem *problem)
{
	struct buf out CLEANUP(buf_release);
	buf_init(&out, LIMIT_FIELDS * LIMIT_NOTE_HTML);
	struct jw j = jw_to(&out);
	jw_array(&j);
	for (size_t i = 0; i < ch->n_fields; i++) {
		struct view name = cut(view_trim(ch->field_names[i]), LIMIT_FIELD_CHARS);
		struct view value = cut(view_trim(ch->field_values[i]), LIMIT_FIELD_CHARS), html;
		if (name.len == 0 && value.len == 0)
			continue;
		if (name.len == 0)
			return fail(problem, ERR_UNPROCESSABLE,
				    "Validation failed: Fields with a value can't have a blank name");
		TRY(render(c, db, a, value, true, &html));
		jw_object(&j);
		jw_kv_str(&j, "name", name);
		jw_kv_str(&j, "value", value);
		jw_kv_str(&j, "html", html);
		jw_kv_null(&j, "verified_at");
		jw_object_end(&j);
	}
	jw_array_end(&j);
	TRY(buf_err(&out));
	*ret = arena_view(a, buf_view(&out));
	return OK;
}

struct update {
	struct account_id id;
	const struct profile_change *ch;
	struct view username, note_html, fields, language;
	int64_t now;
};

static struct bind text_if(bool has, struct view v)
{
	return has ? B_TEXT(v) : B_NULL;
}
static struct bind flag_if(bool has, bool on)
{
	return has ? B_INT(on) : B_NULL;
}

static enum err write_account(struct db *tx, const struct update *u)
{
	const struct profile_change *ch = u->ch;
	const struct bind binds[] = {
		B_INT(u->id.v),
		text_if(ch->has_display_name, ch->display_name),
		text_if(ch->has_note, ch->note),
		text_if(ch->has_note, u->note_html),
		text_if(ch->has_fields, u->fields),
		text_if(ch->has_avatar, ch->avatar),
		text_if(ch->has_avatar, ch->avatar_static),
		text_if(ch->has_header, ch->header),
		text_if(ch->has_header, ch->header_static),
		text_if(ch->has_avatar_description, ch->avatar_description),
		text_if(ch->has_header_description, ch->header_description),
		flag_if(ch->has_locked, ch->locked),
		text_if(ch->has_bot, ch->bot ? V("Service") : V("Person")),
		flag_if(ch->has_discoverable, ch->discoverable),
		flag_if(ch->has_indexable, ch->indexable),
		flag_if(ch->has_hide_collections, ch->hide_collections),
		B_INT(u->now),
	};
	return db_exec(tx, &account_change, binds, ARRAY_LEN(binds), NULL);
}

static enum err write(struct db *tx, void *arg)
{
	const struct update *u = arg;
	const struct profile_change *ch = u->ch;
	TRY(write_account(tx, u));
	if (ch->has_display_name)
		TRY(account_index_words(tx, u->id, u->username, ch->display_name));
	if (!ch->has_privacy && !ch->has_sensitive && !ch->has_language && !ch->has_quote_policy)
		return OK;
	return db_exec(tx, &user_change,
		       BINDS(B_INT(u->id.v), ch->has_privacy ? B_INT(ch->privacy) : B_NULL,
			     flag_if(ch->has_sensitive, ch->sensitive), B_INT(ch->has_language),
			     text_if(u->language.len > 0, u->language),
			     ch->has_quote_policy ? B_INT(ch->quote_policy) : B_NULL),
		       NULL);
}

static enum err too_long(struct problem *problem, const char *what, int max)
{
	return fail(problem, ERR_UNPROCESSABLE, "Validation failed: %s is too long (maximum is %d characters)", what,
		    max);
}

/* All of it stands beside every post of the account, so the bytes are bounded too. */
static bool is_over(struct view v, size_t chars)
{
	size_t bytes = chars * LIMIT_CHAR_BYTES;

	return v.len > (bytes < LIMIT_NOTE_BYTES ? bytes : LIMIT_NOTE_BYTES) || compose_chars(v) > chars;
}

static enum err check(const struct profile_change *ch, struct problem *problem)
{
	if (ch->has_display_name && is_over(ch->display_name, LIMIT_DISPLAY_NAME_CHARS))
		return too_long(problem, "Display name", LIMIT_DISPLAY_NAME_CHARS);
	if (ch->has_note && (ch->note.len > LIMIT_NOTE_BYTES || compose_length(ch->note, V("")) > LIMIT_NOTE_CHARS))
		return too_long(problem, "Note", LIMIT_NOTE_CHARS);
	if (ch->has_avatar_description && is_over(ch->avatar_description, LIMIT_MEDIA_ALT_CHARS))
		return too_long(problem, "Avatar description", LIMIT_MEDIA_ALT_CHARS);
	if (ch->has_header_description && is_over(ch->header_description, LIMIT_MEDIA_ALT_CHARS))
		return too_long(problem, "Header description", LIMIT_MEDIA_ALT_CHARS);
	if (ch->has_privacy && ch->privacy == VISIBILITY_DIRECT)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Privacy is not included in the list");
	return OK;
}

enum err account_update(struct core *c, struct db *db, struct arena *a, struct account_id id,
			const struct profile_change *change, struct problem *problem)
{
	struct account before;
	struct update u = {.id = id, .ch = change, .now = clock_now()};
	char lang[LANG_BYTES];
	TRY(check(change, problem));
	if (change->has_language && change->language.len > 0) {
		if (!lang_normalise(change->language, lang))
			return fail(problem, ERR_UNPROCESSABLE,
				    "Validation failed: Language is not included in the list");
		u.language = view_of(lang);
	}
	TRY(account_load(db, a, id, &before));
	u.username = before.username;
	if (change->has_note)
		TRY(render(c, db, a, change->note, false, &u.note_html));
	if (change->has_fields)
		TRY(render_fields(c, db, a, change, &u.fields, problem));
	TRY(store_write(c->store, write, &u));
	events_announce(c->events, &(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = id});
	if (before.locked && change->has_locked && !change->locked)
		return graph_authorize_all(c, db, id);
	return OK;
}

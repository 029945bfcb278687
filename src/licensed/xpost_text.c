/*
 * xpost_text.c - see xpost_text.h.
 */
#include "base/base.h"

#include "licensed/xpost_text.h"

#include "core/previews.h"

#define DISPLAY_URL_BYTES 40

const struct xnamed *xtext_named(const struct xtext *t, const struct token *mention)
{
	struct view domain = view_eq_nocase(mention->domain, t->domain) ? V("") : mention->domain;

	for (size_t i = 0; i < t->n_named; i++)
		if (view_eq_nocase(t->named[i].username, mention->name) && view_eq_nocase(t->named[i].domain, domain))
			return &t->named[i];
	return NULL;
}

static size_t characters(struct view v)
{
	size_t n = 0;

	for (size_t i = 0; i < v.len; i++)
		n += ((unsigned char)v.p[i] & 0xc0) != 0x80;
	return n;
}

/* As X shows links: without scheme and "www.", not long. */
static void display_url(struct jw *j, struct view url)
{
	char text[DISPLAY_URL_BYTES + sizeof("…")];
	size_t at = view_starts(url, V("https://")) ? 8 : view_starts(url, V("http://")) ? 7 : 0;

	at += view_starts(view_sub(url, at, url.len), V("www.")) ? 4 : 0;
	struct view rest = view_sub(url, at, url.len);
	size_t len = rest.len;
	jw_key(j, "display_url");
	if (len <= DISPLAY_URL_BYTES) {
		jw_str(j, rest);
		return;
	}
	for (len = DISPLAY_URL_BYTES; len && ((unsigned char)rest.p[len] & 0xc0) == 0x80;)
		len--;
	int n = snprintf(text, sizeof(text), "%.*s…", (int)len, rest.p);
	jw_str(j, view_make(text, (size_t)n));
}

static bool write_url(const struct xtext *t, const struct token *token, struct jw *j)
{
	jw_kv_str(j, "url", token->name);
	jw_kv_str(j, "expanded_url", token->name);
	display_url(j, token->name);
	if (t->card && view_eq(t->card->url, token->name)) {
		jw_kv_str(j, "title", t->card->title);
		jw_kv_str(j, "description", t->card->description);
	}
	return true;
}

static void write_mention(const struct xtext *t, const struct token *token, struct jw *j)
{
	const struct xnamed *named = xtext_named(t, token);

	jw_key(j, "username");
	if (named->domain.len) {
		char acct[512];
		int n = snprintf(acct, sizeof(acct), "%.*s@%.*s", VIEW_ARG(named->username), VIEW_ARG(named->domain));

		jw_str(j, n < (int)sizeof(acct) ? view_of(acct) : named->username);
	} else {
		jw_str(j, named->username);
	}
	jw_kv_id(j, "id", named->id.v);
}

static void write_one(const struct xtext *t, const struct token *token, struct jw *j)
{
	if (token->kind == TOKEN_URL)
		write_url(t, token, j);
	else if (token->kind == TOKEN_MENTION)
		write_mention(t, token, j);
	else
		jw_kv_str(j, "tag", token->name);
}

static bool is_entity(const struct xtext *t, const struct token *token)
{
	return token->kind != TOKEN_MENTION || xtext_named(t, token);
}

/* All of one kind; `first` says whether the array has to be begun. */
static bool write_kind(const struct xtext *t, enum token_kind kind, const char *key, struct jw *j, bool *any)
{
	size_t behind = 0, chars = 0;
	bool begun = false;

	for (size_t i = 0; i < t->tokens.n; i++) {
		const struct token *token = &t->tokens.v[i];
		size_t start = chars + characters(view_sub(t->text, behind, token->at - behind));

		chars = start + characters(view_sub(t->text, token->at, token->len));
		behind = token->at + token->len;
		if (token->kind != kind || !is_entity(t, token))
			continue;
		if (!*any)
			jw_object(j);
		if (!begun) {
			jw_key(j, key);
			jw_array(j);
		}
		*any = begun = true;
		jw_object(j);
		jw_kv_int(j, "start", (int64_t)start);
		jw_kv_int(j, "end", (int64_t)chars);
		write_one(t, token, j);
		jw_object_end(j);
	}
	if (begun)
		jw_array_end(j);
	return begun;
}

bool xtext_entities(const struct xtext *t, struct jw *j)
{
	bool any = false;

	write_kind(t, TOKEN_URL, "urls", j, &any);
	write_kind(t, TOKEN_MENTION, "mentions", j, &any);
	write_kind(t, TOKEN_TAG, "hashtags", j, &any);
	if (any)
		jw_object_end(j);
	return any;
}

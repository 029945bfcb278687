/*
 * apps.c - registering and finding OAuth applications.
 */
#include "base/base.h"

#include "core/apps.h"

#include "base/clock.h"
#include "base/buf.h"
#include "text/compose.h"

SQL(app_insert, "INSERT INTO apps (id, client_id, secret_hash, name, website, redirect_uris, scopes, created_at) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
#define APP_COLUMNS "SELECT id, client_id, secret_hash, name, website, redirect_uris, scopes, created_at FROM apps "
SQL(app_by_client, APP_COLUMNS "WHERE client_id = $1");
SQL(app_by_id, APP_COLUMNS "WHERE id = $1");

/* Addresses a browser would run instead of visit. */
static const char *const forbidden_schemes[] = {"javascript", "data",  "vbscript",   "file",
						"blob",	      "about", "view-source"};

static bool scheme_char(char c, bool first)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return letter || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
}

static bool printable(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.p[i] <= ' ' || v.p[i] == 0x7f || strchr("<>\"\\^`{|}", v.p[i]))
			return false;
	return true;
}

/* Why an address may not be redirected to; NULL when it may. RFC 6749 3.1.2: absolute, without fragment. */
static const char *redirect_problem(struct view uri)
{
	if (view_is(uri, APP_REDIRECT_OOB))
		return NULL;
	size_t colon = view_find(uri, 0, ':');
	for (size_t i = 0; i < colon; i++)
		if (!scheme_char(uri.p[i], i == 0))
			return "must be an absolute URI.";
	if (colon == 0 || colon + 1 >= uri.len)
		return "must be an absolute URI.";
	struct view scheme = view_sub(uri, 0, colon), rest = view_sub(uri, colon + 1, uri.len);
	for (size_t i = 0; i < ARRAY_LEN(forbidden_schemes); i++)
		if (view_eq_nocase(scheme, view_of(forbidden_schemes[i])))
			return "is forbidden by the server.";
	bool web = view_eq_nocase(scheme, V("http")) || view_eq_nocase(scheme, V("https"));
	if (!printable(uri) || (web && (!view_starts(rest, V("//")) || rest.len < 3 || rest.p[2] == '/')))
		return "must be a valid URI.";
	if (view_find(uri, 0, '#') < uri.len)
		return "cannot contain a fragment.";
	return NULL;
}

/* All addresses with newlines between; some clients send several in one text. */
static enum err join_redirects(const struct new_app *na, struct buf *out, struct problem *problem)
{
	for (size_t i = 0; i < na->n_redirect_uris; i++) {
		struct view rest = na->redirect_uris[i], line;
		while (view_split(&rest, '\n', &line)) {
			line = view_trim(line);
			if (line.len == 0)
				continue;
			const char *why = redirect_problem(line);
			if (why)
				return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Redirect URI %s", why);
			if (out->len > 0)
				buf_add_c(out, '\n');
			buf_add(out, line);
		}
	}
	if (out->over)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Redirect URI is too long (maximum is %d characters)",
			    LIMIT_APP_REDIRECT_BYTES);
	if (out->len == 0)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Redirect URI can't be blank");
	return OK;
}

static enum err check_new(const struct new_app *na, struct problem *problem)
{
	if (view_trim(na->name).len == 0)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Application name can't be blank");
	if (compose_chars(na->name) > LIMIT_APP_NAME_CHARS)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Application name is too long (maximum is %d characters)",
			    LIMIT_APP_NAME_CHARS);
	bool web = view_starts(na->website, V("http://")) || view_starts(na->website, V("https://"));
	if (na->website.len > 0 && (!web || na->website.len > LIMIT_APP_REDIRECT_BYTES || !printable(na->website)))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Application website must be a valid URL");
	return OK;
}

static enum err insert(struct db *tx, void *arg)
{
	const struct app *app = arg;
	struct bind website = app->website.len > 0 ? B_TEXT(app->website) : B_NULL;
	return db_exec(tx, &app_insert,
		       BINDS(B_INT(app->id), B_TEXT(app->client_id), B_TEXT(app->secret_hash), B_TEXT(app->name),
			     website, B_TEXT(app->redirect_uris), B_TEXT(app->scopes_text), B_INT(app->created_at)),
		       NULL);
}

enum err app_create(struct core *c, struct arena *a, const struct new_app *na, struct app *ret,
		    char ret_secret[TOKEN_LEN + 1], struct problem *problem)
{
	TRY(check_new(na, problem));
	struct app app = {.id = id_next(), .created_at = clock_now(), .name = na->name, .website = na->website};
	app.scopes_text = arena_view(a, na->scopes.len > 0 ? na->scopes : V("read"));
	if (scope_parse(app.scopes_text, &app.scopes) != OK)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Scopes doesn't match configured on the server.");

	struct buf redirects CLEANUP(buf_release);
	buf_init(&redirects, LIMIT_APP_REDIRECT_BYTES);
	TRY(join_redirects(na, &redirects, problem));
	app.redirect_uris = arena_view(a, buf_view(&redirects));

	char client[TOKEN_LEN + 1], secret[TOKEN_LEN + 1], hash[TOKEN_HASH_LEN + 1];
	token_make(client);
	token_make(secret);
	app.client_id = arena_view(a, view_of(client));
	token_hash(view_of(secret), hash);
	app.secret_hash = arena_view(a, view_of(hash));
	app.name = arena_view(a, app.name);
	app.website = arena_view(a, app.website);
	TRY(store_write(c->store, insert, &app));
	memcpy(ret_secret, secret, sizeof(secret));
	*ret = app;
	return OK;
}

static enum err read_app(struct db *db, struct arena *a, const struct sql *sql, struct bind key, struct app *ret)
{
	struct app app = {0};
	struct rows r;
	db_query(db, &r, sql, &key, 1);
	if (rows_next(&r)) {
		app.id = row_int(&r, 0);
		app.client_id = row_copy(&r, 1, a);
		app.secret_hash = row_copy(&r, 2, a);
		app.name = row_copy(&r, 3, a);
		app.website = row_copy(&r, 4, a);
		app.redirect_uris = row_copy(&r, 5, a);
		app.scopes_text = row_copy(&r, 6, a);
		app.created_at = row_int(&r, 7);
	}
	TRY(rows_end(&r));
	if (app.id == 0)
		return ERR_NOT_FOUND;
	if (scope_parse(app.scopes_text, &app.scopes) != OK)
		return ERR_CORRUPT;
	*ret = app;
	return OK;
}

enum err app_find(struct db *db, struct arena *a, struct view client_id, struct app *ret)
{
	return read_app(db, a, &app_by_client, B_TEXT(client_id), ret);
}

enum err app_load(struct db *db, struct arena *a, int64_t id, struct app *ret)
{
	return read_app(db, a, &app_by_id, B_INT(id), ret);
}

bool app_secret_ok(const struct app *app, struct view secret)
{
	char hash[TOKEN_HASH_LEN + 1];
	token_hash(secret, hash);
	return secret_eq(view_of(hash), app->secret_hash);
}

bool app_redirect_ok(const struct app *app, struct view uri)
{
	struct view rest = app->redirect_uris, line;
	while (view_split(&rest, '\n', &line))
		if (view_eq(line, uri))
			return true;
	return false;
}

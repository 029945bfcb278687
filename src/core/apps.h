/*
 * apps.h - registered OAuth applications (docs.joinmastodon.org/methods/apps). The secret is shown once and kept as a
 * digest.
 */
#ifndef CORE_APPS_H
#define CORE_APPS_H

#include "base/secret.h"
#include "core/core.h"
#include "core/scope.h"

#define APP_REDIRECT_OOB "urn:ietf:wg:oauth:2.0:oob" /* the code is shown on a page instead of sent */
#define LIMIT_APP_NAME_CHARS 60
#define LIMIT_APP_REDIRECT_BYTES 2000 /* all addresses together */

struct app {
	int64_t id, created_at;
	struct view client_id, name, website; /* website empty: none */
	struct view redirect_uris;	      /* separated by newlines */
	struct view scopes_text;
	scope_set scopes;
	struct view secret_hash;
};

struct new_app {
	struct view name, website;
	const struct view *redirect_uris;
	size_t n_redirect_uris;
	struct view scopes; /* empty: "read" */
};
/* ERR_UNPROCESSABLE "Validation failed: …": blank name, bad address, unknown scope. Runs a store_write. */
enum err app_create(struct core *c, struct arena *a, const struct new_app *na, struct app *ret,
		    char ret_secret[TOKEN_LEN + 1], struct problem *problem);
/* ERR_NOT_FOUND when there is none. */
enum err app_find(struct db *db, struct arena *a, struct view client_id, struct app *ret);
enum err app_load(struct db *db, struct arena *a, int64_t id, struct app *ret);
bool app_secret_ok(const struct app *app, struct view secret); /* constant time */
/* uri is, byte for byte, one of those registered (RFC 6749 3.1.2.3, RFC 9700 2.1). */
bool app_redirect_ok(const struct app *app, struct view uri);

#endif

/*
 * oauth_codes.h - authorization codes: made when a person says yes, redeemed once within ten minutes (RFC 6749 4.1.2,
 * PKCE: RFC 7636 with S256 only).
 */
#ifndef CORE_OAUTH_CODES_H
#define CORE_OAUTH_CODES_H

#include "base/secret.h"
#include "core/core.h"
#include "core/scope.h"

#define OAUTH_CODE_MS (10 * 60 * 1000)

struct new_code {
	int64_t app_id;
	struct account_id account;
	struct view redirect_uri; /* checked with app_redirect_ok() */
	struct view scopes;	  /* a subset of the app's */
	struct view challenge;	  /* S256, 43 characters; empty without PKCE. Another length is ERR_INVALID */
};
/* Runs a store_write. */
enum err oauth_code_create(struct core *c, const struct new_code *nc, char ret_code[TOKEN_LEN + 1]);

struct oauth_grant {
	struct account_id account;
	struct view scopes_text; /* in the arena */
	scope_set scopes;
};
/*
 * Uses the code up, whether the rest fits or not. ERR_UNAUTHORIZED: unknown, used, too old, another app's, another
 * redirect_uri, or the verifier does not fit the challenge (or is missing, or was not announced). Runs a store_write.
 */
enum err oauth_code_redeem(struct core *c, struct arena *a, int64_t app_id, struct view code, struct view redirect_uri,
			   struct view verifier, struct oauth_grant *ret);
/* Forgets what is too old; jobs call it now and then. */
enum err oauth_codes_expire(struct core *c, int64_t now);

#endif

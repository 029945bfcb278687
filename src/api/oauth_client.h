/*
 * oauth_client.h - which app calls an OAuth endpoint, and the errors these answer with.
 */
#ifndef API_OAUTH_CLIENT_H
#define API_OAUTH_CLIENT_H

#include "core/apps.h"
#include "gate/call.h"

/*
 * From client_id and client_secret, or HTTP Basic (RFC 6749 2.3.1). ERR_UNAUTHORIZED: unknown, or the wrong secret;
 * every app has one.
 */
enum err oauth_client(struct call *c, struct app *ret);

enum oauth_error {
	OAUTH_MISSING_GRANT_TYPE,
	OAUTH_MISSING_CODE,
	OAUTH_INVALID_CLIENT,
	OAUTH_INVALID_GRANT,
	OAUTH_UNSUPPORTED_GRANT,
	OAUTH_INVALID_SCOPE,
	OAUTH_UNAUTHORIZED_CLIENT
};
/* Writes {"error", "error_description"} with its status; always OK. */
enum err answer_oauth_error(struct call *c, enum oauth_error e);

#endif

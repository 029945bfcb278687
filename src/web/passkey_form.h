/*
 * passkey_form.h - a form that assets/passkey.js fills with what the browser's passkey says.
 */
#ifndef WEB_PASSKEY_FORM_H
#define WEB_PASSKEY_FORM_H

#include "core/challenges.h"
#include "core/passkeys.h"
#include "web/page.h"

#define PASSKEY_SCRIPT "passkey.js"
#define PASSKEY_PARAMS                                                                                                 \
	{.name = "credential", .max = 2048, .doc = "Id of the passkey, base64url."},                                   \
		{.name = "client_data", .max = 8192, .doc = "clientDataJSON, base64url."},                             \
		{.name = "auth_data", .max = 8192, .doc = "Authenticator data, base64url."},                           \
	{                                                                                                              \
		.name = "signature", .max = 8192, .doc = "Over both, base64url."                                       \
	}

struct passkey_form {
	const char *action, *question; /* "get", "create" */
	enum challenge_kind kind;
	struct account_id account;	 /* 0: whoever answers */
	bool now;			 /* ask as soon as the page is there */
	struct view user, name, exclude; /* of "create": id, name, and the passkeys there are, with spaces between */
};
/* Opens the form with a new question in it; the caller draws a button and closes it. */
enum err passkey_form_begin(struct call *c, struct html *h, const struct passkey_form *form);
struct passkey_answer passkey_form_answer(struct call *c);

#endif

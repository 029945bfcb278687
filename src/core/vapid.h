/*
 * vapid.h - the server's key pair for Web Push (RFC 8292): P-256, made when it is first asked for, kept in settings: making it
 * brings 0.7 MB of OpenSSL into memory, which a server that nobody asks has no use for.
 */
#ifndef CORE_VAPID_H
#define CORE_VAPID_H

#include "base/secret.h"
#include "core/core.h"

/*
 * The public key as clients take it: 65 bytes of the point in base64url, 87 characters. Empty when there is none and none
 * can be written now, which is logged. Not inside a transaction.
 */
enum err vapid_public_key(struct store *store, struct arena *a, struct view *ret);

/* Both halves in base64url: the point, and the scalar of 32 bytes. To be wiped. */
struct vapid_pair {
	char public[BASE64URL_LEN(65) + 1], private[BASE64URL_LEN(32) + 1];
};
enum err vapid_load(struct store *store, struct vapid_pair *ret);

#endif

/*
 * vapid.h - the server's key pair for Web Push (RFC 8292): P-256, made on the first start, kept in settings.
 */
#ifndef CORE_VAPID_H
#define CORE_VAPID_H

#include "base/secret.h"
#include "core/core.h"

/* Makes the pair where there is none. At boot; does nothing on a store opened for reading. */
enum err vapid_init(struct store *store);
/* The public key as clients take it: 65 bytes of the point in base64url, 87 characters; empty when there is none. */
enum err vapid_public_key(struct db *db, struct arena *a, struct view *ret);

/* Both halves in base64url: the point, and the scalar of 32 bytes. ERR_NOT_FOUND when there are none. To be wiped. */
struct vapid_pair {
	char public[BASE64URL_LEN(65) + 1], private[BASE64URL_LEN(32) + 1];
};
enum err vapid_load(struct db *db, struct vapid_pair *ret);

#endif

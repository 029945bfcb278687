/*
 * voucher.h - this server vouches for what it sends (VAPID, RFC 8292): a JWT (RFC 7519) for each push service, signed
 * with ES256 (RFC 7518 3.4) by the server's key, good for half a day and used for half of that. Any thread.
 */
#ifndef PUSH_VOUCHER_H
#define PUSH_VOUCHER_H

#include "base/secret.h"
#include "core/vapid.h"

#define VOUCHER_MAX 1024

struct vouchers;

/* subject: "mailto:…" or "https://…", whom a push service may ask; copied. ERR_INVALID: the pair has other lengths. */
enum err vouchers_new(const struct vapid_pair *pair, const char *subject, struct vouchers **ret);
void vouchers_free(struct vouchers *v); /* NULL-safe */

/* The server's public key, base64url. */
const char *vouchers_key(const struct vouchers *v);
/* audience: the origin of the push service, "https://push.example", at most 300 bytes. NUL-terminated. */
enum err voucher_for(struct vouchers *v, struct view audience, int64_t now, char ret[VOUCHER_MAX]);
/* The same made anew. */
enum err voucher_sign(struct vouchers *v, struct view audience, int64_t now, char ret[VOUCHER_MAX]);

#endif

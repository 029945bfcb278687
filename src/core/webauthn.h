/*
 * webauthn.h - judges what a browser says in a passkey's name (W3C Web Authentication, level 2, 7.1 and 7.2), over
 * libfido2. Pure: knows no accounts. All of it comes from outside.
 */
#ifndef CORE_WEBAUTHN_H
#define CORE_WEBAUTHN_H

#include "base/arena.h"
#include "base/base.h"

#define WEBAUTHN_CLIENT_DATA_MAX 4096
#define WEBAUTHN_AUTH_DATA_MAX 4096
#define WEBAUTHN_CREDENTIAL_MAX 1023 /* bytes, level 2, 5.8.3 */

/* The place people are at: "https://social.example" (no path), and its host alone. */
struct webauthn_site {
	struct view origin, host;
};

struct webauthn_client {
	struct view challenge; /* base64url, as we made it */
};
/* Is it JSON of this type ("webauthn.get") from a page of this site, and no frame of another? ERR_INVALID. */
enum err webauthn_client_data(const struct webauthn_site *site, struct arena *a, struct view client_data,
			      const char *type, struct webauthn_client *ret);

struct webauthn_key {
	struct view credential; /* bytes */
	int algorithm;		/* COSE */
	struct view key;	/* bytes, as libfido2 has them */
	uint32_t counter;
};
/* A new key, for this site, made while somebody was there and known to the device. No attestation is asked for. */
enum err webauthn_register(const struct webauthn_site *site, struct arena *a, struct view auth_data,
			   struct webauthn_key *ret);
/* The signature of this key, over these, by somebody known to the device. ERR_UNAUTHORIZED. */
enum err webauthn_verify(const struct webauthn_site *site, const struct webauthn_key *key, struct view client_data,
			 struct view auth_data, struct view signature, uint32_t *ret_counter);

#endif

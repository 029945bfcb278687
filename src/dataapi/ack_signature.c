/*
 * ack_signature.c - see ack_signature.h.
 */
#include "base/base.h"

#include "dataapi/ack_signature.h"

#include <sodium.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/secret.h"

struct view ack_text(struct arena *a, const struct ack_statement *s)
{
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_MIB};

	buf_printf(&out, "kicau compliance ack v1\n%.*s\n%" PRId64 "\nup_to %" PRId64 "\n", VIEW_ARG(s->domain),
		   s->licensee, s->up_to);
	for (size_t i = 0; i < s->n; i++)
		buf_printf(&out, "%" PRId64 "\n", s->events[i]);
	return arena_view(a, buf_view(&out));
}

static bool read_bytes(struct view v, unsigned char *ret, size_t n)
{
	size_t len;

	return base64_decode(v, ret, n, &len) && len == n;
}

enum err ack_check_signature(struct arena *a, const struct ack_statement *s, struct view key, struct view signature,
			     struct view *ret_data, struct problem *problem)
{
	unsigned char public[crypto_sign_PUBLICKEYBYTES], sig[crypto_sign_BYTES];
	char key_hex[HEX_LEN(sizeof(public)) + 1], sig_hex[HEX_LEN(sizeof(sig)) + 1];
	struct view text = ack_text(a, s);

	if (!read_bytes(key, public, sizeof(public)) || !read_bytes(signature, sig, sizeof(sig)))
		return fail(problem, ERR_INVALID,
			    "public_key and signature: 32 and 64 bytes in base64, of Ed25519; one needs the other");
	if (crypto_sign_verify_detached(sig, (const unsigned char *)text.p, text.len, public) != 0)
		return fail(problem, ERR_INVALID, "signature: it is not public_key's under this text: %.*s",
			    VIEW_ARG(view_sub(text, 0, 200)));
	hex_encode(public, sizeof(public), key_hex);
	hex_encode(sig, sizeof(sig), sig_hex);
	*ret_data = arena_printf(a, "ed25519 %s %s", key_hex, sig_hex);
	return OK;
}

/*
 * webauthn_fuzz.c - whatever a browser sends: a byte for the length of the client data, those, and authenticator data.
 */
#include "base/base.h"

#include "core/webauthn.h"

#include "base/limits.h"
#include "base/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct webauthn_site site = {.origin = V("http://localhost"), .host = V("localhost")};
	struct view in = view_make((const char *)data, size);
	struct digest host = digest_sha256(site.host);
	struct webauthn_client client;
	struct webauthn_key key;
	struct arena a;
	uint32_t counter;

	if (size < 1 || size > 8 * LIMIT_KIB)
		return 0;
	arena_init(&a, LIMIT_MIB);
	struct view client_data = view_sub(in, 1, data[0]), rest = view_sub(in, 1 + (size_t)data[0], size);
	(void)!webauthn_client_data(&site, &a, client_data, "webauthn.get", &client);
	/* The hash of the site is set before it, or hardly any input would get behind it. */
	struct view auth_data = arena_printf(&a, "%*s", (int)(DIGEST_LEN + rest.len), "");
	memcpy((char *)(uintptr_t)auth_data.p, host.b, DIGEST_LEN);
	memcpy((char *)(uintptr_t)auth_data.p + DIGEST_LEN, rest.p, rest.len);
	if (webauthn_register(&site, &a, auth_data, &key) == OK)
		(void)!webauthn_verify(&site, &key, client_data, auth_data, view_sub(rest, 0, 72), &counter);
	arena_release(&a);
	return 0;
}

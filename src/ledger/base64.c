/*
 * base64.c
 */
#include "base/base.h"
#include "ledger/base64.h"

#include <sodium.h>

void base64_add(struct buf *out, const void *p, size_t n)
{
	char *at = buf_reserve(out, BASE64_LEN(n) + 1);

	if (!at)
		return;
	sodium_bin2base64(at, BASE64_LEN(n) + 1, p, n, sodium_base64_VARIANT_ORIGINAL);
	buf_grow(out, BASE64_LEN(n));
}

/* Decoders differ in what they let pass (libsodium 1.0.18 bytes over 0x7f): what encodes to the same text again is right. */
bool base64_strict(struct view v, void *ret, size_t cap, size_t *ret_len)
{
	struct buf again;
	size_t n;

	if (!base64_decode(v, ret, cap, &n))
		return false;
	buf_init(&again, BASE64_LEN(n) + 1);
	base64_add(&again, ret, n);
	bool same = view_eq(buf_view(&again), v);
	buf_release(&again);
	if (same)
		*ret_len = n;
	return same;
}

bool base64_digest(struct view v, struct digest *ret)
{
	struct digest d;
	size_t n;

	if (!base64_strict(v, d.b, sizeof(d.b), &n) || n != sizeof(d.b))
		return false;
	*ret = d;
	return true;
}

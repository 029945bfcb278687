/*
 * secret_fuzz.c - base64 and hex: what decodes, encodes to the same text again, up to alphabet, case and padding.
 */
#include "base/base.h"
#include "base/secret.h"

#define BYTES_MAX 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char url_char(char c)
{
	return c == '+' ? '-' : c == '/' ? '_' : c;
}

static void check_base64(struct view v, size_t cap)
{
	unsigned char bytes[BYTES_MAX];
	char text[BASE64URL_LEN(BYTES_MAX) + 1];
	size_t n;
	if (!base64_decode(v, bytes, cap, &n))
		return;
	if (n > cap)
		BUG("%zu bytes of at most %zu", n, cap);
	base64url_encode(bytes, n, text);
	size_t len = strlen(text);
	if (len != BASE64URL_LEN(n) || len > v.len)
		BUG("%zu characters for %zu bytes", len, n);
	for (size_t i = 0; i < v.len; i++)
		if (i < len ? url_char(v.p[i]) != text[i] : v.p[i] != '=')
			BUG("character %zu came back changed", i);
}

static void check_hex(struct view v)
{
	unsigned char bytes[BYTES_MAX];
	char text[HEX_LEN(BYTES_MAX) + 1];
	if (v.len > HEX_LEN(BYTES_MAX) || !hex_decode(v, bytes, v.len / 2))
		return;
	hex_encode(bytes, v.len / 2, text);
	if (!view_eq_nocase(v, view_of(text)))
		BUG("hex came back changed");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view v = view_make((const char *)data, size);
	check_base64(v, BYTES_MAX);
	check_base64(v, 3);
	check_hex(v);
	return 0;
}

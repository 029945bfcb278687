/*
 * url_fuzz.c - what is parsed is in the text, what is encoded decodes to itself, what may be redirected to is harmless.
 */
#include "base/base.h"
#include "text/url.h"

#include "base/limits.h"
#include "text/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_parse(struct view v)
{
	struct url u, again;
	if (!url_parse(v, &u))
		return;
	if (u.host.len == 0 || u.port == 0 || !url_same_origin(&u, &u) || !url_is_local(v, &u))
		BUG("an URL that is not itself");
	struct buf CLEANUP(buf_release) built = {.max = 2 * LIMIT_URL_BYTES};
	buf_add(&built, u.secure ? V("https://") : V("http://"));
	buf_add(&built, u.host_is_ip6 ? V("[") : V(""));
	buf_add(&built, u.host);
	buf_printf(&built, "%s:%u", u.host_is_ip6 ? "]" : "", (unsigned)u.port);
	buf_add(&built, u.path);
	if (built.len > LIMIT_URL_BYTES)
		return;
	if (!url_parse(buf_view(&built), &again) || !url_same_origin(&u, &again) || !view_eq(u.path, again.path))
		BUG("put together it is another one");
	struct buf CLEANUP(buf_release) lower = {.max = 4 * LIMIT_URL_BYTES};
	if (url_host_lower(&lower, u.host) != OK)
		BUG("a host without lower case");
}

static void check_escapes(struct view v)
{
	struct buf CLEANUP(buf_release) encoded = {.max = 3 * v.len}, decoded = {.max = v.len};
	url_encode(&encoded, v);
	if (url_decode(&decoded, buf_view(&encoded)) != OK || !view_eq(buf_view(&decoded), v))
		BUG("encoding lost something");
	buf_clear(&encoded);
	buf_clear(&decoded);
	url_encode_form(&encoded, v);
	if (url_decode_form(&decoded, buf_view(&encoded)) != OK || !view_eq(buf_view(&decoded), v))
		BUG("form encoding lost something");
	buf_clear(&decoded);
	if (url_decode_form(&decoded, v) == ERR_TOO_LARGE)
		BUG("decoding made it longer");
}

/* The attribute writer and the parser must agree that nothing runs. */
static void check_attr(struct view v)
{
	struct buf CLEANUP(buf_release) out = {.max = 6 * v.len + 100};
	struct html h = html_to(&out);
	struct url u;
	html_elem(&h, "a", V(""), A("href", v));
	if (html_done(&h) != OK)
		BUG("more than six times as long");
	bool kept = view_starts(buf_view(&out), V("<a href="));
	if (kept &&
	    (view_eq_nocase(view_sub(v, 0, 11), V("javascript:")) || view_eq_nocase(view_sub(v, 0, 5), V("data:"))))
		BUG("a script was linked");
	if (!kept && url_parse(v, &u))
		BUG("a web address was not linked");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view v = view_make((const char *)data, size);
	check_parse(v);
	check_escapes(v);
	check_attr(v);
	if (url_redirect_valid(v) && !url_redirect_registered(v, v))
		BUG("a redirect URI that is not equal to itself");
	struct buf CLEANUP(buf_release) with = {.max = 8 * size + 100};
	buf_add(&with, v);
	url_add_param(&with, 0, v, v);
	return buf_err(&with) == OK ? 0 : -1;
}

/*
 * url.c - see url.h. The parser takes less than browsers do, so that no two readers of a URL that it let pass can
 * disagree about the host.
 */
#include "base/base.h"
#include "text/url.h"

#include <unicase.h>
#include <uninorm.h>

#include "base/limits.h"
#include "text/utf8.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_escape(struct view v, size_t at)
{
	return v.len - at >= 3 && v.p[at] == '%' && hex_value(v.p[at + 1]) >= 0 && hex_value(v.p[at + 2]) >= 0;
}

/* Characters that may stand in any URI reference; those beyond ASCII are taken as RFC 3987 does. */
static bool is_uri_text(struct view v)
{
	if (!utf8_valid(v))
		return false;
	for (size_t at = 0; at < v.len;) {
		ucs4_t c;
		size_t n = utf8_at(v, at, &c);
		if (utf8_is_control(c) || utf8_is_space(c) || (c < 0x80 && strchr("\"<>\\^`{|}", (int)c)))
			return false;
		if (c == '%' && !is_escape(v, at))
			return false;
		at += n;
	}
	return true;
}

static bool take_prefix_nocase(struct view *v, struct view prefix)
{
	if (!view_eq_nocase(view_sub(*v, 0, prefix.len), prefix))
		return false;
	*v = view_sub(*v, prefix.len, v->len - prefix.len);
	return true;
}

/* Offset of the first byte of v that is in set. */
static size_t find_any(struct view v, const char *set)
{
	size_t at = 0;
	while (at < v.len && !strchr(set, v.p[at]))
		at++;
	return at;
}

/* Labels of letters, digits, '-' and '_', parted by single dots; one dot at the end is allowed. */
static bool is_host_name(struct view v)
{
	size_t label = 0;
	if (v.len == 0 || v.len > 253)
		return false;
	for (size_t at = 0; at < v.len;) {
		ucs4_t c;
		size_t n = utf8_at(v, at, &c);
		if (c == '.' && label == 0)
			return false;
		if (c != '.' && c != '-' && !utf8_is_word(c) && !(c >= 0x80 && utf8_is_alnum(c)))
			return false;
		label = c == '.' ? 0 : label + 1;
		at += n;
	}
	return true;
}

static bool is_ip6(struct view v)
{
	if (v.len < 2 || v.len > 45 || view_find(v, 0, ':') == v.len)
		return false;
	for (size_t i = 0; i < v.len; i++)
		if (hex_value(v.p[i]) < 0 && v.p[i] != ':' && v.p[i] != '.')
			return false;
	return true;
}

static bool parse_authority(struct view v, struct url *u)
{
	uint64_t port = u->secure ? 443 : 80;
	size_t end;
	if (v.len && v.p[0] == '[') {
		end = view_find(v, 0, ']');
		if (end == v.len)
			return false;
		u->host = view_sub(v, 1, end - 1);
		u->host_is_ip6 = true;
		end++;
	} else {
		end = view_find(v, 0, ':');
		u->host = view_sub(v, 0, end);
	}
	if (!(u->host_is_ip6 ? is_ip6(u->host) : is_host_name(u->host)))
		return false;
	if (end < v.len && (v.p[end] != ':' || !parse_u64(view_sub(v, end + 1, v.len - end - 1), UINT16_MAX, &port)))
		return false;
	u->port = (uint16_t)port;
	return port != 0;
}

bool url_parse(struct view v, struct url *ret)
{
	struct url u = {.path = V(""), .query = V(""), .fragment = V("")};
	if (v.len > LIMIT_URL_BYTES || !is_uri_text(v))
		return false;
	if (take_prefix_nocase(&v, V("https://")))
		u.secure = true;
	else if (!take_prefix_nocase(&v, V("http://")))
		return false;
	size_t authority = find_any(v, "/?#");
	if (!parse_authority(view_sub(v, 0, authority), &u))
		return false;
	v = view_sub(v, authority, v.len - authority);
	size_t hash = view_find(v, 0, '#');
	u.fragment = view_sub(v, hash + 1, v.len);
	v = view_sub(v, 0, hash);
	size_t mark = view_find(v, 0, '?');
	u.query = view_sub(v, mark + 1, v.len);
	u.path = view_sub(v, 0, mark);
	*ret = u;
	return true;
}

bool url_same_origin(const struct url *a, const struct url *b)
{
	return a->secure == b->secure && a->port == b->port && a->host_is_ip6 == b->host_is_ip6 &&
	       view_eq_nocase(a->host, b->host);
}

bool url_is_local(struct view v, const struct url *base)
{
	struct url u;
	if (url_parse(v, &u))
		return url_same_origin(&u, base);
	return v.len <= LIMIT_URL_BYTES && view_starts(v, V("/")) && !view_starts(v, V("//")) && is_uri_text(v);
}

enum err url_host_lower(struct buf *out, struct view host)
{
	size_t len = 0;
	if (!utf8_valid(host))
		return ERR_INVALID;
	if (host.len == 0)
		return OK;
	char *lower = (char *)u8_tolower((const uint8_t *)host.p, host.len, NULL, UNINORM_NFC, NULL, &len);
	if (!lower)
		BUG("out of memory");
	buf_add(out, view_make(lower, len));
	free(lower);
	return buf_err(out);
}

static void encode(struct buf *out, struct view v, const char *kept, char space)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.p[i];
		if (ascii_is_alnum(c) || (c && strchr(kept, c))) {
			buf_add_c(out, (char)c);
		} else if (c == ' ' && space) {
			buf_add_c(out, space);
		} else {
			const char escaped[3] = {'%', digits[c >> 4], digits[c & 15]};
			buf_add(out, view_make(escaped, sizeof(escaped)));
		}
	}
}

void url_encode(struct buf *out, struct view v)
{
	encode(out, v, "-._~", '\0');
}

void url_encode_form(struct buf *out, struct view v)
{
	encode(out, v, "*-._", '+');
}

static enum err decode(struct buf *out, struct view v, bool plus_is_space)
{
	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];
		if (c == '%') {
			if (!is_escape(v, i))
				return ERR_INVALID;
			c = (char)(hex_value(v.p[i + 1]) << 4 | hex_value(v.p[i + 2]));
			i += 2;
		} else if (c == '+' && plus_is_space) {
			c = ' ';
		}
		buf_add_c(out, c);
	}
	return buf_err(out);
}

enum err url_decode(struct buf *out, struct view v)
{
	return decode(out, v, false);
}

enum err url_decode_form(struct buf *out, struct view v)
{
	return decode(out, v, true);
}

void url_add_param(struct buf *out, size_t begin, struct view key, struct view value)
{
	struct view url = view_sub(buf_view(out), begin, out->len - begin);
	bool has_query = view_find(url, 0, '?') < url.len;
	char last = url.len ? url.p[url.len - 1] : '\0';
	if (!has_query)
		buf_add_c(out, '?');
	else if (last != '?' && last != '&')
		buf_add_c(out, '&');
	url_encode_form(out, key);
	buf_add_c(out, '=');
	url_encode_form(out, value);
}

/* Length of the scheme v begins with (RFC 3986 3.1), 0 when there is none. */
static size_t scheme_len(struct view v)
{
	size_t i = 0;
	while (i < v.len && (ascii_is_alnum((unsigned char)v.p[i]) || (v.p[i] && strchr("+-.", v.p[i]))))
		i++;
	return i < v.len && v.p[i] == ':' && ascii_is_alpha((unsigned char)v.p[0]) ? i : 0;
}

static bool is_forbidden_scheme(struct view scheme)
{
	static const struct view names[] = {
		V("javascript"),  V("data"), V("vbscript"),   V("file"),  V("filesystem"), V("blob"), V("about"),
		V("view-source"), V("jar"),  V("livescript"), V("mocha"), V("ws"),	   V("wss"),  V("ftp"),
	};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (view_eq_nocase(scheme, names[i]))
			return true;
	return false;
}

bool url_redirect_valid(struct view uri)
{
	struct url u;
	size_t len = scheme_len(uri);
	struct view scheme = view_sub(uri, 0, len);
	if (len == 0 || uri.len == len + 1 || uri.len > LIMIT_REDIRECT_URI_BYTES)
		return false;
	if (!is_uri_text(uri) || view_find(uri, 0, '#') < uri.len)
		return false;
	if (view_eq_nocase(scheme, V("http")) || view_eq_nocase(scheme, V("https")))
		return url_parse(uri, &u);
	if (view_eq_nocase(scheme, V("urn")))
		return view_is(uri, URL_OOB);
	return !is_forbidden_scheme(scheme);
}

bool url_redirect_registered(struct view registered, struct view uri)
{
	size_t at = 0;
	while (uri.len && at < registered.len) {
		size_t end = at;
		while (end < registered.len && (unsigned char)registered.p[end] > ' ')
			end++;
		if (view_eq(view_sub(registered, at, end - at), uri))
			return true;
		at = end + 1;
	}
	return false;
}

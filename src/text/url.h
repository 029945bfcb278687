/*
 * url.h - URLs as values: reading, comparing and writing them. Links in running text are compose_url.h.
 */
#ifndef TEXT_URL_H
#define TEXT_URL_H

#include "base/buf.h"

/* Pieces of the parsed text, still percent-encoded; those that are absent are empty. */
struct url {
	bool secure;	  /* https */
	struct view host; /* as written, without the brackets of an IPv6 address */
	bool host_is_ip6;
	uint16_t port;	      /* with the scheme's default */
	struct view path;     /* from '/' */
	struct view query;    /* without '?' */
	struct view fragment; /* without '#' */
};

/*
 * An absolute http or https URL (RFC 3986 3, hosts also in Unicode as in RFC 3987), at most LIMIT_URL_BYTES. Refused:
 * user names and passwords, white space, control characters, backslashes, quotes and angle brackets, '%' that encodes
 * nothing, ports 0 and over 65535. That a host is a name at all says nothing about who answers there.
 */
bool url_parse(struct view v, struct url *ret);

/* Scheme, host (ASCII case does not matter) and port are the same (RFC 6454 5). */
bool url_same_origin(const struct url *a, const struct url *b);
/* v is absolute and has the origin of base, or is a path of it ("/x", not "//x"): for redirects after login. */
bool url_is_local(struct view v, const struct url *base);

/* Appends the host in lower case, Unicode hosts in NFC. ERR_INVALID when not UTF-8. */
enum err url_host_lower(struct buf *out, struct view host);

/* Percent-encoding of everything but RFC 3986's unreserved characters. */
void url_encode(struct buf *out, struct view v);
void url_encode_form(struct buf *out, struct view v); /* application/x-www-form-urlencoded: space is '+' */
/* The other way. ERR_INVALID for '%' without two hex digits. The bytes may be anything, NUL and broken UTF-8 too. */
enum err url_decode(struct buf *out, struct view v);
enum err url_decode_form(struct buf *out, struct view v);

/* Appends key=value, form-encoded, to the URL that out holds from begin on, with the '?' or '&' it needs. */
void url_add_param(struct buf *out, size_t begin, struct view key, struct view value);

/*
 * May a client be registered with this redirect URI? An absolute URI without fragment (RFC 6749 3.1.2) of any scheme
 * but those that run or read something in a browser; http and https as url_parse() has them. Also the
 * urn:ietf:wg:oauth:2.0:oob of apps without a browser. At most LIMIT_REDIRECT_URI_BYTES.
 */
#define URL_OOB "urn:ietf:wg:oauth:2.0:oob"
bool url_redirect_valid(struct view uri);
/* registered holds URIs separated by white space. The comparison is of bytes (RFC 9700 2.1), nothing is normalised. */
bool url_redirect_registered(struct view registered, struct view uri);

#endif

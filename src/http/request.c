/*
 * request.c - is the head of a request one that every reader in the chain understands alike? RFC 9112. What two
 * readers may understand differently is refused: that is how requests are smuggled past a proxy.
 *
 * libmicrohttpd hands over pointers into its buffer. It joins folded lines and stops at NUL without saying so; both
 * show because the pieces of an honest head lie behind one another with nothing but separators between.
 */
#include "base/base.h"
#include "http/exchange.h"

static const struct {
	const char *name;
	enum http_method method;
} methods[] = {
	{"GET", HTTP_GET},     {"HEAD", HTTP_HEAD},	{"POST", HTTP_POST},	   {"PUT", HTTP_PUT},
	{"PATCH", HTTP_PATCH}, {"DELETE", HTTP_DELETE}, {"OPTIONS", HTTP_OPTIONS},
};

const char *http_method_name(enum http_method m)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (methods[i].method == m)
			return methods[i].name;
	return "OTHER";
}

static enum http_method method_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	return HTTP_OTHER;
}

/* RFC 9110 5.6.2 */
static bool is_token(struct view v)
{
	static const char others[] = "!#$%&'*+-.^_`|~";
	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];
		bool alnum = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
		if (!alnum && (c == '\0' || !strchr(others, c)))
			return false;
	}
	return v.len > 0;
}

/*
 * Eight bytes above space, none of them DEL. A byte less one borrows, and shows in the highest bit that it did not have, only when it was
 * zero or a lower one borrowed (Warren, Hacker's Delight, 6-1): the first of the wrong ones always shows.
 */
static bool is_visible(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word;
	memcpy(&word, p, sizeof(word));
	uint64_t del = word ^ ones * 0x7f;
	return ((((word - ones * 0x21) & ~word) | ((del - ones) & ~del)) & ones << 7) == 0;
}

/* Visible characters, and what lies above ASCII; with_blank: also space and tab. */
static bool is_text(struct view v, bool with_blank)
{
	size_t at = 0;
	while (!with_blank && v.len - at >= sizeof(uint64_t) && is_visible(v.p + at))
		at += sizeof(uint64_t);
	for (size_t i = at; i < v.len; i++) {
		unsigned char c = (unsigned char)v.p[i];
		if (c == 0x7f || (c <= 0x20 && !(with_blank && (c == ' ' || c == '\t'))))
			return false;
	}
	return true;
}

struct collect {
	struct exchange *x;
	const char *expect; /* where the next name must begin */
	size_t max;
	bool bad;
};

static enum MHD_Result collect_one(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_len,
				   const char *value, size_t value_len)
{
	struct collect *c = arg;
	(void)kind;
	struct header h = {view_make(name, name_len), view_make(value ? value : "", value_len)};
	bool together = name == c->expect && value > name + name_len;
	for (const char *p = name + name_len + 1; together && p < value; p++)
		together = *p == ' ' || *p == '\t';
	if (!together || c->x->n_headers == c->max || !is_token(h.name) || !is_text(h.value, true)) {
		c->bad = true;
		return MHD_NO;
	}
	c->expect = value + value_len + 2;
	h.value = view_trim(h.value);
	c->x->headers[c->x->n_headers++] = h;
	return MHD_YES;
}

static int collect_headers(struct exchange *x, const char *method, const char *version)
{
	struct MHD_Connection *mhd = x->conn->mhd;
	int n = MHD_get_connection_values(mhd, MHD_HEADER_KIND, NULL, NULL);
	size_t size = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
	if (n < 0 || n > LIMIT_HEADERS || size > LIMIT_HEADER_BYTES)
		return 431;
	x->headers = ARENA_ARRAY(&x->pub.arena, (size_t)n + 1, struct header);
	struct collect c = {.x = x, .expect = version + strlen("HTTP/1.1") + 2, .max = (size_t)n};
	MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, collect_one, &c);
	return c.bad || c.expect + 2 != method + size ? 400 : 0;
}

static size_t count_headers(const struct exchange *x, const char *name, struct view *ret_last)
{
	size_t n = 0;
	for (size_t i = 0; i < x->n_headers; i++)
		if (view_eq_nocase(x->headers[i].name, view_of(name))) {
			*ret_last = x->headers[i].value;
			n++;
		}
	return n;
}

/* RFC 9112 3.2: exactly one Host; only 1.0 may go without. */
static int check_host(const struct exchange *x)
{
	struct view host = {0};
	size_t n = count_headers(x, "Host", &host);
	if (n > 1 || (n == 0 && x->http11) || !is_text(host, false))
		return 400;
	for (size_t i = 0; i < host.len; i++)
		if (strchr("/?#@\\,", host.p[i]))
			return 400;
	return 0;
}

/* RFC 9112 6.3: one way to tell where the body ends, and no other. */
static int check_framing(struct exchange *x)
{
	struct view length = {0}, coding = {0};
	uint64_t ignored;
	size_t lengths = count_headers(x, "Content-Length", &length);
	size_t codings = count_headers(x, "Transfer-Encoding", &coding);
	if (lengths > 1 || codings > 1 || (lengths && codings) || (codings && !x->http11))
		return 400;
	if (lengths && !parse_u64(length, UINT64_MAX, &ignored))
		return 400;
	if (codings && !view_eq_nocase(coding, V("chunked")))
		return 501;
	x->chunked = codings > 0;
	return 0;
}

/* RFC 9112 3.2: origin-form, absolute-form, or "*" of OPTIONS. */
static int split_target(struct exchange *x)
{
	static const struct view schemes[] = {{"http://", 7}, {"https://", 8}};
	struct view t = x->pub.target;
	if (!is_text(t, false) || memchr(t.p, '#', t.len))
		return 400;
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (t.len >= schemes[i].len && view_eq_nocase(view_sub(t, 0, schemes[i].len), schemes[i])) {
			size_t at = schemes[i].len;
			while (at < t.len && t.p[at] != '/' && t.p[at] != '?')
				at++;
			t = at < t.len ? view_sub(t, at, t.len) : V("/");
			break;
		}
	size_t mark = view_find(t, 0, '?');
	x->pub.path = mark == 0 && t.len > 0 ? V("/") : view_sub(t, 0, mark);
	x->pub.query = view_sub(t, mark + 1, t.len);
	if (x->pub.path.len > 1 && x->pub.path.p[x->pub.path.len - 1] == '/')
		x->pub.path.len--;
	bool star = x->pub.method == HTTP_OPTIONS && view_is(x->pub.path, "*");
	return star || (x->pub.path.len > 0 && x->pub.path.p[0] == '/') ? 0 : 400;
}

/* Whom the request is from, when a trusted proxy passed it on. The last header of a name is the nearest proxy's. */
static void find_client(struct exchange *x)
{
	const struct http_server *s = x->conn->server;
	x->pub.peer = view_of(x->conn->peer);
	if (!x->conn->trusted)
		return;
	struct address client = x->conn->address;
	struct view scheme = {0};
	for (size_t i = x->n_headers; i-- > 0;)
		if (view_eq_nocase(x->headers[i].name, V("X-Forwarded-For")) &&
		    !forwarded_walk(s->trusted, s->n_trusted, x->headers[i].value, &client))
			break;
	char *text = arena_alloc(&x->pub.arena, ADDRESS_TEXT);
	address_text(&client, text);
	x->pub.peer = view_of(text);
	x->pub.https = count_headers(x, "X-Forwarded-Proto", &scheme) > 0 && forwarded_https(scheme);
}

int request_check(struct exchange *x, const char *method, const char *version)
{
	if (x->uri_len > TARGET_MAX)
		return 414;
	x->pub.method = method_of(method);
	x->http11 = strcmp(version, "HTTP/1.0") != 0;
	if (!is_token(view_of(method)) || x->uri != method + strlen(method) + 1 || version != x->uri + x->uri_len + 1)
		return 400;
	int status = collect_headers(x, method, version);
	if (!status)
		status = check_host(x);
	if (!status)
		status = check_framing(x);
	if (!status)
		status = split_target(x);
	if (!status)
		find_client(x);
	return status;
}

struct view http_header(const struct http_exchange *pub, const char *name)
{
	const struct exchange *x = exchange_of(pub);
	struct view wanted = view_of(name);
	for (size_t i = 0; i < x->n_headers; i++)
		if (view_eq_nocase(x->headers[i].name, wanted))
			return x->headers[i].value;
	return V("");
}

/* RFC 6265 4.2.1; the first of that name wins, as the most specific path comes first. */
struct view http_cookie(const struct http_exchange *pub, const char *name)
{
	struct view rest = http_header(pub, "Cookie"), pair;
	while (view_split(&rest, ';', &pair)) {
		size_t at = view_find(pair, 0, '=');
		if (at == pair.len || !view_is(view_trim(view_sub(pair, 0, at)), name))
			continue;
		struct view value = view_trim(view_sub(pair, at + 1, pair.len));
		if (value.len >= 2 && value.p[0] == '"' && value.p[value.len - 1] == '"')
			value = view_sub(value, 1, value.len - 2);
		return value;
	}
	return V("");
}

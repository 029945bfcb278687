/*
 * forwarded.c - addresses and networks, all as IPv6 so that there is one comparison.
 */
#include "base/base.h"
#include "http/forwarded.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const struct address *a)
{
	return memcmp(a->b, mapped_prefix, sizeof(mapped_prefix)) == 0;
}

static void set_v4(struct address *a, const void *four)
{
	memcpy(a->b, mapped_prefix, sizeof(mapped_prefix));
	memcpy(a->b + 12, four, 4);
}

bool address_from_socket(const struct sockaddr *sa, struct address *ret)
{
	if (sa && sa->sa_family == AF_INET) {
		set_v4(ret, &((const struct sockaddr_in *)(const void *)sa)->sin_addr);
		return true;
	}
	if (sa && sa->sa_family == AF_INET6) {
		memcpy(ret->b, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, sizeof(ret->b));
		return true;
	}
	return false;
}

static bool parse_bare(struct view v, struct address *ret)
{
	char text[ADDRESS_TEXT];
	unsigned char bytes[16];
	if (v.len == 0 || v.len >= sizeof(text) || memchr(v.p, '\0', v.len))
		return false;
	memcpy(text, v.p, v.len);
	text[v.len] = '\0';
	if (inet_pton(AF_INET, text, bytes) == 1) {
		set_v4(ret, bytes);
		return true;
	}
	if (inet_pton(AF_INET6, text, bytes) != 1)
		return false;
	memcpy(ret->b, bytes, sizeof(ret->b));
	return true;
}

bool address_parse(struct view v, struct address *ret)
{
	v = view_trim(v);
	if (v.len && v.p[0] == '[') {
		size_t end = view_find(v, 0, ']');
		return end < v.len && parse_bare(view_sub(v, 1, end - 1), ret);
	}
	size_t colon = view_find(v, 0, ':');
	bool has_port = colon < v.len && view_find(v, colon + 1, ':') == v.len;
	return parse_bare(has_port ? view_sub(v, 0, colon) : v, ret);
}

void address_text(const struct address *a, char ret[ADDRESS_TEXT])
{
	if (is_v4(a))
		inet_ntop(AF_INET, a->b + 12, ret, ADDRESS_TEXT);
	else
		inet_ntop(AF_INET6, a->b, ret, ADDRESS_TEXT);
}

struct address address_site(struct address a)
{
	if (!is_v4(&a))
		memset(a.b + 8, 0, 8);
	return a;
}

static bool network_parse(struct view v, struct network *ret)
{
	v = view_trim(v);
	size_t slash = view_find(v, 0, '/');
	struct network n = {.bits = 128};
	if (!parse_bare(view_sub(v, 0, slash), &n.base))
		return false;
	if (slash < v.len) {
		uint64_t bits, width = is_v4(&n.base) ? 32 : 128;
		if (!parse_u64(view_sub(v, slash + 1, v.len), width, &bits))
			return false;
		n.bits = (unsigned)(bits + 128 - width);
	}
	*ret = n;
	return true;
}

enum err networks_parse(const char *text, struct network **ret, size_t *ret_n, struct problem *problem)
{
	struct view rest = view_of(text), piece;
	struct network *list = NULL;
	size_t n = 0;
	while (view_split(&rest, ',', &piece)) {
		if (view_trim(piece).len == 0)
			continue;
		list = xrealloc(list, (n + 1) * sizeof(*list));
		if (!network_parse(piece, &list[n])) {
			free(list);
			return fail(problem, ERR_INVALID, "\"%.*s\" is neither an address nor a network",
				    VIEW_ARG(piece));
		}
		n++;
	}
	*ret = list;
	*ret_n = n;
	return OK;
}

static bool network_has(const struct network *n, const struct address *a)
{
	unsigned whole = n->bits / 8, rest = n->bits % 8;
	if (memcmp(n->base.b, a->b, whole) != 0)
		return false;
	return rest == 0 || ((n->base.b[whole] ^ a->b[whole]) >> (8 - rest)) == 0;
}

bool networks_have(const struct network *networks, size_t n, const struct address *a)
{
	for (size_t i = 0; i < n; i++)
		if (network_has(&networks[i], a))
			return true;
	return false;
}

static struct view take_last(struct view *rest)
{
	size_t at = rest->len;
	while (at > 0 && rest->p[at - 1] != ',')
		at--;
	struct view piece = view_sub(*rest, at, rest->len);
	rest->len = at > 0 ? at - 1 : 0;
	return view_trim(piece);
}

bool forwarded_walk(const struct network *trusted, size_t n, struct view header, struct address *client)
{
	while (header.len > 0) {
		struct address next;
		if (!networks_have(trusted, n, client) || !address_parse(take_last(&header), &next))
			return false;
		*client = next;
	}
	return true;
}

bool forwarded_https(struct view header)
{
	return view_eq_nocase(take_last(&header), V("https"));
}

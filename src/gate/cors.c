/*
 * cors.c - which answers pages of other origins may read (Fetch standard, "CORS protocol"): the API, with tokens but
 * never with cookies, so to everybody. Pages with forms are not among them.
 */
#include "base/base.h"
#include "gate/private.h"

static const struct view open_paths[] = {
	{"/oauth/token", 12},
	{"/oauth/revoke", 13},
	{"/oauth/userinfo", 15},
};
static const struct view open_trees[] = {
	{"/api/", 5},
	{"/.well-known/", 13},
	{"/nodeinfo/", 10},
};

bool cors_open(struct view path)
{
	for (size_t i = 0; i < ARRAY_LEN(open_trees); i++)
		if (view_starts(path, open_trees[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(open_paths); i++)
		if (view_eq(path, open_paths[i]))
			return true;
	return false;
}

void cors_headers(struct http_exchange *x)
{
	http_set_header(x, "Access-Control-Allow-Origin", V("*"));
	/* Only a page of another origin has a use for the list. */
	if (http_header(x, "Origin").len)
		http_set_header(x, "Access-Control-Expose-Headers",
				V("Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, "
				  "Mastodon-Async-Refresh, Idempotency-Key, Retry-After"));
}

void cors_preflight(struct http_exchange *x)
{
	http_set_header(x, "Access-Control-Allow-Methods", V("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
	/* "*" does not stand for Authorization, so it is named. */
	http_set_header(x, "Access-Control-Allow-Headers",
			V("Authorization, Content-Type, Idempotency-Key, Accept, Accept-Language, Cache-Control, "
			  "If-None-Match, "
			  "Last-Event-ID, X-Requested-With, *"));
	http_set_header(x, "Access-Control-Max-Age", V("7200"));
}

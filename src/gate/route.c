/*
 * route.c - see route.h.
 */
#include "base/base.h"
#include "gate/route.h"

#include "base/map.h"
#include "gate/form.h"

struct node {
	struct node *all_next; /* of the router, for freeing */
	struct strmap literals;
	struct node *between;	   /* with something around the capture; the longest first */
	struct node *between_next; /* in the parent's list */
	struct view before, behind;
	struct node *any, *rest;
	const struct route *routes[HTTP_OTHER];
};

struct router {
	struct node *root, *all;
	struct route *routes;
	size_t n_routes;
};

static struct node *node_new(struct router *r)
{
	struct node *n = xcalloc(1, sizeof(*n));
	strmap_init(&n->literals);
	n->all_next = r->all;
	r->all = n;
	return n;
}

static struct node *literal_child(struct router *r, struct node *n, struct view segment)
{
	struct node *child = strmap_get(&n->literals, segment);
	if (!child) {
		child = node_new(r);
		strmap_put(&n->literals, segment, child);
	}
	return child;
}

/* More before the capture goes first, then more behind it. */
static int between_cmp(const struct node *n, const struct route_segment *s)
{
	if (n->before.len != s->before.len)
		return n->before.len > s->before.len ? -1 : 1;
	if (n->behind.len != s->behind.len)
		return n->behind.len > s->behind.len ? -1 : 1;
	int order = view_cmp(n->before, s->before);
	return order ? order : view_cmp(n->behind, s->behind);
}

static struct node *between_child(struct router *r, struct node *n, const struct route_segment *s)
{
	struct node **at = &n->between;
	while (*at && between_cmp(*at, s) < 0)
		at = &(*at)->between_next;
	if (*at && between_cmp(*at, s) == 0)
		return *at;
	struct node *child = node_new(r);
	child->before = s->before;
	child->behind = s->behind;
	child->between_next = *at;
	*at = child;
	return child;
}

static struct node *capture_child(struct router *r, struct node *n, const struct route_segment *s)
{
	if (s->before.len || s->behind.len)
		return between_child(r, n, s);
	struct node **slot = s->rest ? &n->rest : &n->any;
	if (!*slot)
		*slot = node_new(r);
	return *slot;
}

static enum err add_row(struct router *r, const struct endpoint *row, struct problem *problem)
{
	TRY(row_check(row, problem));
	struct route *route = &r->routes[r->n_routes++];
	route->row = row;
	struct node *n = r->root;
	struct view rest = view_sub(view_of(row->path), 1, SIZE_MAX), segment;
	while (view_split(&rest, '/', &segment)) {
		struct route_segment s = route_segment(segment);
		if (!s.captures) {
			n = literal_child(r, n, segment);
			continue;
		}
		route->names[route->n_captures++] = s.name;
		n = capture_child(r, n, &s);
	}
	const struct route *other = n->routes[row->method];
	if (other)
		return fail(problem, ERR_INVALID, "%s %s can never be reached: %s comes first",
			    http_method_name(row->method), row->path, other->row->path);
	n->routes[row->method] = route;
	return OK;
}

enum err router_build(const struct endpoint_group *groups, struct router **ret, struct problem *problem)
{
	size_t n = 0;
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++)
			n++;
	struct router *r = xcalloc(1, sizeof(*r));
	r->routes = xcalloc(n + 1, sizeof(*r->routes));
	r->root = node_new(r);
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++) {
			enum err err = add_row(r, row, problem);
			if (err != OK) {
				router_free(r);
				return err;
			}
		}
	*ret = r;
	return OK;
}

void router_free(struct router *r)
{
	if (!r)
		return;
	for (struct node *n = r->all, *next; n; n = next) {
		next = n->all_next;
		strmap_release(&n->literals);
		free(n);
	}
	free(r->routes);
	free(r);
}

/* A path on its way through the tree. */
struct walk {
	enum http_method method;
	struct view path;
	size_t n;
	bool cut;				  /* there is more: only a rest can match */
	struct view segments[ROUTE_SEGMENTS_MAX]; /* decoded */
	size_t offsets[ROUTE_SEGMENTS_MAX];	  /* where each began in path */
	struct route_match *match;
	size_t captured;
};

static const struct route *find(const struct node *n, struct walk *w, size_t at);

static const struct route *find_capture(const struct node *n, struct walk *w, size_t at, struct view value, size_t next)
{
	if (!n || value.len == 0 || w->captured == ROUTE_CAPTURES_MAX)
		return NULL;
	w->match->values[w->captured++] = value;
	const struct route *found = find(n, w, at + next);
	if (!found)
		w->captured--;
	return found;
}

static const struct route *find(const struct node *n, struct walk *w, size_t at)
{
	if (at == w->n && w->cut)
		return NULL;
	if (at >= w->n) {
		for (unsigned m = 0; m < HTTP_OTHER; m++)
			if (n->routes[m])
				w->match->allow |= 1u << m;
		return n->routes[w->method];
	}
	struct view segment = w->segments[at];
	const struct node *literal = strmap_get(&n->literals, segment);
	const struct route *found = literal ? find(literal, w, at + 1) : NULL;
	for (const struct node *b = n->between; b && !found; b = b->between_next)
		if (view_starts(segment, b->before) && view_ends(segment, b->behind) &&
		    segment.len > b->before.len + b->behind.len)
			found = find_capture(
				b, w, at, view_sub(segment, b->before.len, segment.len - b->before.len - b->behind.len),
				1);
	if (!found)
		found = find_capture(n->any, w, at, segment, 1);
	if (!found)
		found = find_capture(n->rest, w, at, view_sub(w->path, w->offsets[at], w->path.len), w->n + 1 - at);
	return found;
}

static enum err split(struct walk *w, struct arena *a)
{
	struct view rest = view_sub(w->path, 1, w->path.len), segment;
	while (view_split(&rest, '/', &segment)) {
		w->cut = w->n == ROUTE_SEGMENTS_MAX;
		if (w->cut)
			return OK;
		w->offsets[w->n] = (size_t)(segment.p - w->path.p);
		TRY(percent_decode(a, segment, false, &w->segments[w->n]));
		w->n++;
	}
	return OK;
}

enum err router_match(const struct router *r, struct arena *a, enum http_method method, struct view path,
		      struct route_match *ret)
{
	*ret = (struct route_match){0};
	struct walk w = {.method = method == HTTP_HEAD ? HTTP_GET : method, .path = path, .match = ret};
	if (path.len == 0 || path.p[0] != '/' || method >= HTTP_OTHER)
		return method >= HTTP_OTHER ? ERR_METHOD : ERR_NOT_FOUND;
	TRY(split(&w, a));
	const struct route *found = find(r->root, &w, 0);
	if (!found)
		return ret->allow ? ERR_METHOD : ERR_NOT_FOUND;
	/* A rest was captured as it was sent, slashes and all. */
	for (size_t i = 0; i < found->n_captures; i++)
		if (i + 1 == found->n_captures && strchr(found->row->path, '*'))
			TRY(percent_decode(a, ret->values[i], false, &ret->values[i]));
	ret->route = found;
	return OK;
}

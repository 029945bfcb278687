/*
 * row.c - a row that leaves a question of policy open is refused at boot: silence must not mean "allowed".
 */
#include "base/base.h"
#include "gate/route.h"

struct route_segment route_segment(struct view text)
{
	size_t colon = view_find(text, 0, ':');
	if (colon == text.len)
		return (struct route_segment){.before = text};
	struct view name = view_sub(text, colon + 1, text.len);
	size_t end = view_find(name, 0, '.');
	struct route_segment s = {
		.captures = true,
		.before = view_sub(text, 0, colon),
		.name = view_sub(name, 0, end),
		.behind = view_sub(name, end, name.len),
	};
	s.rest = view_ends(s.name, V("*"));
	s.name.len -= s.rest;
	return s;
}

bool route_captures(const char *path, struct view name)
{
	struct view rest = view_of(path), segment;
	while (view_split(&rest, '/', &segment)) {
		struct route_segment s = route_segment(segment);
		if (s.captures && view_eq(s.name, name))
			return true;
	}
	return false;
}

static bool has_param(const struct endpoint *row, struct view name)
{
	for (const struct param *p = row->params; p && p->name; p++)
		if (view_is(name, p->name))
			return true;
	return false;
}

/* NULL, or what is wrong. */
static const char *check_policy(const struct endpoint *row)
{
	bool token = row->auth == AUTH_OPTIONAL || row->auth == AUTH_APP || row->auth == AUTH_USER;
	if (!row->handle)
		return "has no handler";
	if (row->method >= HTTP_OTHER || row->method == HTTP_HEAD)
		return "has no method it could be reached by";
	if (row->auth == AUTH_UNSET)
		return "does not say who may call it (auth)";
	if (row->scope != SCOPE_NONE && !token)
		return "has a scope, but no token is looked at";
	if ((row->auth == AUTH_LICENSEE) != (row->rate >= RATE_DATA_LOOKUP))
		return "is for licensees and for nobody else, or not: auth and rate disagree";
	if (row->permissions && row->auth != AUTH_USER && row->auth != AUTH_SESSION)
		return "needs permissions, but is not for users";
	if (row->scope >= SCOPE_ADMIN_READ && !row->permissions)
		return "is for moderators, but does not say which permissions they need";
	if (row->rate == RATE_UNSET)
		return "does not say how often it may be called (rate)";
	if (row->meter == METER_UNSET)
		return "does not say what it is counted as (meter)";
	if (row->body == BODY_NONE && row->method != HTTP_GET && row->auth == AUTH_SESSION)
		return "takes no fields, so it can take no CSRF field";
	if (!row->raw_path && (!row->doc || !row->doc[0]))
		return "has no doc line";
	if (!row->raw_path && row->kind == REPLY_JSON && (!row->reply || !row->reply[0]))
		return "does not say what it answers (reply)";
	return NULL;
}

static const char *check_param(const struct endpoint *row, const struct param *p)
{
	if ((p->type == PARAM_CHOICE || p->type == PARAM_NAMES) && !param_choice(p, 0))
		return "has no choices";
	if (p->type == PARAM_FILE && row->body != BODY_UPLOAD)
		return "is a file, but the row does not take uploads";
	if (p->min > p->max)
		return "has a minimum above its maximum";
	if (p->type == PARAM_TREE && route_captures(row->path, view_of(p->name)))
		return "is a tree, but stands in the path";
	for (const struct param *other = row->params; other < p; other++)
		if (strcmp(other->name, p->name) == 0)
			return "stands twice";
	return NULL;
}

static const char *check_path(const struct endpoint *row, struct view *ret_segment)
{
	struct view rest = view_of(row->path), segment;
	size_t n = 0, captured = 0;
	if (!rest.len || rest.p[0] != '/' || (rest.len > 1 && rest.p[rest.len - 1] == '/'))
		return "must begin with a slash and not end with one";
	rest = view_sub(rest, 1, rest.len);
	while (view_split(&rest, '/', &segment)) {
		*ret_segment = segment;
		struct route_segment s = route_segment(segment);
		if (segment.len == 0 || ++n > ROUTE_SEGMENTS_MAX)
			return "has an empty segment or too many";
		if (!s.captures)
			continue;
		if (s.name.len == 0 || ++captured > ROUTE_CAPTURES_MAX)
			return "captures nothing, or too much";
		if (s.rest && (rest.len || s.before.len || s.behind.len))
			return "takes the rest, but is not a last segment of its own";
		if (!has_param(row, s.name))
			return "is captured, but is no parameter";
	}
	return NULL;
}

enum err row_check(const struct endpoint *row, struct problem *problem)
{
	if (!row->path)
		return fail(problem, ERR_INVALID, "a row has no path");
	struct view segment = V("");
	const char *wrong = check_policy(row);
	if (wrong)
		return fail(problem, ERR_INVALID, "%s %s %s", http_method_name(row->method), row->path, wrong);
	wrong = check_path(row, &segment);
	if (wrong)
		return fail(problem, ERR_INVALID, "%s %s: the path's \"%.*s\" %s", http_method_name(row->method),
			    row->path, VIEW_ARG(segment), wrong);
	for (const struct param *p = row->params; p && p->name; p++) {
		wrong = check_param(row, p);
		if (wrong)
			return fail(problem, ERR_INVALID, "%s %s: parameter %s %s", http_method_name(row->method),
				    row->path, p->name, wrong);
	}
	return OK;
}

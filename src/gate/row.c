/*
 * row.c - a row that leaves a question of policy open is refused at boot: silence must not mean "allowed".
 */
#include "base/base.h"
#include "gate/route.h"

static bool captures(const char *path, const char *name)
{
	struct view rest = view_of(path), segment;
	while (view_split(&rest, '/', &segment)) {
		size_t colon = view_find(segment, 0, ':');
		struct view captured = view_sub(segment, colon + 1, segment.len);
		if (captured.len && captured.p[captured.len - 1] == '*')
			captured.len--;
		if (colon < segment.len && view_is(captured, name))
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
	if (p->type == PARAM_CHOICE && (!p->choices || !p->choices[0]))
		return "has no choices";
	if (p->type == PARAM_FILE && row->body != BODY_UPLOAD)
		return "is a file, but the row does not take uploads";
	if (p->min > p->max)
		return "has a minimum above its maximum";
	if (p->type == PARAM_TREE && captures(row->path, p->name))
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
		size_t colon = view_find(segment, 0, ':');
		struct view name = view_sub(segment, colon + 1, segment.len);
		bool is_rest = name.len && name.p[name.len - 1] == '*';
		if (is_rest)
			name.len--;
		if (segment.len == 0 || ++n > ROUTE_SEGMENTS_MAX)
			return "has an empty segment or too many";
		if (colon == segment.len)
			continue;
		if (name.len == 0 || ++captured > ROUTE_CAPTURES_MAX)
			return "captures nothing, or too much";
		if (is_rest && (rest.len || colon > 0))
			return "takes the rest, but is not a last segment of its own";
		if (!has_param(row, name))
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

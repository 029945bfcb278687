/*
 * spec.c - the tables as text and JSON (`kicau routes`) and as Markdown (docs/api.md).
 */
#include "base/base.h"
#include "gate/gate.h"

#include "base/json.h"
#include "core/roles.h"
#include "gate/rate.h"
#include "gate/route.h"
#include "gate/spec_names.h"

const char *spec_auth(enum auth a)
{
	static const char *const names[] = {
		[AUTH_UNSET] = "unset", [AUTH_NONE] = "none",	      [AUTH_OPTIONAL] = "optional", [AUTH_APP] = "app",
		[AUTH_USER] = "user",	[AUTH_LICENSEE] = "licensee", [AUTH_SESSION] = "session",
	};
	return names[a];
}

const char *spec_scope(const struct endpoint *row)
{
	return row->scope == SCOPE_NONE ? "" : scope_name(row->scope);
}

const char *spec_meter(enum meter_class m)
{
	static const char *const names[] = {
		[METER_UNSET] = "unset",
		[METER_FREE] = "free",
		[METER_POST_READ] = "post_read",
		[METER_USER_READ] = "user_read",
	};
	return names[m];
}

const char *spec_body(enum body_kind b)
{
	static const char *const names[] = {
		[BODY_NONE] = "none", [BODY_FIELDS] = "fields", [BODY_UPLOAD] = "upload", [BODY_RAW] = "raw"};
	return names[b];
}

const char *spec_run(enum run r)
{
	return r == RUN_INLINE ? "inline" : "worker";
}

const char *spec_type(enum param_type t)
{
	static const char *const names[] = {
		[PARAM_STRING] = "string", [PARAM_INT] = "integer",
		[PARAM_BOOL] = "boolean",  [PARAM_ID] = "id",
		[PARAM_POST] = "post id",  [PARAM_ACCOUNT] = "account id",
		[PARAM_CHOICE] = "choice", [PARAM_NAMES] = "names",
		[PARAM_STRINGS] = "strings",
		[PARAM_IDS] = "ids",	   [PARAM_BOOLS_OR_INTS] = "integers",
		[PARAM_TIME] = "time",	   [PARAM_DOUBLE] = "number",
		[PARAM_FILE] = "file",	   [PARAM_TREE] = "nested",
	};
	return names[t];
}

bool spec_in_path(const struct endpoint *row, const struct param *p)
{
	return route_captures(row->path, view_of(p->name));
}

struct view spec_entity(const char *reply)
{
	struct view v = view_of(reply);
	if (v.len && v.p[v.len - 1] == '?')
		v.len--;
	if (v.len >= 2 && v.p[0] == '[' && v.p[v.len - 1] == ']')
		v = view_sub(v, 1, v.len - 2);
	for (size_t i = 0; i < v.len; i++) {
		char c = (char)(v.p[i] | 0x20);
		if ((c < 'a' || c > 'z') && !(i > 0 && v.p[i] >= '0' && v.p[i] <= '9'))
			return V("");
	}
	return v;
}

void spec_routes_text(const struct endpoint_group *groups, struct buf *out)
{
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++)
			buf_printf(out, "%-7s %-58s %-8s %-20s %s\n", http_method_name(row->method), row->path,
				   spec_auth(row->auth), spec_scope(row), row->reply ? row->reply : "");
}

static void param_json(const struct endpoint *row, const struct param *p, struct jw *j)
{
	jw_object(j);
	jw_kv_cstr(j, "name", p->name);
	jw_kv_cstr(j, "type", spec_type(p->type));
	jw_kv_bool(j, "path", spec_in_path(row, p));
	jw_kv_bool(j, "required", p->required || spec_in_path(row, p));
	if (p->min != p->max) {
		jw_kv_int(j, "min", p->min);
		jw_kv_int(j, "max", p->max);
	}
	if (p->type == PARAM_INT || p->type == PARAM_BOOL)
		jw_kv_int(j, "fallback", p->fallback);
	if (param_choice(p, 0)) {
		jw_key(j, "choices");
		jw_array(j);
		for (size_t i = 0; param_choice(p, i); i++)
			jw_cstr(j, param_choice(p, i));
		jw_array_end(j);
	}
	jw_kv_cstr(j, "doc", p->doc ? p->doc : "");
	jw_object_end(j);
}

static void row_json(const struct endpoint_group *g, const struct endpoint *row, struct jw *j)
{
	jw_object(j);
	jw_kv_cstr(j, "method", http_method_name(row->method));
	jw_kv_cstr(j, "path", row->path);
	jw_kv_cstr(j, "group", g->name);
	jw_kv_cstr(j, "auth", spec_auth(row->auth));
	jw_kv_cstr(j, "scope", spec_scope(row));
	jw_kv_int(j, "permissions", row->permissions);
	jw_kv_cstr(j, "rate", rate_class_name(row->rate));
	jw_kv_cstr(j, "meter", spec_meter(row->meter));
	jw_kv_cstr(j, "body", spec_body(row->body));
	jw_kv_cstr(j, "run", spec_run(row->run));
	jw_kv_cstr(j, "reply", row->reply ? row->reply : "");
	jw_kv_cstr(j, "doc", row->doc ? row->doc : "");
	jw_key(j, "params");
	jw_array(j);
	for (const struct param *p = row->params; p && p->name; p++)
		param_json(row, p, j);
	jw_array_end(j);
	jw_object_end(j);
}

void spec_routes_json(const struct endpoint_group *groups, struct buf *out)
{
	struct jw j = jw_to(out);
	jw_array(&j);
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++)
			row_json(g, row, &j);
	jw_array_end(&j);
	buf_add_c(out, '\n');
}

static bool is_documented(const struct endpoint_group *g)
{
	for (const struct endpoint *row = g->rows; row->path; row++)
		if (!row->raw_path)
			return true;
	return false;
}

/* A cell of a table: a bar would end it. */
static void add_cell(struct buf *out, const char *text)
{
	for (; text && *text; text++) {
		if (*text == '|')
			buf_add_c(out, '\\');
		buf_add_c(out, *text);
	}
}

static void param_markdown(const struct endpoint *row, const struct param *p, struct buf *out)
{
	buf_printf(out, "| `%s` | %s%s | ", p->name, spec_type(p->type),
		   p->required || spec_in_path(row, p) ? ", required" : "");
	add_cell(out, p->doc);
	const char *first = p->type == PARAM_NAMES ? "Some of " : "One of ";

	if (p->doc && p->choices)
		buf_add_c(out, ' ');
	/* The long lists of another table stand in the OpenAPI file. */
	for (size_t i = 0; !p->nth && param_choice(p, i); i++)
		buf_printf(out, "%s`%s`", i ? ", " : first, param_choice(p, i));
	if (p->type == PARAM_INT && p->min != p->max)
		buf_printf(out, " %" PRId64 " to %" PRId64 ", %" PRId64 " when absent.", p->min, p->max, p->fallback);
	buf_add_str(out, " |\n");
}

static void row_markdown(const struct endpoint *row, struct buf *out)
{
	static const char *const who[] = {
		[AUTH_UNSET] = "",
		[AUTH_NONE] = "anybody",
		[AUTH_OPTIONAL] = "anybody, or with a token",
		[AUTH_APP] = "a token of an app or a user",
		[AUTH_USER] = "a user's token",
		[AUTH_LICENSEE] = "a licensee's key",
		[AUTH_SESSION] = "a browser",
	};
	buf_printf(out, "### %s `%s`\n\n%s\n\nFor %s", http_method_name(row->method), row->path,
		   row->doc ? row->doc : "", who[row->auth]);
	if (row->scope != SCOPE_NONE)
		buf_printf(out, ", scope `%s`", scope_name(row->scope));
	if (row->permissions) {
		char names[PERMISSION_NAMES_MAX];

		permission_names(row->permissions, names, sizeof(names));
		buf_printf(out, ", permission %s", names);
	}
	if (row->rate != RATE_DEFAULT)
		buf_printf(out, "; rate limit `%s`", rate_class_name(row->rate));
	if (row->reply && row->reply[0])
		buf_printf(out, ". Answers `%s`", row->reply);
	buf_add_str(out, ".\n\n");
	if (!row->params || !row->params[0].name)
		return;
	buf_add_str(out, "| parameter | type | meaning |\n|---|---|---|\n");
	for (const struct param *p = row->params; p->name; p++)
		param_markdown(row, p, out);
	buf_add_c(out, '\n');
}

void spec_markdown(const struct endpoint_group *groups, struct buf *out)
{
	buf_add_str(out, "# API\n\nMade from the tables of endpoints by `kicau routes --markdown`; do not edit.\n\n");
	for (const struct endpoint_group *g = groups; g->name; g++) {
		if (!is_documented(g))
			continue;
		buf_printf(out, "## %s\n\n", g->name);
		for (const struct endpoint *row = g->rows; row->path; row++)
			if (!row->raw_path)
				row_markdown(row, out);
	}
}

/*
 * spec_params.c - what a caller may say, in the OpenAPI document. Lists of names that many rows have (the members of posts,
 * what may be included) stand once among the components.
 */
#include "base/base.h"
#include "gate/spec_openapi.h"

#define LIST_NAME_MAX 64

static const char *schema_type(enum param_type t)
{
	static const char *const names[] = {
		[PARAM_INT] = "integer",   [PARAM_BOOLS_OR_INTS] = "integer", [PARAM_BOOL] = "boolean",
		[PARAM_DOUBLE] = "number", [PARAM_TREE] = "object",
	};

	return (size_t)t < ARRAY_LEN(names) && names[t] ? names[t] : "string";
}

static void write_choices(const struct param *p, struct jw *j)
{
	if (!param_choice(p, 0))
		return;
	jw_key(j, "enum");
	jw_array(j);
	for (size_t i = 0; param_choice(p, i); i++)
		jw_cstr(j, param_choice(p, i));
	jw_array_end(j);
}

static void write_text_limits(const struct param *p, struct jw *j)
{
	if (p->type == PARAM_TIME)
		jw_kv_cstr(j, "format", "date-time");
	if (p->type == PARAM_FILE)
		jw_kv_cstr(j, "contentMediaType", "application/octet-stream");
	if (p->type == PARAM_ID || p->type == PARAM_POST || p->type == PARAM_ACCOUNT || p->type == PARAM_IDS)
		jw_kv_cstr(j, "pattern", "^[0-9]+$");
	if (p->pattern)
		jw_kv_cstr(j, "pattern", p->pattern);
	else if (p->type == PARAM_STRING && p->max > 0)
		jw_kv_int(j, "maxLength", p->max);
}

static void write_value(const struct param *p, struct jw *j)
{
	jw_kv_cstr(j, "type", schema_type(p->type));
	write_text_limits(p, j);
	if (p->type == PARAM_INT && p->min != p->max) {
		jw_kv_int(j, "minimum", p->min);
		jw_kv_int(j, "maximum", p->max);
		jw_kv_int(j, "default", p->fallback);
	}
	write_choices(p, j);
	if (p->type == PARAM_CHOICE && p->fallback)
		jw_kv_cstr(j, "default", p->choices[p->fallback]);
}

/* With commas between, in a query; in a body it is the text with the commas. */
static bool is_comma_list(const struct param *p)
{
	return p->type == PARAM_NAMES || p->commas > 0;
}

static bool is_list(const struct param *p)
{
	return p->type == PARAM_STRINGS || p->type == PARAM_IDS || p->type == PARAM_BOOLS_OR_INTS;
}

static void write_schema(const struct param *p, bool in_body, struct jw *j)
{
	bool list = is_list(p) || (is_comma_list(p) && !in_body);

	if (p->shape) {
		spec_entity_schema(p->shape, j);
		return;
	}
	jw_object(j);
	if (is_comma_list(p) && in_body) {
		jw_kv_cstr(j, "type", "string");
		jw_object_end(j);
		return;
	}
	if (list) {
		jw_kv_cstr(j, "type", "array");
		if (p->commas)
			jw_kv_int(j, "maxItems", p->commas);
		if (is_comma_list(p))
			jw_kv_int(j, "minItems", 1);
		kv_object(j, "items");
	}
	write_value(p, j);
	if (list)
		jw_object_end(j);
	jw_object_end(j);
}

/* ---- parameters ---- */

static void write_parameter(const struct endpoint *row, const struct param *p, struct jw *j)
{
	bool path = row && spec_in_path(row, p);

	jw_object(j);
	jw_kv_cstr(j, "name", p->name);
	jw_kv_cstr(j, "in", path ? "path" : "query");
	jw_kv_bool(j, "required", path || p->required);
	if (p->doc)
		jw_kv_cstr(j, "description", p->doc);
	if (is_comma_list(p)) {
		jw_kv_cstr(j, "style", "form");
		jw_kv_bool(j, "explode", false);
	}
	jw_key(j, "schema");
	write_schema(p, false, j);
	jw_object_end(j);
}

struct found {
	const struct param *p;
	char name[LIST_NAME_MAX];
	bool first; /* nobody had it before */
};

/* "tweet.fields" → "tweet_fields"; another list under the same name is "expansions_2". */
static void name_list(const char *name, int nth, char ret[LIST_NAME_MAX])
{
	snprintf(ret, LIST_NAME_MAX, nth > 1 ? "%s_%d" : "%s", name, nth);
	for (char *at = ret; *at; at++)
		*at = *at == '.' ? '_' : *at;
}

/* What stands before p in the tables under its name: whether p's own list is among it, and how many others are. */
static void find_list(const struct endpoint_group *groups, const struct param *p, struct found *ret)
{
	const char *(*seen[8])(size_t) = {NULL};
	size_t n = 0;

	*ret = (struct found){.p = p, .first = false};
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++)
			for (const struct param *q = row->params; q && q->name; q++) {
				size_t i = 0;

				if (!q->nth || strcmp(q->name, p->name) != 0)
					continue;
				while (i < n && seen[i] != q->nth)
					i++;
				if (i == n && n < ARRAY_LEN(seen))
					seen[n++] = q->nth;
				if (q->nth != p->nth)
					continue;
				ret->first = q == p;
				name_list(p->name, (int)i + 1, ret->name);
				return;
			}
}

static bool in_body(const struct endpoint *row, const struct param *p)
{
	return row->body != BODY_NONE && row->body != BODY_RAW && row->method != HTTP_GET && !p->in_query &&
	       !spec_in_path(row, p);
}

/* Headers that a caller may send with what is paid for. */
static const struct {
	const char *key, *name, *doc;
} asked[] = {
	{"Kicau-Request-Id", "Kicau-Request-Id",
	 "The caller's own name for the call: tried again under it, nothing is paid twice."},
	{"If-None-Match", "If-None-Match", "ETag of an answer one has: while it is the same, 304 and free."},
};

void spec_parameters(const struct endpoint_group *groups, const struct endpoint *row, struct jw *j)
{
	struct found f;

	jw_key(j, "parameters");
	jw_array(j);
	for (const struct param *p = row->params; p && p->name; p++) {
		if (in_body(row, p))
			continue;
		if (!p->nth) {
			write_parameter(row, p, j);
			continue;
		}
		find_list(groups, p, &f);
		jw_object(j);
		kv_ref(j, "parameters", f.name);
		jw_object_end(j);
	}
	for (size_t i = 0; i < ARRAY_LEN(asked) && row->meter != METER_FREE && row->kind == REPLY_JSON; i++) {
		jw_object(j);
		kv_ref(j, "parameters", asked[i].key);
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void write_asked(struct jw *j)
{
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		kv_object(j, asked[i].key);
		jw_kv_cstr(j, "name", asked[i].name);
		jw_kv_cstr(j, "in", "header");
		jw_kv_cstr(j, "description", asked[i].doc);
		kv_object(j, "schema");
		jw_kv_cstr(j, "type", "string");
		jw_object_end(j);
		jw_object_end(j);
	}
}

void spec_named_parameters(const struct endpoint_group *groups, struct jw *j)
{
	struct found f;

	write_asked(j);
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++)
			for (const struct param *p = row->params; p && p->name; p++) {
				if (!p->nth)
					continue;
				find_list(groups, p, &f);
				if (!f.first)
					continue;
				jw_key(j, f.name);
				write_parameter(NULL, p, j);
			}
}

/* ---- bodies ---- */

static void write_required(const struct endpoint *row, struct jw *j)
{
	bool any = false;

	for (const struct param *p = row->params; p && p->name; p++) {
		if (!in_body(row, p) || !p->required)
			continue;
		if (!any) {
			jw_key(j, "required");
			jw_array(j);
		}
		any = true;
		jw_cstr(j, p->name);
	}
	if (any)
		jw_array_end(j);
}

void spec_body_schema(const struct endpoint *row, struct jw *j)
{
	jw_object(j);
	jw_kv_cstr(j, "type", row->body == BODY_RAW ? "string" : "object");
	if (row->body != BODY_RAW) {
		kv_object(j, "properties");
		for (const struct param *p = row->params; p && p->name; p++)
			if (in_body(row, p)) {
				jw_key(j, p->name);
				write_schema(p, true, j);
			}
		jw_object_end(j);
		write_required(row, j);
		if (spec_is_data(row))
			jw_kv_bool(j, "additionalProperties", false);
	}
	jw_object_end(j);
}

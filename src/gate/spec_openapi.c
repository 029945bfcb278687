/*
 * spec_openapi.c - the tables as an OpenAPI 3.1 document. Entities are named and left open: their fields are documented
 * where they come from, docs.joinmastodon.org/entities.
 */
#include "base/base.h"
#include "gate/gate.h"

#include "base/json.h"
#include "base/map.h"
#include "gate/spec_names.h"

static void kv_object(struct jw *j, const char *key)
{
	jw_key(j, key);
	jw_object(j);
}

static const char *schema_type(enum param_type t)
{
	switch (t) {
	case PARAM_INT:
	case PARAM_BOOLS_OR_INTS:
		return "integer";
	case PARAM_BOOL:
		return "boolean";
	case PARAM_DOUBLE:
		return "number";
	case PARAM_TREE:
		return "object";
	case PARAM_STRING:
	case PARAM_ID:
	case PARAM_POST:
	case PARAM_ACCOUNT:
	case PARAM_CHOICE:
	case PARAM_NAMES:
	case PARAM_STRINGS:
	case PARAM_IDS:
	case PARAM_TIME:
	case PARAM_FILE:
		break;
	}
	return "string";
}

static void param_schema(const struct param *p, struct jw *j)
{
	bool many = p->type == PARAM_STRINGS || p->type == PARAM_IDS || p->type == PARAM_BOOLS_OR_INTS;
	jw_object(j);
	if (many) {
		jw_kv_cstr(j, "type", "array");
		kv_object(j, "items");
	}
	jw_kv_cstr(j, "type", schema_type(p->type));
	if (p->type == PARAM_TIME)
		jw_kv_cstr(j, "format", "date-time");
	if (p->type == PARAM_FILE)
		jw_kv_cstr(j, "contentMediaType", "application/octet-stream");
	if (p->type == PARAM_INT && p->min != p->max) {
		jw_kv_int(j, "minimum", p->min);
		jw_kv_int(j, "maximum", p->max);
		jw_kv_int(j, "default", p->fallback);
	}
	if (param_choice(p, 0)) {
		jw_key(j, "enum");
		jw_array(j);
		for (size_t i = 0; param_choice(p, i); i++)
			jw_cstr(j, param_choice(p, i));
		jw_array_end(j);
	}
	if (many)
		jw_object_end(j);
	jw_object_end(j);
}

static bool in_body(const struct endpoint *row, const struct param *p)
{
	return row->body != BODY_NONE && row->body != BODY_RAW && row->method != HTTP_GET && !spec_in_path(row, p);
}

static void write_parameters(const struct endpoint *row, struct jw *j)
{
	jw_key(j, "parameters");
	jw_array(j);
	for (const struct param *p = row->params; p && p->name; p++) {
		bool path = spec_in_path(row, p);
		if (in_body(row, p))
			continue;
		jw_object(j);
		jw_kv_cstr(j, "name", p->name);
		jw_kv_cstr(j, "in", path ? "path" : "query");
		jw_kv_bool(j, "required", path || p->required);
		if (p->doc)
			jw_kv_cstr(j, "description", p->doc);
		jw_key(j, "schema");
		param_schema(p, j);
		jw_object_end(j);
	}
	jw_array_end(j);
}

static const char *media_type(enum body_kind body)
{
	switch (body) {
	case BODY_UPLOAD:
		return "multipart/form-data";
	case BODY_RAW:
		return "application/octet-stream";
	case BODY_FIELDS:
	case BODY_NONE:
		break;
	}
	return "application/json";
}

static void write_body(const struct endpoint *row, struct jw *j)
{
	if (row->body == BODY_NONE || row->method == HTTP_GET)
		return;
	kv_object(j, "requestBody");
	kv_object(j, "content");
	kv_object(j, media_type(row->body));
	kv_object(j, "schema");
	jw_kv_cstr(j, "type", row->body == BODY_RAW ? "string" : "object");
	kv_object(j, "properties");
	for (const struct param *p = row->params; p && p->name; p++)
		if (in_body(row, p)) {
			jw_key(j, p->name);
			param_schema(p, j);
		}
	for (size_t i = 0; i < 5; i++)
		jw_object_end(j);
}

static void entity_schema(const char *reply, struct jw *j)
{
	struct view entity = spec_entity(reply);
	char path[160];
	bool many = reply[0] == '[';
	jw_object(j);
	if (many) {
		jw_kv_cstr(j, "type", "array");
		kv_object(j, "items");
	}
	snprintf(path, sizeof(path), "#/components/schemas/%.*s", VIEW_ARG(entity));
	if (entity.len)
		jw_kv_cstr(j, "$ref", path);
	else
		jw_kv_cstr(j, "type", "object");
	if (many)
		jw_object_end(j);
	jw_object_end(j);
}

static void write_responses(const struct endpoint *row, struct jw *j)
{
	kv_object(j, "responses");
	kv_object(j, "200");
	jw_kv_cstr(j, "description", row->reply ? row->reply : "OK");
	if (row->kind == REPLY_JSON && row->reply) {
		kv_object(j, "content");
		kv_object(j, "application/json");
		jw_key(j, "schema");
		entity_schema(row->reply, j);
		jw_object_end(j);
		jw_object_end(j);
	}
	jw_object_end(j);
	kv_object(j, "default");
	jw_kv_cstr(j, "description", "An error in words");
	jw_object_end(j);
	jw_object_end(j);
}

static void write_security(const struct endpoint *row, struct jw *j)
{
	bool token = row->auth == AUTH_APP || row->auth == AUTH_USER || row->auth == AUTH_OPTIONAL;
	jw_key(j, "security");
	jw_array(j);
	if (row->auth == AUTH_OPTIONAL) {
		jw_object(j);
		jw_object_end(j);
	}
	if (token) {
		jw_object(j);
		jw_key(j, "token");
		jw_array(j);
		if (row->scope != SCOPE_NONE)
			jw_cstr(j, scope_name(row->scope));
		jw_array_end(j);
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void write_operation(const struct endpoint_group *g, const struct endpoint *row, struct jw *j)
{
	static const char *const keys[HTTP_OTHER] = {
		[HTTP_GET] = "get",	[HTTP_HEAD] = "head",	  [HTTP_POST] = "post",	      [HTTP_PUT] = "put",
		[HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete", [HTTP_OPTIONS] = "options",
	};
	kv_object(j, keys[row->method]);
	jw_kv_cstr(j, "summary", row->doc ? row->doc : "");
	jw_key(j, "tags");
	jw_array(j);
	jw_cstr(j, g->name);
	jw_array_end(j);
	write_security(row, j);
	write_parameters(row, j);
	write_body(row, j);
	write_responses(row, j);
	jw_object_end(j);
}

/* "/a/:id/:rest*" → "/a/{id}/{rest}" */
static void path_template(const char *path, struct buf *out)
{
	for (; *path; path++) {
		if (*path != ':') {
			buf_add_c(out, *path);
			continue;
		}
		size_t n = strcspn(path + 1, "/*.");
		buf_printf(out, "{%.*s}", (int)n, path + 1);
		path += n + (path[1 + n] == '*');
	}
}

static void write_path(const struct endpoint_group *groups, const char *path, struct jw *j)
{
	struct buf key;
	buf_init(&key, 1024);
	path_template(path, &key);
	kv_object(j, key.p);
	buf_release(&key);
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++)
			if (!row->raw_path && strcmp(row->path, path) == 0)
				write_operation(g, row, j);
	jw_object_end(j);
}

static void write_schemas(const struct endpoint_group *groups, struct jw *j)
{
	struct strmap seen;
	char key[128];
	strmap_init(&seen);
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++) {
			struct view entity = spec_entity(row->reply ? row->reply : "");
			if (row->raw_path || !entity.len || strmap_put(&seen, entity, &seen))
				continue;
			snprintf(key, sizeof(key), "%.*s", VIEW_ARG(entity));
			kv_object(j, key);
			jw_kv_bool(j, "additionalProperties", true);
			jw_object_end(j);
		}
	strmap_release(&seen);
}

static void write_components(const struct endpoint_group *groups, struct jw *j)
{
	kv_object(j, "components");
	kv_object(j, "securitySchemes");
	kv_object(j, "token");
	jw_kv_cstr(j, "type", "http");
	jw_kv_cstr(j, "scheme", "bearer");
	jw_object_end(j);
	jw_object_end(j);
	kv_object(j, "schemas");
	write_schemas(groups, j);
	jw_object_end(j);
	jw_object_end(j);
}

static void write_head(const char *base_url, struct jw *j)
{
	jw_kv_cstr(j, "openapi", "3.1.0");
	kv_object(j, "info");
	jw_kv_cstr(j, "title", "kicau");
	jw_kv_cstr(j, "version", KICAU_VERSION);
	jw_object_end(j);
	jw_key(j, "servers");
	jw_array(j);
	jw_object(j);
	jw_kv_cstr(j, "url", base_url);
	jw_object_end(j);
	jw_array_end(j);
}

void spec_openapi(const struct endpoint_group *groups, const char *base_url, struct buf *out)
{
	struct jw j = jw_to(out);
	struct strmap paths;
	strmap_init(&paths);
	jw_object(&j);
	write_head(base_url, &j);
	kv_object(&j, "paths");
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++)
			if (!row->raw_path && !strmap_put(&paths, view_of(row->path), &paths))
				write_path(groups, row->path, &j);
	jw_object_end(&j);
	write_components(groups, &j);
	jw_object_end(&j);
	buf_add_c(out, '\n');
	strmap_release(&paths);
}

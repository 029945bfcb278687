/*
 * spec_openapi.c - the tables as an OpenAPI 3.1 document. Of the data API's entities the shapes say what they hold; others
 * are named and left open: their fields are documented where they come from, docs.joinmastodon.org/entities.
 */
#include "base/base.h"
#include "gate/gate.h"

#include "base/map.h"
#include "gate/spec_openapi.h"

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
	bool needed = false;

	if (row->body == BODY_NONE || row->method == HTTP_GET)
		return;
	for (const struct param *p = row->params; p && p->name; p++)
		needed |= p->required && !spec_in_path(row, p);
	kv_object(j, "requestBody");
	if (needed)
		jw_kv_bool(j, "required", true);
	kv_object(j, "content");
	kv_object(j, media_type(row->body));
	jw_key(j, "schema");
	spec_body_schema(row, j);
	for (size_t i = 0; i < 3; i++)
		jw_object_end(j);
}

/* Which of the schemes below a row takes, and whether it takes nobody too. */
static const struct {
	const char *scheme;
	bool or_nobody;
} security[] = {
	[AUTH_OPTIONAL] = {"token", true}, [AUTH_APP] = {"token", false},      [AUTH_USER] = {"token", false},
	[AUTH_LICENSEE] = {"key", false},  [AUTH_SESSION] = {"session", true},
};

static const struct {
	const char *name, *type, *scheme, *in, *header, *doc;
} schemes[] = {
	{"token", "http", "bearer", NULL, NULL, "A token of an app or a user, by OAuth 2."},
	{"key", "http", "bearer", NULL, NULL, "A licensee's key."},
	{"session", "apiKey", NULL, "cookie", GATE_SESSION_COOKIE, "Who is logged in with a browser."},
};

static void write_security(const struct endpoint *row, struct jw *j)
{
	const char *scheme = security[row->auth].scheme;

	jw_key(j, "security");
	jw_array(j);
	if (security[row->auth].or_nobody) {
		jw_object(j);
		jw_object_end(j);
	}
	if (scheme) {
		jw_object(j);
		jw_key(j, scheme);
		jw_array(j);
		if (row->scope != SCOPE_NONE)
			jw_cstr(j, scope_name(row->scope));
		jw_array_end(j);
		jw_object_end(j);
	}
	jw_array_end(j);
}

/* "GET /2/tweets/:id" → "get_2_tweets_id": what generators call the function. */
static void write_operation_id(const struct endpoint *row, struct jw *j)
{
	char id[200];
	size_t n = (size_t)snprintf(id, sizeof(id), "%s%s", http_method_name(row->method), row->path), kept = 0;

	for (size_t i = 0; i < n && i < sizeof(id); i++) {
		char c = id[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (c >= 'A' && c <= 'Z' && i < strlen(http_method_name(row->method)))
			c = (char)(c | 0x20), word = true;
		else if (c >= 'A' && c <= 'Z')
			word = true;
		if (word || (kept && id[kept - 1] != '_'))
			id[kept++] = word ? c : '_';
	}
	id[kept] = 0;
	jw_kv_cstr(j, "operationId", id);
}

static void write_operation(const struct endpoint_group *groups, const struct endpoint_group *g,
			    const struct endpoint *row, struct jw *j)
{
	static const char *const keys[HTTP_OTHER] = {
		[HTTP_GET] = "get",	[HTTP_HEAD] = "head",	  [HTTP_POST] = "post",	      [HTTP_PUT] = "put",
		[HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete", [HTTP_OPTIONS] = "options",
	};
	kv_object(j, keys[row->method]);
	write_operation_id(row, j);
	jw_kv_cstr(j, "summary", row->doc ? row->doc : "");
	jw_key(j, "tags");
	jw_array(j);
	jw_cstr(j, g->name);
	jw_array_end(j);
	write_security(row, j);
	spec_parameters(groups, row, j);
	write_body(row, j);
	spec_responses(row, j);
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
				write_operation(groups, g, row, j);
	jw_object_end(j);
}

/* Shapes; and entities that are only named. */
static void write_schemas(const struct endpoint_group *groups, const struct shape *shapes, struct jw *j)
{
	struct strmap seen;
	char key[128];

	strmap_init(&seen);
	spec_shapes(shapes, j);
	for (const struct endpoint_group *g = groups; g->name; g++)
		for (const struct endpoint *row = g->rows; row->path; row++) {
			struct view entity = spec_entity(row->reply ? row->reply : "");
			if (row->raw_path || !entity.len || spec_has_shape(shapes, entity) ||
			    strmap_put(&seen, entity, &seen))
				continue;
			snprintf(key, sizeof(key), "%.*s", VIEW_ARG(entity));
			kv_object(j, key);
			jw_kv_bool(j, "additionalProperties", true);
			jw_object_end(j);
		}
	strmap_release(&seen);
}

static void kv_optional(struct jw *j, const char *key, const char *value)
{
	if (value)
		jw_kv_cstr(j, key, value);
}

static void write_schemes(struct jw *j)
{
	kv_object(j, "securitySchemes");
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		kv_object(j, schemes[i].name);
		jw_kv_cstr(j, "type", schemes[i].type);
		kv_optional(j, "scheme", schemes[i].scheme);
		kv_optional(j, "in", schemes[i].in);
		kv_optional(j, "name", schemes[i].header);
		jw_kv_cstr(j, "description", schemes[i].doc);
		jw_object_end(j);
	}
	jw_object_end(j);
}

static void write_components(const struct endpoint_group *groups, const struct shape *shapes, struct jw *j)
{
	kv_object(j, "components");
	write_schemes(j);
	kv_object(j, "parameters");
	spec_named_parameters(groups, j);
	jw_object_end(j);
	kv_object(j, "headers");
	spec_headers(j);
	jw_object_end(j);
	kv_object(j, "responses");
	spec_problems(j);
	jw_object_end(j);
	kv_object(j, "schemas");
	write_schemas(groups, shapes, j);
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

void spec_openapi(const struct endpoint_group *groups, const struct shape *shapes, const char *base_url,
		  struct buf *out)
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
	write_components(groups, shapes, &j);
	jw_object_end(&j);
	buf_add_c(out, '\n');
	strmap_release(&paths);
}

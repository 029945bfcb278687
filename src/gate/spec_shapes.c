/*
 * spec_shapes.c - shapes as JSON Schema 2020-12, for the components of the OpenAPI document.
 */
#include "base/base.h"
#include "gate/spec_openapi.h"

/* Beside enum member_type: the type of JSON, and what is said of its text. */
static const struct {
	const char *type, *format, *pattern;
} types[] = {
	[MEMBER_TEXT] = {"string", NULL, NULL},	       [MEMBER_ID] = {"string", NULL, "^[0-9]{1,19}$"},
	[MEMBER_INT] = {"integer", "int64", NULL},     [MEMBER_BOOL] = {"boolean", NULL, NULL},
	[MEMBER_TIME] = {"string", "date-time", NULL}, [MEMBER_DATE] = {"string", "date", NULL},
	[MEMBER_URL] = {"string", "uri", NULL},	       [MEMBER_SHAPE] = {NULL, NULL, NULL},
};

static bool member_at(const struct shape *s, size_t i, struct member *ret)
{
	if (s->nth)
		return s->nth(i, ret);
	*ret = s->members[i];
	return ret->name != NULL;
}

static void write_type(const struct member *m, struct jw *j)
{
	const char *type = types[m->type].type;

	if (type && m->how & HOW_NULL) {
		jw_key(j, "type");
		jw_array(j);
		jw_cstr(j, type);
		jw_cstr(j, "null");
		jw_array_end(j);
	} else if (type) {
		jw_kv_cstr(j, "type", type);
	}
	if (types[m->type].format)
		jw_kv_cstr(j, "format", types[m->type].format);
	if (types[m->type].pattern)
		jw_kv_cstr(j, "pattern", types[m->type].pattern);
	if (!m->choices)
		return;
	jw_key(j, "enum");
	jw_array(j);
	for (size_t i = 0; m->choices[i]; i++)
		jw_cstr(j, m->choices[i]);
	if (m->how & HOW_NULL)
		jw_null(j);
	jw_array_end(j);
}

/* A reference, or null: anyOf is what generators read. */
static void write_reference(const struct member *m, struct jw *j)
{
	bool or_null = m->how & HOW_NULL;

	if (or_null) {
		jw_key(j, "anyOf");
		jw_array(j);
		jw_object(j);
	}
	kv_ref(j, "schemas", m->of);
	if (or_null) {
		jw_object_end(j);
		jw_object(j);
		jw_kv_cstr(j, "type", "null");
		jw_object_end(j);
		jw_array_end(j);
	}
}

static void write_one(const struct member *m, struct jw *j)
{
	if (m->type == MEMBER_SHAPE)
		write_reference(m, j);
	else
		write_type(m, j);
}

static void write_member(const struct member *m, struct jw *j)
{
	jw_object(j);
	if (m->how & HOW_MANY) {
		jw_kv_cstr(j, "type", "array");
		kv_object(j, "items");
	}
	write_one(m, j);
	if (m->how & HOW_MANY)
		jw_object_end(j);
	if (m->doc)
		jw_kv_cstr(j, "description", m->doc);
	jw_object_end(j);
}

static void write_required(const struct shape *s, struct jw *j)
{
	struct member m;
	bool any = false;

	for (size_t i = 0; member_at(s, i, &m); i++) {
		if (!(m.how & HOW_ALWAYS))
			continue;
		if (!any) {
			jw_key(j, "required");
			jw_array(j);
		}
		any = true;
		jw_cstr(j, m.name);
	}
	if (any)
		jw_array_end(j);
}

static void write_shape(const struct shape *s, struct jw *j)
{
	struct member m;

	kv_object(j, s->name);
	jw_kv_cstr(j, "type", "object");
	if (s->map) {
		jw_key(j, "additionalProperties");
		write_member(&s->members[0], j);
		jw_object_end(j);
		return;
	}
	kv_object(j, "properties");
	for (size_t i = 0; member_at(s, i, &m); i++) {
		jw_key(j, m.name);
		write_member(&m, j);
	}
	jw_object_end(j);
	write_required(s, j);
	jw_object_end(j);
}

void spec_shapes(const struct shape *shapes, struct jw *j)
{
	for (const struct shape *s = shapes; s && s->name; s++)
		write_shape(s, j);
}

bool spec_has_shape(const struct shape *shapes, struct view name)
{
	for (const struct shape *s = shapes; s && s->name; s++)
		if (view_is(name, s->name))
			return true;
	return false;
}

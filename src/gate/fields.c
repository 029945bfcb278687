/*
 * fields.c - see fields.h.
 */
#include "base/base.h"
#include "gate/fields.h"

#include "base/limits.h"
#include "gate/form.h"
#include "gate/multipart.h"
#include "gate/tree.h"

void fields_init(struct fields *f, struct arena *a)
{
	*f = (struct fields){.arena = a};
}

void fields_release(struct fields *f)
{
	json_decref(f->tree);
	f->tree = NULL;
}

static enum err count_one(struct fields *f, struct problem *problem)
{
	if (++f->count > LIMIT_PARAMS)
		return fail(problem, ERR_INVALID, "Too many parameters");
	return OK;
}

/* An array in the arena with room for one more. */
static void *grow(struct arena *a, void *old, size_t n, size_t *alloc, size_t size)
{
	if (n < *alloc)
		return old;
	*alloc = n ? 2 * n : 8;
	void *p = arena_array(a, *alloc, size);
	if (n)
		memcpy(p, old, n * size);
	return p;
}

static enum err put(struct fields *f, struct view name, struct view value, struct problem *problem)
{
	TRY(count_one(f, problem));
	if (memchr(name.p, '[', name.len)) {
		if (!f->tree)
			f->tree = json_object();
		if (tree_put(f->tree, f->arena, name, value) != OK)
			return fail(problem, ERR_INVALID, "Invalid query parameters");
		return OK;
	}
	f->plain = grow(f->arena, f->plain, f->n_plain, &f->alloc_plain, sizeof(*f->plain));
	f->plain[f->n_plain++] = (struct field){name, value};
	return OK;
}

enum err fields_add_query(struct fields *f, struct view query, struct problem *problem)
{
	struct view name, value;
	while (form_next(&query, &name, &value)) {
		if (percent_decode(f->arena, name, true, &name) != OK ||
		    percent_decode(f->arena, value, true, &value) != OK)
			return fail(problem, ERR_INVALID, "Invalid query parameters");
		TRY(put(f, name, value, problem));
	}
	return OK;
}

static enum err add_json(struct fields *f, struct view body, struct problem *problem)
{
	json_error_t error;
	if (view_trim(body).len == 0)
		return OK;
	if (tree_check_text(body) != OK)
		return fail(problem, ERR_INVALID, "The JSON is too deep or has too many values");
	json_t *json = json_loadb(body.p, body.len, 0, &error);
	if (!json)
		return fail(problem, ERR_INVALID, "The JSON is malformed, line %d: %s", error.line, error.text);
	if (!json_is_object(json)) {
		json_decref(json);
		return fail(problem, ERR_INVALID, "The JSON must be an object");
	}
	/* Members of the body go before bracket names of the query. */
	if (f->tree && json_object_update_missing(json, f->tree) != 0)
		BUG("a tree could not be merged");
	json_decref(f->tree);
	f->tree = json;
	return OK;
}

static enum err add_part(struct fields *f, const struct part *part, struct problem *problem)
{
	if (!part->is_file) {
		if (!utf8_valid(part->data))
			return fail(problem, ERR_INVALID, "\"%.*s\" is not UTF-8", VIEW_ARG(part->name));
		return put(f, part->name, part->data, problem);
	}
	TRY(count_one(f, problem));
	/* What browsers send for a file input that was left empty. */
	if (part->file_name.len == 0 && part->data.len == 0)
		return OK;
	f->files = grow(f->arena, f->files, f->n_files, &f->alloc_files, sizeof(*f->files));
	f->files[f->n_files++] = (struct file_field){
		.name = part->name,
		.upload = {.data = part->data, .file_name = part->file_name, .content_type = part->content_type},
	};
	return OK;
}

static enum err add_multipart(struct fields *f, struct view content_type, struct view body, struct problem *problem)
{
	struct multipart m;
	struct part part;
	enum err err = multipart_begin(&m, f->arena, content_type, body);
	while (err == OK && (err = multipart_next(&m, &part)) == OK)
		TRY(add_part(f, &part, problem));
	if (err == ERR_NOT_FOUND)
		return OK;
	return fail(problem, ERR_INVALID,
		    err == ERR_TOO_LARGE ? "Too many parameters" : "The multipart body is malformed");
}

enum err fields_add_body(struct fields *f, struct view content_type, struct view body, struct problem *problem)
{
	struct view type = view_trim(view_sub(content_type, 0, view_find(content_type, 0, ';')));
	if (body.len == 0)
		return OK;
	if (view_eq_nocase(type, V("application/json")))
		return add_json(f, body, problem);
	if (view_eq_nocase(type, V("multipart/form-data")))
		return add_multipart(f, content_type, body, problem);
	if (view_eq_nocase(type, V("application/x-www-form-urlencoded")))
		return fields_add_query(f, body, problem);
	return OK;
}

static bool json_text(const json_t *j, struct arena *a, struct view *ret)
{
	switch (json_typeof(j)) {
	case JSON_STRING:
		*ret = view_make(json_string_value(j), json_string_length(j));
		return true;
	case JSON_INTEGER:
		*ret = arena_printf(a, "%lld", (long long)json_integer_value(j));
		return true;
	case JSON_REAL:
		*ret = arena_printf(a, "%.17g", json_real_value(j));
		return true;
	case JSON_TRUE:
		*ret = V("true");
		return true;
	case JSON_FALSE:
		*ret = V("false");
		return true;
	case JSON_NULL:
	case JSON_OBJECT:
	case JSON_ARRAY:
		break;
	}
	return false;
}

const json_t *fields_node(const struct fields *f, struct view name)
{
	const json_t *j = f->tree ? tree_get(f->tree, f->arena, name) : NULL;
	return json_is_null(j) ? NULL : j;
}

bool fields_text(const struct fields *f, struct view name, struct view *ret)
{
	const json_t *j = f->tree ? tree_get(f->tree, f->arena, name) : NULL;
	if (j)
		return json_text(j, f->arena, ret);
	for (size_t i = f->n_plain; i-- > 0;)
		if (view_eq(f->plain[i].name, name)) {
			*ret = f->plain[i].value;
			return true;
		}
	return false;
}

bool fields_list(const struct fields *f, struct view name, const struct view **ret, size_t *ret_n)
{
	if (view_ends(name, V("[]")))
		name.len -= 2;
	const json_t *j = fields_node(f, name);
	size_t max = json_is_array(j) ? json_array_size(j) : json_is_object(j) ? json_object_size(j) : 1, n = 0;
	struct view *list = ARENA_ARRAY(f->arena, max, struct view);
	if (json_is_array(j)) {
		for (size_t i = 0; i < max; i++)
			n += json_text(json_array_get(j, i), f->arena, &list[n]);
	} else if (json_is_object(j)) {
		const char *key;
		json_t *value;
		json_object_foreach ((json_t *)(uintptr_t)j, key, value)
			n += json_text(value, f->arena, &list[n]);
	} else if (fields_text(f, name, &list[0])) {
		n = 1;
	} else {
		return false;
	}
	*ret = list;
	*ret_n = n;
	return true;
}

const struct upload *fields_file(const struct fields *f, struct view name)
{
	for (size_t i = f->n_files; i-- > 0;)
		if (view_eq(f->files[i].name, name))
			return &f->files[i].upload;
	return NULL;
}

/*
 * export_ask.c - see export_ask.h.
 */
#include "base/base.h"
#include "dataapi/export_ask.h"

#include <jansson.h>

#include "base/json.h"

#define FIELD_LISTS 5

/* Beside each other: names in the JSON, and places in struct xfields. */
static const char *const list_names[FIELD_LISTS] = {"tweet", "user", "media", "poll", "expansions"};

static uint32_t *list_of(struct xfields *f, size_t i)
{
	uint32_t *const lists[FIELD_LISTS] = {&f->tweet, &f->user, &f->media, &f->poll, &f->expansions};

	return lists[i];
}

void export_ask_write(const struct export_ask *ask, struct buf *out)
{
	struct jw j = jw_to(out);
	struct xfields fields = ask->fields;

	jw_object(&j);
	jw_kv_int(&j, "from", ask->from_id);
	jw_kv_int(&j, "to", ask->to_id);
	jw_kv_str(&j, "query", ask->query);
	for (size_t i = 0; i < FIELD_LISTS; i++)
		jw_kv_int(&j, list_names[i], *list_of(&fields, i));
	jw_object_end(&j);
}

enum err export_ask_read(struct arena *a, struct view json, struct export_ask *ret)
{
	json_t *root = json_loadb(json.p, json.len, 0, NULL);
	const json_t *query = json_object_get(root, "query");

	if (!root)
		return ERR_CORRUPT;
	*ret = (struct export_ask){.from_id = json_integer_value(json_object_get(root, "from")),
				   .to_id = json_integer_value(json_object_get(root, "to"))};
	ret->query = arena_view(a, view_make(json_string_value(query), json_string_length(query)));
	for (size_t i = 0; i < FIELD_LISTS; i++)
		*list_of(&ret->fields, i) = (uint32_t)json_integer_value(json_object_get(root, list_names[i]));
	json_decref(root);
	return OK;
}

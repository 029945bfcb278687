/*
 * status_media.c - see status_media.h.
 */
#include "base/base.h"

#include "api/status_media.h"

#include "media/media.h"

static struct view string_of(const json_t *object, const char *key)
{
	const json_t *s = json_object_get(object, key);

	return json_is_string(s) ? view_make(json_string_value(s), json_string_length(s)) : (struct view){0};
}

static bool read_id(const json_t *item, int64_t *ret)
{
	const json_t *id = json_object_get(item, "id");

	if (json_is_integer(id)) {
		*ret = json_integer_value(id);
		return *ret > 0;
	}
	return parse_i64(string_of(item, "id"), 1, INT64_MAX, ret);
}

static enum err add_change(struct call *c, const json_t *item, struct post_change *change)
{
	size_t n = change->n_media_changes;
	struct view focus = string_of(item, "focus");

	if (n == ARRAY_LEN(change->media_changes) || !read_id(item, &change->media_changes[n].id))
		return OK;
	change->media_changes[n].description = string_of(item, "description");
	change->media_changes[n].has_focus = focus.len > 0;
	if (focus.len &&
	    !media_focus_parse(focus, &change->media_changes[n].focus_x, &change->media_changes[n].focus_y))
		return call_fail(c, ERR_UNPROCESSABLE,
				 "Validation failed: Focus must be two numbers from -1 to 1: x,y");
	change->n_media_changes++;
	return OK;
}

enum err status_media_changes(struct call *c, const json_t *tree, struct post_change *change)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_array(tree)) {
		json_array_foreach (tree, i, item)
			TRY(add_change(c, item, change));
	} else if (json_is_object(tree)) {
		json_object_foreach ((json_t *)tree, key, item)
			TRY(add_change(c, item, change));
	}
	return OK;
}

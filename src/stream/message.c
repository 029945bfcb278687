/*
 * message.c - see message.h.
 */
#include "base/base.h"

#include "stream/message.h"

#include <jansson.h>

static struct view text_of(struct arena *a, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_array(v))
		v = json_array_get(v, 0);
	if (json_is_integer(v))
		return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	if (!json_is_string(v))
		return V("");
	return arena_view(a, view_make(json_string_value(v), json_string_length(v)));
}

enum message_type message_parse(struct arena *a, struct view text, struct wish *ret)
{
	static const char *const types[] = {
		[MESSAGE_SUBSCRIBE] = "subscribe",
		[MESSAGE_UNSUBSCRIBE] = "unsubscribe",
	};
	json_t *o = json_loadb(text.p, text.len, 0, NULL);
	enum message_type type = MESSAGE_OTHER;

	for (enum message_type t = MESSAGE_SUBSCRIBE; json_is_object(o) && t < ARRAY_LEN(types); t++)
		if (view_is(text_of(a, o, "type"), types[t]))
			type = t;
	if (type != MESSAGE_OTHER)
		*ret = (struct wish){
			.stream = text_of(a, o, "stream"), .tag = text_of(a, o, "tag"), .list = text_of(a, o, "list")};
	json_decref(o);
	return type;
}

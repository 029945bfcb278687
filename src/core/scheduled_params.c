/*
 * scheduled_params.c - see scheduled_params.h.
 */
#include "base/base.h"

#include "core/scheduled_params.h"

#include <jansson.h>

#include "base/json.h"
#include "base/limits.h"

static void write_poll(const struct new_poll *poll, struct jw *j)
{
	jw_key(j, "poll");
	if (!poll) {
		jw_null(j);
		return;
	}
	jw_object(j);
	jw_key(j, "options");
	jw_array(j);
	for (size_t i = 0; i < poll->n_options; i++)
		jw_str(j, poll->options[i]);
	jw_array_end(j);
	jw_kv_int(j, "expires_in", poll->expires_in);
	jw_kv_bool(j, "multiple", poll->multiple);
	jw_kv_bool(j, "hide_totals", poll->hide_totals);
	jw_object_end(j);
}

static void write_text(struct jw *j, const char *key, struct view v)
{
	if (v.len)
		jw_kv_str(j, key, v);
	else
		jw_kv_null(j, key);
}

static void write_flag(struct jw *j, const char *key, bool known, bool value)
{
	if (known)
		jw_kv_bool(j, key, value);
	else
		jw_kv_null(j, key);
}

enum err scheduled_params_write(struct arena *a, const struct new_post *np, struct view *ret)
{
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_BODY * 2};
	struct jw j = jw_to(&out);

	jw_object(&j);
	jw_kv_str(&j, "text", np->text);
	jw_key(&j, "media_ids");
	jw_array(&j);
	for (size_t i = 0; i < np->n_media; i++)
		jw_id(&j, np->media[i]);
	jw_array_end(&j);
	write_flag(&j, "sensitive", np->has_sensitive, np->sensitive);
	write_text(&j, "spoiler_text", np->spoiler);
	write_text(&j, "visibility", np->has_visibility ? view_of(visibility_name(np->visibility)) : V(""));
	jw_kv_id(&j, "in_reply_to_id", np->reply_to.v);
	write_text(&j, "language", np->language);
	jw_kv_id(&j, "quoted_status_id", np->quote_of.v);
	write_text(&j, "quote_approval_policy",
		   np->has_quote_policy ? view_of(quote_policy_name(np->quote_policy)) : V(""));
	jw_kv_id(&j, "application_id", np->app_id);
	write_poll(np->poll, &j);
	write_text(&j, "idempotency", np->idempotency_key);
	jw_kv_null(&j, "scheduled_at");
	jw_kv_bool(&j, "with_rate_limit", false);
	jw_object_end(&j);
	TRY(buf_err(&out));
	*ret = arena_view(a, buf_view(&out));
	return OK;
}

/* "" for null, for what is missing and for what is no text. */
static struct view text_of(struct arena *a, const json_t *object, const char *key)
{
	const json_t *node = json_object_get(object, key);

	if (!json_is_string(node))
		return V("");
	return arena_view(a, view_make(json_string_value(node), json_string_length(node)));
}

static int64_t id_of(struct arena *a, const json_t *object, const char *key)
{
	int64_t id;

	return parse_i64(text_of(a, object, key), 1, INT64_MAX, &id) ? id : 0;
}

static const struct new_poll *read_poll(struct arena *a, const json_t *node)
{
	const json_t *options = json_object_get(node, "options");
	size_t n = json_array_size(options);

	if (!json_is_object(node))
		return NULL;
	struct new_poll *poll = ARENA_NEW(a, struct new_poll);
	struct view *texts = ARENA_ARRAY(a, n + 1, struct view);
	for (size_t i = 0; i < n; i++) {
		const json_t *option = json_array_get(options, i);

		texts[i] = arena_view(a, view_make(json_string_value(option), json_string_length(option)));
	}
	*poll = (struct new_poll){.options = texts,
				  .n_options = n,
				  .expires_in = json_integer_value(json_object_get(node, "expires_in")),
				  .multiple = json_is_true(json_object_get(node, "multiple")),
				  .hide_totals = json_is_true(json_object_get(node, "hide_totals"))};
	return poll;
}

static void read_media(struct arena *a, const json_t *list, struct new_post *np)
{
	size_t n = json_array_size(list);
	int64_t *ids = ARENA_ARRAY(a, n + 1, int64_t);

	for (size_t i = 0; i < n; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text && parse_i64(view_of(text), 1, INT64_MAX, &ids[np->n_media]))
			np->n_media++;
	}
	np->media = ids;
}

enum err scheduled_params_read(struct arena *a, struct view json, struct new_post *ret)
{
	json_t *root = json_loadb(json.p, json.len, 0, NULL);
	const json_t *sensitive = json_object_get(root, "sensitive");

	if (!json_is_object(root)) {
		json_decref(root);
		return ERR_CORRUPT;
	}
	*ret = (struct new_post){.text = text_of(a, root, "text"),
				 .spoiler = text_of(a, root, "spoiler_text"),
				 .language = text_of(a, root, "language"),
				 .reply_to = {id_of(a, root, "in_reply_to_id")},
				 .app_id = id_of(a, root, "application_id"),
				 .has_sensitive = json_is_boolean(sensitive),
				 .sensitive = json_is_true(sensitive),
				 .poll = read_poll(a, json_object_get(root, "poll"))};
	ret->has_visibility = visibility_parse(text_of(a, root, "visibility"), &ret->visibility);
	ret->quote_of.v = id_of(a, root, "quoted_status_id");
	ret->has_quote_policy = quote_policy_parse(text_of(a, root, "quote_approval_policy"), &ret->quote_policy);
	read_media(a, json_object_get(root, "media_ids"), ret);
	json_decref(root);
	return OK;
}

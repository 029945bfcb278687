/*
 * filters.c - what one does not want to read (Mastodon: methods/filters, version 2).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/filter_args.h"
#include "api/groups.h"
#include "present/filter.h"

#define KEYWORDS_AT_ONCE 200

static enum err load(struct call *c, int64_t id, struct filters *ret)
{
	return filters_load(c->db, c->arena, c->auth.account, id, ret);
}

static enum err show_all(struct call *c)
{
	struct filters all;

	TRY(load(c, 0, &all));
	present_filters(&all, &c->json);
	return OK;
}

static enum err answer(struct call *c, int64_t id)
{
	struct filters one;

	TRY(load(c, id, &one));
	present_filter(&one, &c->json);
	return OK;
}

static enum err show(struct call *c)
{
	return answer(c, arg_id(c, "id"));
}

/* --- keywords in the body of a filter --- */

static struct view text_of(const json_t *node)
{
	const char *text = json_string_value(node);

	return text ? view_make(text, json_string_length(node)) : (struct view){0};
}

/* Forms send "true" and "1", JSON true. */
static bool yes(const json_t *node)
{
	bool b = false;

	return json_is_true(node) || (json_is_integer(node) && json_integer_value(node)) ||
	       (parse_bool(text_of(node), &b) && b);
}

static enum err read_keyword(struct call *c, const json_t *node, struct keyword_change *ret)
{
	const json_t *id = json_object_get(node, "id"), *text = json_object_get(node, "keyword"),
		     *whole = json_object_get(node, "whole_word");

	*ret = (struct keyword_change){.has_text = json_is_string(text),
				       .text = text_of(text),
				       .has_whole_word = whole && !json_is_null(whole),
				       .whole_word = yes(whole),
				       .gone = yes(json_object_get(node, "_destroy"))};
	if (json_is_integer(id))
		ret->id = json_integer_value(id);
	else if (text_of(id).len && !parse_i64(text_of(id), 1, INT64_MAX, &ret->id))
		return ERR_NOT_FOUND;
	if (!utf8_valid(ret->text))
		return call_fail(c, ERR_INVALID, "Invalid encoding");
	return OK;
}

/* A list, or an object whose keys do not matter. */
static enum err read_keywords(struct call *c, struct filter_change *ch)
{
	const json_t *tree = arg_tree(c, "keywords_attributes");
	struct keyword_change *list = ARENA_ARRAY(c->arena, KEYWORDS_AT_ONCE, struct keyword_change);
	size_t n = json_is_array(tree) ? json_array_size(tree) : json_object_size(tree);
	void *at = json_object_iter((json_t *)(uintptr_t)tree);

	if (n > KEYWORDS_AT_ONCE)
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: at most %d keywords in one call",
				 KEYWORDS_AT_ONCE);
	for (size_t i = 0; i < n; i++) {
		const json_t *node = at ? json_object_iter_value(at) : json_array_get(tree, i);

		TRY(read_keyword(c, node, &list[i]));
		at = at ? json_object_iter_next((json_t *)(uintptr_t)tree, at) : NULL;
	}
	ch->keywords = list;
	ch->n_keywords = n;
	return OK;
}

static enum err read_change(struct call *c, struct filter_change *ret)
{
	*ret = (struct filter_change){.has_title = arg_given(c, "title"),
				      .title = arg_str(c, "title"),
				      .has_action = arg_given(c, "filter_action"),
				      .action = (enum filter_action)arg_choice(c, "filter_action")};
	TRY(filter_contexts(c, ret));
	TRY(filter_expiry(c, ret));
	return read_keywords(c, ret);
}

static enum err create(struct call *c)
{
	struct filter_change ch;
	int64_t id;

	TRY(read_change(c, &ch));
	TRY(filter_create(c->core, c->auth.account, &ch, &id, &c->problem));
	return answer(c, id);
}

static enum err update(struct call *c)
{
	struct filter_change ch;

	TRY(read_change(c, &ch));
	TRY(filter_update(c->core, c->auth.account, arg_id(c, "id"), &ch, &c->problem));
	return answer(c, arg_id(c, "id"));
}

static enum err delete_filter(struct call *c)
{
	TRY(filter_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

/* --- keywords by themselves --- */

static enum err keywords(struct call *c)
{
	struct filters one;

	TRY(load(c, arg_id(c, "id"), &one));
	present_filter_keywords(&one, &c->json);
	return OK;
}

static enum err answer_keyword(struct call *c, int64_t id)
{
	struct filter_keyword k;

	TRY(filter_keyword_load(c->db, c->arena, c->auth.account, id, &k));
	present_filter_keyword(&k, &c->json);
	return OK;
}

static enum err put_keyword(struct call *c, int64_t filter, int64_t keyword)
{
	struct keyword_change k = {.id = keyword,
				   .has_text = arg_given(c, "keyword"),
				   .text = arg_str(c, "keyword"),
				   .has_whole_word = arg_given(c, "whole_word"),
				   .whole_word = arg_bool(c, "whole_word")};
	int64_t id;

	TRY(filter_keyword_put(c->core, c->auth.account, filter, &k, &id, &c->problem));
	return answer_keyword(c, id);
}

static enum err add_keyword(struct call *c)
{
	return put_keyword(c, arg_id(c, "id"), 0);
}

static enum err keyword(struct call *c)
{
	return answer_keyword(c, arg_id(c, "id"));
}

static enum err change_keyword(struct call *c)
{
	return put_keyword(c, 0, arg_id(c, "id"));
}

static enum err delete_keyword(struct call *c)
{
	TRY(filter_keyword_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

/* --- single posts --- */

static enum err statuses(struct call *c)
{
	struct filters one;

	TRY(load(c, arg_id(c, "id"), &one));
	present_filter_statuses(&one, &c->json);
	return OK;
}

static enum err answer_status(struct call *c, int64_t id, bool gone)
{
	struct filter_status s;

	TRY(filter_status_load(c->db, c->auth.account, id, &s));
	if (gone)
		TRY(filter_status_delete(c->core, c->auth.account, id));
	present_filter_status(&s, &c->json);
	return OK;
}

static enum err add_status(struct call *c)
{
	int64_t id;

	TRY(filter_status_add(c->core, c->auth.account, arg_id(c, "id"), arg_post(c, "status_id"), &id, &c->problem));
	return answer_status(c, id, false);
}

static enum err status(struct call *c)
{
	return answer_status(c, arg_id(c, "id"), false);
}

static enum err delete_status(struct call *c)
{
	return answer_status(c, arg_id(c, "id"), true);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a filter of one's own."}
#define KEYWORD_ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a keyword of one's own."}
#define STATUS_ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of the post's place in a filter."}
#define TITLE .name = "title", .type = PARAM_STRING, .max = 4096, .doc = "Its name."
#define OPTIONS                                                                                                        \
	{.name = "filter_action",                                                                                      \
	 .type = PARAM_CHOICE,                                                                                         \
	 .choices = filter_action_names,                                                                               \
	 .doc = "What happens: warn, hide, or blur pictures."},                                                        \
	{FILTER_EXPIRY_PARAM},                                                                                         \
	{                                                                                                              \
		.name = "keywords_attributes", .type = PARAM_TREE,                                                     \
		.doc = "Keywords: {keyword, whole_word}; with id one there is, with _destroy to be removed."           \
	}
#define KEYWORD .name = "keyword", .type = PARAM_STRING, .max = 8192, .doc = "A word, or several."
#define WHOLE {.name = "whole_word", .type = PARAM_BOOL, .fallback = 1, .doc = "Not as a part of a longer word."}
#define READ                                                                                                           \
	.method = HTTP_GET, .auth = AUTH_USER, .scope = SCOPE_READ_FILTERS, .rate = RATE_DEFAULT, .meter = METER_FREE, \
	.run = RUN_INLINE
#define WRITE                                                                                                          \
	.auth = AUTH_USER, .scope = SCOPE_WRITE_FILTERS, .rate = RATE_DEFAULT, .meter = METER_FREE,                    \
	.body = BODY_FIELDS, .run = RUN_WORKER

const struct endpoint api_filters[] = {
	{READ, .path = "/api/v2/filters", .handle = show_all, .reply = "[Filter]", .doc = "One's filters."},
	{READ, .path = "/api/v2/filters/:id", .handle = show, .params = PARAMS(ID), .reply = "Filter", .doc = "A filter."},
	{WRITE, .method = HTTP_POST, .path = "/api/v2/filters", .handle = create,
	 .params = PARAMS({TITLE, .required = true}, {FILTER_CONTEXT_PARAM, .required = true}, OPTIONS), .reply = "Filter",
	 .doc = "Make a filter. With \"hide\", posts are left out by the server wherever the filter counts."},
	{WRITE, .method = HTTP_PUT, .path = "/api/v2/filters/:id", .handle = update,
	 .params = PARAMS(ID, {TITLE}, {FILTER_CONTEXT_PARAM}, OPTIONS), .reply = "Filter",
	 .doc = "Change a filter. What is not named stays."},
	{WRITE, .method = HTTP_DELETE, .path = "/api/v2/filters/:id", .handle = delete_filter, .params = PARAMS(ID),
	 .reply = "{}", .doc = "Delete a filter."},
	{READ, .path = "/api/v2/filters/:id/keywords", .handle = keywords, .params = PARAMS(ID), .reply = "[FilterKeyword]",
	 .doc = "Its keywords."},
	{WRITE, .method = HTTP_POST, .path = "/api/v2/filters/:id/keywords", .handle = add_keyword,
	 .params = PARAMS(ID, {KEYWORD, .required = true}, WHOLE), .reply = "FilterKeyword", .doc = "Add a keyword."},
	{READ, .path = "/api/v2/filters/keywords/:id", .handle = keyword, .params = PARAMS(KEYWORD_ID),
	 .reply = "FilterKeyword", .doc = "A keyword."},
	{WRITE, .method = HTTP_PUT, .path = "/api/v2/filters/keywords/:id", .handle = change_keyword,
	 .params = PARAMS(KEYWORD_ID, {KEYWORD}, WHOLE), .reply = "FilterKeyword", .doc = "Change a keyword."},
	{WRITE, .method = HTTP_DELETE, .path = "/api/v2/filters/keywords/:id", .handle = delete_keyword,
	 .params = PARAMS(KEYWORD_ID), .reply = "{}", .doc = "Remove a keyword."},
	{READ, .path = "/api/v2/filters/:id/statuses", .handle = statuses, .params = PARAMS(ID), .reply = "[FilterStatus]",
	 .doc = "Its posts."},
	{WRITE, .method = HTTP_POST, .path = "/api/v2/filters/:id/statuses", .handle = add_status,
	 .params = PARAMS(ID, {.name = "status_id", .type = PARAM_POST, .required = true, .doc = "Id of a post."}),
	 .reply = "FilterStatus", .doc = "Add a post."},
	{READ, .path = "/api/v2/filters/statuses/:id", .handle = status, .params = PARAMS(STATUS_ID),
	 .reply = "FilterStatus", .doc = "A post's place in a filter."},
	{WRITE, .method = HTTP_DELETE, .path = "/api/v2/filters/statuses/:id", .handle = delete_status,
	 .params = PARAMS(STATUS_ID), .reply = "FilterStatus", .doc = "Remove a post from a filter."},
	ENDPOINTS_END};

/*
 * filters_v1.c - filters as they were (Mastodon: methods/filters, version 1): each is one keyword, with what its filter
 * says. An app that knows only these must not change what other keywords of the same filter share.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/filter_args.h"
#include "api/groups.h"
#include "present/filter.h"

static enum err show_all(struct call *c)
{
	struct filters all;

	TRY(filters_load(c->db, c->arena, c->auth.account, 0, &all));
	jw_array(&c->json);
	for (size_t i = 0; i < all.n; i++)
		for (size_t k = 0; k < all.n_keywords; k++)
			if (all.keywords[k].filter == all.list[i].id)
				present_filter_v1(&all.list[i], &all.keywords[k], &c->json);
	jw_array_end(&c->json);
	return OK;
}

/* The filter that a keyword is of, and where among its keywords it stands. */
static enum err load(struct call *c, int64_t keyword, struct filters *ret, size_t *ret_at)
{
	struct filter_keyword k;

	TRY(filter_keyword_load(c->db, c->arena, c->auth.account, keyword, &k));
	TRY(filters_load(c->db, c->arena, c->auth.account, k.filter, ret));
	for (size_t i = 0; i < ret->n_keywords; i++) {
		if (ret->keywords[i].id == keyword) {
			*ret_at = i;
			return OK;
		}
	}
	return ERR_NOT_FOUND;
}

static enum err answer(struct call *c, int64_t keyword)
{
	struct filters f;
	size_t at;

	TRY(load(c, keyword, &f, &at));
	present_filter_v1(&f.list[0], &f.keywords[at], &c->json);
	return OK;
}

static enum err show(struct call *c)
{
	return answer(c, arg_id(c, "id"));
}

static enum err read_change(struct call *c, struct filter_change *ret, struct keyword_change *ret_keyword)
{
	*ret_keyword = (struct keyword_change){.has_text = true,
					       .text = arg_str(c, "phrase"),
					       .has_whole_word = true,
					       .whole_word = arg_bool(c, "whole_word")};
	*ret = (struct filter_change){.has_title = true,
				      .title = arg_str(c, "phrase"),
				      .has_action = arg_given(c, "irreversible"),
				      .action = arg_bool(c, "irreversible") ? FILTER_HIDE : FILTER_WARN,
				      .keywords = ret_keyword,
				      .n_keywords = 1};
	TRY(filter_contexts(c, ret));
	return filter_expiry(c, ret);
}

static enum err create(struct call *c)
{
	struct filter_change ch;
	struct keyword_change k;
	struct filters f;
	int64_t id;

	TRY(read_change(c, &ch, &k));
	TRY(filter_create(c->core, c->auth.account, &ch, &id, &c->problem));
	TRY(filters_load(c->db, c->arena, c->auth.account, id, &f));
	return f.n_keywords ? answer(c, f.keywords[0].id) : ERR_NOT_FOUND;
}

static bool changes_all(const struct filter_change *ch, const struct filter *f)
{
	return (ch->has_action && ch->action != f->action) || (ch->has_contexts && ch->contexts != f->contexts) ||
	       (ch->has_expiry && ch->expires_at != f->expires_at);
}

static enum err update(struct call *c)
{
	struct filter_change ch;
	struct keyword_change k;
	struct filters f;
	size_t at;

	TRY(read_change(c, &ch, &k));
	TRY(load(c, arg_id(c, "id"), &f, &at));
	k.id = f.keywords[at].id;
	k.has_whole_word = arg_given(c, "whole_word");
	if (f.n_keywords > 1) {
		if (changes_all(&ch, &f.list[0]))
			return call_fail(c, ERR_UNPROCESSABLE,
					 "Validation failed: this filter has other keywords, which would change too: "
					 "use a newer app");
		ch.has_title = false;
	}
	TRY(filter_update(c->core, c->auth.account, f.list[0].id, &ch, &c->problem));
	return answer(c, k.id);
}

/* The last keyword takes its filter with it, unless that holds posts. */
static enum err delete_filter(struct call *c)
{
	struct filters f;
	size_t at;

	TRY(load(c, arg_id(c, "id"), &f, &at));
	if (f.n_keywords == 1 && !f.n_statuses)
		TRY(filter_delete(c->core, c->auth.account, f.list[0].id));
	else
		TRY(filter_keyword_delete(c->core, c->auth.account, f.keywords[at].id));
	return answer_empty(c);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a keyword of one's own."}
#define FIELDS                                                                                                         \
	{.name = "phrase", .type = PARAM_STRING, .required = true, .max = 8192, .doc = "A word, or several."},         \
	{FILTER_CONTEXT_PARAM, .required = true},                                                                      \
	{.name = "irreversible", .type = PARAM_BOOL, .doc = "The server leaves such posts out."},                      \
	{.name = "whole_word", .type = PARAM_BOOL, .doc = "Not as a part of a longer word."}, {FILTER_EXPIRY_PARAM}
#define ROW(m, p, h) .method = (m), .path = (p), .handle = (h), .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE
#define READ .scope = SCOPE_READ_FILTERS, .run = RUN_INLINE
#define WRITE .scope = SCOPE_WRITE_FILTERS, .body = BODY_FIELDS, .run = RUN_WORKER

const struct endpoint api_filters_v1[] = {
	{ROW(HTTP_GET, "/api/v1/filters", show_all), READ, .reply = "[V1::Filter]", .doc = "One's filters, by keyword."},
	{ROW(HTTP_GET, "/api/v1/filters/:id", show), READ, .params = PARAMS(ID), .reply = "V1::Filter",
	 .doc = "A keyword with its filter."},
	{ROW(HTTP_POST, "/api/v1/filters", create), WRITE, .params = PARAMS(FIELDS), .reply = "V1::Filter",
	 .doc = "Make a filter of one keyword."},
	{ROW(HTTP_PUT, "/api/v1/filters/:id", update), WRITE, .params = PARAMS(ID, FIELDS), .reply = "V1::Filter",
	 .doc = "Change a keyword and, when it is the only one, its filter."},
	{ROW(HTTP_DELETE, "/api/v1/filters/:id", delete_filter), WRITE, .params = PARAMS(ID), .reply = "{}",
	 .doc = "Remove a keyword; the last takes its filter with it."},
	ENDPOINTS_END};

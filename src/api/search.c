/*
 * search.c - looking for accounts, posts and hashtags (Mastodon: methods/search).
 */
#include "base/base.h"

#include "core/search.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "present/tag.h"

static const char *const types[] = {"accounts", "hashtags", "statuses", NULL};
enum { TYPE_ACCOUNTS, TYPE_TAGS, TYPE_POSTS };

#define OFFSET_MAX 10000

/* What costs more than a look is for those who are logged in. */
static enum err check_anonymous(struct call *c)
{
	if (c->viewer->account.v)
		return OK;
	if (arg_int(c, "offset") > 0)
		return call_fail(c, ERR_UNAUTHORIZED,
				 "Search queries pagination is not supported without authentication");
	if (arg_bool(c, "resolve"))
		return call_fail(
			c, ERR_UNAUTHORIZED,
			"Search queries that resolve remote resources are not supported without authentication");
	return OK;
}

static bool wants(struct call *c, size_t type)
{
	return !arg_given(c, "type") || arg_choice(c, "type") == type;
}

static enum err answer_tags(struct call *c, const struct present *p, const struct search_result *found)
{
	jw_key(&c->json, "hashtags");
	jw_array(&c->json);
	for (size_t i = 0; i < found->n_tags; i++) {
		enum err err = present_tag(p, found->tags[i], &c->json);

		if (err && err != ERR_NOT_FOUND)
			return err;
	}
	jw_array_end(&c->json);
	return OK;
}

static enum err answer_search(struct call *c)
{
	struct present p = call_presenter(c);
	struct search_query q = {
		.text = arg_str(c, "q"),
		.viewer = c->viewer,
		.accounts = wants(c, TYPE_ACCOUNTS),
		.posts = wants(c, TYPE_POSTS),
		.tags = wants(c, TYPE_TAGS),
		.resolve = arg_bool(c, "resolve"),
		.following = arg_bool(c, "following"),
		.author = {arg_id(c, "account_id")},
		.max_id = arg_id(c, "max_id"),
		.min_id = arg_id(c, "min_id"),
		.limit = (size_t)arg_int(c, "limit"),
		.offset = arg_given(c, "type") ? (size_t)arg_int(c, "offset") : 0,
	};
	struct search_result found;

	TRY(check_anonymous(c));
	TRY(search(c->core, c->db, c->arena, &q, &found));
	jw_object(&c->json);
	jw_key(&c->json, "accounts");
	TRY(present_accounts(&p, found.accounts, found.n_accounts, &c->json));
	jw_key(&c->json, "statuses");
	TRY(present_posts(&p, found.posts, found.n_posts, true, &c->json));
	TRY(answer_tags(c, &p, &found));
	jw_object_end(&c->json);
	return OK;
}

const struct endpoint api_search[] = {
	{.method = HTTP_GET, .path = "/api/v2/search", .handle = answer_search, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_READ_SEARCH, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS({.name = "q", .type = PARAM_STRING, .required = true, .max = LIMIT_QUERY_BYTES,
			   .doc = "Words, a name, a hashtag, or an address with resolve. Operators, with words or without, and "
				  "turned round by a - before them: from:NAME from:me; has: media, image, video, audio, poll, "
				  "link, embed; is: reply, sensitive; language:CODE; in: library, public; before:, after: and "
				  "during: a day in UTC. All must hold."},
			  {.name = "type", .type = PARAM_CHOICE, .choices = types, .doc = "Only one kind of result."},
			  {.name = "resolve", .type = PARAM_BOOL, .doc = "An address answers what is there."},
			  {.name = "following", .type = PARAM_BOOL, .doc = "Only accounts one follows."},
			  {.name = "account_id", .type = PARAM_ID, .doc = "Only posts of this account."},
			  {.name = "exclude_unreviewed", .type = PARAM_BOOL,
			   .doc = "Taken and not used: hashtags are found whether moderators have looked at them or not."},
			  {.name = "max_id", .type = PARAM_ID, .doc = "Only posts older than this."},
			  {.name = "min_id", .type = PARAM_ID, .doc = "Only posts newer than this."},
			  {.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = LIMIT_PAGE_SEARCH,
			   .fallback = 20, .doc = "How many of each kind."},
			  {.name = "offset", .type = PARAM_INT, .clamp = true, .min = 0, .max = OFFSET_MAX,
			   .doc = "How many to skip; with type only."}),
	 .reply = "Search", .doc = "Find accounts, posts and hashtags. Posts are found by those who are logged in, newest first."},
	ENDPOINTS_END};

/*
 * statuses.c - writing, changing and deleting posts, and reading them by id (Mastodon: methods/statuses). What hangs on
 * a post is status_parts.c, what one does with it status_actions.c.
 */
#include "base/base.h"

#include "api/groups.h"
#include "api/status_answer.h"
#include "api/status_media.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/posts.h"
#include "core/quotes.h"
#include "core/scheduled.h"
#include "present/scheduled.h"

/* In the order of enum visibility. */
static const char *const visibilities[] = {"public", "unlisted", "private", "direct", NULL};
static const char *const quote_policies[] = {"public", "followers", "nobody", NULL};

/* NULL when no poll is asked for; what is missing from one is refused by its rules. */
static const struct new_poll *read_poll(struct call *c)
{
	if (!arg_given(c, "poll[options]") && !arg_given(c, "poll[expires_in]"))
		return NULL;
	struct new_poll *poll = ARENA_NEW(c->arena, struct new_poll);
	poll->n_options = arg_strings(c, "poll[options]", &poll->options);
	poll->expires_in = arg_int(c, "poll[expires_in]");
	poll->multiple = arg_bool(c, "poll[multiple]");
	poll->hide_totals = arg_bool(c, "poll[hide_totals]");
	return poll;
}

static enum quote_policy read_quote_policy(struct call *c)
{
	return (enum quote_policy)arg_choice(c, "quote_approval_policy");
}

static enum err schedule(struct call *c, const struct new_post *np)
{
	struct present p = call_presenter(c);
	struct scheduled s;
	int64_t id;

	TRY(scheduled_create(c->core, c->db, c->arena, np, arg_int(c, "scheduled_at"), &id, &c->problem));
	TRY(scheduled_load(c->db, c->arena, c->auth.account, id, &s));
	return present_scheduled(&p, &s, &c->json);
}

static enum err create(struct call *c)
{
	struct new_post np = {
		.author = c->auth.account,
		.text = arg_str(c, "status"),
		.spoiler = arg_str(c, "spoiler_text"),
		.language = arg_str(c, "language"),
		.reply_to = arg_post(c, "in_reply_to_id"),
		.has_visibility = arg_given(c, "visibility"),
		.visibility = (enum visibility)arg_choice(c, "visibility"),
		.has_sensitive = arg_given(c, "sensitive"),
		.sensitive = arg_bool(c, "sensitive"),
		.poll = read_poll(c),
		.quote_of = {arg_id(c, "quoted_status_id")},
		.has_quote_policy = arg_given(c, "quote_approval_policy"),
		.quote_policy = read_quote_policy(c),
		.app_id = c->auth.app_id,
		.idempotency_key = http_header(c->x, "Idempotency-Key"),
	};
	struct post_id id;

	if (!utf8_valid(np.idempotency_key))
		return call_fail(c, ERR_INVALID, "Invalid encoding");
	np.n_media = arg_ids(c, "media_ids[]", &np.media);
	/* As with Mastodon, what is scheduled for the past is posted. */
	if (arg_given(c, "scheduled_at") && arg_int(c, "scheduled_at") > clock_now())
		return schedule(c, &np);
	TRY(post_create(c->core, c->db, c->arena, &np, &id, &c->problem));
	return answer_changed_post(c, id);
}

static enum err update(struct call *c)
{
	struct post_change change = {
		.text = arg_str(c, "status"),
		.spoiler = arg_str(c, "spoiler_text"),
		.language = arg_str(c, "language"),
		.sensitive = arg_bool(c, "sensitive"),
		.poll = read_poll(c),
	};

	change.n_media = arg_ids(c, "media_ids[]", &change.media);
	TRY(status_media_changes(c, arg_tree(c, "media_attributes"), &change));
	TRY(post_edit(c->core, c->db, c->arena, c->auth.account, arg_post(c, "id"), &change, &c->problem));
	if (arg_given(c, "quote_approval_policy"))
		TRY(quote_policy_set(c->core, c->auth.account, arg_post(c, "id"), read_quote_policy(c)));
	return answer_changed_post(c, arg_post(c, "id"));
}

static enum err check_own(struct call *c, struct post_id id)
{
	struct post_meta meta;

	TRY(post_load_meta(c->core, c->db, c->arena, id, &meta));
	return account_eq(meta.author, c->auth.account) ? OK : ERR_NOT_FOUND;
}

static enum err delete_status(struct call *c)
{
	struct present p = call_presenter(c);

	TRY(check_own(c, arg_post(c, "id")));
	TRY(present_post_source(&p, arg_post(c, "id"), &c->json));
	return post_delete(c->core, c->db, c->arena, c->auth.account, arg_post(c, "id"));
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);

	return present_post(&p, arg_post(c, "id"), &c->json);
}

static enum err show_many(struct call *c)
{
	struct present p = call_presenter(c);
	const int64_t *ids;
	size_t n = arg_ids(c, "id[]", &ids);
	struct post_id *posts;

	n = n > LIMIT_PAGE_POSTS ? LIMIT_PAGE_POSTS : n;
	posts = ARENA_ARRAY(c->arena, n + 1, struct post_id);
	for (size_t i = 0; i < n; i++)
		posts[i].v = ids[i];
	return present_posts(&p, posts, n, true, &c->json);
}

static enum err set_quote_policy(struct call *c)
{
	TRY(check_own(c, arg_post(c, "id")));
	if (arg_given(c, "quote_approval_policy"))
		TRY(quote_policy_set(c->core, c->auth.account, arg_post(c, "id"), read_quote_policy(c)));
	return show(c);
}

#define TEXT_PARAMS                                                                                                    \
	{.name = "status",                                                                                             \
	 .type = PARAM_STRING,                                                                                         \
	 .max = LIMIT_POST_TEXT_BYTES,                                                                                 \
	 .doc = "The text. May be left out where media are attached."},                                                \
		{.name = "spoiler_text",                                                                               \
		 .type = PARAM_STRING,                                                                                 \
		 .max = LIMIT_POST_TEXT_BYTES,                                                                         \
		 .doc = "A warning shown before the text; makes the post sensitive."},                                 \
		{.name = "sensitive", .type = PARAM_BOOL, .doc = "Media are covered until one asks for them."},        \
		{.name = "language", .type = PARAM_STRING, .max = 35, .doc = "Language of the text (ISO 639)."},       \
		{.name = "media_ids[]",                                                                                \
		 .type = PARAM_IDS,                                                                                    \
		 .doc = "Attachments of one's own, not yet posted; at most four."},                                    \
		{.name = "poll[options]",                                                                              \
		 .type = PARAM_STRINGS,                                                                                \
		 .max = LIMIT_POST_TEXT_BYTES,                                                                         \
		 .doc = "Answers of a poll, two to four; no media then."},                                             \
		{.name = "poll[expires_in]", .type = PARAM_INT, .doc = "Seconds the poll is open."},                   \
		{.name = "poll[multiple]", .type = PARAM_BOOL, .doc = "Several answers may be chosen."},               \
		{.name = "poll[hide_totals]", .type = PARAM_BOOL, .doc = "Counts are hidden until the poll ends."},    \
	{                                                                                                              \
		.name = "quote_approval_policy", .type = PARAM_CHOICE, .choices = quote_policies,                      \
		.doc = "Who may quote it; left out: the account's default, or as it was."                              \
	}
#define DELETE_MEDIA                                                                                                   \
	{                                                                                                              \
		.name = "delete_media", .type = PARAM_BOOL,                                                            \
		.doc = "Taken and not used: files no post takes up are deleted after a day."                           \
	}

const struct endpoint api_statuses[] = {
	{.method = HTTP_POST, .path = "/api/v1/statuses", .handle = create, .auth = AUTH_USER, .scope = SCOPE_WRITE_STATUSES,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(TEXT_PARAMS,
			  {.name = "in_reply_to_id", .type = PARAM_POST, .doc = "The post this answers."},
			  {.name = "visibility", .type = PARAM_CHOICE, .choices = visibilities,
			   .doc = "Who may see it; left out: the account's default."},
			  {.name = "scheduled_at", .type = PARAM_TIME, .doc = "Post then, at least five minutes ahead; answers a ScheduledStatus."},
			  {.name = "quoted_status_id", .type = PARAM_ID, .doc = "The post this quotes."}),
	 .reply = "Status",
	 .doc = "Post. With an Idempotency-Key header, repeating the call within an hour answers the first post."},
	{.method = HTTP_GET, .path = "/api/v1/statuses", .handle = show_many, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_READ_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS({.name = "id[]", .type = PARAM_IDS, .doc = "Ids of posts, at most 40."}), .reply = "[Status]",
	 .doc = "Several posts by id, without those that do not exist or may not be seen."},
	{.method = HTTP_GET, .path = "/api/v1/statuses/:id", .handle = show, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_READ_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS(POST_ID_PARAM), .reply = "Status", .doc = "A post."},
	{.method = HTTP_PUT, .path = "/api/v1/statuses/:id", .handle = update, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(POST_ID_PARAM, TEXT_PARAMS,
			  {.name = "media_attributes", .type = PARAM_TREE,
			   .doc = "Of attachments: id, and a new description or focus."}),
	 .reply = "Status",
	 .doc = "Change a post of one's own. Text, warning, media and poll are replaced: what is left out is gone."},
	{.method = HTTP_DELETE, .path = "/api/v1/statuses/:id", .handle = delete_status, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_STATUSES, .rate = RATE_DELETE, .meter = METER_FREE, .run = RUN_WORKER,
	 .params = PARAMS(POST_ID_PARAM, DELETE_MEDIA), .reply = "Status",
	 .doc = "Delete a post of one's own. Answers it with its source text, to be written again."},
	{.method = HTTP_PUT, .path = "/api/v1/statuses/:id/interaction_policy", .handle = set_quote_policy, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(POST_ID_PARAM, {.name = "quote_approval_policy", .type = PARAM_CHOICE, .choices = quote_policies,
					  .doc = "Everybody, followers, or nobody."}),
	 .reply = "Status", .doc = "Say who may quote a post of one's own. Quotes that are there stay."},
	ENDPOINTS_END};

/*
 * polls.c - polls and votes (Mastodon: methods/polls). A poll's id is its post's, so whoever may see the post may see it.
 */
#include "base/base.h"

#include "api/groups.h"
#include "api/status_answer.h"
#include "core/posts.h"
#include "present/poll.h"

static enum err answer_poll(struct call *c)
{
	struct present p = call_presenter(c);
	struct post_id id = arg_post(c, "id");
	struct post_meta meta;

	TRY(post_load_meta(c->core, c->db, c->arena, id, &meta));
	return present_poll(&p, id, meta.author, &c->json);
}

static enum err vote(struct call *c)
{
	const int64_t *choices;
	size_t n = arg_ids(c, "choices[]", &choices);

	TRY(poll_vote(c->core, c->db, c->arena, c->auth.account, arg_post(c, "id"), choices, n, &c->problem));
	return answer_poll(c);
}

#define POLL_ID {.name = "id", .type = PARAM_POST, .required = true, .doc = "Id of the poll."}

const struct endpoint api_polls[] = {
	{.method = HTTP_GET, .path = "/api/v1/polls/:id", .handle = answer_poll, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_READ_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .params = PARAMS(POLL_ID),
	 .reply = "Poll", .doc = "A poll and how it stands."},
	{.method = HTTP_POST, .path = "/api/v1/polls/:id/votes", .handle = vote, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(POLL_ID, {.name = "choices[]", .type = PARAM_BOOLS_OR_INTS,
				    .doc = "Positions of the answers chosen, from 0."}),
	 .reply = "Poll", .doc = "Vote. A vote cannot be changed."},
	ENDPOINTS_END};

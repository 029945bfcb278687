/*
 * relationships.c - following, blocking, muting and what else one does to another account (Mastodon:
 * methods/accounts).
 */
#include "base/base.h"

#include "api/graph_answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/graph.h"

#define FOREVER_SECONDS ((int64_t)100 * 365 * 24 * 3600)

static enum err follow(struct call *c)
{
	struct follow_options o = {.has_boosts = arg_given(c, "reblogs"),
				   .boosts = arg_bool(c, "reblogs"),
				   .has_notify = arg_given(c, "notify"),
				   .notify = arg_bool(c, "notify"),
				   .has_languages = arg_given(c, "languages[]")};
	const struct view *languages;
	size_t n = arg_strings(c, "languages[]", &languages);
	TRY(graph_languages_read(c->arena, languages, n, &o.languages, &c->problem));
	TRY(graph_follow(c->core, c->auth.account, arg_account(c, "id"), &o, &c->problem));
	return answer_relationship(c, arg_account(c, "id"));
}

/* Those that take nothing but the account. */
static enum err change(struct call *c, enum err (*fn)(struct core *, struct account_id, struct account_id))
{
	TRY(fn(c->core, c->auth.account, arg_account(c, "id")));
	return answer_relationship(c, arg_account(c, "id"));
}

static enum err unfollow(struct call *c)
{
	return change(c, graph_unfollow);
}
static enum err remove_follower(struct call *c)
{
	return change(c, graph_remove_follower);
}
static enum err block(struct call *c)
{
	return change(c, graph_block);
}
static enum err unblock(struct call *c)
{
	return change(c, graph_unblock);
}
static enum err unmute(struct call *c)
{
	return change(c, graph_unmute);
}

static enum err mute(struct call *c)
{
	TRY(graph_mute(c->core, c->auth.account, arg_account(c, "id"), arg_bool(c, "notifications"),
		       arg_int(c, "duration")));
	return answer_relationship(c, arg_account(c, "id"));
}

static enum err note(struct call *c)
{
	TRY(graph_note(c->core, c->auth.account, arg_account(c, "id"), arg_str(c, "comment"), &c->problem));
	return answer_relationship(c, arg_account(c, "id"));
}

static enum err set_endorsed(struct call *c, bool on)
{
	TRY(graph_endorse(c->core, c->auth.account, arg_account(c, "id"), on, &c->problem));
	return answer_relationship(c, arg_account(c, "id"));
}

static enum err endorse(struct call *c)
{
	return set_endorsed(c, true);
}
static enum err unendorse(struct call *c)
{
	return set_endorsed(c, false);
}

#define ID {.name = "id", .type = PARAM_ACCOUNT, .required = true, .doc = "Id of the account."}
#define WRITE(action, fn)                                                                                              \
	.method = HTTP_POST, .path = "/api/v1/accounts/:id/" action, .handle = (fn), .auth = AUTH_USER,                \
	.rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER, .reply = "Relationship"

const struct endpoint api_relationships[] = {
	{WRITE("follow", follow), .scope = SCOPE_WRITE_FOLLOWS,
	 .params = PARAMS(ID, {.name = "reblogs", .type = PARAM_BOOL, .fallback = 1,
	 .doc = "Show their boosts at home."},
			  {.name = "notify", .type = PARAM_BOOL, .doc = "Tell me when they post."},
			  {.name = "languages[]", .type = PARAM_STRINGS, .max = 16,
			  .doc = "Only posts in these languages."}),
	 .doc = "Follow an account, or ask one that is locked; again, to change how."},
	{WRITE("unfollow", unfollow), .scope = SCOPE_WRITE_FOLLOWS, .params = PARAMS(ID),
	 .doc = "Stop following, or take the request back."},
	{WRITE("remove_from_followers", remove_follower), .scope = SCOPE_WRITE_FOLLOWS, .params = PARAMS(ID),
	 .doc = "Make an account stop following you."},
	{WRITE("block", block), .scope = SCOPE_WRITE_BLOCKS, .params = PARAMS(ID),
	 .doc = "Neither sees the other any more; follows both ways end."},
	{WRITE("unblock", unblock), .scope = SCOPE_WRITE_BLOCKS, .params = PARAMS(ID), .doc = "End a block."},
	{WRITE("mute", mute), .scope = SCOPE_WRITE_MUTES,
	 .params = PARAMS(ID,
			  {.name = "notifications", .type = PARAM_BOOL, .fallback = 1,
			  .doc = "Hide their notifications too."},
			  {.name = "duration", .type = PARAM_INT, .clamp = true, .min = 0, .max = FOREVER_SECONDS,
			   .doc = "Seconds; 0 for always."}),
	 .doc = "Hide an account's posts; it does not learn of it."},
	{WRITE("unmute", unmute), .scope = SCOPE_WRITE_MUTES, .params = PARAMS(ID), .doc = "End a mute."},
	{WRITE("note", note), .scope = SCOPE_WRITE_ACCOUNTS,
	 .params = PARAMS(ID, {.name = "comment", .type = PARAM_STRING, .max = 16 * 1024,
	 .doc = "Empty takes it away."}),
	 .doc = "A note about an account that only you see."},
	{WRITE("endorse", endorse), .scope = SCOPE_WRITE_ACCOUNTS, .params = PARAMS(ID),
	 .doc = "Recommend an account you follow on your profile."},
	{WRITE("unendorse", unendorse), .scope = SCOPE_WRITE_ACCOUNTS, .params = PARAMS(ID),
	 .doc = "Recommend it no more."},
	{WRITE("pin", endorse), .scope = SCOPE_WRITE_ACCOUNTS, .params = PARAMS(ID), .doc = "Old name of endorse."},
	{WRITE("unpin", unendorse), .scope = SCOPE_WRITE_ACCOUNTS, .params = PARAMS(ID),
	 .doc = "Old name of unendorse."},
	ENDPOINTS_END};

/*
 * act.c - see act.h; and what one does with a post.
 */
#include "base/base.h"

#include "web/act.h"

#include "base/limits.h"
#include "core/posts.h"
#include "core/quotes.h"
#include "web/login.h"
#include "web/web.h"

bool act_asks_login(struct call *c, enum err *ret)
{
	if (c->auth.session_id)
		return false;
	*ret = login_ask_then(c, page_local(c, arg_str(c, "back"), V("/")));
	return true;
}

/* Letters and digits only: it becomes a fragment. */
static bool is_plain(struct view id)
{
	for (size_t i = 0; i < id.len; i++) {
		char l = (char)(id.p[i] | 0x20);

		if (!(l >= 'a' && l <= 'z') && !(id.p[i] >= '0' && id.p[i] <= '9'))
			return false;
	}
	return id.len > 0;
}

enum err act_back(struct call *c, struct view otherwise)
{
	struct view back = page_local(c, arg_str(c, "back"), otherwise), at = arg_str(c, "at");

	if (is_plain(at) && view_find(back, 0, '#') == back.len)
		back = arena_printf(c->arena, "%.*s#%.*s", VIEW_ARG(back), VIEW_ARG(at));
	return call_redirect(c, 303, back);
}

/* ---- posts ---- */

static enum err favourite(struct call *c, struct post_id id, bool on)
{
	return post_favourite(c->core, c->db, c->arena, c->auth.account, id, on);
}

static enum err bookmark(struct call *c, struct post_id id, bool on)
{
	return post_bookmark(c->core, c->db, c->arena, c->auth.account, id, on);
}

static enum err boost(struct call *c, struct post_id id, bool on)
{
	struct post_id made;

	if (!on)
		return post_unboost(c->core, c->db, c->arena, c->auth.account, id);
	return post_boost(c->core, c->db, c->arena, c->viewer, id, false, VISIBILITY_PUBLIC, &made, &c->problem);
}

static enum err pin(struct call *c, struct post_id id, bool on)
{
	return post_pin(c->core, c->db, c->arena, c->auth.account, id, on, &c->problem);
}

static enum err mute(struct call *c, struct post_id id, bool on)
{
	return post_mute_thread(c->core, c->db, c->arena, c->auth.account, id, on);
}

static const char *const post_acts[] = {"favourite", "unfavourite", "bookmark", "unbookmark", "boost", "unboost",
					"pin",	     "unpin",	    "mute",	"unmute",     NULL};
/* Two names each: to do it, and to take it back. */
static enum err (*const post_fns[])(struct call *c, struct post_id id, bool on) = {favourite, bookmark, boost, pin,
										   mute};

static enum err act_on_post(struct call *c)
{
	size_t act = arg_choice(c, "do");
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(post_fns[act / 2](c, arg_post(c, "id"), act % 2 == 0));
	return act_back(c, V("/home"));
}

static enum err vote(struct call *c)
{
	const int64_t *choices;
	size_t n = arg_ids(c, "choices[]", &choices);
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(poll_vote(c->core, c->db, c->arena, c->auth.account, arg_post(c, "id"), choices, n, &c->problem));
	return act_back(c, V("/home"));
}

/* Its own page is no place to go back to. */
static bool is_page_of(struct view path, struct post_id id)
{
	char tail[24];

	snprintf(tail, sizeof(tail), "/%" PRId64, id.v);
	return view_ends(view_sub(path, 0, view_find(path, 0, '?')), view_of(tail));
}

static enum err delete_post(struct call *c)
{
	struct post_id id = arg_post(c, "id");
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(post_delete(c->core, c->db, c->arena, c->auth.account, id));
	return is_page_of(arg_str(c, "back"), id) ? call_redirect(c, 303, V("/home")) : act_back(c, V("/home"));
}

/* The author of what is quoted takes it out of the post that quotes it. */
static enum err unquote(struct call *c)
{
	struct post_id quoting = arg_post(c, "id");
	struct post_meta meta;
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(post_load_meta(c->core, c->db, c->arena, quoting, &meta));
	TRY(quote_revoke(c->core, c->auth.account, meta.quote_of, quoting));
	return act_back(c, V("/home"));
}

#define POST_ID                                                                                                        \
	{                                                                                                              \
		.name = "id", .type = PARAM_POST, .required = true, .doc = "The post."                                 \
	}

const struct endpoint web_act_post[] = {
	{ACT_ROW, .path = "/act/post/:id", .handle = act_on_post,
	 .params = PARAMS(POST_ID,
			  {.name = "do",
			   .type = PARAM_CHOICE,
			   .choices = post_acts,
			   .required = true,
			   .doc = "What to do with it."},
			  ACT_BACK),
	 .doc = "Favourites, bookmarks, boosts, pins or mutes, or takes that back."},
	{ACT_ROW, .path = "/act/vote/:id", .handle = vote,
	 .params = PARAMS(POST_ID, {.name = "choices[]", .type = PARAM_BOOLS_OR_INTS, .doc = "Positions, from 0."},
			  ACT_BACK),
	 .doc = "Votes."},
	{ACT_ROW, .path = "/act/unquote/:id", .handle = unquote, .params = PARAMS(POST_ID, ACT_BACK),
	 .doc = "Takes a post of one's own out of the post that quotes it. It cannot be put back."},
	{.method = HTTP_POST,
	 .path = "/act/delete/:id",
	 .handle = delete_post,
	 .auth = AUTH_SESSION,
	 .rate = RATE_DELETE,
	 .meter = METER_FREE,
	 .body = BODY_FIELDS,
	 .run = RUN_WORKER,
	 .kind = REPLY_HTML,
	 .reply = "Page",
	 .params = PARAMS(POST_ID, ACT_BACK),
	 .doc = "Deletes a post of one's own."},
	ENDPOINTS_END,
};

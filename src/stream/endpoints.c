/*
 * endpoints.c - rows of the streaming API (docs: methods/streaming). Tokens are looked at by the gate, which knows all
 * three places they may stand in; what a channel asks for is in channel.c.
 */
#include "base/base.h"

#include "gate/call.h"
#include "stream/sse.h"
#include "stream/stream_private.h"

#define PREFIX "/api/v1/streaming/"
#define PAGE_PREFIX "/stream/" /* for pages: who looks is known by the session's cookie */

SQL(stream_token_lives, "SELECT COUNT(*) FROM tokens t LEFT JOIN accounts a ON a.id = t.account_id"
			" WHERE t.id = $1 AND t.revoked_at IS NULL AND a.suspended_at IS NULL");

SQL(stream_session_lives, "SELECT COUNT(*) FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id"
			  " WHERE s.id = $1 AND a.suspended_at IS NULL");

/*
 * Asked once more when the stream is registered: a revocation before that was committed and shows here; one after it
 * finds the stream.
 */
static enum err check_token(struct call *c)
{
	int64_t lives = 0;

	if (!c->auth.token_id && !c->auth.session_id)
		return OK;
	TRY(db_int(c->db, c->auth.token_id ? &stream_token_lives : &stream_session_lives,
		   BINDS(B_INT(c->auth.token_id ? c->auth.token_id : c->auth.session_id)), &lives));
	return lives ? OK : call_fail(c, ERR_UNAUTHORIZED, "The access token was revoked");
}

static enum err health(struct call *c)
{
	c->replied = true;
	http_reply_static(c->x, 200, "text/plain; charset=utf-8", V("OK"));
	return OK;
}

/* --- WebSocket --- */

/* Browsers give up when they have asked for protocols and get none; the token is the one. */
static struct view first_protocol(struct call *c)
{
	struct view list = http_header(c->x, "Sec-WebSocket-Protocol"), piece = V("");

	return view_split(&list, ',', &piece) ? view_trim(piece) : V("");
}

/* A channel that asks for a login is refused by HTTP; every other fault is told over the socket, as with Mastodon. */
static enum err check_login(struct call *c, const struct wish *wish)
{
	struct problem problem = {0};
	struct subscription sub;

	if (c->auth.token_id)
		return OK;
	if (c->core->config.public_timelines_need_login)
		return call_fail(c, ERR_UNAUTHORIZED, "Missing access token");
	if (!wish->stream.len || subscription_parse(c->arena, wish, &sub, &problem) != OK)
		return OK;
	enum err err = subscription_allowed(c->core, c->db, &c->auth, &sub, &problem);
	return err == OK ? OK : call_fail(c, err, "%s", problem.text);
}

static enum err websocket(struct call *c)
{
	struct wish wish = {.stream = arg_str(c, "stream"), .tag = arg_str(c, "tag"), .list = arg_str(c, "list")};
	struct stream *stream = c->core->stream;
	struct ws_socket *s;

	if (!http_header(c->x, "Upgrade").len)
		return ERR_NOT_FOUND; /* what Mastodon answers when streams are on the same host */
	if (!http_websocket_ok(c->x))
		return call_fail(c, ERR_INVALID, "This is no WebSocket handshake (RFC 6455)");
	TRY(check_login(c, &wish));
	TRY(ws_socket_new(stream->ws, &c->auth, c->x->peer, &s, &c->problem));
	enum err err = check_token(c);
	if (err != OK) {
		ws_taken(s, -1, NULL, 0);
		return err;
	}
	if (wish.stream.len)
		ws_socket_wish(s, c->db, c->arena, &wish);
	c->replied = true;
	http_reply_websocket(c->x, first_protocol(c), ws_taken, s);
	return OK;
}

/* --- server-sent events --- */

static bool has_param(const struct endpoint *row, const char *name)
{
	for (const struct param *p = row->params; p && p->name; p++)
		if (strcmp(p->name, name) == 0)
			return true;
	return false;
}

static struct view text_arg(struct call *c, const char *name)
{
	return has_param(c->row, name) ? arg_str(c, name) : V("");
}

/*
 * A session reads as a token that may read everything. Ids of sessions and tokens are told apart by nobody: both are from
 * the one source of ids, and whatever ends announces its own.
 */
static enum err reader_of(struct call *c, struct auth_info *ret)
{
	*ret = c->auth;
	if (!c->auth.session_id)
		return OK;
	ret->token_id = c->auth.session_id;
	return scope_parse(V("read"), &ret->scopes);
}

static enum err events(struct call *c)
{
	struct stream *stream = c->core->stream;
	struct view path = view_of(c->row->path);
	size_t prefix = c->row->auth == AUTH_SESSION ? sizeof(PAGE_PREFIX) - 1 : sizeof(PREFIX) - 1;
	struct auth_info reader;
	struct wish wish = {.tag = text_arg(c, "tag"), .list = text_arg(c, "list")};
	struct subscription sub;
	enum channel channel;
	struct sse *s;

	if (c->x->method != HTTP_GET)
		return ERR_METHOD;
	if (!channel_of_path(view_sub(path, prefix, path.len), &channel))
		BUG("%s is no channel's path", c->row->path);
	wish.stream = view_of(channel_rows[channel].name);
	wish.only_media = has_param(c->row, "only_media") && arg_bool(c, "only_media");
	TRY(subscription_parse(c->arena, &wish, &sub, &c->problem));
	TRY(reader_of(c, &reader));
	TRY(subscription_allowed(c->core, c->db, &reader, &sub, &c->problem));
	TRY(sse_new(stream->registry, &reader, c->x->peer, &sub, &s, &c->problem));
	enum err err = check_token(c);
	if (err != OK) {
		sse_drop(s);
		return err;
	}
	call_header(c, "Cache-Control", V("private, no-store"));
	call_header(c, "X-Accel-Buffering", V("no"));
	c->replied = true;
	sse_reply(s, c->x);
	return OK;
}

#define P_MEDIA {.name = "only_media", .type = PARAM_BOOL, .doc = "Only posts with media."}
#define P_TAG {.name = "tag", .type = PARAM_STRING, .doc = "Name of the hashtag."}
#define P_LIST {.name = "list", .type = PARAM_STRING, .doc = "Id of the list."}
#define EVENTS(channel_path, channel_params, channel_doc)                                                              \
	{                                                                                                              \
		.method = HTTP_GET, .path = PREFIX channel_path, .handle = events, .auth = AUTH_OPTIONAL,              \
		.rate = RATE_NONE, .meter = METER_FREE, .kind = REPLY_OTHER, .params = channel_params,                 \
		.reply = "events", .doc = channel_doc, .no_viewer = true                                               \
	}

#define PAGE_EVENTS(channel_path, channel_params, channel_doc)                                                         \
	{                                                                                                              \
		.method = HTTP_GET, .path = PAGE_PREFIX channel_path, .handle = events, .auth = AUTH_SESSION,          \
		.rate = RATE_NONE, .meter = METER_FREE, .kind = REPLY_OTHER, .params = channel_params,                 \
		.reply = "events", .doc = channel_doc, .no_viewer = true                                               \
	}

const struct endpoint stream_endpoints[] = {
	{.method = HTTP_GET, .path = "/api/v1/streaming", .handle = websocket, .auth = AUTH_OPTIONAL, .rate = RATE_NONE,
	 .meter = METER_FREE, .kind = REPLY_OTHER,
	 .params = PARAMS({.name = "stream", .type = PARAM_STRING, .doc = "A channel to begin with; more by messages."},
			  P_TAG, P_LIST),
	 .reply = "events", .doc = "Opens a WebSocket for any number of channels.", .no_viewer = true},
	{.method = HTTP_GET, .path = PREFIX "health", .handle = health, .auth = AUTH_NONE, .rate = RATE_NONE,
	 .meter = METER_FREE, .kind = REPLY_OTHER, .reply = "OK", .doc = "Whether streams are served."},
	EVENTS("user", NULL, "Events of one's home timeline, notifications and filters."),
	EVENTS("user/notification", NULL, "One's notifications."),
	EVENTS("public", PARAMS(P_MEDIA), "All public posts."),
	EVENTS("public/local", PARAMS(P_MEDIA), "Public posts of this server."),
	EVENTS("public/remote", PARAMS(P_MEDIA), "Public posts of other servers."),
	EVENTS("hashtag", PARAMS(P_TAG), "Public posts with a hashtag."),
	EVENTS("hashtag/local", PARAMS(P_TAG), "Public posts of this server with a hashtag."),
	EVENTS("list", PARAMS(P_LIST), "The posts of one's list."),
	PAGE_EVENTS("user", NULL, "As /api/v1/streaming/user, for pages."),
	PAGE_EVENTS("user/notification", NULL, "As /api/v1/streaming/user/notification, for pages."),
	PAGE_EVENTS("public", NULL, "As /api/v1/streaming/public, for pages."),
	PAGE_EVENTS("public/local", NULL, "As /api/v1/streaming/public/local, for pages."),
	PAGE_EVENTS("hashtag", PARAMS(P_TAG), "As /api/v1/streaming/hashtag, for pages."),
	PAGE_EVENTS("list", PARAMS(P_LIST), "As /api/v1/streaming/list, for pages."),
	EVENTS("direct", NULL, "One's conversations, when a direct post arrives."),
	ENDPOINTS_END,
};

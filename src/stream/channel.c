/*
 * channel.c - the table of channels, and its readers.
 */
#include "base/base.h"

#include "stream/channel.h"

#include "core/tags.h"

SQL(stream_list_owner, "SELECT account_id FROM lists WHERE id = $1");

const struct channel_row channel_rows[CHANNELS] = {
	[CHANNEL_USER] = {"user", "user", KEY_ACCOUNT, SCOPE_READ_STATUSES},
	[CHANNEL_USER_NOTIFICATION] = {"user:notification", "user/notification", KEY_ACCOUNT, SCOPE_READ_NOTIFICATIONS},
	[CHANNEL_DIRECT] = {"direct", "direct", KEY_ACCOUNT, SCOPE_READ_STATUSES},
	[CHANNEL_PUBLIC] = {"public", "public", KEY_PUBLIC, SCOPE_READ_STATUSES},
	[CHANNEL_PUBLIC_MEDIA] = {"public:media", NULL, KEY_PUBLIC, SCOPE_READ_STATUSES, .media = true},
	[CHANNEL_PUBLIC_LOCAL] = {"public:local", "public/local", KEY_PUBLIC, SCOPE_READ_STATUSES, .local = true},
	[CHANNEL_PUBLIC_LOCAL_MEDIA] = {"public:local:media", NULL, KEY_PUBLIC, SCOPE_READ_STATUSES, .local = true,
					.media = true},
	[CHANNEL_PUBLIC_REMOTE] = {"public:remote", "public/remote", KEY_PUBLIC, SCOPE_READ_STATUSES, .remote = true},
	[CHANNEL_PUBLIC_REMOTE_MEDIA] = {"public:remote:media", NULL, KEY_PUBLIC, SCOPE_READ_STATUSES, .remote = true,
					 .media = true},
	[CHANNEL_HASHTAG] = {"hashtag", "hashtag", KEY_TAG, SCOPE_READ_STATUSES},
	[CHANNEL_HASHTAG_LOCAL] = {"hashtag:local", "hashtag/local", KEY_TAG, SCOPE_READ_STATUSES, .local = true},
	[CHANNEL_LIST] = {"list", "list", KEY_LIST, SCOPE_READ_STATUSES},
};

static bool channel_of_name(struct view name, enum channel *ret)
{
	for (enum channel c = 0; c < CHANNELS; c++) {
		if (view_is(name, channel_rows[c].name)) {
			*ret = c;
			return true;
		}
	}
	return false;
}

bool channel_of_path(struct view path, enum channel *ret)
{
	for (enum channel c = 0; c < CHANNELS; c++) {
		if (channel_rows[c].path && view_is(path, channel_rows[c].path)) {
			*ret = c;
			return true;
		}
	}
	return false;
}

/* The same posts, but only those with media. */
static enum channel media_channel(enum channel channel)
{
	const struct channel_row *row = &channel_rows[channel];

	for (enum channel c = 0; c < CHANNELS; c++) {
		const struct channel_row *other = &channel_rows[c];

		if (other->media && other->key == row->key && other->local == row->local &&
		    other->remote == row->remote)
			return c;
	}
	return channel;
}

static enum err parse_tag(struct arena *a, struct view said, struct subscription *s, struct problem *problem)
{
	if (!said.len)
		return fail(problem, ERR_INVALID, "Missing tag name parameter");
	if (said.len > CHANNEL_TAG_BYTES || tag_name(a, said, &s->tag) != OK)
		return fail(problem, ERR_INVALID, "Invalid tag name parameter");
	s->label = arena_view(a, said);
	return OK;
}

static enum err parse_list(struct arena *a, struct view said, struct subscription *s, struct problem *problem)
{
	if (!said.len)
		return fail(problem, ERR_INVALID, "Missing list name parameter");
	if (!parse_i64(said, 1, INT64_MAX, &s->list))
		return fail(problem, ERR_UNAUTHORIZED, "Not authorized to stream this list");
	s->label = arena_printf(a, "%" PRId64, s->list);
	return OK;
}

enum err subscription_parse(struct arena *a, const struct wish *w, struct subscription *ret, struct problem *problem)
{
	struct subscription s = {0};

	if (!channel_of_name(w->stream, &s.channel))
		return fail(problem, ERR_INVALID, "Unknown stream type");
	if (w->only_media && channel_rows[s.channel].key == KEY_PUBLIC)
		s.channel = media_channel(s.channel);
	if (channel_rows[s.channel].key == KEY_TAG)
		TRY(parse_tag(a, w->tag, &s, problem));
	if (channel_rows[s.channel].key == KEY_LIST)
		TRY(parse_list(a, w->list, &s, problem));
	*ret = s;
	return OK;
}

static enum err check_list(struct db *db, struct account_id who, int64_t list, struct problem *problem)
{
	int64_t owner = 0;
	enum err err = db_int(db, &stream_list_owner, BINDS(B_INT(list)), &owner);

	if (err == OK && owner == who.v)
		return OK;
	if (err == OK || err == ERR_NOT_FOUND)
		return fail(problem, ERR_UNAUTHORIZED, "Not authorized to stream this list");
	return fail(problem, err, "%s", err_name(err));
}

enum err subscription_allowed(struct core *c, struct db *db, const struct auth_info *who, const struct subscription *s,
			      struct problem *problem)
{
	const struct channel_row *row = &channel_rows[s->channel];
	bool personal = row->key == KEY_ACCOUNT || row->key == KEY_LIST;

	if (!who->token_id)
		return !personal && !c->config.public_timelines_need_login
			       ? OK
			       : fail(problem, ERR_UNAUTHORIZED, "Missing access token");
	if (!scope_has(who->scopes, row->scope))
		return fail(problem, ERR_UNAUTHORIZED, "Access token does not have the required scopes");
	if (!who->account.v && (personal || c->config.public_timelines_need_login))
		return fail(problem, ERR_UNAUTHORIZED, "This method requires an authenticated user");
	return row->key == KEY_LIST ? check_list(db, who->account, s->list, problem) : OK;
}

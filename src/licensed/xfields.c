/*
 * xfields.c - the names of X's members and expansions. Those with NOTHING are X's too, but nothing here has them.
 */
#include "base/base.h"

#include "licensed/xfields.h"

#define NOTHING 0xff

struct name {
	const char *name;
	uint8_t bit;
};

static const struct name tweet_names[] = {
	{"id", TWEET_ID},
	{"text", TWEET_TEXT},
	{"edit_history_tweet_ids", TWEET_EDIT_HISTORY},
	{"edit_history_post_ids", TWEET_EDIT_HISTORY},
	{"attachments", TWEET_ATTACHMENTS},
	{"author_id", TWEET_AUTHOR_ID},
	{"conversation_id", TWEET_CONVERSATION_ID},
	{"created_at", TWEET_CREATED_AT},
	{"edit_controls", TWEET_EDIT_CONTROLS},
	{"entities", TWEET_ENTITIES},
	{"in_reply_to_user_id", TWEET_IN_REPLY_TO},
	{"lang", TWEET_LANG},
	{"note_tweet", TWEET_NOTE},
	{"note_post", TWEET_NOTE},
	{"possibly_sensitive", TWEET_SENSITIVE},
	{"public_metrics", TWEET_METRICS},
	{"referenced_tweets", TWEET_REFERENCED},
	{"referenced_posts", TWEET_REFERENCED},
	{"reply_settings", TWEET_REPLY_SETTINGS},
	{"source", TWEET_SOURCE},
	{"kicau", TWEET_KICAU},
	{"article", NOTHING},
	{"article_title", NOTHING},
	{"card_uri", NOTHING},
	{"community_id", NOTHING},
	{"context_annotations", NOTHING},
	{"display_text_range", NOTHING},
	{"geo", NOTHING},
	{"matched_media_notes", NOTHING},
	{"media_metadata", NOTHING},
	{"non_public_metrics", NOTHING},
	{"note_request_suggestions", NOTHING},
	{"organic_metrics", NOTHING},
	{"paid_partnership", NOTHING},
	{"promoted_metrics", NOTHING},
	{"scopes", NOTHING},
	{"suggested_source_links", NOTHING},
	{"suggested_source_links_with_counts", NOTHING},
	{"username", NOTHING},
	{"withheld", NOTHING},
	{0},
};
static const struct name user_names[] = {
	{"id", USER_ID},
	{"name", USER_NAME},
	{"username", USER_USERNAME},
	{"created_at", USER_CREATED_AT},
	{"description", USER_DESCRIPTION},
	{"entities", USER_ENTITIES},
	{"pinned_tweet_id", USER_PINNED},
	{"pinned_post_id", USER_PINNED},
	{"profile_banner_url", USER_BANNER},
	{"profile_image_url", USER_PICTURE},
	{"protected", USER_PROTECTED},
	{"public_metrics", USER_METRICS},
	{"url", USER_URL},
	{"verified", USER_VERIFIED},
	{"verified_type", USER_VERIFIED_TYPE},
	{"kicau", USER_KICAU},
	{"affiliation", NOTHING},
	{"confirmed_email", NOTHING},
	{"connection_status", NOTHING},
	{"is_identity_verified", NOTHING},
	{"location", NOTHING},
	{"most_recent_tweet_id", NOTHING},
	{"most_recent_post_id", NOTHING},
	{"parody", NOTHING},
	{"receives_your_dm", NOTHING},
	{"subscribes_to_you", NOTHING},
	{"subscription", NOTHING},
	{"subscription_type", NOTHING},
	{"verified_followers_count", NOTHING},
	{"withheld", NOTHING},
	{0},
};
static const struct name media_names[] = {
	{"media_key", XMEDIA_KEY},
	{"type", XMEDIA_TYPE},
	{"alt_text", XMEDIA_ALT_TEXT},
	{"duration_ms", XMEDIA_DURATION},
	{"height", XMEDIA_HEIGHT},
	{"preview_image_url", XMEDIA_PREVIEW},
	{"url", XMEDIA_URL},
	{"variants", XMEDIA_VARIANTS},
	{"width", XMEDIA_WIDTH},
	{"public_metrics", NOTHING},
	{"non_public_metrics", NOTHING},
	{"organic_metrics", NOTHING},
	{"promoted_metrics", NOTHING},
	{0},
};
static const struct name poll_names[] = {
	{"id", XPOLL_ID},
	{"options", XPOLL_OPTIONS},
	{"duration_minutes", XPOLL_DURATION},
	{"end_datetime", XPOLL_END},
	{"voting_status", XPOLL_STATUS},
	{0},
};
static const struct name place_names[] = {
	{"contained_within", NOTHING}, {"country", NOTHING}, {"country_code", NOTHING}, {"full_name", NOTHING},
	{"geo", NOTHING},	       {"id", NOTHING},	     {"name", NOTHING},		{"place_type", NOTHING},
	{0},
};
static const struct name tweet_expansions[] = {
	{"author_id", EXPAND_AUTHOR},
	{"username", EXPAND_AUTHOR},
	{"referenced_tweets.id", EXPAND_REFERENCED},
	{"referenced_posts", EXPAND_REFERENCED},
	{"referenced_tweets.id.author_id", EXPAND_REFERENCED_AUTHOR},
	{"referenced_tweets.id.attachments.media_keys", EXPAND_REFERENCED_MEDIA},
	{"in_reply_to_user_id", EXPAND_IN_REPLY_TO},
	{"entities.mentions.username", EXPAND_MENTIONS},
	{"entities.note.mentions.username", EXPAND_MENTIONS},
	{"attachments.media_keys", EXPAND_MEDIA},
	{"attachments.poll_ids", EXPAND_POLL},
	{"edit_history_tweet_ids", EXPAND_HISTORY},
	{"edit_history_post_ids", EXPAND_HISTORY},
	{"article.cover_media", NOTHING},
	{"article.media_entities", NOTHING},
	{"attachments.media_source_tweet", NOTHING},
	{"geo.place_id", NOTHING},
	{0},
};
static const struct name user_expansions[] = {
	{"pinned_tweet_id", EXPAND_PINNED}, {"pinned_post_id", EXPAND_PINNED}, {"affiliation", NOTHING},
	{"affiliation.user_id", NOTHING},   {"most_recent_tweet_id", NOTHING}, {"most_recent_post_id", NOTHING},
	{0},
};

/* Names of a list, and the member of struct xfields they are bits of. */
static const struct {
	const struct name *names;
	size_t at;
} lists[XLISTS] = {
	[XLIST_TWEET] = {tweet_names, offsetof(struct xfields, tweet)},
	[XLIST_USER] = {user_names, offsetof(struct xfields, user)},
	[XLIST_MEDIA] = {media_names, offsetof(struct xfields, media)},
	[XLIST_POLL] = {poll_names, offsetof(struct xfields, poll)},
	[XLIST_PLACE] = {place_names, offsetof(struct xfields, tweet)},
	[XLIST_EXPANSIONS] = {tweet_expansions, offsetof(struct xfields, expansions)},
	[XLIST_USER_EXPANSIONS] = {user_expansions, offsetof(struct xfields, expansions)},
};

struct xfields xfields_none(void)
{
	return (struct xfields){TWEET_DEFAULTS, USER_DEFAULTS, MEDIA_DEFAULTS, POLL_DEFAULTS, 0};
}

static const struct name *find(const struct name *names, struct view name)
{
	while (names->name && !view_is(name, names->name))
		names++;
	return names->name ? names : NULL;
}

/* What is inside something that was asked for to be included brings that with it, as on X. */
static uint32_t with_implied(uint32_t expansions)
{
	const uint32_t inside = FIELD(EXPAND_REFERENCED_AUTHOR) | FIELD(EXPAND_REFERENCED_MEDIA);

	return expansions & inside ? expansions | FIELD(EXPAND_REFERENCED) : expansions;
}

enum err xfields_add(struct xfields *fields, enum xlist list, struct view names, struct view *ret_unknown)
{
	uint32_t *bits = (uint32_t *)((char *)fields + lists[list].at);
	struct view name;

	while (view_split(&names, ',', &name)) {
		const struct name *known = find(lists[list].names, name);

		if (!known) {
			*ret_unknown = name;
			return ERR_INVALID;
		}
		if (known->bit != NOTHING)
			*bits |= FIELD(known->bit);
	}
	fields->expansions = with_implied(fields->expansions);
	return OK;
}

void xfields_names(enum xlist list, struct buf *out)
{
	buf_add_c(out, '[');
	for (const struct name *n = lists[list].names; n->name; n++) {
		if (n != lists[list].names)
			buf_add_c(out, ',');
		buf_add_str(out, n->name);
	}
	buf_add_c(out, ']');
}

const char *xfields_name(enum xlist list, size_t i)
{
	return lists[list].names[i].name;
}

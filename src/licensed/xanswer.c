/*
 * xanswer.c - choosing what goes out; xanswer_write.c writes it.
 */
#include "base/base.h"

#include "licensed/xanswer.h"

#include "base/map.h"
#include "licensed/withhold.h"
#include "licensed/xplaces.h"

#define FIRST_ROOM 16 /* a line of a stream needs one */
#define LEAP 4

void xanswer_begin(struct xanswer *a, struct core *c, struct db *db, struct arena *arena, const struct licence *licence,
		   const struct xfields *fields)
{
	*a = (struct xanswer){.core = c, .db = db, .arena = arena, .licence = licence, .fields = *fields};
	if (!licence->plan.metrics) {
		a->fields.tweet &= ~FIELD(TWEET_METRICS);
		a->fields.user &= ~FIELD(USER_METRICS);
	}
}

void xanswer_end(struct xanswer *a)
{
	if (a->ahead)
		xposts_leave(a->ahead);
	for (size_t i = 0; i < a->posts.n; i++)
		xpost_put(a->posts.v[i].post);
	for (size_t i = 0; i < a->users.n; i++)
		xuser_put(a->users.v[i].user);
	a->posts.n = a->users.n = 0;
}

static bool wants(const struct xanswer *a, enum expansion e)
{
	return (a->fields.expansions & FIELD(e)) != 0;
}

static void *room_for(struct arena *a, void *v, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return v;
	size_t more = *room ? LEAP * *room : FIRST_ROOM;
	void *copy = arena_array(a, more, size);
	if (n)
		memcpy(copy, v, n * size);
	*room = more;
	return copy;
}

static void add_missing(struct xanswer *a, const char *parameter, int64_t id)
{
	a->missing = room_for(a->arena, a->missing, a->n_missing, &a->missing_room, sizeof(*a->missing));
	a->missing[a->n_missing++] = (struct xmissing){parameter, id};
}

void xanswer_expect_posts(struct xanswer *a, const struct post_id *ids, size_t n)
{
	if (a->ahead)
		BUG("posts are expected twice");
	a->ahead = ARENA_NEW(a->arena, struct xposts_ahead);
	xposts_look(a->core, a->licence, ids, n, a->ahead);
}

static enum err get_post(struct xanswer *a, struct post_id id, struct xpost **ret, struct ledger_item *ret_item)
{
	if (a->ahead)
		return xposts_take(a->core, a->db, a->ahead, id, a->licence, ret, ret_item);
	return xpost_get(a->core, a->db, id, a->licence, ret, ret_item);
}

/* The post's place, wherever in the answer it is written. */
static enum err place_post(struct xanswer *a, struct post_id id, size_t *ret)
{
	struct xplace place = {0};
	struct ledger_item item;
	size_t at = xplaces_find(&a->posts, id.v);

	if (at == XPLACES_NONE) {
		TRY(get_post(a, id, &place.post, &item));
		at = xplaces_add(&a->posts, a->arena, place, &item);
		if (at == XPLACES_NONE) {
			xpost_put(place.post);
			return ERR_TOO_LARGE;
		}
	}
	*ret = at;
	return OK;
}

static enum err include_post(struct xanswer *a, struct post_id id, const char *parameter)
{
	size_t at;

	if (!id.v)
		return OK;
	enum err err = place_post(a, id, &at);
	if (err == ERR_NOT_FOUND) {
		add_missing(a, parameter, id.v);
		return OK;
	}
	TRY(err);
	a->posts.v[at].included = true;
	a->posts.v[at].media |= wants(a, EXPAND_REFERENCED_MEDIA);
	return OK;
}

static enum err include_referenced(struct xanswer *a, const struct post_meta *m)
{
	const struct post_id of[] = {m->boost_of, m->quote_of, m->reply_to};

	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		TRY(include_post(a, of[i], "referenced_tweets.id"));
	return OK;
}

enum err xanswer_add_post(struct xanswer *a, struct post_id id)
{
	size_t before = a->posts.n, at;

	TRY(place_post(a, id, &at));
	/* What was included before may be asked for now; what was asked for before is not again. */
	for (size_t i = 0; at < before && i < a->n_data; i++)
		if (a->data[i] == at)
			return OK;
	a->data = room_for(a->arena, a->data, a->n_data, &a->data_room, sizeof(*a->data));
	a->data[a->n_data++] = (uint32_t)at;
	a->posts.v[at].media |= wants(a, EXPAND_MEDIA);
	a->posts.v[at].included |= wants(a, EXPAND_HISTORY);
	return wants(a, EXPAND_REFERENCED) ? include_referenced(a, &a->posts.v[at].post->meta) : OK;
}

static enum err place_user(struct xanswer *a, struct account_id id, size_t *ret)
{
	struct xplace place = {0};
	struct ledger_item item;
	size_t at = xplaces_find(&a->users, id.v);

	if (at == XPLACES_NONE) {
		TRY(xuser_get(a->core, a->db, id, a->licence, &place.user, &item));
		at = xplaces_add(&a->users, a->arena, place, &item);
		if (at == XPLACES_NONE) {
			xuser_put(place.user);
			return ERR_TOO_LARGE;
		}
	}
	*ret = at;
	return OK;
}

enum err xanswer_add_user(struct xanswer *a, struct account_id id)
{
	size_t at;

	TRY(place_user(a, id, &at));
	a->paid_users = a->users.n;
	const struct xuser *user = a->users.v[at].user;
	return wants(a, EXPAND_PINNED) && !withheld_from(a->licence, user->pinned)
		       ? include_post(a, user->pinned, "pinned_tweet_id")
		       : OK;
}

struct ledger_item *xanswer_posts(struct xanswer *a, size_t *ret_n)
{
	*ret_n = a->posts.n;
	return a->posts.items;
}

struct ledger_item *xanswer_users(struct xanswer *a, size_t *ret_n)
{
	*ret_n = a->paid_users;
	return a->users.items;
}

/* ---- closing ---- */

static enum err include_user(struct xanswer *a, struct account_id id)
{
	size_t at;

	if (!id.v)
		return OK;
	enum err err = place_user(a, id, &at);
	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	a->users.v[at].included = true;
	return OK;
}

static enum err include_users_of(struct xanswer *a, const struct xpost *post)
{
	if (wants(a, EXPAND_AUTHOR))
		TRY(include_user(a, post->meta.author));
	if (wants(a, EXPAND_IN_REPLY_TO))
		TRY(include_user(a, post->meta.reply_to_account));
	for (size_t i = 0; wants(a, EXPAND_MENTIONS) && i < post->n_mentions; i++)
		TRY(include_user(a, post->mentions[i]));
	return OK;
}

static enum err include_users(struct xanswer *a)
{
	for (size_t i = 0; i < a->n_data; i++)
		TRY(include_users_of(a, a->posts.v[a->data[i]].post));
	for (size_t i = 0; wants(a, EXPAND_REFERENCED_AUTHOR) && i < a->granted_posts; i++)
		if (a->posts.v[i].included)
			TRY(include_user(a, a->posts.v[i].post->meta.author));
	return OK;
}

enum err xanswer_close(struct xanswer *a, size_t granted_posts, size_t granted_users)
{
	size_t n = 0;

	a->granted_posts = granted_posts < a->posts.n ? granted_posts : a->posts.n;
	a->granted_users = granted_users < a->paid_users ? granted_users : a->paid_users;
	while (n < a->n_data && a->data[n] < a->granted_posts)
		n++;
	a->n_data = n;
	return a->fields.expansions ? include_users(a) : OK;
}

enum err xanswer_close_whole(struct xanswer *a)
{
	return xanswer_close(a, a->posts.n, a->paid_users);
}

const struct xpost *xanswer_post(const struct xanswer *a, size_t i)
{
	return a->posts.v[a->data[i]].post;
}

uint64_t xanswer_stamp(const struct xanswer *a)
{
	size_t n = 0;
	uint64_t *all = ARENA_ARRAY(a->arena, a->granted_posts + a->users.n + a->n_data + a->n_missing + 6, uint64_t);

	for (size_t i = 0; i < a->granted_posts; i++)
		all[n++] = a->posts.v[i].post->stamp;
	for (size_t i = 0; i < a->users.n; i++)
		all[n++] = a->users.v[i].user->stamp;
	for (size_t i = 0; i < a->n_data; i++)
		all[n++] = a->data[i];
	for (size_t i = 0; i < a->n_missing; i++)
		all[n++] = (uint64_t)a->missing[i].id;
	all[n++] = a->granted_posts;
	all[n++] = a->granted_users;
	all[n++] = a->n_data;
	all[n++] = (uint64_t)a->fields.tweet << 32 | a->fields.user;
	all[n++] = (uint64_t)a->fields.media << 32 | a->fields.poll;
	all[n++] = a->fields.expansions;
	return hash_bytes(view_make((const char *)all, n * sizeof(*all)));
}

/*
 * notification_group.c - GroupedNotificationsResults: each account and each post once, and groups that name them.
 */
#include "base/base.h"

#include "present/notification.h"

#include "base/limits.h"
#include "base/map.h"
#include "present/account.h"
#include "present/notification_about.h"
#include "present/notification_fallback.h"

/* A post or an account that would take more than this is left out, and accounts beyond the first from here on. */
#define PART_MAX (LIMIT_REPLY / 8 * 3 / NOTIFICATIONS_PAGE)
#define ACCOUNTS_MAX (LIMIT_REPLY / 2)

enum { ACCOUNTS, PARTIAL, GROUPS, LISTS };

struct results {
	const struct present *p;
	bool partial;
	struct buf bufs[LISTS];
	struct jw out[LISTS];
	/* What was written, or cannot be, by id. */
	struct map full, part;
	struct post_id *posts;
	bool *posts_shown;
	size_t n_posts;
};

static char shown, gone;

/* Writes one value by write() unless it is there; ERR_NOT_FOUND: it is not to be shown, and nothing was written. */
static enum err once(struct results *r, int list, struct map *known, int64_t id,
		     enum err (*write)(const struct present *p, int64_t id, struct jw *j))
{
	const char *state = map_get(known, (uint64_t)id);
	struct buf CLEANUP(buf_release) one = {.max = PART_MAX};
	struct jw j = jw_to(&one);

	if (state)
		return state == &shown ? OK : ERR_NOT_FOUND;
	enum err err = write(r->p, id, &j);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (one.over)
		err = ERR_NOT_FOUND;
	if (!err)
		jw_raw(&r->out[list], buf_view(&one));
	map_put(known, (uint64_t)id, err ? &gone : &shown);
	return err;
}

static enum err full_account(const struct present *p, int64_t id, struct jw *j)
{
	return present_account(p, (struct account_id){id}, j);
}

static enum err partial_account(const struct present *p, int64_t id, struct jw *j)
{
	return present_partial_account(p, (struct account_id){id}, j);
}

/* Of those behind the newest. One that is complete for another group need not be there in part. */
static enum err other_account(struct results *r, int64_t id)
{
	if (r->bufs[ACCOUNTS].len + r->bufs[PARTIAL].len > ACCOUNTS_MAX)
		return ERR_NOT_FOUND;
	if (!r->partial || map_get(&r->full, (uint64_t)id))
		return once(r, ACCOUNTS, &r->full, id, full_account);
	return once(r, PARTIAL, &r->part, id, partial_account);
}

static enum err write_sample(struct results *r, const struct notification_group *g, struct jw *j)
{
	jw_key(j, "sample_account_ids");
	jw_array(j);
	jw_id(j, g->newest.from.v);
	for (size_t i = 0; i < g->n_sample; i++) {
		enum err err =
			account_eq(g->sample[i], g->newest.from) ? ERR_NOT_FOUND : other_account(r, g->sample[i].v);

		if (err && err != ERR_NOT_FOUND)
			return err;
		if (!err)
			jw_id(j, g->sample[i].v);
	}
	jw_array_end(j);
	return OK;
}

static enum err write_group(struct results *r, const struct notification_group *g)
{
	const struct notification *n = &g->newest;
	struct notification_key key = {.id = g->id ? g->id : n->id, .grouped = g->id};
	struct jw *j = &r->out[GROUPS];

	jw_object(j);
	notification_key_write(n->kind, &key, j);
	jw_kv_int(j, "notifications_count", g->count);
	jw_kv_cstr(j, "type", notification_name(n->kind));
	jw_kv_int(j, "most_recent_notification_id", n->id);
	jw_kv_id(j, "page_min_id", g->page_min_id);
	jw_kv_id(j, "page_max_id", n->id);
	jw_kv_time(j, "latest_page_notification_at", n->created_at);
	TRY(write_sample(r, g, j));
	if (n->post.v)
		jw_kv_id(j, "status_id", n->post.v);
	enum err err = present_notification_about(r->p, n, j);
	if (!err)
		err = present_notification_fallback(r->p, n, j);
	jw_object_end(j);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* As few as there are: looked for one by one. r->n_posts: not there. */
static size_t find_post(const struct results *r, struct post_id id)
{
	size_t i = 0;

	while (i < r->n_posts && r->posts[i].v != id.v)
		i++;
	return i;
}

/* The largest part of the answer, so it goes where it stays. */
static enum err write_posts(struct results *r, const struct notification_group *list, size_t n, struct jw *j)
{
	r->posts = ARENA_ARRAY(r->p->arena, n + 1, struct post_id);
	r->posts_shown = ARENA_ARRAY(r->p->arena, n + 1, bool);
	for (size_t i = 0; i < n; i++)
		if (list[i].newest.post.v && find_post(r, list[i].newest.post) == r->n_posts)
			r->posts[r->n_posts++] = list[i].newest.post;
	jw_key(j, "statuses");
	return present_posts_told(r->p, r->posts, r->n_posts, PART_MAX, r->posts_shown, j);
}

/* The post and the newest account: a group without them is not shown. */
static enum err add_parts(struct results *r, const struct notification_group *g)
{
	if (g->newest.post.v && !r->posts_shown[find_post(r, g->newest.post)])
		return ERR_NOT_FOUND;
	return once(r, ACCOUNTS, &r->full, g->newest.from.v, full_account);
}

/* Accounts that some group needs complete come first, so that none is there in both forms. */
static enum err add_groups(struct results *r, const struct notification_group *list, size_t n)
{
	enum err *parts = ARENA_ARRAY(r->p->arena, n, enum err);

	for (size_t i = 0; i < n; i++) {
		parts[i] = add_parts(r, &list[i]);
		if (parts[i] && parts[i] != ERR_NOT_FOUND)
			return parts[i];
	}
	for (size_t i = 0; i < n; i++)
		if (!parts[i])
			TRY(write_group(r, &list[i]));
	return OK;
}

static enum err write_lists(struct results *r, struct jw *j)
{
	static const char *const keys[LISTS] = {"accounts", "partial_accounts", "notification_groups"};
	bool over = false;

	for (int i = 0; i < LISTS; i++) {
		jw_array_end(&r->out[i]);
		over = over || r->bufs[i].over;
		if (i != PARTIAL || r->partial)
			jw_kv_raw(j, keys[i], buf_view(&r->bufs[i]));
	}
	return over ? ERR_TOO_LARGE : OK;
}

static enum err write_results(struct results *r, const struct notification_group *list, size_t n, struct jw *j)
{
	jw_object(j);
	TRY(write_posts(r, list, n, j));
	TRY(add_groups(r, list, n));
	TRY(write_lists(r, j));
	jw_object_end(j);
	return OK;
}

enum err present_notification_groups(const struct present *p, const struct notification_group *list, size_t n,
				     bool partial, struct jw *j)
{
	struct results r = {.p = p, .partial = partial};
	enum err err;

	for (int i = 0; i < LISTS; i++) {
		buf_init(&r.bufs[i], LIMIT_REPLY);
		r.out[i] = jw_to(&r.bufs[i]);
		jw_array(&r.out[i]);
	}
	err = write_results(&r, list, n, j);
	for (int i = 0; i < LISTS; i++)
		buf_release(&r.bufs[i]);
	map_release(&r.full);
	map_release(&r.part);
	return err;
}

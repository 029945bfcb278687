/*
 * xanswer.h - one answer of the data API while it is made: choose, then (the caller) reserve and record, then write.
 *
 *	xanswer_begin(&a, …);
 *	xanswer_expect_posts(&a, ids, n);     when many are known beforehand
 *	xanswer_add_post(&a, id) …            ERR_NOT_FOUND: it is not there, for this licensee
 *	items = xanswer_posts(&a, &n);        what is to be paid: call_deliver(), meter_deliver()
 *	xanswer_close(&a, granted posts, granted users);
 *	xanswer_write_posts(&a, &json);       [ … ], or xanswer_write_post() for the only one: { … }
 *	xanswer_write_includes(&a, &json);    "includes": … , when there is something
 *	xanswer_end(&a);
 *
 * What a post refers to stands behind it among the items, so that a cut leaves whole posts in front. Nothing is
 * allocated for a post but places in the arena; kept posts are held until xanswer_end.
 */
#ifndef LICENSED_XANSWER_H
#define LICENSED_XANSWER_H

#include "base/json.h"
#include "licensed/xuser.h"

/* Something that was asked for or is referred to, each once. posts and users of an answer, beside their items. */
struct xplace {
	union {
		struct xpost *post;
		struct xuser *user;
	};
	bool included; /* written among the includes */
	bool media;    /* of posts: its media are, too */
};

/* Places by id. */
struct xplaces {
	struct xplace *v;
	struct ledger_item *items; /* beside v */
	size_t n, room;
	uint32_t *slots; /* place + 1; 0: free */
	size_t mask;
};

/* What is referred to and not there. */
struct xmissing {
	const char *parameter; /* "referenced_tweets.id" */
	int64_t id;
};

struct xanswer {
	struct core *core;
	struct db *db;
	struct arena *arena;
	const struct licence *licence;
	struct xfields fields;	    /* without what the plan does not have */
	struct xposts_ahead *ahead; /* posts that will be asked for; NULL: they come as they come */
	struct xplaces posts, users;
	size_t paid_users; /* users that were asked for stand first; only they are paid */
	uint32_t *data;	   /* places of the posts asked for, in the order they were asked for */
	size_t n_data, data_room;
	size_t granted_posts, granted_users; /* places that go out; set by xanswer_close */
	struct xmissing *missing;
	size_t n_missing, missing_room;
};

void xanswer_begin(struct xanswer *a, struct core *c, struct db *db, struct arena *arena, const struct licence *licence,
		   const struct xfields *fields);
void xanswer_end(struct xanswer *a);

/* These will be asked for, in this order, unless something ends the answer before: it finds them faster. At most CACHE_MANY. */
void xanswer_expect_posts(struct xanswer *a, const struct post_id *ids, size_t n);
/* Asked for, in this order; asked for twice is once. Users first, when there are any. */
enum err xanswer_add_post(struct xanswer *a, struct post_id id);
enum err xanswer_add_user(struct xanswer *a, struct account_id id);

/* What is paid. */
struct ledger_item *xanswer_posts(struct xanswer *a, size_t *ret_n);
struct ledger_item *xanswer_users(struct xanswer *a, size_t *ret_n);
/*
 * Only the first so many of both go out; the users that what goes out refers to are found now. After it, n_data is how
 * many of the posts asked for go out: all before the first that does not.
 */
enum err xanswer_close(struct xanswer *a, size_t granted_posts, size_t granted_users);
/* The same for all. What goes out may then be looked at, but it has to be paid before it is sent. */
enum err xanswer_close_whole(struct xanswer *a);

void xanswer_write_posts(const struct xanswer *a, struct jw *j); /* [Tweet] */
void xanswer_write_post(const struct xanswer *a, struct jw *j);	 /* Tweet: the first that was asked for */
void xanswer_write_users(const struct xanswer *a, struct jw *j); /* [User] */
void xanswer_write_user(const struct xanswer *a, struct jw *j);
/* "includes":{"users":…,"tweets":…,"media":…,"polls":…}, those that hold something; nothing when none does. */
void xanswer_write_includes(const struct xanswer *a, struct jw *j);

/* The post asked for at place i of n_data. */
const struct xpost *xanswer_post(const struct xanswer *a, size_t i);
/* A number for what is closed: another when any byte of it would be another. Of this process; for ETag. */
uint64_t xanswer_stamp(const struct xanswer *a);

#endif

/*
 * posts_fixture.h - three people and short words for what they do, for the tests of posts. Include in one test program
 * only.
 */
#ifndef CORE_POSTS_FIXTURE_H
#define CORE_POSTS_FIXTURE_H

#include "core/core_fixture.h"

#include "base/clock.h"
#include "core/notifications.h"
#include "core/post_load.h"
#include "core/posts.h"

SQL(test_count_rows, "SELECT count(*) FROM notifications WHERE account_id = $1 AND kind = $2");
SQL(test_account_posts, "SELECT posts FROM account_counts WHERE account_id = $1");
SQL(test_media, "INSERT INTO media (id, account_id, state, kind, file, preview, description, created_at)"
		" VALUES ($1, $2, $3, $4, 'f', 'p', 'a red bird', $5)");

static struct account_id alice, bob, carol;

static inline int posts_setup(void **state)
{
	struct fixture *f = fixture_open();

	alice = fixture_account(f, "alice");
	bob = fixture_account(f, "bob");
	carol = fixture_account(f, "carol");
	*state = f;
	return 0;
}

static inline enum err try_post(struct fixture *f, struct new_post np, struct post_id *ret, struct problem *problem)
{
	*problem = (struct problem){0};
	fixture_forget(f);
	return post_create(f->core, f->db, &f->arena, &np, ret, problem);
}

static inline struct post_id post_np(struct fixture *f, struct new_post np)
{
	struct problem problem;
	struct post_id id = {0};
	enum err err = try_post(f, np, &id, &problem);

	if (err)
		fail_msg("%s: %s", err_name(err), problem.text);
	return id;
}

static inline struct post_id post(struct fixture *f, struct account_id who, const char *text)
{
	return post_np(f, (struct new_post){.author = who, .text = view_of(text)});
}

static inline void refused(struct fixture *f, struct new_post np, const char *words)
{
	struct problem problem;
	struct post_id id;

	assert_int_equal(try_post(f, np, &id, &problem), ERR_UNPROCESSABLE);
	assert_string_equal(problem.text, words);
}

static inline struct post load(struct fixture *f, struct post_id id)
{
	struct post p;

	assert_int_equal(post_load(f->core, f->db, &f->arena, id, &p), OK);
	return p;
}

static inline int64_t number(struct fixture *f, const struct sql *sql, int64_t key)
{
	int64_t n = -1;

	assert_int_equal(db_int(f->db, sql, BINDS(B_INT(key)), &n), OK);
	return n;
}

static inline int64_t told(struct fixture *f, struct account_id who, enum notification_kind kind)
{
	int64_t n = -1;

	assert_int_equal(db_int(f->db, &test_count_rows, BINDS(B_INT(who.v), B_INT(kind)), &n), OK);
	return n;
}

struct media_row {
	int64_t id, state;
	struct account_id owner;
	const char *kind;
};

static inline enum err insert_media(struct db *tx, void *arg)
{
	const struct media_row *m = arg;

	return db_exec(
		tx, &test_media,
		BINDS(B_INT(m->id), B_INT(m->owner.v), B_INT(m->state), B_TEXT(view_of(m->kind)), B_INT(clock_now())),
		NULL);
}

static inline int64_t media(struct fixture *f, struct account_id owner, int64_t state, const char *kind)
{
	struct media_row m = {id_next(), state, owner, kind};

	assert_int_equal(store_write(f->store, insert_media, &m), OK);
	return m.id;
}

static inline enum err edit(struct fixture *f, struct account_id who, struct post_id id, struct post_change change)
{
	struct problem problem = {0};

	fixture_forget(f);
	return post_edit(f->core, f->db, &f->arena, who, id, &change, &problem);
}

#endif

/*
 * unused_test.c - a card goes with its picture and all that is known of it, once no post has had it for a while.
 */
#include "base/base.h"
#include "core/core_fixture.h"

#include "base/clock.h"
#include "core/posts.h"
#include "core/previews.h"
#include "links/unused.h"
#include "media/files.h"

#define BYTES 10
#define LINK "https://example.org/story"

SQL(unused_test_cards, "SELECT COUNT(*) FROM preview_cards");
SQL(unused_test_rest, "SELECT (SELECT COUNT(*) FROM preview_links) + (SELECT COUNT(*) FROM card_days)"
		      " + (SELECT COUNT(*) FROM card_posts)");

static int64_t number(struct fixture *f, const struct sql *sql)
{
	int64_t n;

	assert_int_equal(db_int(f->db, sql, NO_BINDS, &n), OK);
	return n;
}

static void make_file(struct fixture *f, char key[FILE_KEY_MAX])
{
	char temp[FILE_PATH_MAX], bytes[BYTES] = {0};

	files_key("jpg", key);
	files_temp(f->dir, temp);
	assert_int_equal(files_write(temp, view_make(bytes, sizeof(bytes))), OK);
	assert_int_equal(files_keep(f->dir, temp, key), OK);
}

static struct post_id say(struct fixture *f, struct account_id who)
{
	struct new_post np = {.author = who, .text = V("read " LINK)};
	struct problem problem = {0};
	struct post_id id;

	assert_int_equal(post_create(f->core, f->db, &f->arena, &np, &id, &problem), OK);
	return id;
}

static void sweep(struct fixture *f, int64_t later)
{
	assert_int_equal(unused_cards_sweep(f->core, f->db, &f->arena, clock_now() + later), OK);
}

static void cards_of_nobody_go(void **state)
{
	struct fixture *f = *state;
	struct account_id who = fixture_account(f, "somebody");
	struct post_id first = say(f, who), second = say(f, who);
	char key[FILE_KEY_MAX];
	struct problem problem = {0};
	struct view old;
	struct post post;
	int64_t card;

	assert_int_equal(files_init(f->dir, &problem), OK);
	make_file(f, key);
	struct preview made = {.url = V(LINK), .title = V("a story"), .image = view_of(key)};
	assert_int_equal(post_load(f->core, f->db, &f->arena, first, &post), OK);
	assert_int_equal(preview_write(f->core, &f->arena, &post, V(LINK), &made, &old), OK);
	assert_int_equal(preview_known(f->db, V(LINK), clock_now(), &card), OK);
	assert_int_equal(post_load(f->core, f->db, &f->arena, second, &post), OK);
	assert_int_equal(preview_attach(f->core, &post, card), OK);

	assert_int_equal(post_delete(f->core, f->db, &f->arena, who, first), OK);
	sweep(f, 2 * UNUSED_CARD_MS);
	assert_int_equal(number(f, &unused_test_cards), 1); /* another has it */
	assert_int_equal(post_delete(f->core, f->db, &f->arena, who, second), OK);
	sweep(f, UNUSED_CARD_MS / 2);
	assert_int_equal(number(f, &unused_test_cards), 1);
	assert_int_equal(files_size(f->dir, view_of(key)), BYTES);
	sweep(f, 2 * UNUSED_CARD_MS);
	assert_int_equal(number(f, &unused_test_cards), 0);
	assert_int_equal(number(f, &unused_test_rest), 0);
	assert_int_equal(files_size(f->dir, view_of(key)), 0);

	struct post_id third = say(f, who); /* a job that had found it comes too late */
	assert_int_equal(post_load(f->core, f->db, &f->arena, third, &post), OK);
	assert_int_equal(preview_attach(f->core, &post, card), OK);
	assert_int_equal(post_load(f->core, f->db, &f->arena, third, &post), OK);
	assert_int_equal(post.card_id, 0);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char command[256];

	snprintf(command, sizeof(command), "rm -rf %s/media %s/tmp", f->dir, f->dir);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a fixed command in a folder made here */
	return fixture_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cards_of_nobody_go),
	};
	return cmocka_run_group_tests(tests, fixture_setup, teardown);
}

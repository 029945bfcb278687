/*
 * picture_cache_test.c - the oldest pictures go until the rest fits; cards stay.
 */
#include "base/base.h"
#include "core/core_fixture.h"

#include "links/picture_cache.h"
#include "media/files.h"

#define CARDS 6
#define BYTES 1000

SQL(test_card,
    "INSERT INTO preview_cards (id, url, site_id, kind, title, description, language, author_name, author_url,"
    " provider_name, provider_url, html, embed_url, image, image_text, blurhash, width, height, published_at,"
    " updated_at) VALUES ($1, $2, 1, 0, 'title', '', '', '', '', '', '', '', '', $3, '', '', 1, 1, 0, $1)");
SQL(test_pictured, "SELECT COUNT(*) FROM preview_cards WHERE image <> ''");
SQL(test_oldest, "SELECT MIN(id) FROM preview_cards WHERE image <> ''");

struct made_card {
	int64_t id;
	char url[64], key[FILE_KEY_MAX];
};

static enum err insert(struct db *tx, void *arg)
{
	const struct made_card *m = arg;

	return db_exec(tx, &test_card, BINDS(B_INT(m->id), B_TEXT(view_of(m->url)), B_TEXT(view_of(m->key))), NULL);
}

static void add_card(struct fixture *f, struct made_card *m, int64_t id)
{
	char temp[FILE_PATH_MAX], bytes[BYTES] = {0};

	m->id = id;
	snprintf(m->url, sizeof(m->url), "https://example.org/%" PRId64, id);
	files_key("jpg", m->key);
	files_temp(f->dir, temp);
	assert_int_equal(files_write(temp, view_make(bytes, sizeof(bytes))), OK);
	assert_int_equal(files_keep(f->dir, temp, m->key), OK);
	assert_int_equal(store_write(f->store, insert, m), OK);
}

static int64_t number(struct fixture *f, const struct sql *sql)
{
	int64_t n;

	assert_int_equal(db_int(f->db, sql, NO_BINDS, &n), OK);
	return n;
}

static void test_oldest_first(void **state)
{
	struct fixture *f = *state;
	struct made_card cards[CARDS];
	struct problem problem = {0};

	assert_int_equal(files_init(f->dir, &problem), OK);
	for (int i = 0; i < CARDS; i++)
		add_card(f, &cards[i], i + 1);

	f->core->config.remote_media_bytes = 0;
	assert_int_equal(picture_cache_sweep(f->core, f->db, &f->arena, 0), OK);
	assert_int_equal(number(f, &test_pictured), CARDS);

	f->core->config.remote_media_bytes = 4 * BYTES + BYTES / 2;
	assert_int_equal(picture_cache_sweep(f->core, f->db, &f->arena, 0), OK);
	assert_int_equal(number(f, &test_pictured), 4);
	assert_int_equal(number(f, &test_oldest), 3);
	for (int i = 0; i < CARDS; i++)
		assert_int_equal(files_size(f->dir, view_of(cards[i].key)), i < 2 ? 0 : BYTES);
	assert_int_equal(picture_cache_sweep(f->core, f->db, &f->arena, 0), OK);
	assert_int_equal(number(f, &test_pictured), 4);
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
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_oldest_first)};
	return cmocka_run_group_tests(tests, fixture_setup, teardown);
}

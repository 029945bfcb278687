/*
 * emojis_test.c - which emojis a text names, and that a change is seen at once.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "core/emojis.h"

static void add(struct fixture *f, const char *shortcode)
{
	struct emoji e = {
		.shortcode = view_of(shortcode), .file = V("a/b.png"), .static_file = V("a/c.png"), .visible = true};

	assert_int_equal(emojis_add(f->core, f->db, &e), OK);
}

/* The shortcodes found in text, separated by spaces. */
static const char *found(struct fixture *f, const char *text)
{
	struct view texts[] = {view_of(text)};
	const struct emoji *list;
	size_t n;
	struct view all = V("");

	emojis_in(f->core, &f->arena, texts, 1, &list, &n);
	for (size_t i = 0; i < n; i++)
		all = arena_printf(&f->arena, "%.*s%s%.*s", VIEW_ARG(all), i ? " " : "", VIEW_ARG(list[i].shortcode));
	return all.len ? all.p : "";
}

static void test_found(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(found(f, ":kicau:"), "");
	add(f, "kicau");
	add(f, "a_2");
	assert_int_equal(fixture_events(f, EVENT_EMOJI_CHANGED), 2);
	const struct {
		const char *text, *expected;
	} cases[] = {
		{":kicau:", "kicau"},
		{"x:kicau:y :kicau:", "kicau"},
		{":kicau:a_2:", "kicau a_2"},
		{":kicau", ""},
		{"kicau:", ""},
		{"::", ""},
		{":Kicau:", ""},
		{": kicau :", ""},
		{":::kicau:::", "kicau"},
		{":a_2: :kicau:", "a_2 kicau"},
		{"12:30:kicau:", "kicau"},
		{"", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(found(f, cases[i].text), cases[i].expected);
	assert_int_equal(emojis_remove(f->core, f->db, V("kicau")), OK);
	assert_int_equal(emojis_remove(f->core, f->db, V("kicau")), ERR_NOT_FOUND);
	assert_string_equal(found(f, ":kicau:"), "");
}

static void test_names(void **state)
{
	struct fixture *f = *state;
	struct emoji e = {.file = V("a/b.png")};
	const char *wrong[] = {"", "a", "a b", "a-b", "\xC3\xA9\xC3\xA9", ":ab:"};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		e.shortcode = view_of(wrong[i]);
		assert_int_equal(emojis_add(f->core, f->db, &e), ERR_INVALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_found), cmocka_unit_test(test_names)};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}

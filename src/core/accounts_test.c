/*
 * accounts_test.c - making, finding, changing accounts, and logging in.
 */
#include "base/base.h"

#include "core/account_marks.h"
#include "core/core_fixture.h"

static struct field_errors refused(struct fixture *f, struct new_account na)
{
	struct field_errors errors = {0};
	struct account_id id;
	assert_int_equal(account_create(f->core, &f->arena, &na, &id, &errors), ERR_UNPROCESSABLE);
	assert_true(errors.n > 0);
	return errors;
}

static void makes_and_finds(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "Alice_1"), found;
	assert_int_equal(fixture_events(f, EVENT_ACCOUNT_CREATED), 1);
	assert_int_equal(account_find_name(f->db, V("aLICE_1"), V(""), &found), OK);
	assert_true(account_eq(id, found));
	static const char *const accts[] = {"alice_1", "@alice_1", "@Alice_1@KICAU.example", " alice_1@kicau.example "};
	for (size_t i = 0; i < ARRAY_LEN(accts); i++) {
		assert_int_equal(account_find_acct(f->core, f->db, view_of(accts[i]), &found), OK);
		assert_true(account_eq(id, found));
	}
	assert_int_equal(account_find_acct(f->core, f->db, V("alice_1@elsewhere.example"), &found), ERR_NOT_FOUND);
	assert_int_equal(account_find_acct(f->core, f->db, V(""), &found), ERR_NOT_FOUND);
	assert_int_equal(account_find_acct(f->core, f->db, V("@"), &found), ERR_NOT_FOUND);
	assert_int_equal(account_find_url(f->core, f->db, V("http://kicau.example/@Alice_1"), &found), OK);
	assert_int_equal(account_find_url(f->core, f->db, V("http://kicau.example/users/Alice_1"), &found), OK);
	struct account a;
	assert_int_equal(account_load(f->db, &f->arena, id, &a), OK);
	assert_true(view_is(a.username, "Alice_1") && a.posts == 0 && a.followers == 0 && account_is_local(&a));
	assert_int_equal(account_load(f->db, &f->arena, (struct account_id){1}, &a), ERR_NOT_FOUND);
}

static void refuses_bad_names_and_addresses(void **state)
{
	struct fixture *f = *state;
	fixture_account(f, "taken");
	const struct new_account good = {
		.username = V("fine"), .email = V("fine@example.org"), .password = V("12345678")};
	struct {
		struct view username, email, password;
		const char *field, *code;
	} rows[] = {
		{V(""), good.email, good.password, "username", "ERR_BLANK"},
		{V("has space"), good.email, good.password, "username", "ERR_INVALID"},
		{V("caf\xc3\xa9"), good.email, good.password, "username", "ERR_INVALID"},
		{V("a23456789012345678901234567890x"), good.email, good.password, "username", "ERR_TOO_LONG"},
		{V("ADMIN"), good.email, good.password, "username", "ERR_RESERVED"},
		{V("TAKEN"), good.email, good.password, "username", "ERR_TAKEN"},
		{good.username, V(""), good.password, "email", "ERR_BLANK"},
		{good.username, V("nobody"), good.password, "email", "ERR_INVALID"},
		{good.username, V("a@b@c"), good.password, "email", "ERR_INVALID"},
		{good.username, V("a@-b"), good.password, "email", "ERR_INVALID"},
		{good.username, V("a b@c.org"), good.password, "email", "ERR_INVALID"},
		{good.username, V("a@b..c"), good.password, "email", "ERR_INVALID"},
		{good.username, V("Taken@EXAMPLE.org"), good.password, "email", "ERR_TAKEN"},
		{good.username, good.email, V(""), "password", "ERR_BLANK"},
		{good.username, good.email, V("1234567"), "password", "ERR_TOO_SHORT"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct new_account na = {
			.username = rows[i].username, .email = rows[i].email, .password = rows[i].password};
		struct field_errors e = refused(f, na);
		assert_int_equal(e.n, 1);
		assert_string_equal(e.v[0].field, rows[i].field);
		assert_string_equal(e.v[0].code, rows[i].code);
	}
	struct field_errors e = refused(f, (struct new_account){.username = V(""), .email = V(""), .password = V("")});
	assert_int_equal(e.n, 3);
	assert_true(view_is(field_errors_text(&e, &f->arena),
			    "Validation failed: Username can't be blank, Email can't be "
			    "blank, Password can't be blank"));
}

static void logs_in_by_name_and_address(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "login"), got;
	struct problem p = {0};
	static const char *const names[] = {"login", "LOGIN", "login@example.org", "Login@Example.ORG"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(
			account_login(f->core, f->db, &f->arena, view_of(names[i]), V(FIXTURE_PASSWORD), &got, &p), OK);
		assert_true(account_eq(id, got));
	}
	assert_int_equal(account_login(f->core, f->db, &f->arena, V("login"), V("wrong password"), &got, &p),
			 ERR_UNAUTHORIZED);
	assert_int_equal(account_login(f->core, f->db, &f->arena, V("noone"), V("wrong password"), &got, &p),
			 ERR_UNAUTHORIZED);
	assert_int_equal(account_set_password(f->core, id, V("short"), &p), ERR_UNPROCESSABLE);
	assert_int_equal(account_set_password(f->core, id, V("another secret"), &p), OK);
	assert_int_equal(account_login(f->core, f->db, &f->arena, V("login"), V(FIXTURE_PASSWORD), &got, &p),
			 ERR_UNAUTHORIZED);
	assert_int_equal(account_mark(f->core, id, MARK_DISABLED, true), OK);
	assert_int_equal(account_login(f->core, f->db, &f->arena, V("login"), V("another secret"), &got, &p),
			 ERR_FORBIDDEN);
	assert_string_equal(p.text, "Your login is currently disabled");
}

static void changes_a_profile(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "profile");
	struct problem p = {0};
	struct profile_change ch = {.has_display_name = true,
				    .display_name = V("Pro File"),
				    .has_note = true,
				    .note = V("hello <b> @taken #tag"),
				    .has_fields = true,
				    .n_fields = 3,
				    .has_bot = true,
				    .bot = true,
				    .has_privacy = true,
				    .privacy = VISIBILITY_PRIVATE,
				    .has_language = true,
				    .language = V("id")};
	ch.field_names[0] = V("site");
	ch.field_values[0] = V("https://example.org/");
	ch.field_names[2] = V(" x ");
	assert_int_equal(account_update(f->core, f->db, &f->arena, id, &ch, &p), OK);
	struct account a;
	struct user u;
	assert_int_equal(account_load(f->db, &f->arena, id, &a), OK);
	assert_int_equal(user_load(f->db, &f->arena, id, &u), OK);
	assert_true(view_is(a.display_name, "Pro File") && a.bot && !a.locked);
	assert_non_null(strstr(a.note_html.p, "&lt;b&gt;"));
	assert_non_null(strstr(a.note_html.p, "http://kicau.example/@taken"));
	assert_non_null(strstr(a.fields.p, " me\\\""));
	assert_null(strstr(a.fields.p, "\"name\":\"\""));
	assert_int_equal(u.default_visibility, VISIBILITY_PRIVATE);
	assert_true(view_is(u.default_language, "id"));

	struct profile_change bad = {.has_display_name = true, .display_name = V("0123456789012345678901234567890")};
	assert_int_equal(account_update(f->core, f->db, &f->arena, id, &bad, &p), ERR_UNPROCESSABLE);
	assert_string_equal(p.text, "Validation failed: Display name is too long (maximum is 30 characters)");
	struct profile_change nothing = {0};
	assert_int_equal(account_update(f->core, f->db, &f->arena, id, &nothing, &p), OK);
	assert_int_equal(account_load(f->db, &f->arena, id, &a), OK);
	assert_true(view_is(a.display_name, "Pro File"));
}

static void search_finds_beginnings_of_words(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "zebra_crossing"), ret[5];
	size_t n = 0;
	struct problem p = {0};
	struct profile_change ch = {.has_display_name = true, .display_name = V("Q\xc3\xbc\x65 Horse")};
	assert_int_equal(account_update(f->core, f->db, &f->arena, id, &ch, &p), OK);
	static const char *const queries[] = {"zeb", "ZEBRA", "cross", "que", "hor", "zebra hor", "zebra_cro"};
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		struct account_query q = {.text = view_of(queries[i]), .limit = 5};
		assert_int_equal(account_search(f->db, &f->arena, &q, ret, &n), OK);
		assert_int_equal(n, 1);
		assert_true(account_eq(ret[0], id));
	}
	static const char *const misses[] = {"", "ebra", "zebra cow", "%", "\xff"};
	for (size_t i = 0; i < ARRAY_LEN(misses); i++) {
		struct account_query q = {.text = view_of(misses[i]), .limit = 5};
		assert_int_equal(account_search(f->db, &f->arena, &q, ret, &n), OK);
		assert_int_equal(n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_and_finds),
		cmocka_unit_test(refuses_bad_names_and_addresses),
		cmocka_unit_test(logs_in_by_name_and_address),
		cmocka_unit_test(changes_a_profile),
		cmocka_unit_test(search_finds_beginnings_of_words),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}

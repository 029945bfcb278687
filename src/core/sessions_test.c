/*
 * sessions_test.c - tokens, cookies, applications and authorization codes.
 */
#include "base/base.h"

#include "core/account_marks.h"
#include "core/core_fixture.h"

#include "base/clock.h"
#include "core/apps.h"
#include "core/oauth_codes.h"
#include "core/session_cache.h"

static scope_set scopes_of(struct view text)
{
	scope_set set = 0;
	assert_int_equal(scope_parse(text, &set), OK);
	return set;
}

static void token_for(struct fixture *f, int64_t app, struct account_id id, char token[TOKEN_LEN + 1])
{
	assert_int_equal(sessions_token_create(f->core, app, id, scopes_of(V("read")), V("read"), token, NULL), OK);
}

static void tokens_live_until_revoked(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "alice");
	struct auth_info who;
	struct problem p = {0};
	char token[TOKEN_LEN + 1];
	token_for(f, 5, id, token);
	for (int i = 0; i < 2; i++) { /* from the database, then from memory */
		assert_int_equal(sessions_token(f->core, f->db, view_of(token), &who, &p), OK);
		assert_true(account_eq(who.account, id) && who.app_id == 5 && who.token_id &&
			    scope_has(who.scopes, SCOPE_READ));
	}
	assert_int_equal(sessions_cookie(f->core, f->db, view_of(token), &who), ERR_UNAUTHORIZED);
	assert_int_equal(sessions_token(f->core, f->db, V("x"), &who, &p), ERR_UNAUTHORIZED);
	assert_string_equal(p.text, "The access token is invalid");
	assert_int_equal(sessions_token_revoke(f->core, view_of(token), 6), ERR_FORBIDDEN);
	assert_int_equal(sessions_token(f->core, f->db, view_of(token), &who, &p), OK);
	assert_int_equal(sessions_token_revoke(f->core, view_of(token), 5), OK);
	assert_int_equal(sessions_token_revoke(f->core, view_of(token), 5), OK);
	assert_int_equal(sessions_token(f->core, f->db, view_of(token), &who, &p), ERR_UNAUTHORIZED);
	assert_string_equal(p.text, "The access token was revoked");
}

static void an_apps_token_is_nobodys(void **state)
{
	struct fixture *f = *state;
	struct auth_info who;
	char token[TOKEN_LEN + 1];
	token_for(f, 5, (struct account_id){0}, token);
	assert_int_equal(sessions_token(f->core, f->db, view_of(token), &who, NULL), OK);
	assert_true(who.account.v == 0 && who.app_id == 5);
	assert_int_equal(sessions_token_revoke(f->core, view_of(token), 5), OK);
	assert_int_equal(sessions_token(f->core, f->db, view_of(token), &who, NULL), ERR_UNAUTHORIZED);
}

static void disabled_and_suspended_people_are_out(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "bob");
	struct auth_info who;
	struct problem p = {0};
	char token[TOKEN_LEN + 1], cookie[TOKEN_LEN + 1];
	assert_int_equal(
		sessions_login(f->core, id, &(struct login_from){LOGIN_PASSWORD, V("127.0.0.1"), V("test")}, cookie),
		OK);
	token_for(f, 0, id, token);
	assert_int_equal(sessions_cookie(f->core, f->db, view_of(cookie), &who), OK);
	assert_true(account_eq(who.account, id) && who.session_id);
	assert_int_equal(sessions_token(f->core, f->db, view_of(token), &who, &p), OK);
	assert_int_equal(account_set_role(f->core, id, ROLE_ADMIN), OK);
	assert_int_equal(sessions_token(f->core, f->db, view_of(token), &who, &p), OK);
	assert_int_equal(who.role, ROLE_ADMIN);
	assert_int_equal(account_mark(f->core, id, MARK_SUSPENDED, true), OK);
	assert_int_equal(sessions_token(f->core, f->db, view_of(token), &who, &p), ERR_UNAUTHORIZED);
	assert_int_equal(sessions_cookie(f->core, f->db, view_of(cookie), &who), ERR_UNAUTHORIZED);
	token_for(f, 0, id, token);
	assert_int_equal(sessions_token(f->core, f->db, view_of(token), &who, &p), ERR_FORBIDDEN);
	assert_string_equal(p.text, "Your login is currently disabled");
}

static void browser_sessions_end(void **state)
{
	struct fixture *f = *state;
	struct account_id id = fixture_account(f, "carol");
	struct auth_info who;
	char cookie[TOKEN_LEN + 1], one[TOKEN_LEN + 1], two[TOKEN_LEN + 1];
	assert_int_equal(
		sessions_login(f->core, id, &(struct login_from){LOGIN_PASSWORD, V("127.0.0.1"), V("test")}, cookie),
		OK);
	assert_int_equal(sessions_cookie(f->core, f->db, view_of(cookie), &who), OK);
	assert_int_equal(sessions_logout(f->core, who.session_id), OK);
	assert_int_equal(sessions_logout(f->core, who.session_id), OK);
	assert_int_equal(sessions_cookie(f->core, f->db, view_of(cookie), &who), ERR_UNAUTHORIZED);
	sessions_csrf(f->core, view_of(cookie), one);
	sessions_csrf(f->core, view_of(cookie), two);
	assert_string_equal(one, two);
	sessions_csrf(f->core, V("other"), two);
	assert_string_not_equal(one, two);
}

static void the_cache_forgets_what_was_read_too_early(void **state)
{
	(void)state;
	struct session_cache *c = session_cache_new();
	struct session_entry e = {.info.account = {7}}, got;
	struct digest d = digest_token(V("x"));
	struct session_mark mark = session_cache_mark(c);
	session_cache_forget(c, (struct account_id){7});
	session_cache_keep(c, SESSION_TOKEN, &d, &e, mark);
	assert_false(session_cache_find(c, SESSION_TOKEN, &d, &got));
	session_cache_keep(c, SESSION_TOKEN, &d, &e, session_cache_mark(c));
	assert_true(session_cache_find(c, SESSION_TOKEN, &d, &got));
	assert_false(session_cache_find(c, SESSION_COOKIE, &d, &got));
	assert_true(session_cache_touch(c, SESSION_TOKEN, &d, 10, 20));
	assert_false(session_cache_touch(c, SESSION_TOKEN, &d, 10, 20));
	for (int i = 0; i < 300000; i++) { /* more than it holds: the oldest go */
		struct digest other = digest_token(view_make((const char *)&i, sizeof(i)));
		session_cache_keep(c, SESSION_TOKEN, &other, &e, session_cache_mark(c));
	}
	assert_false(session_cache_find(c, SESSION_TOKEN, &d, &got));
	session_cache_free(c);
}

static void apps_are_checked(void **state)
{
	struct fixture *f = *state;
	struct app app, found;
	struct problem p = {0};
	char secret[TOKEN_LEN + 1];
	struct view uris[] = {V("https://app.example/cb\n my.app:/x \n"), V(APP_REDIRECT_OOB)};
	struct new_app na = {.name = V("app"), .redirect_uris = uris, .n_redirect_uris = 2};
	assert_int_equal(app_create(f->core, &f->arena, &na, &app, secret, &p), OK);
	assert_int_equal(app_find(f->db, &f->arena, app.client_id, &found), OK);
	assert_true(found.id == app.id && view_is(found.scopes_text, "read") && app_secret_ok(&found, view_of(secret)));
	assert_false(app_secret_ok(&found, V("wrong")));
	assert_true(app_redirect_ok(&found, V("https://app.example/cb")) && app_redirect_ok(&found, V("my.app:/x")));
	assert_true(app_redirect_ok(&found, V(APP_REDIRECT_OOB)));
	assert_false(app_redirect_ok(&found, V("https://app.example/cb/x")) || app_redirect_ok(&found, V("")));
	static const char *const bad[] = {
		"",	      "javascript:alert(1)", "JavaScript:x", "/relative", "app.example", "https://",
		"https:///x", "https://a b",	     "https://x#y",  "data:x",	  ":x",		 "x:"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct view uri = view_of(bad[i]);
		struct new_app refused = {.name = V("app"), .redirect_uris = &uri, .n_redirect_uris = 1};
		assert_int_equal(app_create(f->core, &f->arena, &refused, &app, secret, &p), ERR_UNPROCESSABLE);
		assert_true(view_starts(view_of(p.text), V("Validation failed: Redirect URI ")));
	}
	na.scopes = V("read nonsense");
	assert_int_equal(app_create(f->core, &f->arena, &na, &app, secret, &p), ERR_UNPROCESSABLE);
}

/* RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define CB V("https://app.example/cb")

static void codes_are_redeemed_once(void **state)
{
	struct fixture *f = *state;
	struct oauth_grant g;
	char code[TOKEN_LEN + 1];
	struct new_code nc = {
		.app_id = 9, .account = {77}, .redirect_uri = CB, .scopes = V("read"), .challenge = V(CHALLENGE)};
	const struct {
		int64_t app;
		struct view uri, verifier;
		enum err want;
	} tries[] = {
		{9, CB, V(VERIFIER), OK},
		{9, CB, V(""), ERR_UNAUTHORIZED},
		{9, CB, V("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX"), ERR_UNAUTHORIZED},
		{9, V("https://app.example/"), V(VERIFIER), ERR_UNAUTHORIZED},
		{8, CB, V(VERIFIER), ERR_UNAUTHORIZED},
	};
	for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
		assert_int_equal(oauth_code_create(f->core, &nc, code), OK);
		assert_int_equal(oauth_code_redeem(f->core, &f->arena, tries[i].app, view_of(code), tries[i].uri,
						   tries[i].verifier, &g),
				 tries[i].want);
		if (tries[i].app == 9) /* used up either way */
			assert_int_equal(oauth_code_redeem(f->core, &f->arena, 9, view_of(code), CB, V(VERIFIER), &g),
					 ERR_UNAUTHORIZED);
	}
	assert_true(g.account.v == 77 && view_is(g.scopes_text, "read"));
	nc.challenge = V("");
	assert_int_equal(oauth_code_create(f->core, &nc, code), OK);
	assert_int_equal(oauth_code_redeem(f->core, &f->arena, 9, view_of(code), CB, V(VERIFIER), &g),
			 ERR_UNAUTHORIZED);
	assert_int_equal(oauth_code_create(f->core, &nc, code), OK);
	assert_int_equal(oauth_codes_expire(f->core, clock_now() + OAUTH_CODE_MS + 1), OK);
	assert_int_equal(oauth_code_redeem(f->core, &f->arena, 9, view_of(code), CB, V(""), &g), ERR_UNAUTHORIZED);
	assert_int_equal(oauth_code_create(f->core, &nc, code), OK); /* one still out when everything is revoked */
	assert_int_equal(sessions_revoke_all(f->core, nc.account), OK);
	assert_int_equal(oauth_code_redeem(f->core, &f->arena, 9, view_of(code), CB, V(""), &g), ERR_UNAUTHORIZED);
	nc.challenge = V("short");
	assert_int_equal(oauth_code_create(f->core, &nc, code), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_live_until_revoked),
		cmocka_unit_test(an_apps_token_is_nobodys),
		cmocka_unit_test(disabled_and_suspended_people_are_out),
		cmocka_unit_test(browser_sessions_end),
		cmocka_unit_test(the_cache_forgets_what_was_read_too_early),
		cmocka_unit_test(apps_are_checked),
		cmocka_unit_test(codes_are_redeemed_once),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}

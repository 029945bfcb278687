/*
 * plans_test.c - fields and versions of plans, keys and what they allow.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "base/clock.h"
#include "meter/keys.h"
#include "meter/licensee_store.h"
#include "meter/licensees.h"
#include "meter/plan_defaults.h"
#include "meter/plan_fields.h"
#include "meter/plan_store.h"

#define NOBODY ((struct account_id){0})

static void money_is_exact(void **state)
{
	static const struct {
		const char *text, *printed;
		int64_t micro;
	} good[] = {
		{"0", "0", 0},
		{"100", "100", 100000000},
		{"0.005", "0.005", 5000},
		{"12.50", "12.5", 12500000},
		{"0.000001", "0.000001", 1},
		{"1000000000", "1000000000", 1000000000000000},
	};
	static const char *const bad[] = {"",	 ".5",	 "1.", "-1", "1.-5",	  "0.0000001",
					  "1e3", "1,50", " 1", "$1", "1000000001"};
	char text[MONEY_LEN];
	int64_t micro;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(money_parse(view_of(good[i].text), &micro));
		assert_int_equal(micro, good[i].micro);
		money_print(micro, text);
		assert_string_equal(text, good[i].printed);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(money_parse(view_of(bad[i]), &micro));
	money_print(INT64_MIN, text);
	assert_string_equal(text, "-9223372036854.775808");
}

/* Every field, at both ends of its range, comes back from what was printed. */
static void fields_survive_printing(void **state)
{
	(void)state;
	for (int end = 0; end < 2; end++) {
		struct plan p = {.name = "x", .version = 3}, back = {.name = "x", .version = 3};
		struct buf out;
		struct jw j = jw_to(&out);

		buf_init(&out, 8 * LIMIT_KIB);
		for (const struct plan_field *f = plan_fields; f->name; f++)
			assert_int_equal(plan_field_put(&p, f, end ? f->max : f->min, NULL), OK);
		jw_object(&j);
		plan_write(&p, &j);
		jw_object_end(&j);
		json_t *object = json_loadb(out.p, out.len, 0, NULL);
		assert_int_equal(plan_read(object, &back, NULL), OK);
		for (const struct plan_field *f = plan_fields; f->name; f++)
			assert_int_equal(plan_field_get(&back, f), end ? f->max : f->min);
		json_decref(object);
		buf_release(&out);
	}
}

static void assignments_are_checked(void **state)
{
	static const struct {
		const char *text, *words;
	} bad[] = {
		{"included", "is not written FIELD=VALUE"},	{"colour=red", "no field \"colour\""},
		{"included=-1", "included is a number from 0"}, {"included=many", "not \"many\""},
		{"hard_stop=maybe", "hard_stop is yes or no"},	{"uses=search,selling", "\"selling\" is no use"},
		{"month=cheap", "month is an amount"},		{"query_chars=5000", "from 16 to 4096"},
	};
	struct plan p = {0};
	struct problem problem;

	(void)state;
	assert_int_equal(plan_assign(&p, V("month=99.90"), NULL), OK);
	assert_int_equal(p.month_micro, 99900000);
	assert_int_equal(plan_assign(&p, V("month_micro=5"), NULL), OK);
	assert_int_equal(p.month_micro, 5);
	assert_int_equal(plan_assign(&p, V("uses=search, training"), NULL), OK);
	assert_int_equal(p.uses, USE_SEARCH | USE_TRAINING);
	assert_int_equal(plan_assign(&p, V("hard_stop=yes"), NULL), OK);
	assert_true(p.hard_stop);
	assert_int_equal(plan_assign(&p, V("rate_job=7"), NULL), OK);
	assert_int_equal(p.rates[DATA_RATE_JOB], 7);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct plan before = p;

		assert_int_equal(plan_assign(&p, view_of(bad[i].text), &problem), ERR_UNPROCESSABLE);
		assert_non_null(strstr(problem.text, bad[i].words));
		assert_memory_equal(&p, &before, sizeof(p));
	}
}

static void shipped_plans_are_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < plan_defaults_n; i++)
		assert_int_equal(plan_check(&plan_defaults[i], NULL), OK);
}

static void keys_can_be_told_from_noise(void **state)
{
	char token[KEY_TOKEN_LEN + 1];

	(void)state;
	key_token_make(token);
	assert_int_equal(strlen(token), KEY_TOKEN_LEN);
	assert_true(key_token_plausible(view_of(token)));
	for (size_t i = 0; i < KEY_TOKEN_LEN; i++) {
		char before = token[i];

		token[i] = before == 'a' ? 'b' : 'a';
		assert_false(key_token_plausible(view_of(token)));
		token[i] = before;
	}
	assert_false(key_token_plausible(view_sub(view_of(token), 0, KEY_TOKEN_LEN - 1)));
}

static void changed_plans_are_not_made_anew(void **state)
{
	struct fixture *f = *state;
	struct plan p, *list;
	size_t n;

	assert_int_equal(plans_install(f->core), OK);
	assert_int_equal(plan_find(f->db, V("basic"), &p, NULL), OK);
	assert_int_equal(p.version, 1);
	assert_int_equal(p.month_micro, 100000000);
	assert_int_equal(plan_save(f->core, NOBODY, &p, &p, NULL), OK);
	assert_int_equal(p.version, 1); /* nothing was changed */
	p.included = 20000;
	assert_int_equal(plan_save(f->core, NOBODY, &p, &p, NULL), OK);
	assert_int_equal(p.version, 2);
	assert_int_equal(plans_install(f->core), OK);
	assert_int_equal(plan_find(f->db, V("basic"), &p, NULL), OK);
	assert_int_equal(p.included, 20000);
	assert_int_equal(plan_find_version(f->db, V("basic"), 1, &p, NULL), OK);
	assert_int_equal(p.included, 10000);
	assert_int_equal(plan_find_version(f->db, V("basic"), 3, &p, NULL), ERR_NOT_FOUND);
	assert_int_equal(plans_load(f->db, &f->arena, &list, &n), OK);
	assert_int_equal(n, plan_defaults_n);
}

static int64_t licensee_of(struct fixture *f, const char *name, const char *plan)
{
	struct new_licensee new = {.name = view_of(name), .plan = view_of(plan)};
	int64_t id = 0;

	assert_int_equal(licensee_create(f->core, NOBODY, &new, &id, NULL), OK);
	return id;
}

static void licensees_have_a_plan(void **state)
{
	struct fixture *f = *state;
	struct new_licensee new = {.name = V("12"), .plan = V("free")};
	struct licensee l;
	struct plan p;
	int64_t id, other;

	assert_int_equal(plans_install(f->core), OK);
	assert_int_equal(licensee_create(f->core, NOBODY, &new, &id, NULL), ERR_UNPROCESSABLE);
	new.name = V("Nobody");
	new.plan = V("gold");
	assert_int_equal(licensee_create(f->core, NOBODY, &new, &id, NULL), ERR_NOT_FOUND);
	id = licensee_of(f, "Trends Ltd", "free");
	new = (struct new_licensee){.name = V("Trends Ltd"), .plan = V("free")};
	assert_int_equal(licensee_create(f->core, NOBODY, &new, &other, NULL), ERR_CONFLICT);
	assert_int_equal(licensee_find(f->db, V("Trends Ltd"), &other, NULL), OK);
	assert_int_equal(other, id);
	assert_int_equal(licensee_load(f->db, &f->arena, id, &l), OK);
	assert_string_equal(l.plan.name, "free");
	/* A version set later is theirs. */
	p = l.plan;
	p.included = 1600;
	assert_int_equal(plan_save(f->core, NOBODY, &p, &p, NULL), OK);
	assert_int_equal(licensee_load(f->db, &f->arena, id, &l), OK);
	assert_int_equal(l.plan.id, p.id);
	assert_int_equal(licensee_set_plan(f->core, NOBODY, id, V("pro"), NULL), OK);
	assert_int_equal(licensee_load(f->db, &f->arena, id, &l), OK);
	assert_string_equal(l.plan.name, "pro");
	p.included = 1700;
	assert_int_equal(plan_save(f->core, NOBODY, &p, &p, NULL), OK);
	assert_int_equal(licensee_load(f->db, &f->arena, id, &l), OK);
	assert_string_equal(l.plan.name, "pro"); /* a plan it has left behind is not its business */
}

static enum err use(struct fixture *f, struct licences *l, const char *token)
{
	const struct licence *licence;
	enum err err = licence_get(l, f->db, view_of(token), &licence, NULL);

	if (err == OK)
		licence_put(licence);
	return err;
}

static void keys_open_until_they_are_revoked(void **state)
{
	struct fixture *f = *state;
	struct licences *l = licences_new(f->core);
	const struct licence *held;
	char token[KEY_TOKEN_LEN + 1], next[KEY_TOKEN_LEN + 1], more[KEY_TOKEN_LEN + 1];
	struct new_key new = {0};
	int64_t id, id_next, id_more;

	f->core->licences = l;
	assert_int_equal(plans_install(f->core), OK);
	new.licensee = licensee_of(f, "Keys Ltd", "free"); /* one app, two keys */
	assert_int_equal(key_create(f->core, NOBODY, &new, token, &id, NULL), OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(use(f, l, token), OK);
	key_token_make(next);
	assert_int_equal(use(f, l, next), ERR_UNAUTHORIZED);
	assert_int_equal(licence_get(l, f->db, view_of(token), &held, NULL), OK);
	assert_string_equal(held->licensee_name, "Keys Ltd");
	assert_string_equal(held->plan.name, "free");
	assert_int_equal(held->key, id);

	assert_int_equal(key_create(f->core, NOBODY, &new, next, &id_next, NULL), OK);
	assert_int_equal(key_create(f->core, NOBODY, &new, more, &id_more, NULL), ERR_FORBIDDEN);
	assert_int_equal(key_revoke(f->core, NOBODY, id_next), OK);
	assert_int_equal(key_revoke(f->core, NOBODY, id_next), OK);
	assert_int_equal(use(f, l, next), ERR_UNAUTHORIZED);
	new.app = V("second");
	assert_int_equal(key_create(f->core, NOBODY, &new, more, &id_more, NULL), ERR_FORBIDDEN);

	/* Both hold for an hour; then, without an overlap, the new one alone. */
	assert_int_equal(key_rotate(f->core, NOBODY, id, 3600000, next, &id_next, NULL), OK);
	assert_int_equal(use(f, l, token), OK);
	assert_int_equal(use(f, l, next), OK);
	assert_int_equal(key_rotate(f->core, NOBODY, id_next, 0, more, &id_more, NULL), OK);
	assert_int_equal(use(f, l, next), ERR_UNAUTHORIZED);
	assert_int_equal(use(f, l, more), OK);
	assert_int_equal(key_rotate(f->core, NOBODY, id_next, 0, more, &id_more, NULL), ERR_NOT_FOUND);

	/* What was borrowed stays as it was. */
	assert_int_equal(licensee_set_plan(f->core, NOBODY, held->licensee, V("pro"), NULL), OK);
	assert_string_equal(held->plan.name, "free");
	licence_put(held);
	assert_int_equal(licence_get(l, f->db, view_of(token), &held, NULL), OK);
	assert_string_equal(held->plan.name, "pro");
	assert_int_equal(licensee_suspend(f->core, NOBODY, held->licensee, true), OK);
	licence_put(held);
	assert_int_equal(licence_get(l, f->db, view_of(token), &held, NULL), OK);
	assert_true(held->suspended);
	licence_put(held);
	f->core->licences = NULL;
	licences_free(l);
}

/* Somebody else wrote into the database: within a second it is noticed. */
static void changes_of_others_are_noticed(void **state)
{
	struct fixture *f = *state;
	struct licences *l = licences_new(f->core);
	char token[KEY_TOKEN_LEN + 1];
	struct new_key new = {0};
	int64_t id;

	assert_int_equal(plans_install(f->core), OK);
	new.licensee = licensee_of(f, "Others Ltd", "basic");
	assert_int_equal(key_create(f->core, NOBODY, &new, token, &id, NULL), OK);
	assert_int_equal(use(f, l, token), OK);
	assert_int_equal(key_revoke(f->core, NOBODY, id), OK); /* core->licences is not l: another process */
	assert_int_equal(use(f, l, token), OK);
	usleep(1000000);
	assert_int_equal(use(f, l, token), ERR_UNAUTHORIZED);
	licences_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_is_exact),
		cmocka_unit_test(fields_survive_printing),
		cmocka_unit_test(assignments_are_checked),
		cmocka_unit_test(shipped_plans_are_sound),
		cmocka_unit_test(keys_can_be_told_from_noise),
		cmocka_unit_test(changed_plans_are_not_made_anew),
		cmocka_unit_test(licensees_have_a_plan),
		cmocka_unit_test(keys_open_until_they_are_revoked),
		cmocka_unit_test(changes_of_others_are_noticed),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}

/*
 * admin_data.c - plans of the data API, who has which, and keys, for operators; kicau's own. The same as `kicau plan`,
 * `kicau licensee` and `kicau key`.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/clock.h"
#include "core/page.h"
#include "core/roles.h"
#include "meter/answers.h"
#include "meter/plan_fields.h"
#include "meter/plan_store.h"

#define PAGE 200

/* --- plans --- */

static enum err plans(struct call *c)
{
	struct plan *list;
	size_t n;

	TRY(plans_load(c->db, c->arena, &list, &n));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		plan_answer(&list[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err show_plan(struct call *c)
{
	struct view name = arg_str(c, "name");
	int version = (int)arg_int(c, "version");
	struct plan p;

	TRY(version ? plan_find_version(c->db, name, version, &p, &c->problem)
		    : plan_find(c->db, name, &p, &c->problem));
	plan_answer(&p, &c->json);
	return OK;
}

static enum err set_plan(struct call *c)
{
	const json_t *terms = arg_tree(c, "terms");
	struct plan p;

	TRY(plan_begin(c->db, arg_str(c, "name"), &p, &c->problem));
	if (terms)
		TRY(plan_read(terms, &p, &c->problem));
	TRY(plan_save(c->core, c->auth.account, &p, &p, &c->problem));
	plan_answer(&p, &c->json);
	return OK;
}

/* --- licensees --- */

static enum err licensees(struct call *c)
{
	struct licensee *list = ARENA_ARRAY(c->arena, PAGE, struct licensee);
	size_t n, limit = (size_t)arg_int(c, "limit");

	TRY(licensees_load(c->db, c->arena, arg_id(c, "max_id"), limit, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		licensee_answer(&list[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err answer_licensee(struct call *c, int64_t id)
{
	struct licensee l;

	TRY(licensee_load(c->db, c->arena, id, &l));
	licensee_answer(&l, &c->json);
	return OK;
}

static enum err show_licensee(struct call *c)
{
	return answer_licensee(c, arg_id(c, "id"));
}

static enum err create_licensee(struct call *c)
{
	struct new_licensee new = {.name = arg_str(c, "name"),
				   .email = arg_str(c, "email"),
				   .plan = arg_str(c, "plan"),
				   .unapproved = arg_bool(c, "unapproved")};
	int64_t id;

	TRY(licensee_create(c->core, c->auth.account, &new, &id, &c->problem));
	return answer_licensee(c, id);
}

static enum err approve(struct call *c)
{
	TRY(licensee_approve(c->core, c->auth.account, arg_id(c, "id")));
	return show_licensee(c);
}

static enum err give_plan(struct call *c)
{
	TRY(licensee_set_plan(c->core, c->auth.account, arg_id(c, "id"), arg_str(c, "plan"), &c->problem));
	return show_licensee(c);
}

static enum err suspend(struct call *c)
{
	TRY(licensee_suspend(c->core, c->auth.account, arg_id(c, "id"), true));
	return show_licensee(c);
}

static enum err unsuspend(struct call *c)
{
	TRY(licensee_suspend(c->core, c->auth.account, arg_id(c, "id"), false));
	return show_licensee(c);
}

/* --- keys --- */

static enum err keys(struct call *c)
{
	struct data_key *list = ARENA_ARRAY(c->arena, PAGE, struct data_key);
	size_t n, limit = (size_t)arg_int(c, "limit");
	struct licensee l;

	TRY(licensee_load(c->db, c->arena, arg_id(c, "id"), &l));
	TRY(keys_load(c->db, c->arena, l.id, arg_id(c, "max_id"), limit, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		key_answer(&list[i], V(""), clock_now(), &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err answer_key(struct call *c, int64_t id, const char *token)
{
	struct data_key k;

	TRY(key_load(c->db, c->arena, id, &k));
	call_header(c, "Cache-Control", V("no-store"));
	key_answer(&k, view_of(token), clock_now(), &c->json);
	return OK;
}

static enum err create_key(struct call *c)
{
	int64_t seconds = arg_int(c, "expires_in"), id;
	struct new_key new = {
		.licensee = arg_id(c, "id"),
		.project = arg_str(c, "project"),
		.app = arg_str(c, "app"),
		.expires_ms = seconds ? clock_now() + seconds * 1000 : 0,
	};
	char token[KEY_TOKEN_LEN + 1];

	TRY(key_create(c->core, c->auth.account, &new, token, &id, &c->problem));
	return answer_key(c, id, token);
}

static enum err rotate_key(struct call *c)
{
	char token[KEY_TOKEN_LEN + 1];
	int64_t id;

	TRY(key_rotate(c->core, c->auth.account, arg_id(c, "id"), arg_int(c, "overlap") * 1000, token, &id,
		       &c->problem));
	return answer_key(c, id, token);
}

static enum err revoke_key(struct call *c)
{
	int64_t id = arg_id(c, "id");

	TRY(key_revoke(c->core, c->auth.account, id));
	return answer_key(c, id, "");
}

#define ROW                                                                                                            \
	.auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .permissions = PERMISSION_MANAGE_DATA,           \
	.run = RUN_WORKER
#define READ ROW, .method = HTTP_GET, .scope = SCOPE_ADMIN_READ
#define WRITE ROW, .body = BODY_FIELDS, .scope = SCOPE_ADMIN_WRITE
#define NAME {.name = "name", .type = PARAM_STRING, .required = true, .max = 64, .doc = "Name of the plan."}
#define LICENSEE {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a licensee."}
#define KEY {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a key."}
#define PLAN {.name = "plan", .type = PARAM_STRING, .required = true, .max = 64, .doc = "Name of its plan."}
#define PAGED                                                                                                          \
	{.name = "max_id", .type = PARAM_ID, .doc = "Only what is older than this id."},                               \
	{                                                                                                              \
		.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = PAGE, .fallback = 100,             \
		.doc = "How many."                                                                                     \
	}
#define BASE "/api/v1/admin/kicau"

const struct endpoint api_admin_data[] = {
	{READ, .path = BASE "/plans", .handle = plans, .reply = "[AdminPlan]", .doc = "The newest version of every plan of the data API."},
	{READ, .path = BASE "/plans/:name", .handle = show_plan,
	 .params = PARAMS(NAME, {.name = "version", .type = PARAM_INT, .max = INT32_MAX, .doc = "That one, not the newest."}),
	 .reply = "AdminPlan", .doc = "A plan."},
	{WRITE, .method = HTTP_PUT, .path = BASE "/plans/:name", .handle = set_plan,
	 .params = PARAMS(NAME, {.name = "terms", .type = PARAM_TREE, .doc = "An object with the fields that change, as docs/plans.md names them."}),
	 .reply = "AdminPlan", .doc = "Make a plan, or its next version, which its licensees have from now on."},
	{READ, .path = BASE "/licensees", .handle = licensees, .params = PARAMS(PAGED), .reply = "[AdminLicensee]",
	 .doc = "Who takes data, newest first."},
	{WRITE, .method = HTTP_POST, .path = BASE "/licensees", .handle = create_licensee,
	 .params = PARAMS({.name = "name", .type = PARAM_STRING, .required = true, .max = LICENSEE_NAME_MAX, .doc = "Nobody else's."},
			  {.name = "email", .type = PARAM_STRING, .max = LICENSEE_EMAIL_MAX, .doc = "Where invoices go."}, PLAN,
			  {.name = "unapproved", .type = PARAM_BOOL, .doc = "Where the plan is by approval: it waits for that."}),
	 .reply = "AdminLicensee", .doc = "Let somebody take data."},
	{READ, .path = BASE "/licensees/:id", .handle = show_licensee, .params = PARAMS(LICENSEE), .reply = "AdminLicensee",
	 .doc = "A licensee."},
	{WRITE, .method = HTTP_PUT, .path = BASE "/licensees/:id", .handle = give_plan, .params = PARAMS(LICENSEE, PLAN),
	 .reply = "AdminLicensee", .doc = "Give a licensee another plan, from now on."},
	{WRITE, .method = HTTP_POST, .path = BASE "/licensees/:id/approve", .handle = approve, .params = PARAMS(LICENSEE),
	 .reply = "AdminLicensee", .doc = "Let in a licensee that waits: its keys work from now on, and its plan begins."},
	{WRITE, .method = HTTP_POST, .path = BASE "/licensees/:id/suspend", .handle = suspend, .params = PARAMS(LICENSEE),
	 .reply = "AdminLicensee", .doc = "Refuse a licensee's keys."},
	{WRITE, .method = HTTP_POST, .path = BASE "/licensees/:id/unsuspend", .handle = unsuspend, .params = PARAMS(LICENSEE),
	 .reply = "AdminLicensee", .doc = "End a suspension."},
	{READ, .path = BASE "/licensees/:id/keys", .handle = keys, .params = PARAMS(LICENSEE, PAGED), .reply = "[AdminLicenseeKey]",
	 .doc = "A licensee's keys, newest first, also those that do not hold any more."},
	{WRITE, .method = HTTP_POST, .path = BASE "/licensees/:id/keys", .handle = create_key,
	 .params = PARAMS(LICENSEE, {.name = "project", .type = PARAM_STRING, .max = DATA_NAME_MAX, .doc = "Made when it is missing; else \"default\"."},
			  {.name = "app", .type = PARAM_STRING, .max = DATA_NAME_MAX, .doc = "Of the project; likewise."},
			  {.name = "expires_in", .type = PARAM_INT, .max = 3153600000, .doc = "Seconds. 0: it does not."}),
	 .reply = "AdminLicenseeKey", .doc = "Make a key. Its token is in this answer and nowhere else."},
	{WRITE, .method = HTTP_POST, .path = BASE "/keys/:id/rotate", .handle = rotate_key,
	 .params = PARAMS(KEY, {.name = "overlap", .type = PARAM_INT, .max = KEY_OVERLAP_MAX_MS / 1000, .doc = "Seconds for which the old key holds on."}),
	 .reply = "AdminLicenseeKey", .doc = "A new key in the place of one. Its token is in this answer and nowhere else."},
	{ROW, .method = HTTP_DELETE, .scope = SCOPE_ADMIN_WRITE, .path = BASE "/keys/:id", .handle = revoke_key, .params = PARAMS(KEY),
	 .reply = "AdminLicenseeKey", .doc = "Make a key worthless, at once."},
	ENDPOINTS_END};

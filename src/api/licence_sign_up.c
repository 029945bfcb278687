/*
 * licence_sign_up.c - a person's own way to the data: a licence under a plan, and keys. kicau's own; off until the
 * operator turns it on (licence_sign_up). A plan that is by approval waits for an operator.
 */
#include "base/base.h"

#include "api/groups.h"
#include "base/clock.h"
#include "gate/call.h"
#include "meter/answers.h"
#include "meter/licence_take.h"

static enum err show(struct call *c)
{
	struct licensee l;

	TRY(licence_taken(c->db, c->arena, c->auth.account, &l));
	licensee_answer(&l, &c->json);
	return OK;
}

static enum err sign_up(struct call *c)
{
	TRY(licence_take(c->core, c->db, c->arena, c->auth.account, arg_str(c, "name"), arg_str(c, "plan"),
			 &c->problem));
	return show(c);
}

static enum err answer_key(struct call *c, int64_t id, struct view token)
{
	struct data_key k;

	TRY(key_load(c->db, c->arena, id, &k));
	key_answer(&k, token, clock_now(), &c->json);
	return OK;
}

static enum err create_key(struct call *c)
{
	const struct new_key new = {.project = arg_str(c, "project"), .app = arg_str(c, "app")};
	char token[KEY_TOKEN_LEN + 1];
	int64_t id;

	TRY(licence_key_create(c->core, c->db, c->arena, c->auth.account, &new, token, &id, &c->problem));
	call_header(c, "Cache-Control", V("no-store"));
	return answer_key(c, id, view_of(token));
}

static enum err revoke_key(struct call *c)
{
	TRY(licence_key_revoke(c->core, c->db, c->arena, c->auth.account, arg_id(c, "id")));
	return answer_key(c, arg_id(c, "id"), V(""));
}

#define ROW .auth = AUTH_USER, .meter = METER_FREE, .run = RUN_WORKER, .scope = SCOPE_WRITE_ACCOUNTS
#define BASE "/api/kicau/v1/licence"

const struct endpoint api_licence_sign_up[] = {
	{.method = HTTP_GET, .path = BASE, .handle = show, .auth = AUTH_USER, .scope = SCOPE_READ_ACCOUNTS, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE, .reply = "AdminLicensee", .doc = "The licence one has taken. 404: none."},
	{ROW, .method = HTTP_POST, .path = BASE, .handle = sign_up, .rate = RATE_SIGN_UP, .body = BODY_FIELDS,
	 .params = PARAMS({.name = "name", .type = PARAM_STRING, .required = true, .max = LICENSEE_NAME_MAX, .doc = "Of the licensee, as invoices call it. Nobody else's."},
			  {.name = "plan", .type = PARAM_STRING, .required = true, .max = 64, .doc = "Name of a plan."}),
	 .reply = "AdminLicensee", .doc = "Take a licence, one for each account. waits: its plan is by approval, and keys do not work before. 403: not here."},
	{ROW, .method = HTTP_POST, .path = BASE "/keys", .handle = create_key, .rate = RATE_DEFAULT, .body = BODY_FIELDS,
	 .params = PARAMS({.name = "project", .type = PARAM_STRING, .max = DATA_NAME_MAX, .doc = "Made when it is missing; else \"default\"."},
			  {.name = "app", .type = PARAM_STRING, .max = DATA_NAME_MAX, .doc = "Of the project; likewise."}),
	 .reply = "AdminLicenseeKey", .doc = "Make a key. Its token is in this answer and nowhere else."},
	{ROW, .method = HTTP_DELETE, .path = BASE "/keys/:id", .handle = revoke_key, .rate = RATE_DEFAULT,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a key of one's licence."}),
	 .reply = "AdminLicenseeKey", .doc = "Make a key worthless, at once."},
	ENDPOINTS_END,
};

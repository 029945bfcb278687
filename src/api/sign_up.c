/*
 * sign_up.c - making an account through an app (Mastodon: methods/accounts#create, methods/emails).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "api/token_answer.h"
#include "base/secret.h"
#include "core/accounts.h"
#include "core/apps.h"
#include "core/mail_queue.h"
#include "core/sign_up.h"

/* {"error", "details": {field: [{"error", "description"}]}} */
static enum err answer_refused(struct call *c, const struct field_errors *e)
{
	struct jw *j = &c->json;
	bool written[ARRAY_LEN(e->v)] = {0};
	c->status = 422;
	jw_object(j);
	jw_kv_str(j, "error", field_errors_text(e, c->arena));
	jw_key(j, "details");
	jw_object(j);
	for (size_t i = 0; i < e->n; i++) {
		if (written[i])
			continue;
		jw_key(j, e->v[i].field);
		jw_array(j);
		for (size_t k = i; k < e->n; k++) {
			if (strcmp(e->v[i].field, e->v[k].field) != 0)
				continue;
			written[k] = true;
			jw_object(j);
			jw_kv_cstr(j, "error", e->v[k].code);
			jw_kv_cstr(j, "description", e->v[k].words);
			jw_object_end(j);
		}
		jw_array_end(j);
	}
	jw_object_end(j);
	jw_object_end(j);
	return OK;
}

static enum err answer_new_token(struct call *c, struct account_id id)
{
	struct app app;
	char token[TOKEN_LEN + 1];
	TRY(app_load(c->db, c->arena, c->auth.app_id, &app));
	TRY(sessions_token_create(c->core, app.id, id, app.scopes, app.scopes_text, token, NULL));
	answer_token(c, view_of(token), app.scopes_text);
	return OK;
}

static enum err sign_up_by_app(struct call *c)
{
	struct field_errors errors = {0};
	struct account_id id;
	if (c->auth.account.v || !c->auth.app_id)
		return call_fail(c, ERR_FORBIDDEN, "This method requires an client credentials authentication");
	const struct sign_up s = {.username = arg_str(c, "username"),
				  .email = arg_str(c, "email"),
				  .password = arg_str(c, "password"),
				  .locale = arg_str(c, "locale"),
				  .reason = arg_str(c, "reason"),
				  .invite = arg_str(c, "invite_code"),
				  .date_of_birth = arg_str(c, "date_of_birth"),
				  .ip = c->x->peer,
				  .app_id = c->auth.app_id,
				  .agreement = arg_bool(c, "agreement")};
	enum err err = sign_up(c->core, c->db, c->arena, &s, &id, &errors);
	if (err == ERR_UNPROCESSABLE && errors.n > 0)
		return answer_refused(c, &errors);
	if (err == ERR_FORBIDDEN)
		return call_fail(c, ERR_FORBIDDEN, "This action is not allowed");
	TRY(err);
	return answer_new_token(c, id);
}

static enum err resend_confirmation(struct call *c)
{
	struct field_errors errors = {0};
	struct view email = view_trim(arg_str(c, "email"));
	struct user me;
	TRY(user_load(c->db, c->arena, c->auth.account, &me));
	if (me.confirmed_at)
		return call_fail(c, ERR_FORBIDDEN,
				 "This method is only available while the e-mail is awaiting confirmation");
	if (email.len && !view_eq(email, me.email)) {
		enum err err = account_set_email(c->core, c->arena, c->auth.account, email, &errors);
		if (err == ERR_UNPROCESSABLE && errors.n > 0)
			return answer_refused(c, &errors);
		TRY(err);
		me.email = email;
	}
	TRY(mail_ask(c->core, c->arena, MAIL_CONFIRM, me.email));
	return answer_empty(c);
}

static enum err check_confirmation(struct call *c)
{
	struct user me;
	TRY(user_load(c->db, c->arena, c->auth.account, &me));
	jw_bool(&c->json, me.confirmed_at != 0);
	return OK;
}

const struct endpoint api_sign_up[] = {
	{.method = HTTP_POST, .path = "/api/v1/accounts", .handle = sign_up_by_app, .auth = AUTH_APP,
	 .scope = SCOPE_WRITE_ACCOUNTS, .rate = RATE_SIGN_UP, .meter = METER_FREE, .body = BODY_FIELDS,
	 .run = RUN_WORKER,
	 .params = PARAMS({.name = "username", .type = PARAM_STRING, .doc = "Letters, digits and _, at most 30."},
			  {.name = "email", .type = PARAM_STRING, .doc = "Address to log in with."},
			  {.name = "password", .type = PARAM_STRING, .doc = "8 to 72 characters."},
			  {.name = "agreement", .type = PARAM_BOOL, .doc = "The rules are agreed to."},
			  {.name = "locale", .type = PARAM_STRING, .max = 64, .doc = "Language of mails."},
			  {.name = "reason", .type = PARAM_STRING, .max = 4000, .doc = "Why, where moderators decide."},
			  {.name = "date_of_birth", .type = PARAM_STRING, .doc = "2001-02-03; asked for where there is a lowest age, and not kept."},
			  {.name = "invite_code", .type = PARAM_STRING, .doc = "Of an invitation: lets in where registrations are closed, and past the moderators."}),
	 .reply = "Token", .doc = "Make an account, with an app's own token. Where addresses are confirmed by mail, or moderators decide, the answer's token works from then on."},
	{.method = HTTP_POST, .path = "/api/v1/emails/confirmations", .handle = resend_confirmation, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_ACCOUNTS, .rate = RATE_SIGN_UP, .meter = METER_FREE, .body = BODY_FIELDS,
	 .run = RUN_WORKER, .waiting = true,
	 .params = PARAMS({.name = "email", .type = PARAM_STRING, .doc = "Another address, instead of the one so far."}),
	 .reply = "{}",
	 .doc = "Send the mail with the confirmation again, at most once in a minute. Refused once the address is confirmed."},
	{.method = HTTP_GET, .path = "/api/v1/emails/check_confirmation", .handle = check_confirmation,
	 .auth = AUTH_USER, .waiting = true,
	 .scope = SCOPE_READ_ACCOUNTS, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .reply = "Boolean",
	 .doc = "Whether one's address is confirmed."},
	ENDPOINTS_END};

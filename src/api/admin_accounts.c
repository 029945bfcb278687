/*
 * admin_accounts.c - accounts for moderators (Mastodon: methods/admin/accounts). Staff acts on those whose role is below
 * its own.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "core/roles.h"
#include "moderation/actions.h"
#include "moderation/removal.h"
#include "present/admin.h"

/* --- finding --- */

static enum err answer_people_page(struct call *c, const struct people_filter *f)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct person *list = ARENA_ARRAY(c->arena, LIMIT_PAGE_PEOPLE, struct person);
	size_t n = 0;

	TRY(people_page(c->db, c->arena, f, &page, list, &n, &c->problem));
	if (n > 0)
		call_link(c, list[0].id.v, list[n - 1].id.v, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_person(&p, &list[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

static struct people_filter texts(struct call *c)
{
	return (struct people_filter){
		.username = arg_str(c, "username"),
		.display_name = arg_str(c, "display_name"),
		.domain = arg_str(c, "by_domain"),
		.email = arg_str(c, "email"),
		.ip = view_trim(arg_str(c, "ip")),
		.any_role = true,
	};
}

static void staff_only(struct people_filter *f)
{
	f->any_role = false;
	for (enum role r = ROLE_USER; r <= ROLE_OWNER; r++)
		f->roles[r] = role_may(r, PERMISSION_MANAGE_REPORTS);
}

/* Without any of its words it shows who is active here; the last word in this order counts. */
static enum err list_v1(struct call *c)
{
	static const struct {
		const char *name;
		enum people_state state;
	} states[] = {{"active", PEOPLE_ACTIVE},       {"pending", PEOPLE_PENDING},
		      {"disabled", PEOPLE_DISABLED},   {"silenced", PEOPLE_SILENCED},
		      {"suspended", PEOPLE_SUSPENDED}, {"sensitized", PEOPLE_SENSITIZED}};
	struct people_filter f = texts(c);

	f.origin = arg_bool(c, "remote") ? PEOPLE_REMOTE : PEOPLE_LOCAL;
	f.state = PEOPLE_ACTIVE;
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (arg_bool(c, states[i].name))
			f.state = states[i].state;
	if (arg_bool(c, "staff"))
		staff_only(&f);
	return answer_people_page(c, &f);
}

static const char *const origins[] = {"local", "remote", NULL};
static const char *const statuses[] = {"active", "pending", "disabled", "silenced", "suspended", NULL};
static const char *const staff[] = {"staff", NULL};

static enum err list_v2(struct call *c)
{
	struct people_filter f = texts(c);
	const struct view *ids;
	size_t n = arg_strings(c, "role_ids[]", &ids);

	if (arg_given(c, "origin"))
		f.origin = arg_choice(c, "origin") ? PEOPLE_REMOTE : PEOPLE_LOCAL;
	if (arg_given(c, "status"))
		f.state = (enum people_state)(PEOPLE_ACTIVE + arg_choice(c, "status"));
	if (arg_given(c, "permissions"))
		staff_only(&f);
	for (size_t i = 0; i < n; i++) {
		enum role role;

		f.any_role = false;
		if (role_by_id(ids[i], &role))
			f.roles[role] = true;
	}
	f.invited_by.v = arg_id(c, "invited_by");
	return answer_people_page(c, &f);
}

static enum err show_person(struct call *c, struct account_id id)
{
	struct present p = call_presenter(c);
	struct person person;

	TRY(person_load(c->db, c->arena, id, &person));
	return present_person(&p, &person, &c->json);
}

static struct account_id target(struct call *c)
{
	return (struct account_id){arg_id(c, "id")};
}

static enum err show(struct call *c)
{
	return show_person(c, target(c));
}

/* --- acting --- */

static enum err forbidden(struct call *c)
{
	return call_fail(c, ERR_FORBIDDEN, "This action is not allowed");
}

/* Somebody this moderator may act on. */
static enum err load_below(struct call *c, struct person *ret)
{
	enum err err = person_load_below(c->db, c->arena, &c->auth, target(c), ret);

	return err == ERR_FORBIDDEN ? forbidden(c) : err;
}

static enum err act(struct call *c)
{
	struct deed deed = {
		.by = c->auth.account,
		.action = (enum action)arg_choice(c, "type"),
		.text = arg_str(c, "text"),
		.report = arg_id(c, "report_id"),
		.quietly = arg_given(c, "send_email_notification") && !arg_bool(c, "send_email_notification"),
	};
	struct person person;

	TRY(load_below(c, &person));
	deed.target = person.id;
	TRY(moderate(c->core, &deed, &c->problem));
	return answer_empty(c);
}

static enum err undo(struct call *c, enum action action)
{
	struct person person;

	TRY(load_below(c, &person));
	if (!person.domain.len && !person.has_user) /* deleted: there is nobody to come back */
		return forbidden(c);
	TRY(moderate_undo(c->core, c->auth.account, person.id, action));
	return show(c);
}

static enum err enable(struct call *c) { return undo(c, ACTION_DISABLE); }
static enum err unsensitive(struct call *c) { return undo(c, ACTION_SENSITIVE); }
static enum err unsilence(struct call *c) { return undo(c, ACTION_SILENCE); }
static enum err unsuspend(struct call *c) { return undo(c, ACTION_SUSPEND); }

static enum err approve(struct call *c)
{
	struct person person;

	TRY(load_below(c, &person));
	enum err err = moderate_approve(c->core, c->auth.account, person.id);
	return err == ERR_FORBIDDEN ? forbidden(c) : err == OK ? show(c) : err;
}

/* The answer is the account as it was. */
static enum err take_away(struct call *c, enum err (*take)(struct core *, struct db *, struct arena *,
							   struct account_id, const struct person *))
{
	struct present p = call_presenter(c);
	struct person person;

	TRY(load_below(c, &person));
	TRY(present_person(&p, &person, &c->json));
	enum err err = take(c->core, c->db, c->arena, c->auth.account, &person);
	return err == ERR_FORBIDDEN ? forbidden(c) : err;
}

static enum err reject(struct call *c) { return take_away(c, moderate_reject); }
static enum err destroy(struct call *c) { return take_away(c, moderate_remove); }

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of an account."}
#define ROW .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER
#define READ ROW, .method = HTTP_GET, .scope = SCOPE_ADMIN_READ_ACCOUNTS, .permissions = PERMISSION_MANAGE_USERS
#define WRITE ROW, .scope = SCOPE_ADMIN_WRITE_ACCOUNTS, .reply = "Admin::Account"
#define UNDO(verb, fn, words)                                                                                          \
	{WRITE, .method = HTTP_POST, .path = "/api/v1/admin/accounts/:id/" verb, .handle = fn,                         \
	 .permissions = PERMISSION_MANAGE_USERS, .body = BODY_FIELDS,                                                  \
	 .params = PARAMS(ID), .doc = words}
#define TEXTS                                                                                                          \
	{.name = "username", .type = PARAM_STRING, .doc = "Whose name begins so."},                                    \
		{.name = "display_name", .type = PARAM_STRING, .doc = "Whose shown name begins so."},                  \
		{.name = "by_domain", .type = PARAM_STRING, .max = 253, .doc = "Of this other server."},               \
		{.name = "email", .type = PARAM_STRING, .doc = "Whose mail address begins so."},                       \
		{.name = "ip", .type = PARAM_STRING, .max = 64, .doc = "Who was at this address, or in this network."}
#define FLAG(n, words) {.name = n, .type = PARAM_BOOL, .doc = words}

const struct endpoint api_admin_accounts[] = {
	{READ, .path = "/api/v1/admin/accounts", .handle = list_v1,
	 .params = PARAMS(FLAG("local", "Of this server, which is so anyway."), FLAG("remote", "Of other servers."),
			  FLAG("active", "Neither waiting, disabled nor suspended, which is so without another of these."),
			  FLAG("pending", "Waiting for a moderator."), FLAG("disabled", "May not log in."),
			  FLAG("silenced", "Limited."), FLAG("suspended", "Suspended."),
			  FLAG("sensitized", "Whose media are hidden."), FLAG("staff", "Who manage reports."), TEXTS,
			  PAGE_PARAMS(100, LIMIT_PAGE_PEOPLE)),
	 .reply = "[Admin::Account]", .doc = "Accounts, newest first."},
	{READ, .path = "/api/v2/admin/accounts", .handle = list_v2,
	 .params = PARAMS({.name = "origin", .type = PARAM_CHOICE, .choices = origins, .doc = "Of this server, or of others."},
			  {.name = "status", .type = PARAM_CHOICE, .choices = statuses, .doc = "In which state they are."},
			  {.name = "permissions", .type = PARAM_CHOICE, .choices = staff, .doc = "Who manage reports."},
			  {.name = "role_ids[]", .type = PARAM_STRINGS, .doc = "Who have one of these roles."},
			  {.name = "invited_by", .type = PARAM_ID, .doc = "Whom this account invited."}, TEXTS,
			  PAGE_PARAMS(100, LIMIT_PAGE_PEOPLE)),
	 .reply = "[Admin::Account]", .doc = "Accounts, newest first."},
	{READ, .path = "/api/v1/admin/accounts/:id", .handle = show, .params = PARAMS(ID), .reply = "Admin::Account",
	 .doc = "An account with what only moderators see."},
	UNDO("approve", approve, "Let somebody in who waits."),
	UNDO("reject", reject, "Delete the account of somebody who waits. It cannot be undone; the name stays taken."),
	UNDO("enable", enable, "Let somebody log in again."),
	UNDO("unsensitive", unsensitive, "Show somebody's media again."),
	UNDO("unsilence", unsilence, "Let everybody find somebody again."),
	UNDO("unsuspend", unsuspend, "Give a suspended account back as it was. They have to log in anew."),
	{WRITE, .method = HTTP_DELETE, .path = "/api/v1/admin/accounts/:id", .handle = destroy,
	 .permissions = PERMISSION_DELETE_USER_DATA, .params = PARAMS(ID),
	 .doc = "Delete a suspended account with everything it posted. It cannot be undone."},
	{ROW, .method = HTTP_POST, .path = "/api/v1/admin/accounts/:id/action", .handle = act,
	 .scope = SCOPE_ADMIN_WRITE_ACCOUNTS, .permissions = PERMISSION_MANAGE_USERS | PERMISSION_MANAGE_REPORTS,
	 .body = BODY_FIELDS,
	 .params = PARAMS(ID, {.name = "type", .type = PARAM_CHOICE, .required = true, .choices = action_names,
			       .doc = "What is done. Each can be undone."},
			  {.name = "report_id", .type = PARAM_ID, .doc = "The report that asked for it."},
			  {.name = "warning_preset_id", .type = PARAM_ID, .doc = "Taken and not used: there are none."},
			  {.name = "text", .type = PARAM_STRING, .max = 32768, .doc = "Words to the person, at most 2000 characters."},
			  {.name = "send_email_notification", .type = PARAM_BOOL, .doc = "No: they are not notified."}),
	 .reply = "{}", .doc = "Warn somebody, or limit what they can do. Settles the open reports about them."},
	ENDPOINTS_END};

/*
 * people_acts.c - what moderators do to an account. The rules are moderation/'s.
 */
#include "base/base.h"

#include "staff/people.h"

#include "core/roles.h"
#include "moderation/actions.h"
#include "moderation/removal.h"
#include "staff/staff.h"

static const struct view action_words[ACTIONS] = {
	[ACTION_NONE] = N_("Warn only"),
	[ACTION_SENSITIVE] = N_("Hide their media behind a cover"),
	[ACTION_DISABLE] = N_("Stop them from logging in"),
	[ACTION_SILENCE] = N_("Limit: only followers find them"),
	[ACTION_SUSPEND] = N_("Suspend: nobody sees them"),
};

static enum err forbidden(struct call *c, enum err err)
{
	return err == ERR_FORBIDDEN ? call_fail(c, err, "This action is not allowed") : err;
}

static enum err load_below(struct call *c, struct person *ret)
{
	return forbidden(c, person_load_below(c->db, c->arena, &c->auth, (struct account_id){arg_id(c, "id")}, ret));
}

static enum err act(struct call *c)
{
	struct deed deed = {
		.by = c->auth.account,
		.action = (enum action)arg_choice(c, "type"),
		.text = arg_str(c, "text"),
		.report = arg_id(c, "report_id"),
		.quietly = arg_bool(c, "quietly"),
	};
	struct person person;

	TRY(load_below(c, &person));
	deed.target = person.id;
	return moderate(c->core, &deed, &c->problem);
}

static enum err undo(struct call *c, enum action action)
{
	struct person person;

	TRY(load_below(c, &person));
	if (!person.domain.len && !person.has_user)
		return forbidden(c, ERR_FORBIDDEN);
	return moderate_undo(c->core, c->auth.account, person.id, action);
}

static enum err enable(struct call *c) { return undo(c, ACTION_DISABLE); }
static enum err unsensitive(struct call *c) { return undo(c, ACTION_SENSITIVE); }
static enum err unsilence(struct call *c) { return undo(c, ACTION_SILENCE); }
static enum err unsuspend(struct call *c) { return undo(c, ACTION_SUSPEND); }

static enum err approve(struct call *c)
{
	struct person person;

	TRY(load_below(c, &person));
	return forbidden(c, moderate_approve(c->core, c->auth.account, person.id));
}

static enum err reject(struct call *c)
{
	struct person person;

	TRY(load_below(c, &person));
	return forbidden(c, moderate_reject(c->core, c->db, c->arena, c->auth.account, &person));
}

static enum err take_away(struct call *c)
{
	struct person person;

	TRY(load_below(c, &person));
	return forbidden(c, moderate_remove(c->core, c->db, c->arena, c->auth.account, &person));
}

#define POST(verb, may, words)                                                                                         \
	STAFF_POST("/admin/accounts/:id/" verb, may), .params = PARAMS(STAFF_ID("The account."), STAFF_BACK),          \
						      .doc = words

const struct endpoint staff_people_acts[] = {
	[PERSON_APPROVE] = {POST("approve", PERMISSION_MANAGE_USERS, "Lets somebody in who waits.")},
	[PERSON_REJECT] = {POST("reject", PERMISSION_MANAGE_USERS, "Deletes the account of somebody who waits.")},
	[PERSON_ENABLE] = {POST("enable", PERMISSION_MANAGE_USERS, "Lets somebody log in again.")},
	[PERSON_UNSENSITIVE] = {POST("unsensitive", PERMISSION_MANAGE_USERS, "Shows somebody's media again.")},
	[PERSON_UNSILENCE] = {POST("unsilence", PERMISSION_MANAGE_USERS, "Lets everybody find somebody again.")},
	[PERSON_UNSUSPEND] = {POST("unsuspend", PERMISSION_MANAGE_USERS, "Gives a suspended account back.")},
	[PERSON_REMOVE] = {POST("delete", PERMISSION_DELETE_USER_DATA, "Deletes a suspended account with all it posted.")},
	[PERSON_ACT] = {STAFF_POST("/admin/accounts/:id/action", PERMISSION_MANAGE_USERS | PERMISSION_MANAGE_REPORTS),
			.params = PARAMS(STAFF_ID("The account."),
					 {.name = "type", .type = PARAM_CHOICE, .required = true, .choices = action_names,
					  .doc = "What is done."},
					 {.name = "report_id", .type = PARAM_ID, .doc = "The report that asked for it."},
					 {.name = "text", .max = 32768, .doc = "Words to the person."},
					 {.name = "quietly", .type = PARAM_BOOL, .doc = "They are not told."}, STAFF_BACK),
			.doc = "Warns somebody, or limits what they can do."},
	ENDPOINTS_END,
};

static const struct staff_field act_fields[] = {
	{.name = "type", .words = N_("What is done"), .choices = action_words},
	{.name = "text",
	 .words = N_("Words to them"),
	 .hint = N_("They read it with the warning. At most 2000 characters."),
	 .look = FIELD_AREA},
	{.name = "quietly", .words = N_("Do not tell them")},
	{.name = "report_id", .look = FIELD_HIDDEN},
	{0},
};

const struct staff_act person_acts[] = {
	[PERSON_APPROVE] = {.row = &staff_people_acts[PERSON_APPROVE], .run = approve, .words = N_("Let in")},
	[PERSON_REJECT] = {.row = &staff_people_acts[PERSON_REJECT], .run = reject, .words = N_("Turn away"), .grave = true},
	[PERSON_ENABLE] = {.row = &staff_people_acts[PERSON_ENABLE], .run = enable, .words = N_("Let log in again")},
	[PERSON_UNSENSITIVE] = {.row = &staff_people_acts[PERSON_UNSENSITIVE],
				.run = unsensitive,
				.words = N_("Show media again")},
	[PERSON_UNSILENCE] = {.row = &staff_people_acts[PERSON_UNSILENCE], .run = unsilence, .words = N_("End the limit")},
	[PERSON_UNSUSPEND] = {.row = &staff_people_acts[PERSON_UNSUSPEND],
			      .run = unsuspend,
			      .words = N_("End the suspension")},
	[PERSON_REMOVE] = {.row = &staff_people_acts[PERSON_REMOVE],
			   .run = take_away,
			   .words = N_("Delete for good"),
			   .grave = true},
	[PERSON_ACT] = {.row = &staff_people_acts[PERSON_ACT],
			.run = act,
			.words = N_("Do it"),
			.title = N_("Warn or limit this account"),
			.place = ACT_DRAWN,
			.fields = act_fields},
	{0},
};

unsigned person_acts_of(const struct person *p)
{
	const struct {
		enum person_act act;
		bool fits;
	} which[] = {{PERSON_APPROVE, person_waits(p)},
		     {PERSON_REJECT, person_waits(p)},
		     {PERSON_ENABLE, p->disabled},
		     {PERSON_UNSENSITIVE, p->sensitized},
		     {PERSON_UNSILENCE, p->silenced},
		     {PERSON_UNSUSPEND, p->suspended && (p->domain.len || p->has_user)},
		     {PERSON_REMOVE, p->suspended && p->has_user}};
	unsigned bits = 0;

	for (size_t i = 0; i < ARRAY_LEN(which); i++)
		bits |= which[i].fits ? 1u << which[i].act : 0;
	return bits;
}

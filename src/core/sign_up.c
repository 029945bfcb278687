/*
 * sign_up.c - see sign_up.h.
 */
#include "base/base.h"

#include "core/sign_up.h"

#include "base/clock.h"
#include "core/invites.h"

enum err sign_up_terms(struct core *c, struct db *db, struct view invite, struct sign_up_terms *ret)
{
	bool invited;

	TRY(invite_holds(db, view_trim(invite), &invited));
	*ret = (struct sign_up_terms){.open = c->config.registrations || invited,
				      .invited = invited,
				      .reason = c->config.approval && !invited,
				      .waits = c->config.approval && !invited,
				      .min_age = c->config.min_age};
	return OK;
}

/* Whoever is born on the 29th of February has the birthday on the 1st of March in other years. */
static bool is_old_enough(int64_t born, int64_t years, int64_t now)
{
	struct clock_date b = clock_split(born), n = clock_split(now);
	int64_t age = n.year - b.year - (n.month < b.month || (n.month == b.month && n.day < b.day));

	return age >= years;
}

static void check_age(struct view date, int64_t min_age, struct field_errors *e)
{
	int64_t born;

	if (!min_age)
		return;
	if (!date.len)
		field_errors_add(e, "date_of_birth", "ERR_BLANK", "can't be blank");
	else if (date.len != 10 || !clock_parse_iso(date, &born))
		field_errors_add(e, "date_of_birth", "ERR_INVALID", "is invalid");
	else if (!is_old_enough(born, min_age, clock_now()))
		field_errors_add(e, "date_of_birth", "ERR_BELOW_LIMIT", "is below the age limit");
}

void sign_up_set_guard(struct core *c, const struct sign_up_guard *guard)
{
	c->sign_up_guard = guard;
}

enum err sign_up(struct core *c, struct db *db, struct arena *a, const struct sign_up *s, struct account_id *ret,
		 struct field_errors *errors)
{
	struct sign_up_terms terms;

	TRY(sign_up_terms(c, db, s->invite, &terms));
	if (!terms.open)
		return ERR_FORBIDDEN;
	if (c->sign_up_guard)
		TRY(c->sign_up_guard->judge(c, db, a, s, errors, &terms.waits));
	if (!s->agreement)
		field_errors_add(errors, "agreement", "ERR_ACCEPTED", "must be accepted");
	if (terms.reason && view_trim(s->reason).len == 0)
		field_errors_add(errors, "reason", "ERR_BLANK", "can't be blank");
	check_age(view_trim(s->date_of_birth), terms.min_age, errors);
	const struct new_account na = {.username = view_trim(s->username),
				       .email = view_trim(s->email),
				       .password = s->password,
				       .locale = s->locale,
				       .reason = s->reason,
				       .invite = terms.invited ? view_trim(s->invite) : V(""),
				       .ip = s->ip,
				       .app_id = s->app_id,
				       .role = ROLE_USER,
				       .approved = !terms.waits,
				       .confirmed = !c->config.mail,
				       .tell_staff = true};
	return account_create(c, a, &na, ret, errors);
}

/*
 * account_email.c - see account_email.h.
 */
#include "base/base.h"

#include "core/account_email.h"

#include "base/clock.h"
#include "core/account_rules.h"
#include "core/events.h"
#include "core/mail_queue.h"
#include "core/sign_up.h"

SQL(email_take, "UPDATE users SET email = $2, email_key = $3, confirmed_at = COALESCE(confirmed_at, $4)"
		" WHERE account_id = $1");

struct change {
	struct core *core;
	struct account_id who;
	struct view email, key;
	int64_t now;
};

/* Whatever keeps somebody from signing up with it keeps them from changing to it. */
static enum err check(struct core *c, struct db *db, struct arena *a, struct view email)
{
	struct field_errors errors = {0};
	const struct sign_up as = {.email = email};
	bool approval = false;

	check_email(email, &errors);
	if (!errors.n && c->sign_up_guard)
		TRY(c->sign_up_guard->judge(c, db, a, &as, &errors, &approval));
	return errors.n || approval ? ERR_UNPROCESSABLE : OK;
}

static enum err is_free(struct db *db, const struct change *ch)
{
	struct field_errors errors = {0};

	TRY(check_email_free(db, ch->key, ch->who, &errors));
	return errors.n ? ERR_CONFLICT : OK;
}

static enum err ask(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return mail_add_to(ch->core, tx, MAIL_NEW_ADDRESS, ch->who, ch->email);
}

enum err account_email_ask(struct core *c, struct db *db, struct arena *a, struct account_id who, struct view email)
{
	struct change ch = {.core = c, .who = who, .email = view_trim(email)};

	ch.key = lower_key(a, ch.email);
	TRY(check(c, db, a, ch.email));
	TRY(is_free(db, &ch));
	return store_write(c->store, ask, &ch);
}

static enum err take(struct db *tx, void *arg)
{
	const struct change *ch = arg;
	int64_t n;

	TRY(is_free(tx, ch));
	TRY(mail_add(ch->core, tx, MAIL_ADDRESS, ch->who)); /* to the old one still */
	TRY(db_exec(tx, &email_take, BINDS(B_INT(ch->who.v), B_TEXT(ch->email), B_TEXT(ch->key), B_INT(ch->now)), &n));
	return n ? link_use(tx, LINK_ADDRESS, ch->who) : ERR_NOT_FOUND;
}

enum err account_email_take(struct core *c, struct db *db, struct arena *a, struct view secret)
{
	struct link link;

	TRY(link_find(db, a, LINK_ADDRESS, secret, &link));
	struct change ch = {.core = c,
			    .who = link.account,
			    .email = link.address,
			    .key = lower_key(a, link.address),
			    .now = clock_now()};
	TRY(store_write(c->store, take, &ch));
	events_announce(c->events, &(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = ch.who});
	return OK;
}

/*
 * account_links.c - what links in mails do: an address is confirmed, a password is set.
 */
#include "base/base.h"

#include "core/accounts.h"

#include "base/clock.h"
#include "core/account_rules.h"
#include "core/mail_queue.h"

SQL(link_confirms,
    "UPDATE users SET confirmed_at = COALESCE(confirmed_at, $3) WHERE account_id = $1 AND email_key = $2");

struct following {
	enum link_kind kind;
	struct account_id account;
	struct view email_key;
	int64_t now;
};

/* The link is good for the address it was sent to alone. */
static enum err follow_link(struct db *tx, void *arg)
{
	const struct following *f = arg;
	int64_t n;

	TRY(db_exec(tx, &link_confirms, BINDS(B_INT(f->account.v), B_TEXT(f->email_key), B_INT(f->now)), &n));
	if (!n)
		return ERR_NOT_FOUND;
	return link_use(tx, f->kind, f->account);
}

static enum err use_link(struct core *c, struct db *db, struct arena *a, enum link_kind kind, struct view secret,
			 struct account_id *ret)
{
	struct link link;

	TRY(link_find(db, a, kind, secret, &link));
	struct following f = {
		.kind = kind, .account = link.account, .email_key = lower_key(a, link.address), .now = clock_now()};
	TRY(store_write(c->store, follow_link, &f));
	sessions_forget(c, link.account);
	*ret = link.account;
	return OK;
}

enum err account_confirm_by_link(struct core *c, struct db *db, struct arena *a, struct view secret,
				 struct account_id *ret)
{
	return use_link(c, db, a, LINK_CONFIRM, secret, ret);
}

enum err account_reset_by_link(struct core *c, struct db *db, struct arena *a, struct view secret, struct view password,
			       struct problem *problem)
{
	struct field_errors errors = {0};
	struct account_id id;

	check_password(password, &errors);
	if (errors.n > 0) /* the link stays good */
		return fail(problem, ERR_UNPROCESSABLE, "%s", errors.v[0].words);
	TRY(use_link(c, db, a, LINK_RESET, secret, &id));
	return account_set_password(c, id, password, problem);
}

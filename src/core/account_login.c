/*
 * account_login.c - checking who somebody is, and what staff and the command line change about a login.
 */
#include "base/base.h"

#include "core/accounts.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/secret.h"
#include "core/account_rules.h"
#include "core/mail_queue.h"
#include "core/notifications.h"

SQL(login_row,
    "SELECT u.password_hash, u.disabled, u.confirmed_at, u.approved, a.suspended_at, u.leaving_at FROM users u "
    "JOIN accounts a ON a.id = u.account_id WHERE u.account_id = $1");
SQL(login_by_email, "SELECT account_id FROM users WHERE email_key = $1");
SQL(user_set_password, "UPDATE users SET password_hash = $2 WHERE account_id = $1");
SQL(user_set_role, "UPDATE users SET role = $2 WHERE account_id = $1");
SQL(user_forget_staff, "DELETE FROM notifications WHERE account_id = $1 AND (kind = $2 OR kind = $3)");
SQL(user_set_email, "UPDATE users SET email = $2, email_key = $3 WHERE account_id = $1");
SQL(user_set_confirmed, "UPDATE users SET confirmed_at = COALESCE(confirmed_at, $2) WHERE account_id = $1");

struct login {
	char hash[PASSWORD_HASH_LEN];
	bool closed, unconfirmed, pending;
};

static enum err find(struct db *db, struct arena *a, struct view name, struct account_id *ret)
{
	if (name.len == 0 || name.len > 320 || !utf8_valid(name))
		return ERR_NOT_FOUND;
	if (view_find(name, 0, '@') < name.len)
		return db_int(db, &login_by_email, BINDS(B_TEXT(lower_key(a, name))), &ret->v);
	return account_find_name(db, name, V(""), ret);
}

static enum err load(struct db *db, struct account_id id, struct login *ret)
{
	struct rows r;
	db_query(db, &r, &login_row, BINDS(B_INT(id.v)));
	bool found = rows_next(&r);
	if (found) {
		snprintf(ret->hash, sizeof(ret->hash), "%.*s", VIEW_ARG(row_text(&r, 0)));
		ret->closed = row_int(&r, 1) || (row_int(&r, 4) && row_int(&r, 4) != row_int(&r, 5));
		ret->unconfirmed = row_is_null(&r, 2);
		ret->pending = !row_int(&r, 3);
	}
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

static enum err judge(const struct login *login, struct problem *problem)
{
	if (login->closed)
		return fail(problem, ERR_FORBIDDEN, ACCOUNT_CLOSED);
	if (login->unconfirmed)
		return fail(problem, ERR_FORBIDDEN, ACCOUNT_UNCONFIRMED);
	if (login->pending)
		return fail(problem, ERR_FORBIDDEN, "Your login is currently pending approval");
	return OK;
}

enum err account_may_login(struct db *db, struct account_id id, struct problem *problem)
{
	struct login login;

	TRY(load(db, id, &login));
	secret_wipe(login.hash, sizeof(login.hash));
	return judge(&login, problem);
}

enum err account_check_password(struct db *db, struct account_id id, struct view password)
{
	struct login login;

	TRY(load(db, id, &login));
	bool fits = password_verify(login.hash, password);
	secret_wipe(login.hash, sizeof(login.hash));
	return fits ? OK : ERR_UNAUTHORIZED;
}

/* Slow, whether there is such a name or not. */
static enum err know(struct db *db, struct arena *a, struct view name, struct view password, struct account_id *ret,
		     struct login *ret_login, struct problem *problem)
{
	struct account_id id;
	struct login login;
	enum err err = find(db, a, view_trim(name), &id);

	if (err == OK)
		err = load(db, id, &login);
	if (err == ERR_NOT_FOUND) {
		password_waste_time(password);
		return fail(problem, ERR_UNAUTHORIZED, "Invalid e-mail address or password.");
	}
	TRY(err);
	bool fits = password_verify(login.hash, password);
	secret_wipe(login.hash, sizeof(login.hash));
	if (!fits)
		return fail(problem, ERR_UNAUTHORIZED, "Invalid e-mail address or password.");
	*ret = id;
	*ret_login = login;
	return OK;
}

enum err account_know(struct db *db, struct arena *a, struct view name, struct view password, struct account_id *ret,
		      struct problem *problem)
{
	struct login login;

	return know(db, a, name, password, ret, &login, problem);
}

enum err account_login(struct core *c, struct db *db, struct arena *a, struct view name, struct view password,
		       struct account_id *ret, struct problem *problem)
{
	struct account_id id;
	struct login login;

	(void)c;
	TRY(know(db, a, name, password, &id, &login, problem));
	TRY(judge(&login, problem));
	*ret = id;
	return OK;
}

/* One statement about one account. */
struct set {
	const struct sql *sql;
	const struct bind *binds;
	size_t n;
	struct field_errors *errors; /* of an address: looked at once more in the transaction */
	struct view email_key;
	int64_t change;	   /* other_id of the event */
	struct core *core; /* where a mail tells of it */
	enum mail_kind mail;
};

static enum err run_set(struct db *tx, void *arg)
{
	const struct set *s = arg;
	int64_t changed = 0;
	if (s->errors) {
		s->errors->n = 0;
		TRY(check_email_free(tx, s->email_key, (struct account_id){s->binds[0].num}, s->errors));
		if (s->errors->n > 0)
			return ERR_UNPROCESSABLE;
	}
	TRY(db_exec(tx, s->sql, s->binds, s->n, &changed));
	if (!changed)
		return ERR_NOT_FOUND;
	return s->core ? mail_add(s->core, tx, s->mail, (struct account_id){s->binds[0].num}) : OK;
}

static enum err set(struct core *c, struct set *s)
{
	TRY(store_write(c->store, run_set, s));
	struct account_id id = {s->binds[0].num};
	sessions_forget(c, id);
	events_announce(c->events,
			&(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = id, .other_id = s->change});
	return OK;
}
#define SET(statement, ...)                                                                                            \
	((struct set){.sql = &(statement),                                                                             \
		      .binds = (const struct bind[]){__VA_ARGS__},                                                     \
		      .n = sizeof((struct bind[]){__VA_ARGS__}) / sizeof(struct bind)})

/* What staff alone is told of goes with the role. */
static enum err forget_staff(struct db *tx, void *arg)
{
	const struct account_id *id = arg;

	return db_exec(tx, &user_forget_staff,
		       BINDS(B_INT(id->v), B_INT(NOTIFY_ADMIN_SIGN_UP), B_INT(NOTIFY_ADMIN_REPORT)), NULL);
}

enum err account_set_password(struct core *c, struct account_id id, struct view password, struct problem *problem)
{
	struct field_errors errors = {0};
	char hash[PASSWORD_HASH_LEN];
	check_password(password, &errors);
	if (errors.n > 0)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Password %s", errors.v[0].words);
	TRY(password_hash(password, hash));
	struct set s = SET(user_set_password, B_INT(id.v), B_TEXT(view_of(hash)));
	s.core = c;
	s.mail = MAIL_PASSWORD;
	TRY(set(c, &s));
	return sessions_revoke_all(c, id);
}

enum err account_set_role(struct core *c, struct account_id id, enum role role)
{
	if (role == ROLE_USER)
		TRY(store_write(c->store, forget_staff, &id));
	struct set s = SET(user_set_role, B_INT(id.v), B_TEXT(view_of(role_name(role))));
	s.change = 3;
	return set(c, &s);
}

enum err account_set_email(struct core *c, struct arena *a, struct account_id id, struct view email,
			   struct field_errors *errors)
{
	check_email(email, errors);
	if (errors->n > 0)
		return ERR_UNPROCESSABLE;
	struct view key = lower_key(a, email);
	struct set s = SET(user_set_email, B_INT(id.v), B_TEXT(email), B_TEXT(key));
	s.errors = errors;
	s.email_key = key;
	return set(c, &s);
}

enum err account_confirm(struct core *c, struct account_id id)
{
	return set(c, &SET(user_set_confirmed, B_INT(id.v), B_INT(clock_now())));
}

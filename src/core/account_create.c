/*
 * account_create.c - making accounts of this server, and the rules of names, addresses and passwords.
 */
#include "base/base.h"

#include "core/accounts.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/secret.h"
#include "core/account_rules.h"
#include "core/invites.h"
#include "core/mail_queue.h"
#include "core/roles.h"
#include "text/compose.h"
#include "text/utf8.h"

SQL(account_insert, "INSERT INTO accounts (id, username, username_key, domain, uri, url, display_name, actor_type, "
		    "locked, discoverable, created_at, updated_at) "
		    "VALUES ($1, $2, $3, '', $4, $5, $6, $7, $8, $9, $10, $10) ON CONFLICT DO NOTHING");
SQL(counts_insert, "INSERT INTO account_counts (account_id) VALUES ($1)");
SQL(user_insert,
    "INSERT INTO users (account_id, email, email_key, password_hash, role, locale, confirmed_at, approved, "
    "sign_up_reason, created_at, sign_up_ip, app_id, invite_id) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING");
SQL(name_taken, "SELECT 1 FROM accounts WHERE username_key = $1 AND domain = ''");
SQL(email_taken, "SELECT 1 FROM users WHERE email_key = $1 AND account_id <> $2");

/* Names that would speak for the place (Mastodon's config/settings.yml, reserved_usernames). */
static const char *const reserved[] = {
	"abuse", "account", "accounts", "admin", "administration", "administrator", "admins", "help", "helpdesk",
	"instance", "mod", "moderator", "moderators", "mods", "owner", "root", "security", "server", "staff", "support",
	"webmaster"};

void field_errors_add(struct field_errors *e, const char *field, const char *code, const char *words)
{
	if (e->n < ARRAY_LEN(e->v))
		e->v[e->n++] = (struct field_error){field, code, words};
}

struct view field_errors_text(const struct field_errors *e, struct arena *a)
{
	struct buf b CLEANUP(buf_release);
	buf_init(&b, 4 * LIMIT_KIB);
	buf_add_str(&b, "Validation failed: ");
	for (size_t i = 0; i < e->n; i++) {
		const char *field = e->v[i].field;
		buf_printf(&b, "%s%c%s %s", i > 0 ? ", " : "", field[0] & ~0x20, field + 1, e->v[i].words);
	}
	return arena_view(a, buf_view(&b));
}

struct view lower_key(struct arena *a, struct view v)
{
	char *p = arena_alloc(a, v.len + 1);
	for (size_t i = 0; i < v.len; i++)
		p[i] = ascii_lower(v.p[i]);
	return view_make(p, v.len);
}

static bool is_reserved(struct view key)
{
	for (size_t i = 0; i < ARRAY_LEN(reserved); i++)
		if (view_is(key, reserved[i]))
			return true;
	return false;
}

static void check_username(struct view name, bool reserved_ok, struct field_errors *e)
{
	if (name.len == 0) {
		field_errors_add(e, "username", "ERR_BLANK", "can't be blank");
		return;
	}
	for (size_t i = 0; i < name.len; i++) {
		if (ascii_is_alnum((unsigned char)name.p[i]) || name.p[i] == '_')
			continue;
		field_errors_add(e, "username", "ERR_INVALID", "must contain only letters, numbers and underscores");
		return;
	}
	if (name.len > LIMIT_USERNAME) {
		field_errors_add(e, "username", "ERR_TOO_LONG", "is too long (maximum is 30 characters)");
		return;
	}
	char lower[LIMIT_USERNAME];
	for (size_t i = 0; i < name.len; i++)
		lower[i] = ascii_lower(name.p[i]);
	if (!reserved_ok && is_reserved(view_make(lower, name.len)))
		field_errors_add(e, "username", "ERR_RESERVED", "is reserved");
}
_Static_assert(LIMIT_USERNAME == 30 && LIMIT_PASSWORD_MIN == 8 && LIMIT_PASSWORD_MAX == 72, "the words name them");

/* One '@' with something on both sides, a host of letters, digits, '-' and '.', nothing a mail header could end at. */
static bool email_ok(struct view v)
{
	size_t at = view_find(v, 0, '@');
	struct view host = view_sub(v, at + 1, v.len);
	if (at == 0 || at > 64 || host.len == 0 || v.len > 254 || !utf8_valid(v))
		return false;
	for (size_t i = 0; i < at; i++)
		if ((unsigned char)v.p[i] <= ' ' || v.p[i] == 0x7f || strchr("()<>[]:;,\\\"", v.p[i]))
			return false;
	for (size_t i = 0; i < host.len; i++) {
		bool end = i == 0 || i + 1 == host.len || host.p[i - 1] == '.';
		bool mark = host.p[i] == '.' || host.p[i] == '-';
		if (!ascii_is_alnum((unsigned char)host.p[i]) && (!mark || end))
			return false;
	}
	return true;
}

void check_email(struct view email, struct field_errors *e)
{
	if (email.len == 0)
		field_errors_add(e, "email", "ERR_BLANK", "can't be blank");
	else if (!email_ok(email))
		field_errors_add(e, "email", "ERR_INVALID", "is invalid");
}

void check_password(struct view password, struct field_errors *e)
{
	if (password.len == 0)
		field_errors_add(e, "password", "ERR_BLANK", "can't be blank");
	else if (compose_chars(password) < LIMIT_PASSWORD_MIN)
		field_errors_add(e, "password", "ERR_TOO_SHORT", "is too short (minimum is 8 characters)");
	else if (password.len > LIMIT_PASSWORD_MAX)
		field_errors_add(e, "password", "ERR_TOO_LONG", "is too long (maximum is 72 characters)");
}

enum err check_email_free(struct db *db, struct view key, struct account_id but, struct field_errors *e)
{
	int64_t one;
	enum err err = db_int(db, &email_taken, BINDS(B_TEXT(key), B_INT(but.v)), &one);
	if (err == OK)
		field_errors_add(e, "email", "ERR_TAKEN", "has already been taken");
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err check_name_free(struct db *db, struct view key, struct field_errors *e)
{
	int64_t one;
	enum err err = db_int(db, &name_taken, BINDS(B_TEXT(key)), &one);
	if (err == OK)
		field_errors_add(e, "username", "ERR_TAKEN", "has already been taken");
	return err == ERR_NOT_FOUND ? OK : err;
}

struct creation {
	struct core *core;
	const struct new_account *na;
	struct field_errors *errors;
	size_t n_before; /* errors found outside the transaction */
	struct account_id id;
	struct view name_key, email_key, uri, url;
	int64_t now, invite_id;
	char hash[PASSWORD_HASH_LEN];
	struct event_list events;
};

static enum err insert_rows(struct db *tx, struct creation *cr)
{
	const struct new_account *na = cr->na;
	int64_t accounts = 0, users = 0, created = na->created_at ? na->created_at : cr->now;
	struct view locale = na->locale.len > 0 ? na->locale : V("en");
	TRY(db_exec(tx, &account_insert,
		    BINDS(B_INT(cr->id.v), B_TEXT(na->username), B_TEXT(cr->name_key), B_TEXT(cr->uri), B_TEXT(cr->url),
			  B_TEXT(na->display_name), B_TEXT(na->bot ? V("Service") : V("Person")), B_INT(na->locked),
			  B_INT(na->discoverable), B_INT(created)),
		    &accounts));
	TRY(db_exec(tx, &user_insert,
		    BINDS(B_INT(cr->id.v), B_TEXT(na->email), B_TEXT(cr->email_key), B_TEXT(view_of(cr->hash)),
			  B_TEXT(view_of(role_name(na->role))), B_TEXT(locale),
			  B_INT_OR_NULL(na->confirmed ? cr->now : 0), B_INT(na->approved), B_TEXT(na->reason),
			  B_INT(created), B_TEXT(na->ip), B_INT_OR_NULL(na->app_id), B_INT_OR_NULL(cr->invite_id)),
		    &users));
	if (accounts != 1 || users != 1) /* somebody was quicker */
		return ERR_CONFLICT;
	TRY(db_exec(tx, &counts_insert, BINDS(B_INT(cr->id.v)), NULL));
	return account_index_words(tx, cr->id, na->username, na->display_name);
}

/* Used up with the account: two who bring the last use of a code are not both let in. */
static enum err take_invite(struct db *tx, struct creation *cr)
{
	cr->invite_id = 0;
	if (!cr->na->invite.len)
		return OK;
	enum err err = invite_take(tx, cr->na->invite, cr->now, &cr->invite_id);
	if (err == ERR_NOT_FOUND)
		field_errors_add(cr->errors, "invite_code", "ERR_INVALID", "is invalid");
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err create(struct db *tx, void *arg)
{
	struct creation *cr = arg;
	cr->events.n = 0;
	cr->errors->n = cr->n_before;
	TRY(check_name_free(tx, cr->name_key, cr->errors));
	TRY(check_email_free(tx, cr->email_key, (struct account_id){0}, cr->errors));
	TRY(take_invite(tx, cr));
	if (cr->errors->n > 0)
		return ERR_UNPROCESSABLE;
	TRY(insert_rows(tx, cr));
	events_pend(&cr->events, (struct event){.kind = EVENT_ACCOUNT_CREATED, .account = cr->id});
	if (!cr->na->confirmed)
		TRY(mail_add(cr->core, tx, MAIL_CONFIRM, cr->id));
	if (!cr->na->tell_staff)
		return OK;
	return staff_tell(tx, &cr->events, PERMISSION_MANAGE_USERS, NOTIFY_ADMIN_SIGN_UP, cr->id, 0);
}

/* What can be refused before the slow hash. */
static enum err check_all(struct core *c, struct arena *a, const struct new_account *na, struct creation *cr)
{
	struct field_errors *e = cr->errors;
	check_username(na->username, na->reserved_ok, e);
	check_email(na->email, e);
	check_password(na->password, e);
	if (na->locale.len > 16)
		field_errors_add(e, "locale", "ERR_INCLUSION", "is not included in the list");
	if (compose_chars(na->display_name) > LIMIT_DISPLAY_NAME_CHARS)
		field_errors_add(e, "display_name", "ERR_TOO_LONG", "is too long (maximum is 30 characters)");
	cr->name_key = lower_key(a, na->username);
	cr->email_key = lower_key(a, na->email);
	cr->n_before = e->n;
	if (!utf8_valid(na->username) || !utf8_valid(na->email))
		return ERR_UNPROCESSABLE;
	TRY(check_name_free(store_db(c->store), cr->name_key, e));
	TRY(check_email_free(store_db(c->store), cr->email_key, (struct account_id){0}, e));
	return e->n > 0 ? ERR_UNPROCESSABLE : OK;
}

enum err account_create(struct core *c, struct arena *a, const struct new_account *na, struct account_id *ret,
			struct field_errors *errors)
{
	struct creation cr = {.core = c, .na = na, .errors = errors, .now = clock_now(), .id = {id_next()}};
	TRY(check_all(c, a, na, &cr));
	TRY(password_hash(na->password, cr.hash));
	cr.uri = arena_printf(a, "%s/users/%.*s", c->config.base_url, VIEW_ARG(na->username));
	cr.url = arena_printf(a, "%s/@%.*s", c->config.base_url, VIEW_ARG(na->username));
	enum err err = store_write(c->store, create, &cr);
	if (err != OK) {
		event_list_drop(&cr.events);
		return err;
	}
	events_announce_all(c->events, &cr.events);
	*ret = cr.id;
	return OK;
}

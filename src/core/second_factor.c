/*
 * second_factor.c - see second_factor.h. Whether a code is right is decided in the transaction that uses it up, so that
 * two who bring it at once are not both let in.
 */
#include "base/base.h"

#include "core/second_factor.h"

#include "base/clock.h"
#include "base/secret.h"
#include "core/mail_queue.h"

#define SLACK_STEPS 1 /* a clock that is half a minute off is forgiven, RFC 6238 5.2 */
#define RECOVERY_BYTES 10

SQL(totp_on, "SELECT COUNT(*) FROM totp WHERE account_id = $1 AND enabled_at IS NOT NULL");
SQL(totp_pending, "SELECT secret FROM totp WHERE account_id = $1 AND enabled_at IS NULL");
SQL(totp_row, "SELECT secret, last_step, failures, failures_since FROM totp WHERE account_id = $1");
SQL(totp_put,
    "INSERT INTO totp (account_id, secret) VALUES ($1, $2) ON CONFLICT (account_id) DO UPDATE SET"
    " secret = excluded.secret, last_step = 0, failures = 0, failures_since = 0 WHERE totp.enabled_at IS NULL");
SQL(totp_used, "UPDATE totp SET last_step = $2, failures = 0 WHERE account_id = $1 AND last_step < $2");
SQL(totp_failed, "UPDATE totp SET failures = $2, failures_since = $3 WHERE account_id = $1");
SQL(totp_enable, "UPDATE totp SET enabled_at = $2 WHERE account_id = $1");
SQL(totp_delete, "DELETE FROM totp WHERE account_id = $1");
SQL(recovery_count, "SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1");
SQL(recovery_put, "INSERT INTO recovery_codes (account_id, code_hash) VALUES ($1, $2)");
SQL(recovery_use, "DELETE FROM recovery_codes WHERE account_id = $1 AND code_hash = $2");
SQL(recovery_delete, "DELETE FROM recovery_codes WHERE account_id = $1");

enum err second_factor_load(struct db *db, struct account_id who, struct second_factor *ret)
{
	int64_t on, left;

	TRY(db_int(db, &totp_on, BINDS(B_INT(who.v)), &on));
	TRY(db_int(db, &recovery_count, BINDS(B_INT(who.v)), &left));
	*ret = (struct second_factor){.on = on > 0, .recovery_left = left};
	return OK;
}

/* --- setting up --- */

struct setting_up {
	struct account_id who;
	char secret[OTP_BASE32_LEN + 1];
};

static enum err put(struct db *tx, void *arg)
{
	const struct setting_up *s = arg;
	int64_t n;

	TRY(db_exec(tx, &totp_put, BINDS(B_INT(s->who.v), B_TEXT(view_of(s->secret))), &n));
	return n ? OK : ERR_CONFLICT;
}

enum err second_factor_begin(struct core *c, struct account_id who, char ret[OTP_BASE32_LEN + 1])
{
	struct setting_up s = {.who = who};
	unsigned char bytes[OTP_SECRET_LEN];

	rand_bytes(bytes, sizeof(bytes));
	base32_encode(bytes, sizeof(bytes), s.secret);
	TRY(store_write(c->store, put, &s));
	memcpy(ret, s.secret, sizeof(s.secret));
	return OK;
}

enum err second_factor_pending(struct db *db, struct account_id who, char ret[OTP_BASE32_LEN + 1])
{
	struct rows r;

	db_query(db, &r, &totp_pending, BINDS(B_INT(who.v)));
	bool found = rows_next(&r);
	if (found)
		snprintf(ret, OTP_BASE32_LEN + 1, "%.*s", VIEW_ARG(row_text(&r, 0)));
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

/* --- codes --- */

struct trying {
	struct core *core; /* to enable */
	struct account_id who;
	struct view code;
	int64_t now;
	bool enable; /* the first code switches it on */
	bool recovery;
	enum err verdict; /* a wrong code is written down, so it is no error of the write */
	struct recovery_codes *codes;
};

static enum err read_row(struct db *tx, const struct trying *t, unsigned char secret[OTP_SECRET_LEN], int64_t *last,
			 int64_t *failures, int64_t *since)
{
	struct rows r;
	bool good = false;

	db_query(tx, &r, &totp_row, BINDS(B_INT(t->who.v)));
	if (rows_next(&r)) {
		good = base32_decode(row_text(&r, 0), secret, OTP_SECRET_LEN);
		*last = row_int(&r, 1);
		*failures = row_int(&r, 2);
		*since = row_int(&r, 3);
	}
	TRY(rows_end(&r));
	return good ? OK : ERR_NOT_FOUND;
}

/* The step whose code this is, newer than the last one used; 0: none. Every step costs the same. */
static int64_t step_of(const unsigned char *secret, const struct trying *t, int64_t last)
{
	int64_t now = t->now / OTP_STEP_MS, found = 0;
	char digits[OTP_DIGITS + 1];

	for (int64_t step = now - SLACK_STEPS; step <= now + SLACK_STEPS; step++) {
		snprintf(digits, sizeof(digits), "%06u", otp_code(secret, step));
		if (secret_eq(t->code, view_of(digits)) && step > last)
			found = step;
	}
	return found;
}

static enum err try_recovery(struct db *tx, struct trying *t)
{
	char hash[TOKEN_HASH_LEN + 1];
	int64_t n;

	token_hash(t->code, hash);
	TRY(db_exec(tx, &recovery_use, BINDS(B_INT(t->who.v), B_TEXT(view_of(hash))), &n));
	t->recovery = n > 0;
	t->verdict = n > 0 ? OK : ERR_UNAUTHORIZED;
	return OK;
}

static enum err note_failure(struct db *tx, const struct trying *t, int64_t failures, int64_t since)
{
	bool fresh = since + SECOND_FACTOR_WINDOW_MS <= t->now;

	return db_exec(tx, &totp_failed,
		       BINDS(B_INT(t->who.v), B_INT(fresh ? 1 : failures + 1), B_INT(fresh ? t->now : since)), NULL);
}

static enum err put_recovery(struct db *tx, const struct trying *t)
{
	TRY(db_exec(tx, &recovery_delete, BINDS(B_INT(t->who.v)), NULL));
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		char hash[TOKEN_HASH_LEN + 1];

		token_hash(view_of(t->codes->v[i]), hash);
		TRY(db_exec(tx, &recovery_put, BINDS(B_INT(t->who.v), B_TEXT(view_of(hash))), NULL));
	}
	return OK;
}

static enum err try_code(struct db *tx, void *arg)
{
	struct trying *t = arg;
	unsigned char secret[OTP_SECRET_LEN];
	int64_t last, failures, since, n = 0;

	t->recovery = false;
	t->verdict = ERR_UNAUTHORIZED;
	TRY(read_row(tx, t, secret, &last, &failures, &since));
	if (failures >= SECOND_FACTOR_FAILURES && since + SECOND_FACTOR_WINDOW_MS > t->now) {
		t->verdict = ERR_TOO_MANY;
		return OK;
	}
	int64_t step = step_of(secret, t, last);
	secret_wipe(secret, sizeof(secret));
	if (step)
		TRY(db_exec(tx, &totp_used, BINDS(B_INT(t->who.v), B_INT(step)), &n));
	if (n)
		t->verdict = OK;
	else if (!t->enable)
		TRY(try_recovery(tx, t));
	if (t->verdict)
		return note_failure(tx, t, failures, since);
	if (!t->enable)
		return OK;
	TRY(db_exec(tx, &totp_enable, BINDS(B_INT(t->who.v), B_INT(t->now)), NULL));
	TRY(put_recovery(tx, t));
	return mail_add(t->core, tx, MAIL_SECOND, t->who);
}

/* As it is kept: "ABCD efgh" is written like "abcd-efgh" and "123 456" like "123456". */
static struct view tidy(struct view code, char ret[RECOVERY_CODE_LEN + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < code.len; i++) {
		if (code.p[i] == ' ' || code.p[i] == '-')
			continue;
		if (n == RECOVERY_CODE_LEN)
			return V("");
		ret[n++] = (char)(code.p[i] >= 'A' && code.p[i] <= 'Z' ? code.p[i] | 0x20 : code.p[i]);
	}
	if (n != 16)
		return view_make(ret, n);
	for (size_t group = 3; group > 0; group--) {
		memmove(ret + group * 5, ret + group * 4, 4);
		ret[group * 5 - 1] = '-';
	}
	return view_make(ret, RECOVERY_CODE_LEN);
}

static enum err run_try(struct core *c, struct trying *t, struct view code)
{
	char tidied[RECOVERY_CODE_LEN + 1];

	t->code = tidy(code, tidied);
	t->now = clock_now();
	enum err err = store_write(c->store, try_code, t);
	if (err == ERR_NOT_FOUND)
		return ERR_UNAUTHORIZED;
	TRY(err);
	return t->verdict;
}

enum err second_factor_check(struct core *c, struct account_id who, struct view code, bool *ret_recovery)
{
	struct trying t = {.who = who};

	TRY(run_try(c, &t, code));
	*ret_recovery = t.recovery;
	return OK;
}

static void make_codes(struct recovery_codes *ret)
{
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		unsigned char bytes[RECOVERY_BYTES];
		char text[17];

		rand_bytes(bytes, sizeof(bytes));
		base32_encode(bytes, sizeof(bytes), text);
		(void)tidy(view_of(text), ret->v[i]);
		ret->v[i][RECOVERY_CODE_LEN] = 0;
	}
}

enum err second_factor_enable(struct core *c, struct account_id who, struct view code, struct recovery_codes *ret)
{
	char pending[OTP_BASE32_LEN + 1];
	struct trying t = {.core = c, .who = who, .enable = true, .codes = ret};

	enum err err = second_factor_pending(store_db(c->store), who, pending);
	if (err == ERR_NOT_FOUND)
		return ERR_UNAUTHORIZED;
	TRY(err);
	make_codes(ret);
	return run_try(c, &t, code);
}

static enum err renew(struct db *tx, void *arg)
{
	return put_recovery(tx, arg);
}

enum err second_factor_renew(struct core *c, struct account_id who, struct recovery_codes *ret)
{
	struct trying t = {.who = who, .codes = ret};

	make_codes(ret);
	return store_write(c->store, renew, &t);
}

static enum err remove_all(struct db *tx, void *arg)
{
	const struct account_id *who = arg;

	TRY(db_exec(tx, &recovery_delete, BINDS(B_INT(who->v)), NULL));
	return db_exec(tx, &totp_delete, BINDS(B_INT(who->v)), NULL);
}

enum err second_factor_disable(struct core *c, struct account_id who)
{
	return store_write(c->store, remove_all, &who);
}

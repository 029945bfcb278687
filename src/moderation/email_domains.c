/*
 * email_domains.c - see email_domains.h.
 */
#include "base/base.h"

#include "moderation/email_domains.h"

#include "base/clock.h"
#include "moderation/audit.h"
#include "moderation/rows.h"
#include "text/utf8.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define IP_MAX 64

#define PAGE "SELECT id, created_at, domain, allow_with_approval FROM email_domain_blocks WHERE id > $1 AND id < $2 "
SQL(email_domains_down, PAGE "ORDER BY id DESC LIMIT $3");
SQL(email_domains_up, PAGE "ORDER BY id ASC LIMIT $3");
SQL(email_domain_find, "SELECT id, created_at, domain, allow_with_approval FROM email_domain_blocks WHERE domain = $1");
SQL(email_domain_insert, "INSERT INTO email_domain_blocks (id, domain, allow_with_approval, created_at)"
			 " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
SQL(email_domain_remove, "DELETE FROM email_domain_blocks WHERE id = $1");
SQL(email_domain_try, "INSERT INTO email_domain_attempts (domain, day, ip, attempts) VALUES ($1, $2, $3, 1)"
		      " ON CONFLICT (domain, day, ip) DO UPDATE SET attempts = email_domain_attempts.attempts + 1");
SQL(email_domain_forget, "DELETE FROM email_domain_attempts WHERE domain = $1 AND day < $2");
SQL(email_domain_tries, "SELECT day, SUM(attempts), COUNT(*) FROM email_domain_attempts WHERE domain = $1 AND day > $2"
			" GROUP BY day");

static void read_block(const struct rows *r, struct arena *a, void *ret)
{
	*(struct email_domain *)ret =
		(struct email_domain){row_int(r, 0), row_int(r, 1), row_copy(r, 2, a), row_int(r, 3)};
}

static const struct rows_of blocks = {&email_domains_down, &email_domains_up, sizeof(struct email_domain), read_block};

enum err email_domains_page(struct db *db, struct arena *a, const struct page *page, struct email_domain *ret,
			    size_t *ret_n)
{
	return rows_page(db, a, &blocks, page, NULL, 0, ret, ret_n);
}

enum err email_domain_load(struct db *db, struct arena *a, int64_t id, struct email_domain *ret)
{
	return rows_one(db, a, &blocks, id, NULL, 0, ret);
}

static int64_t today(void)
{
	int64_t now = clock_now();

	return now - now % DAY_MS;
}

enum err email_domain_days(struct db *db, struct view domain, struct email_domain_day ret[EMAIL_DOMAIN_DAYS])
{
	int64_t first = today();
	struct rows r;

	for (int i = 0; i < EMAIL_DOMAIN_DAYS; i++)
		ret[i] = (struct email_domain_day){.day = first - i * DAY_MS};
	db_query(db, &r, &email_domain_tries, BINDS(B_TEXT(domain), B_INT(first - EMAIL_DOMAIN_DAYS * DAY_MS)));
	while (rows_next(&r)) {
		int64_t ago = (first - row_int(&r, 0)) / DAY_MS;

		if (ago >= 0 && ago < EMAIL_DOMAIN_DAYS) {
			ret[ago].uses = row_int(&r, 1);
			ret[ago].accounts = row_int(&r, 2);
		}
	}
	return rows_end(&r);
}

struct change {
	struct account_id by;
	int64_t id;
	struct view domain, ip;
	bool allow_with_approval;
	struct problem *problem;
};

static enum err write_create(struct db *tx, void *arg)
{
	const struct change *w = arg;
	int64_t made;

	TRY(db_exec(tx, &email_domain_insert,
		    BINDS(B_INT(w->id), B_TEXT(w->domain), B_INT(w->allow_with_approval), B_INT(clock_now())), &made));
	if (!made)
		return fail(w->problem, ERR_UNPROCESSABLE, "Validation failed: Domain has already been taken");
	return audit_add(tx, w->by, "create", "email_domain_block", w->id, w->domain);
}

enum err email_domain_create(struct core *c, struct account_id by, struct view domain, bool allow_with_approval,
			     int64_t *ret, struct problem *problem)
{
	struct change w = {.by = by,
			   .id = id_next(),
			   .domain = domain,
			   .allow_with_approval = allow_with_approval,
			   .problem = problem};

	TRY(store_write(c->store, write_create, &w));
	*ret = w.id;
	return OK;
}

static enum err write_delete(struct db *tx, void *arg)
{
	const struct change *w = arg;

	return rows_delete(tx, &email_domain_remove, w->by, "email_domain_block", w->id);
}

enum err email_domain_delete(struct core *c, struct account_id by, int64_t id)
{
	return store_write(c->store, write_delete, &(struct change){.by = by, .id = id});
}

/* --- at sign-up --- */

enum err email_domain_match(struct db *db, struct arena *a, struct view email, struct email_domain *ret)
{
	char host[256];
	size_t at = view_find(email, 0, '@'), n = 0;
	struct view domain = view_sub(email, at + 1, email.len);
	bool found = false;

	if (domain.len > sizeof(host))
		return ERR_NOT_FOUND;
	for (; n < domain.len; n++)
		host[n] = ascii_lower(domain.p[n]);
	domain.p = host;
	while (domain.len && !found) {
		struct rows r;
		size_t dot = view_find(domain, 0, '.');

		db_query(db, &r, &email_domain_find, BINDS(B_TEXT(domain)));
		found = rows_next(&r);
		if (found)
			read_block(&r, a, ret);
		TRY(rows_end(&r));
		domain = view_sub(domain, dot + 1, domain.len);
	}
	return found ? OK : ERR_NOT_FOUND;
}

static enum err write_attempt(struct db *tx, void *arg)
{
	const struct change *w = arg;
	int64_t day = today();

	TRY(db_exec(tx, &email_domain_forget, BINDS(B_TEXT(w->domain), B_INT(day - EMAIL_DOMAIN_DAYS * DAY_MS)), NULL));
	return db_exec(tx, &email_domain_try, BINDS(B_TEXT(w->domain), B_INT(day), B_TEXT(w->ip)), NULL);
}

enum err email_domain_attempt(struct core *c, struct view domain, struct view ip)
{
	struct change w = {.domain = domain, .ip = view_sub(ip, 0, IP_MAX)};

	return store_write(c->store, write_attempt, &w);
}

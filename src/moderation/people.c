/*
 * people.c - see people.h. One statement serves every filter: each condition is off while its parameter says so. Pages
 * walk the primary key; what fits may be rare, and then the walk is long, so it never runs on a loop.
 */
#include "base/base.h"

#include "moderation/people.h"

#include "base/map.h"
#include "core/roles.h"
#include "http/forwarded.h"
#include "moderation/rows.h"
#include "text/utf8.h"

#define VISITS_MAX 100000 /* that are looked at for an address */

/*
 * $4 origin, $5 state, $6 any role, $7… whether each role, $11 username, $12 display name, $13 domain, $14 mail,
 * $15 whether $16 (ids) says who, $17 who invited them (0: anybody, or nobody). Who was turned away is suspended until
 * they are deleted, and waits no more.
 */
#define BEGINS(column, param) " AND (CAST(" param " AS TEXT) = '' OR SUBSTR(" column ", 1, LENGTH(CAST(" param " AS TEXT))) = " param ")"
#define STATE                                                                                                          \
	" AND CASE CAST($5 AS BIGINT) WHEN 0 THEN 1"                                                                   \
	" WHEN 1 THEN CASE WHEN a.suspended_at IS NULL AND (u.account_id IS NULL OR (u.disabled = 0 AND u.approved = 1))" \
	" THEN 1 ELSE 0 END"                                                                                           \
	" WHEN 2 THEN CASE WHEN u.approved = 0 AND a.suspended_at IS NULL THEN 1 ELSE 0 END"                           \
	" WHEN 3 THEN CASE WHEN u.disabled = 1 THEN 1 ELSE 0 END"                                                      \
	" WHEN 4 THEN CASE WHEN a.silenced_at IS NOT NULL THEN 1 ELSE 0 END"                                           \
	" WHEN 5 THEN CASE WHEN a.suspended_at IS NOT NULL THEN 1 ELSE 0 END"                                          \
	" ELSE CASE WHEN a.sensitized_at IS NOT NULL THEN 1 ELSE 0 END END = 1"
#define ROLE                                                                                                           \
	" AND (CAST($6 AS BIGINT) = 1 OR CASE u.role WHEN 'user' THEN CAST($7 AS BIGINT) WHEN 'moderator' THEN "        \
	"CAST($8 AS BIGINT) WHEN 'admin' THEN CAST($9 AS BIGINT) WHEN 'owner' THEN CAST($10 AS BIGINT) ELSE 0 END = 1)"
#define PAGE                                                                                                           \
	"SELECT a.id, a.username, a.domain, a.created_at, a.suspended_at, a.silenced_at, a.sensitized_at,"             \
	" u.account_id, u.confirmed_at, u.approved, u.disabled, u.email, u.locale, u.sign_up_reason, u.sign_up_ip,"    \
	" u.role, u.app_id, i.account_id FROM accounts a LEFT JOIN users u ON u.account_id = a.id"                    \
	" LEFT JOIN invites i ON i.id = u.invite_id WHERE a.id > $1 AND a.id < $2"                                     \
	" AND (CAST($4 AS BIGINT) = 0 OR CASE WHEN a.domain = '' THEN 1 ELSE 2 END = $4)" STATE ROLE                    \
	BEGINS("a.username_key", "$11") BEGINS("LOWER(a.display_name)", "$12")                                        \
	" AND (CAST($13 AS TEXT) = '' OR a.domain = $13)" BEGINS("u.email_key", "$14")                               \
	" AND (CAST($15 AS BIGINT) = 0 OR a.id IN IDS($16))"                                                           \
	" AND (CAST($17 AS BIGINT) = 0 OR i.account_id = $17)"
SQL(people_down, PAGE " ORDER BY a.id DESC LIMIT $3");
SQL(people_up, PAGE " ORDER BY a.id ASC LIMIT $3");
SQL(people_visits, "SELECT account_id, ip FROM sessions UNION ALL SELECT account_id, sign_up_ip FROM users"
		   " WHERE sign_up_ip <> '' LIMIT $1");
SQL(person_visits, "SELECT ip, MAX(created_at) FROM sessions WHERE account_id = $1 AND ip <> '' GROUP BY ip"
		   " ORDER BY MAX(created_at) DESC LIMIT $2");

static void read_user(const struct rows *r, struct arena *a, struct person *p)
{
	p->has_user = !row_is_null(r, 7);
	p->confirmed = !row_is_null(r, 8);
	p->approved = row_int(r, 9);
	p->disabled = row_int(r, 10);
	p->email = row_copy(r, 11, a);
	p->locale = row_copy(r, 12, a);
	p->reason = row_copy(r, 13, a);
	p->sign_up_ip = row_copy(r, 14, a);
	if (!role_parse(row_text(r, 15), &p->role))
		p->role = ROLE_USER;
	p->app_id = row_int(r, 16);
	p->invited_by.v = row_int(r, 17);
}

static void read_person(const struct rows *r, struct arena *a, void *ret)
{
	struct person *p = ret;

	*p = (struct person){
		.id.v = row_int(r, 0),
		.username = row_copy(r, 1, a),
		.domain = row_copy(r, 2, a),
		.created_at = row_int(r, 3),
		.suspended = !row_is_null(r, 4),
		.silenced = !row_is_null(r, 5),
		.sensitized = !row_is_null(r, 6),
	};
	read_user(r, a, p);
}

static const struct rows_of people = {&people_down, &people_up, sizeof(struct person), read_person};

static struct view lower(struct arena *a, struct view v)
{
	char *p = arena_alloc(a, v.len + 1);

	for (size_t i = 0; i < v.len; i++)
		p[i] = ascii_lower(v.p[i]);
	return view_make(p, v.len);
}

/* Who was seen in a network. */
static enum err find_visitors(struct db *db, struct arena *a, const struct network *net, struct bind *ret)
{
	struct idset seen;
	struct rows r;
	size_t n = 0;

	idset_init(&seen);
	db_query(db, &r, &people_visits, BINDS(B_INT(VISITS_MAX)));
	while (rows_next(&r)) {
		struct address at;

		if (address_parse(row_text(&r, 1), &at) && networks_have(net, 1, &at))
			idset_add(&seen, (uint64_t)row_int(&r, 0));
	}
	enum err err = rows_end(&r);
	int64_t *ids = ARENA_ARRAY(a, seen.count + 1, int64_t);
	for (size_t i = 0; seen.slots && i <= seen.mask; i++)
		if (seen.slots[i])
			ids[n++] = (int64_t)seen.slots[i];
	idset_release(&seen);
	*ret = bind_ids(a, ids, n);
	return err;
}

static enum err visitors(struct db *db, struct arena *a, struct view ip, struct bind *ret, struct problem *problem)
{
	struct network *net;
	size_t n;

	if (!ip.len) {
		*ret = bind_ids(a, NULL, 0);
		return OK;
	}
	if (view_find(ip, 0, ',') < ip.len || networks_parse(arena_cstr(a, ip), &net, &n, NULL) != OK)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: IP is invalid");
	enum err err = n == 1 ? find_visitors(db, a, net, ret) : ERR_UNPROCESSABLE;
	free(net);
	return err;
}

enum err people_page(struct db *db, struct arena *a, const struct people_filter *f, const struct page *page,
		     struct person *ret, size_t *ret_n, struct problem *problem)
{
	struct bind who;

	TRY(visitors(db, a, f->ip, &who, problem));
	return rows_page(db, a, &people, page,
			 BINDS(B_INT(f->origin), B_INT(f->state), B_INT(f->any_role), B_INT(f->roles[ROLE_USER]),
			       B_INT(f->roles[ROLE_MODERATOR]), B_INT(f->roles[ROLE_ADMIN]),
			       B_INT(f->roles[ROLE_OWNER]), B_TEXT(lower(a, f->username)),
			       B_TEXT(lower(a, f->display_name)), B_TEXT(lower(a, f->domain)),
			       B_TEXT(lower(a, f->email)), B_INT(f->ip.len > 0), who, B_INT(f->invited_by.v)),
			 ret, ret_n);
}

enum err person_load(struct db *db, struct arena *a, struct account_id id, struct person *ret)
{
	struct view none = V("");

	return rows_one(db, a, &people, id.v,
			BINDS(B_INT(PEOPLE_ANY), B_INT(PEOPLE_ALL), B_INT(1), B_INT(0), B_INT(0), B_INT(0), B_INT(0),
			      B_TEXT(none), B_TEXT(none), B_TEXT(none), B_TEXT(none), B_INT(0), bind_ids(a, NULL, 0),
			      B_INT(0)),
			ret);
}

enum err person_addresses(struct db *db, struct arena *a, const struct person *p,
			  struct person_address ret[PERSON_ADDRESSES], size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &person_visits, BINDS(B_INT(p->id.v), B_INT(PERSON_ADDRESSES - 1)));
	for (; n < PERSON_ADDRESSES - 1 && rows_next(&r); n++)
		ret[n] = (struct person_address){row_copy(&r, 0, a), row_int(&r, 1)};
	TRY(rows_end(&r));
	if (p->sign_up_ip.len)
		ret[n++] = (struct person_address){p->sign_up_ip, p->created_at};
	*ret_n = n;
	return OK;
}

enum err person_load_below(struct db *db, struct arena *a, const struct auth_info *staff, struct account_id id,
			   struct person *ret)
{
	struct person person;

	TRY(person_load(db, a, id, &person));
	if (account_eq(person.id, staff->account) || (person.has_user && !role_above(staff->role, person.role)))
		return ERR_FORBIDDEN;
	*ret = person;
	return OK;
}

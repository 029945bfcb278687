/*
 * compliance.c - see compliance.h.
 */
#include "base/base.h"
#include "core/compliance.h"

#include "base/clock.h"

SQL(compliance_add, "INSERT INTO compliance_events (seq, kind, account_id, post_id, uses_before, uses_after, at,"
		    " boost_of) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
SQL(compliance_behind,
    "SELECT seq, kind, account_id, post_id, uses_before, uses_after, at, boost_of FROM compliance_events"
    " WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3");
/* The index is of these alone; 1: COMPLIANCE_POST_DELETE. */
SQL(compliance_deleted,
    "SELECT COUNT(*) FROM compliance_events WHERE post_id = $1 AND kind = 1 AND boost_of = 0 AND account_id = $2");
/* Copies of these were given to nobody, so that nobody has to hear of it; their pages say that they were deleted. */
SQL(compliance_unlisted_add,
    "INSERT INTO deleted_unlisted (account_id, post_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
SQL(compliance_unlisted, "SELECT COUNT(*) FROM deleted_unlisted WHERE account_id = $1 AND post_id = $2");
SQL(compliance_last, "SELECT COALESCE(MAX(seq), 0) FROM compliance_events");

static enum err add(struct db *tx, const struct compliance_event *e)
{
	return db_exec(tx, &compliance_add,
		       BINDS(B_INT(id_next()), B_INT(e->kind), B_INT(e->account.v), B_INT(e->post.v),
			     B_INT(e->uses_before), B_INT(e->uses_after), B_INT(clock_now()), B_INT(e->boost_of.v)),
		       NULL);
}

enum err compliance_note_post(struct db *tx, enum compliance_kind kind, struct account_id author, struct post_id post,
			      struct post_id boost_of, enum visibility visibility)
{
	if (visibility == VISIBILITY_UNLISTED && kind == COMPLIANCE_POST_DELETE && !boost_of.v)
		return db_exec(tx, &compliance_unlisted_add, BINDS(B_INT(author.v), B_INT(post.v)), NULL);
	if (visibility != VISIBILITY_PUBLIC)
		return OK;
	return add(tx, &(struct compliance_event){.kind = kind, .account = author, .post = post, .boost_of = boost_of});
}

enum err compliance_note_account(struct db *tx, enum compliance_kind kind, struct account_id account)
{
	return add(tx, &(struct compliance_event){.kind = kind, .account = account});
}

enum err compliance_note_licence(struct db *tx, struct account_id account, uint32_t before, uint32_t after)
{
	return add(tx, &(struct compliance_event){.kind = COMPLIANCE_USER_LICENCE,
						  .account = account,
						  .uses_before = before,
						  .uses_after = after});
}

struct compliance_event compliance_of_row(const struct rows *r)
{
	return (struct compliance_event){.seq = row_int(r, 0),
					 .kind = (enum compliance_kind)row_int(r, 1),
					 .account = {row_int(r, 2)},
					 .post = {row_int(r, 3)},
					 .uses_before = (uint32_t)row_int(r, 4),
					 .uses_after = (uint32_t)row_int(r, 5),
					 .at = row_int(r, 6),
					 .boost_of = {row_int(r, 7)}};
}

enum err compliance_read(struct store *s, struct db *db, struct arena *a, int64_t after, size_t max,
			 struct compliance_event **ret, size_t *ret_n)
{
	struct compliance_event *list = ARENA_ARRAY(a, max, struct compliance_event);
	int64_t upto;
	struct rows r;
	size_t n = 0;

	TRY(store_settled(s, db, &upto));
	db_query(db, &r, &compliance_behind, BINDS(B_INT(after), B_INT(upto), B_INT(max)));
	while (n < max && rows_next(&r))
		list[n++] = compliance_of_row(&r);
	*ret = list;
	*ret_n = n;
	return rows_end(&r);
}

enum err compliance_present(struct store *s, struct db *db, int64_t *ret)
{
	int64_t newest, settled;

	TRY(store_settled(s, db, &settled));
	TRY(db_int(db, &compliance_last, NO_BINDS, &newest));
	*ret = newest < settled ? newest : settled;
	return OK;
}

enum err compliance_post_deleted(struct db *db, struct account_id author, struct post_id post, bool *ret)
{
	int64_t n;

	TRY(db_int(db, &compliance_deleted, BINDS(B_INT(post.v), B_INT(author.v)), &n));
	if (!n)
		TRY(db_int(db, &compliance_unlisted, BINDS(B_INT(author.v), B_INT(post.v)), &n));
	*ret = n > 0;
	return OK;
}

/*
 * ack_store.c - see ack_store.h.
 */
#include "base/base.h"
#include "licensed/ack_store.h"

SQL(ack_insert, "INSERT INTO compliance_acks (licensee_id, seq, at) SELECT CAST($1 AS BIGINT), seq, CAST($3 AS BIGINT)"
		" FROM compliance_events WHERE seq = $2 ON CONFLICT DO NOTHING");
SQL(ack_mark, "INSERT INTO compliance_marks (licensee_id, upto, at) VALUES ($1, $2, $3) ON CONFLICT (licensee_id)"
	      " DO UPDATE SET upto = excluded.upto, at = excluded.at WHERE compliance_marks.upto < excluded.upto");
SQL(ack_forget, "DELETE FROM compliance_acks WHERE licensee_id = $1 AND seq <= $2");
SQL(ack_not_yet, "SELECT e.seq, e.kind, e.account_id, e.post_id, e.uses_before, e.uses_after, e.at, e.boost_of FROM "
		 "compliance_events e"
		 " WHERE e.seq > $3 AND e.at < $2 AND e.seq > (SELECT COALESCE(MAX(upto), 0) FROM compliance_marks"
		 " WHERE licensee_id = $1) AND NOT EXISTS (SELECT 1 FROM compliance_acks k WHERE k.licensee_id = $1"
		 " AND k.seq = e.seq) ORDER BY e.seq LIMIT $4");
SQL(ack_one, "SELECT at FROM compliance_acks WHERE licensee_id = $1 AND seq = $2 UNION ALL"
	     " SELECT at FROM compliance_marks WHERE licensee_id = $1 AND upto >= $2");
SQL(ack_of_author,
    "SELECT seq, kind, account_id, post_id, uses_before, uses_after, at, boost_of FROM compliance_events"
    " WHERE account_id = $1 AND seq < $2 AND (kind = $4 OR (kind = $5 AND (uses_before & (~uses_after)) <> 0))"
    " ORDER BY seq DESC LIMIT $3");

enum err ack_add(struct db *tx, int64_t licensee, const int64_t *seqs, size_t n, int64_t now_ms, int64_t *ret_n)
{
	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t one;

		TRY(db_exec(tx, &ack_insert, BINDS(B_INT(licensee), B_INT(seqs[i]), B_INT(now_ms)), &one));
		*ret_n += one;
	}
	return OK;
}

enum err ack_up_to(struct db *tx, int64_t licensee, int64_t seq, int64_t now_ms)
{
	TRY(db_exec(tx, &ack_mark, BINDS(B_INT(licensee), B_INT(seq), B_INT(now_ms)), NULL));
	return db_exec(tx, &ack_forget, BINDS(B_INT(licensee), B_INT(seq)), NULL);
}

static enum err read_events(struct rows *r, struct arena *a, size_t max, struct compliance_event **ret, size_t *ret_n)
{
	struct compliance_event *list = ARENA_ARRAY(a, max, struct compliance_event);
	size_t n = 0;

	while (n < max && rows_next(r))
		list[n++] = compliance_of_row(r);
	*ret = list;
	*ret_n = n;
	return rows_end(r);
}

enum err ack_missing(struct db *db, struct arena *a, int64_t licensee, int64_t before_ms, int64_t after, size_t max,
		     struct compliance_event **ret, size_t *ret_n)
{
	struct rows r;

	db_query(db, &r, &ack_not_yet, BINDS(B_INT(licensee), B_INT(before_ms), B_INT(after), B_INT(max)));
	return read_events(&r, a, max, ret, ret_n);
}

enum err ack_find(struct db *db, int64_t licensee, int64_t seq, int64_t *ret_at)
{
	enum err err = db_int(db, &ack_one, BINDS(B_INT(licensee), B_INT(seq)), ret_at);

	if (err != ERR_NOT_FOUND)
		return err;
	*ret_at = 0;
	return OK;
}

enum err ack_taken_back(struct db *db, struct arena *a, struct account_id account, int64_t before, size_t max,
			struct compliance_event **ret, size_t *ret_n)
{
	struct rows r;

	db_query(db, &r, &ack_of_author,
		 BINDS(B_INT(account.v), B_INT(before), B_INT(max), B_INT(COMPLIANCE_POST_DELETE),
		       B_INT(COMPLIANCE_USER_LICENCE)));
	return read_events(&r, a, max, ret, ret_n);
}

/*
 * post_target.c - see post_target.h.
 */
#include "base/base.h"

#include "core/post_target.h"

SQL(target_find, "SELECT q.id, q.account_id, q.thread_id, q.visibility,"
		 " EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $2 AND b.target_id = q.account_id), p.boost_of"
		 " FROM posts p JOIN posts q ON q.id = COALESCE(p.boost_of, p.id) WHERE p.id = $1");

enum err post_target_find(struct db *db, struct account_id who, struct post_id id, struct post_target *ret)
{
	struct post_target t;
	bool found, blocking = false;
	struct rows r;

	db_query(db, &r, &target_find, BINDS(B_INT(id.v), B_INT(who.v)));
	found = rows_next(&r);
	if (found) {
		t = (struct post_target){
			.id = {row_int(&r, 0)},
			.author = {row_int(&r, 1)},
			.thread_id = row_int(&r, 2),
			.visibility = (enum visibility)row_int(&r, 3),
			.asked_boost = !row_is_null(&r, 5),
		};
		blocking = row_int(&r, 4) != 0;
	}
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	*ret = t;
	return blocking ? ERR_FORBIDDEN : OK;
}

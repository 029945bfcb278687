/*
 * conversations.c - see conversations.h.
 */
#include "base/base.h"

#include "core/conversations.h"

#include "base/limits.h"

#define PEOPLE_MAX (LIMIT_POST_MENTIONS + 1)

SQL(conversation_join, "INSERT INTO conversation_posts (account_id, thread_id, post_id) VALUES ($1, $2, $3)"
		       " ON CONFLICT DO NOTHING");
SQL(conversation_newest,
    "INSERT INTO conversations (account_id, thread_id, last_id, unread) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (account_id, thread_id) DO UPDATE SET unread = excluded.unread, last_id ="
    " CASE WHEN conversations.last_id > excluded.last_id THEN conversations.last_id ELSE excluded.last_id END");
SQL(conversation_people, "SELECT account_id, thread_id FROM conversation_posts WHERE post_id = $1 LIMIT $2");
SQL(conversation_leave, "DELETE FROM conversation_posts WHERE account_id = $1 AND thread_id = $2 AND post_id = $3");
/* Only where nothing newer came meanwhile. */
SQL(conversation_back,
    "UPDATE conversations SET last_id = (SELECT MAX(p.post_id) FROM conversation_posts p WHERE p.account_id = $1"
    " AND p.thread_id = $2) WHERE account_id = $1 AND thread_id = $2 AND last_id = $3 AND EXISTS (SELECT 1 FROM"
    " conversation_posts p WHERE p.account_id = $1 AND p.thread_id = $2)");
SQL(conversation_end, "DELETE FROM conversations WHERE account_id = $1 AND thread_id = $2 AND last_id = $3");
#define PAGE "SELECT thread_id, last_id, unread FROM conversations WHERE account_id = $1 AND last_id > $2 AND last_id < $3 "
SQL(conversations_down, PAGE "ORDER BY last_id DESC LIMIT $4");
SQL(conversations_up, PAGE "ORDER BY last_id ASC LIMIT $4");
SQL(conversation_one, "SELECT thread_id, last_id, unread FROM conversations WHERE account_id = $1 AND thread_id = $2");
SQL(conversation_mark, "UPDATE conversations SET unread = $3 WHERE account_id = $1 AND thread_id = $2");
SQL(conversation_forget, "DELETE FROM conversations WHERE account_id = $1 AND thread_id = $2");
SQL(conversation_forget_posts, "DELETE FROM conversation_posts WHERE account_id = $1 AND thread_id = $2");

enum err conversation_add(struct db *tx, struct event_list *list, struct account_id who, int64_t thread,
			  struct post_id post, bool unread)
{
	TRY(db_exec(tx, &conversation_join, BINDS(B_INT(who.v), B_INT(thread), B_INT(post.v)), NULL));
	TRY(db_exec(tx, &conversation_newest, BINDS(B_INT(who.v), B_INT(thread), B_INT(post.v), B_INT(unread)), NULL));
	events_pend(list, (struct event){.kind = EVENT_CONVERSATION, .account = who, .post = post, .local = true});
	return OK;
}

enum err conversations_drop_post(struct db *tx, struct post_id post)
{
	struct {
		int64_t who, thread;
	} people[PEOPLE_MAX];
	size_t n = 0;
	struct rows r;

	db_query(tx, &r, &conversation_people, BINDS(B_INT(post.v), B_INT(PEOPLE_MAX)));
	while (n < PEOPLE_MAX && rows_next(&r)) {
		people[n].who = row_int(&r, 0);
		people[n++].thread = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++) {
		const struct bind binds[] = {B_INT(people[i].who), B_INT(people[i].thread), B_INT(post.v)};

		TRY(db_exec(tx, &conversation_leave, binds, ARRAY_LEN(binds), NULL));
		TRY(db_exec(tx, &conversation_back, binds, ARRAY_LEN(binds), NULL));
		TRY(db_exec(tx, &conversation_end, binds, ARRAY_LEN(binds), NULL));
	}
	return OK;
}

static struct conversation read_row(const struct rows *r)
{
	return (struct conversation){row_int(r, 0), {row_int(r, 1)}, row_int(r, 2) != 0};
}

enum err conversations_page(struct db *db, struct account_id who, const struct page *page, struct conversation *ret,
			    size_t *ret_n)
{
	bool upward = page_upward(page);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, upward ? &conversations_up : &conversations_down,
		 BINDS(B_INT(who.v), B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r))
		ret[n++] = read_row(&r);
	TRY(rows_end(&r));
	for (size_t i = 0; upward && i + 1 < n - i; i++) {
		struct conversation other = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = other;
	}
	*ret_n = n;
	return OK;
}

enum err conversation_load(struct db *db, struct account_id who, int64_t id, struct conversation *ret)
{
	struct rows r;

	db_query(db, &r, &conversation_one, BINDS(B_INT(who.v), B_INT(id)));
	bool found = rows_next(&r);
	if (found)
		*ret = read_row(&r);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

struct conversation_op {
	struct account_id who;
	int64_t id;
	bool read;
};

static enum err mark(struct db *tx, void *arg)
{
	const struct conversation_op *op = arg;
	int64_t found;

	TRY(db_exec(tx, &conversation_mark, BINDS(B_INT(op->who.v), B_INT(op->id), B_INT(!op->read)), &found));
	return found ? OK : ERR_NOT_FOUND;
}

enum err conversation_set_read(struct core *c, struct account_id who, int64_t id, bool read)
{
	return store_write(c->store, mark, &(struct conversation_op){who, id, read});
}

static enum err forget(struct db *tx, void *arg)
{
	const struct conversation_op *op = arg;
	int64_t found;

	TRY(db_exec(tx, &conversation_forget, BINDS(B_INT(op->who.v), B_INT(op->id)), &found));
	if (!found)
		return ERR_NOT_FOUND;
	return db_exec(tx, &conversation_forget_posts, BINDS(B_INT(op->who.v), B_INT(op->id)), NULL);
}

enum err conversation_delete(struct core *c, struct account_id who, int64_t id)
{
	return store_write(c->store, forget, &(struct conversation_op){.who = who, .id = id});
}

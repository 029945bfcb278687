/*
 * ip_blocks.c - see ip_blocks.h.
 */
#include "base/base.h"

#include "moderation/ip_blocks.h"

#include "base/clock.h"
#include "core/events.h"
#include "moderation/audit.h"
#include "moderation/rows.h"

const char *const ip_severities[] = {
	[IP_APPROVAL] = "sign_up_requires_approval",
	[IP_NO_SIGN_UP] = "sign_up_block",
	[IP_NO_ACCESS] = "no_access",
	NULL,
};

#define PAGE                                                                                                           \
	"SELECT id, created_at, expires_at, network, severity, comment FROM ip_blocks WHERE id > $1 AND id < $2 "
SQL(ip_blocks_down, PAGE "ORDER BY id DESC LIMIT $3");
SQL(ip_blocks_up, PAGE "ORDER BY id ASC LIMIT $3");
SQL(ip_blocks_count, "SELECT COUNT(*) FROM ip_blocks");
SQL(ip_blocks_current, "SELECT network, severity FROM ip_blocks WHERE expires_at IS NULL OR expires_at > $1");
SQL(ip_block_taken, "SELECT 1 FROM ip_blocks WHERE network = $1 AND id <> $2");
SQL(ip_block_insert, "INSERT INTO ip_blocks (id, network, severity, comment, expires_at, created_at)"
		     " VALUES ($1, $2, $3, $4, $5, $6)");
SQL(ip_block_set, "UPDATE ip_blocks SET network = $2, severity = $3, comment = $4, expires_at = $5 WHERE id = $1");
SQL(ip_block_remove, "DELETE FROM ip_blocks WHERE id = $1");

static void read_block(const struct rows *r, struct arena *a, void *ret)
{
	*(struct ip_block *)ret = (struct ip_block){
		.id = row_int(r, 0),
		.created_at = row_int(r, 1),
		.expires_at = row_int(r, 2),
		.network = row_copy(r, 3, a),
		.severity = (enum ip_severity)row_int(r, 4),
		.comment = row_copy(r, 5, a),
	};
}

static const struct rows_of blocks = {&ip_blocks_down, &ip_blocks_up, sizeof(struct ip_block), read_block};

enum err ip_blocks_page(struct db *db, struct arena *a, const struct page *page, struct ip_block *ret, size_t *ret_n)
{
	return rows_page(db, a, &blocks, page, NULL, 0, ret, ret_n);
}

enum err ip_block_load(struct db *db, struct arena *a, int64_t id, struct ip_block *ret)
{
	return rows_one(db, a, &blocks, id, NULL, 0, ret);
}

/* Bits behind the network's are 0. */
static void write_network(struct network *n, char ret[NETWORK_TEXT])
{
	char text[ADDRESS_TEXT];

	for (unsigned i = n->bits; i < 128; i++)
		n->base.b[i / 8] &= (unsigned char)~(0x80u >> i % 8);
	address_text(&n->base, text);
	bool v4 = n->bits >= 96 && !strchr(text, ':');
	snprintf(ret, NETWORK_TEXT, "%s/%u", text, v4 ? n->bits - 96 : n->bits);
}

enum err network_read(struct arena *a, struct view text, struct network *ret, char ret_text[NETWORK_TEXT],
		      struct problem *problem)
{
	struct network *list = NULL;
	size_t n = 0;
	bool ok = view_find(text, 0, ',') == text.len && view_find(text, 0, '\0') == text.len &&
		  networks_parse(arena_cstr(a, text), &list, &n, NULL) == OK && n == 1;

	if (ok) {
		*ret = list[0];
		write_network(ret, ret_text);
	}
	free(list);
	return ok ? OK : fail(problem, ERR_UNPROCESSABLE, "Validation failed: IP is invalid");
}

enum err ip_block_check_own(const struct ip_block *b, const struct network *net, struct view own,
			    struct problem *problem)
{
	struct address address;

	if (b->severity == IP_NO_ACCESS && address_parse(own, &address) && networks_have(net, 1, &address))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: IP is where you are yourself");
	return OK;
}

/* --- changing --- */

struct change {
	struct account_id by;
	int64_t id;
	const struct ip_block *block;
	struct problem *problem;
};

static enum err check_free(struct db *tx, const struct change *w, int64_t but)
{
	int64_t one;
	enum err err = db_int(tx, &ip_block_taken, BINDS(B_TEXT(w->block->network), B_INT(but)), &one);

	if (err == OK)
		return fail(w->problem, ERR_UNPROCESSABLE, "Validation failed: IP has already been taken");
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err write_create(struct db *tx, void *arg)
{
	const struct change *w = arg;
	const struct ip_block *b = w->block;
	int64_t n;

	TRY(check_free(tx, w, 0));
	TRY(db_int(tx, &ip_blocks_count, NO_BINDS, &n));
	if (n >= LIMIT_IP_BLOCKS)
		return fail(w->problem, ERR_UNPROCESSABLE, "There are %d blocked networks already", LIMIT_IP_BLOCKS);
	TRY(db_exec(tx, &ip_block_insert,
		    BINDS(B_INT(w->id), B_TEXT(b->network), B_INT(b->severity), B_TEXT(b->comment),
			  B_INT_OR_NULL(b->expires_at), B_INT(clock_now())),
		    NULL));
	return audit_add(tx, w->by, "create", "ip_block", w->id, b->network);
}

static enum err change(struct core *c, enum err (*fn)(struct db *tx, void *arg), struct change *w)
{
	TRY(store_write(c->store, fn, w));
	events_announce(c->events, &(struct event){.kind = EVENT_IP_BLOCKS_CHANGED});
	return OK;
}

enum err ip_block_create(struct core *c, struct account_id by, const struct ip_block *b, int64_t *ret,
			 struct problem *problem)
{
	struct change w = {by, id_next(), b, problem};

	TRY(change(c, write_create, &w));
	*ret = w.id;
	return OK;
}

static enum err write_set(struct db *tx, void *arg)
{
	const struct change *w = arg;
	const struct ip_block *b = w->block;
	int64_t changed;

	TRY(check_free(tx, w, b->id));
	TRY(db_exec(tx, &ip_block_set,
		    BINDS(B_INT(b->id), B_TEXT(b->network), B_INT(b->severity), B_TEXT(b->comment),
			  B_INT_OR_NULL(b->expires_at)),
		    &changed));
	return changed ? audit_add(tx, w->by, "update", "ip_block", b->id, b->network) : ERR_NOT_FOUND;
}

enum err ip_block_update(struct core *c, struct account_id by, const struct ip_block *b, struct problem *problem)
{
	return change(c, write_set, &(struct change){by, b->id, b, problem});
}

static enum err write_delete(struct db *tx, void *arg)
{
	const struct change *w = arg;

	return rows_delete(tx, &ip_block_remove, w->by, "ip_block", w->id);
}

enum err ip_block_delete(struct core *c, struct account_id by, int64_t id)
{
	return change(c, write_delete, &(struct change){.by = by, .id = id});
}

/* --- asking --- */

/* fn for each that is in force; a row that cannot be read blocks nobody. */
static enum err each(struct db *db, void (*fn)(void *arg, const struct network *n, enum ip_severity s), void *arg)
{
	struct rows r;

	db_query(db, &r, &ip_blocks_current, BINDS(B_INT(clock_now())));
	while (rows_next(&r)) {
		struct view text = row_text(&r, 0);
		char cstr[NETWORK_TEXT];
		struct network *list = NULL;
		size_t n = 0;

		snprintf(cstr, sizeof(cstr), "%.*s", VIEW_ARG(text));
		if (networks_parse(cstr, &list, &n, NULL) == OK && n == 1)
			fn(arg, &list[0], (enum ip_severity)row_int(&r, 1));
		free(list);
	}
	return rows_end(&r);
}

struct question {
	struct address who;
	enum ip_severity severity;
	bool found;
};

static void ask(void *arg, const struct network *n, enum ip_severity s)
{
	struct question *q = arg;

	if (!networks_have(n, 1, &q->who) || (q->found && q->severity >= s))
		return;
	q->found = true;
	q->severity = s;
}

enum err ip_block_severity(struct db *db, struct view ip, enum ip_severity *ret)
{
	struct question q = {.found = false};

	if (!address_parse(ip, &q.who))
		return ERR_NOT_FOUND;
	TRY(each(db, ask, &q));
	if (!q.found)
		return ERR_NOT_FOUND;
	*ret = q.severity;
	return OK;
}

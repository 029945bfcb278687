/*
 * server_blocks.c - see server_blocks.h.
 */
#include "base/base.h"

#include "moderation/server_blocks.h"

#include "base/clock.h"
#include "moderation/audit.h"
#include "moderation/rows.h"
#include "text/domain.h"
#include "text/utf8.h"

const char *const block_severities[] = {
	[BLOCK_SILENCE] = "silence", [BLOCK_SUSPEND] = "suspend", [BLOCK_NOOP] = "noop", NULL};

#define ALLOWS "SELECT id, created_at, domain FROM domain_allows WHERE id > $1 AND id < $2 "
SQL(allows_down, ALLOWS "ORDER BY id DESC LIMIT $3");
SQL(allows_up, ALLOWS "ORDER BY id ASC LIMIT $3");
SQL(allow_find, "SELECT id FROM domain_allows WHERE domain = $1");
SQL(allow_insert, "INSERT INTO domain_allows (id, domain, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(allow_delete, "DELETE FROM domain_allows WHERE id = $1");
#define BLOCKS                                                                                                         \
	"SELECT id, created_at, domain, private_comment, public_comment, severity, reject_media, reject_reports, "     \
	"obfuscate FROM domain_blocks WHERE id > $1 AND id < $2 "
SQL(domains_down, BLOCKS "ORDER BY id DESC LIMIT $3");
SQL(domains_up, BLOCKS "ORDER BY id ASC LIMIT $3");
SQL(domain_insert, "INSERT INTO domain_blocks (id, domain, severity, reject_media, reject_reports, private_comment,"
		   " public_comment, obfuscate, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		   " ON CONFLICT DO NOTHING");
SQL(domain_set, "UPDATE domain_blocks SET severity = $2, reject_media = $3, reject_reports = $4, private_comment = $5,"
		" public_comment = $6, obfuscate = $7 WHERE id = $1");
SQL(domain_delete, "DELETE FROM domain_blocks WHERE id = $1");

enum err domain_normalise(struct arena *a, struct view domain, struct view *ret, struct problem *problem)
{
	char name[LIMIT_DOMAIN_BYTES + 1];

	if (!domain_read(domain, name))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Domain is not a valid domain name");
	*ret = arena_view(a, view_of(name));
	return OK;
}

struct change {
	struct account_id by;
	int64_t id;
	struct view domain;
	const struct domain_block *block;
	struct problem *problem;
};

/* --- allowed --- */

static void read_allow(const struct rows *r, struct arena *a, void *ret)
{
	*(struct domain_allow *)ret = (struct domain_allow){row_int(r, 0), row_int(r, 1), row_copy(r, 2, a)};
}

static const struct rows_of allows = {&allows_down, &allows_up, sizeof(struct domain_allow), read_allow};

enum err domain_allows_page(struct db *db, struct arena *a, const struct page *page, struct domain_allow *ret,
			    size_t *ret_n)
{
	return rows_page(db, a, &allows, page, NULL, 0, ret, ret_n);
}

enum err domain_allow_load(struct db *db, struct arena *a, int64_t id, struct domain_allow *ret)
{
	return rows_one(db, a, &allows, id, NULL, 0, ret);
}

static enum err write_allow(struct db *tx, void *arg)
{
	struct change *w = arg;
	int64_t made, id = id_next();

	TRY(db_exec(tx, &allow_insert, BINDS(B_INT(id), B_TEXT(w->domain), B_INT(clock_now())), &made));
	TRY(db_int(tx, &allow_find, BINDS(B_TEXT(w->domain)), &w->id));
	return made ? audit_add(tx, w->by, "create", "domain_allow", id, w->domain) : OK;
}

enum err domain_allow_create(struct core *c, struct account_id by, struct view domain, int64_t *ret)
{
	struct change w = {.by = by, .domain = domain};

	TRY(store_write(c->store, write_allow, &w));
	*ret = w.id;
	return OK;
}

static enum err write_disallow(struct db *tx, void *arg)
{
	const struct change *w = arg;

	return rows_delete(tx, &allow_delete, w->by, "domain_allow", w->id);
}

enum err domain_allow_delete(struct core *c, struct account_id by, int64_t id)
{
	return store_write(c->store, write_disallow, &(struct change){.by = by, .id = id});
}

/* --- blocked --- */

static void read_block(const struct rows *r, struct arena *a, void *ret)
{
	*(struct domain_block *)ret = (struct domain_block){
		.id = row_int(r, 0),
		.created_at = row_int(r, 1),
		.domain = row_copy(r, 2, a),
		.private_comment = row_copy(r, 3, a),
		.public_comment = row_copy(r, 4, a),
		.severity = (enum block_severity)row_int(r, 5),
		.reject_media = row_int(r, 6),
		.reject_reports = row_int(r, 7),
		.obfuscate = row_int(r, 8),
	};
}

static const struct rows_of blocks = {&domains_down, &domains_up, sizeof(struct domain_block), read_block};

enum err domain_blocks_page(struct db *db, struct arena *a, const struct page *page, struct domain_block *ret,
			    size_t *ret_n)
{
	return rows_page(db, a, &blocks, page, NULL, 0, ret, ret_n);
}

enum err domain_block_load(struct db *db, struct arena *a, int64_t id, struct domain_block *ret)
{
	return rows_one(db, a, &blocks, id, NULL, 0, ret);
}

static enum err write_block(struct db *tx, void *arg)
{
	const struct change *w = arg;
	const struct domain_block *b = w->block;
	int64_t made;

	TRY(db_exec(tx, &domain_insert,
		    BINDS(B_INT(w->id), B_TEXT(b->domain), B_INT(b->severity), B_INT(b->reject_media),
			  B_INT(b->reject_reports), B_TEXT(b->private_comment), B_TEXT(b->public_comment),
			  B_INT(b->obfuscate), B_INT(clock_now())),
		    &made));
	if (!made)
		return fail(w->problem, ERR_UNPROCESSABLE, "Validation failed: Domain has already been taken");
	return audit_add(tx, w->by, "create", "domain_block", w->id, b->domain);
}

enum err domain_block_create(struct core *c, struct account_id by, const struct domain_block *b, int64_t *ret,
			     struct problem *problem)
{
	struct change w = {.by = by, .id = id_next(), .block = b, .problem = problem};

	TRY(store_write(c->store, write_block, &w));
	*ret = w.id;
	return OK;
}

static enum err write_set(struct db *tx, void *arg)
{
	const struct change *w = arg;
	const struct domain_block *b = w->block;
	int64_t changed;

	TRY(db_exec(tx, &domain_set,
		    BINDS(B_INT(b->id), B_INT(b->severity), B_INT(b->reject_media), B_INT(b->reject_reports),
			  B_TEXT(b->private_comment), B_TEXT(b->public_comment), B_INT(b->obfuscate)),
		    &changed));
	return changed ? audit_add(tx, w->by, "update", "domain_block", b->id, b->domain) : ERR_NOT_FOUND;
}

enum err domain_block_update(struct core *c, struct account_id by, const struct domain_block *b)
{
	return store_write(c->store, write_set, &(struct change){.by = by, .block = b});
}

static enum err write_unblock(struct db *tx, void *arg)
{
	const struct change *w = arg;

	return rows_delete(tx, &domain_delete, w->by, "domain_block", w->id);
}

enum err domain_block_delete(struct core *c, struct account_id by, int64_t id)
{
	return store_write(c->store, write_unblock, &(struct change){.by = by, .id = id});
}

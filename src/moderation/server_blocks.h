/*
 * server_blocks.h - other servers that are allowed or blocked (docs: methods/admin/domain_allows, domain_blocks). They
 * are kept for the time when kicau talks to other servers; until then nothing comes from there.
 */
#ifndef MODERATION_SERVER_BLOCKS_H
#define MODERATION_SERVER_BLOCKS_H

#include "core/core.h"
#include "core/page.h"

#define LIMIT_BLOCK_COMMENT_BYTES 4096

/* "Example.ORG." → "example.org", in the arena. ERR_UNPROCESSABLE with words: no name of a host. */
enum err domain_normalise(struct arena *a, struct view domain, struct view *ret, struct problem *problem);

struct domain_allow {
	int64_t id, created_at;
	struct view domain;
};
enum err domain_allows_page(struct db *db, struct arena *a, const struct page *page, struct domain_allow *ret,
			    size_t *ret_n);
enum err domain_allow_load(struct db *db, struct arena *a, int64_t id, struct domain_allow *ret);
/* Allowed already: that one. domain: normalised. */
enum err domain_allow_create(struct core *c, struct account_id by, struct view domain, int64_t *ret);
enum err domain_allow_delete(struct core *c, struct account_id by, int64_t id);

/* Stored numbers. */
enum block_severity { BLOCK_SILENCE, BLOCK_SUSPEND, BLOCK_NOOP };
extern const char *const block_severities[]; /* "silence", …; ended by NULL */
struct domain_block {
	int64_t id, created_at;
	struct view domain, private_comment, public_comment; /* comments: "" without */
	enum block_severity severity;
	bool reject_media, reject_reports, obfuscate;
};
enum err domain_blocks_page(struct db *db, struct arena *a, const struct page *page, struct domain_block *ret,
			    size_t *ret_n);
enum err domain_block_load(struct db *db, struct arena *a, int64_t id, struct domain_block *ret);
/* All but id and created_at. ERR_UNPROCESSABLE with words: blocked already. */
enum err domain_block_create(struct core *c, struct account_id by, const struct domain_block *b, int64_t *ret,
			     struct problem *problem);
/* All but id, domain and created_at. */
enum err domain_block_update(struct core *c, struct account_id by, const struct domain_block *b);
enum err domain_block_delete(struct core *c, struct account_id by, int64_t id);

#endif

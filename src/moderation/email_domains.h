/*
 * email_domains.h - mail providers nobody may sign up with, or only past a moderator (docs:
 * methods/admin/email_domain_blocks). A name stands for all below it.
 */
#ifndef MODERATION_EMAIL_DOMAINS_H
#define MODERATION_EMAIL_DOMAINS_H

#include "core/core.h"
#include "core/page.h"

#define EMAIL_DOMAIN_DAYS 7

struct email_domain {
	int64_t id, created_at;
	struct view domain;
	bool allow_with_approval;
};
/* Who has tried, today first: tries, and addresses they came from. */
struct email_domain_day {
	int64_t day, uses, accounts;
};
enum err email_domains_page(struct db *db, struct arena *a, const struct page *page, struct email_domain *ret,
			    size_t *ret_n);
enum err email_domain_load(struct db *db, struct arena *a, int64_t id, struct email_domain *ret);
enum err email_domain_days(struct db *db, struct view domain, struct email_domain_day ret[EMAIL_DOMAIN_DAYS]);
/* domain: normalised (server_blocks.h). ERR_UNPROCESSABLE with words: blocked already. */
enum err email_domain_create(struct core *c, struct account_id by, struct view domain, bool allow_with_approval,
			     int64_t *ret, struct problem *problem);
enum err email_domain_delete(struct core *c, struct account_id by, int64_t id);

/* The block an address falls under, the narrowest; ERR_NOT_FOUND: none. */
enum err email_domain_match(struct db *db, struct arena *a, struct view email, struct email_domain *ret);
/* Notes that somebody has tried. */
enum err email_domain_attempt(struct core *c, struct view domain, struct view ip);

#endif

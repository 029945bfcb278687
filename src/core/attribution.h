/*
 * attribution.h - which sites may name an account as the author of their pages (docs: entities/Account, "source
 * [attribution_domains]"). A page says fediverse:creator; the card under a link to it shows the account only where the
 * account has named the site too, so that nobody is made the author of what they did not write.
 */
#ifndef CORE_ATTRIBUTION_H
#define CORE_ATTRIBUTION_H

#include "core/core.h"

#define LIMIT_ATTRIBUTION_DOMAINS 100

/* In the order given; ret has LIMIT_ATTRIBUTION_DOMAINS. */
enum err attribution_load(struct db *db, struct arena *a, struct account_id who, struct view *ret, size_t *ret_n);
/*
 * Instead of those there are. Each as people write it: "https://Example.org/", "*.example.org" and "example.org" are one;
 * blank ones are left out. ERR_UNPROCESSABLE with words.
 */
enum err attribution_set(struct core *c, struct arena *a, struct account_id who, const struct view *domains, size_t n,
			 struct problem *problem);
/* host: lower case. */
enum err attribution_allows(struct db *db, struct arena *a, struct account_id who, struct view host, bool *ret);

#endif

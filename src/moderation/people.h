/*
 * people.h - accounts as moderators see them (docs: entities/Admin_Account), and finding them by what they see.
 */
#ifndef MODERATION_PEOPLE_H
#define MODERATION_PEOPLE_H

#include "core/accounts.h"
#include "core/page.h"

#define LIMIT_PAGE_PEOPLE 200
#define PERSON_ADDRESSES 20 /* that are told of one account */

struct person {
	struct account_id id;
	struct view username, domain; /* domain "": of this server */
	int64_t created_at;
	bool suspended, silenced, sensitized;
	/* Of this server and not deleted: */
	bool has_user, confirmed, approved, disabled;
	struct view email, locale, reason, sign_up_ip;
	enum role role;
	int64_t app_id;		      /* that they signed up with; 0: not known */
	struct account_id invited_by; /* 0: nobody, or the command line */
};

enum people_origin { PEOPLE_ANY, PEOPLE_LOCAL, PEOPLE_REMOTE };
enum people_state {
	PEOPLE_ALL,
	PEOPLE_ACTIVE,
	PEOPLE_PENDING,
	PEOPLE_DISABLED,
	PEOPLE_SILENCED,
	PEOPLE_SUSPENDED,
	PEOPLE_SENSITIZED
};
struct people_filter {
	enum people_origin origin;
	enum people_state state;
	bool any_role;
	bool roles[ROLE_OWNER + 1];			   /* without any_role */
	struct view username, display_name, domain, email; /* "": any. How it begins; but for the domain */
	struct view ip;					   /* an address or a network somebody was at */
	struct account_id invited_by;			   /* 0: whoever did */
};
/* Newest first; ret has room for page->limit. ERR_UNPROCESSABLE with words: ip is neither. */
enum err people_page(struct db *db, struct arena *a, const struct people_filter *f, const struct page *page,
		     struct person *ret, size_t *ret_n, struct problem *problem);
enum err person_load(struct db *db, struct arena *a, struct account_id id, struct person *ret);
/*
 * Somebody whom this member of the staff may act on: below them, and not themselves; who is deleted, or of another server,
 * is below everybody. Else ERR_FORBIDDEN.
 */
struct auth_info;
enum err person_load_below(struct db *db, struct arena *a, const struct auth_info *staff, struct account_id id,
			   struct person *ret);

/* Where somebody was lately, newest first. */
struct person_address {
	struct view ip;
	int64_t used_at;
};
enum err person_addresses(struct db *db, struct arena *a, const struct person *p,
			  struct person_address ret[PERSON_ADDRESSES], size_t *ret_n);

#endif

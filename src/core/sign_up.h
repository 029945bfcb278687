/*
 * sign_up.h - somebody makes an account by themselves: over the API, or on the page. The one place that knows who may,
 * who waits for whom, and what must be agreed to.
 */
#ifndef CORE_SIGN_UP_H
#define CORE_SIGN_UP_H

#include "core/accounts.h"

struct sign_up {
	struct view username, email, password, locale, reason, invite;
	struct view date_of_birth; /* "2001-02-03"; judged and not kept */
	struct view ip;		   /* where they do it from */
	int64_t app_id;		   /* they do it with; 0: in the browser */
	bool agreement;
};

/* As this code finds it (empty: without). */
struct sign_up_terms {
	bool open;    /* an account can be made at all */
	bool invited; /* the code holds */
	bool reason;  /* must be given: a moderator reads it */
	bool waits;   /* for a moderator */
	int64_t min_age;
};
enum err sign_up_terms(struct core *c, struct db *db, struct view invite, struct sign_up_terms *ret);

/*
 * ERR_FORBIDDEN: nobody may, or the code does not hold. ERR_UNPROCESSABLE: *errors, which begins as {0}, says what is
 * wrong. Slow: never on an HTTP loop.
 */
enum err sign_up(struct core *c, struct db *db, struct arena *a, const struct sign_up *s, struct account_id *ret,
		 struct field_errors *errors);

/*
 * What moderators have blocked is known above core, so moderation/ sets at boot who judges: adds to errors what is
 * refused, and sets *ret_approval when a moderator has to look first. ERR_FORBIDDEN: nobody signs up from there.
 */
struct sign_up_guard {
	enum err (*judge)(struct core *c, struct db *db, struct arena *a, const struct sign_up *s,
			  struct field_errors *errors, bool *ret_approval);
};
void sign_up_set_guard(struct core *c, const struct sign_up_guard *guard);

#endif

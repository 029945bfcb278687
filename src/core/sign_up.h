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
	int64_t min_age;
};
enum err sign_up_terms(struct core *c, struct db *db, struct view invite, struct sign_up_terms *ret);

/*
 * ERR_FORBIDDEN: nobody may, or the code does not hold. ERR_UNPROCESSABLE: *errors, which begins as {0}, says what is
 * wrong. Slow: never on an HTTP loop.
 */
enum err sign_up(struct core *c, struct db *db, struct arena *a, const struct sign_up *s, struct account_id *ret,
		 struct field_errors *errors);

#endif

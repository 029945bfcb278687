/*
 * mail_queue.h - mail that waits to be sent, and links that were sent. A mail is written down in the transaction that
 * makes it needed; mail/ takes, sends and settles it. Without a mail server (core_config.mail) nothing is written down.
 */
#ifndef CORE_MAIL_QUEUE_H
#define CORE_MAIL_QUEUE_H

#include "base/secret.h"
#include "core/core.h"

enum mail_kind {
	MAIL_CONFIRM,	  /* is this your address? */
	MAIL_RESET,	  /* a way to a new password */
	MAIL_APPROVED,	  /* a moderator has let you in */
	MAIL_PASSWORD,	  /* your password was changed */
	MAIL_PASSKEY,	  /* there is a new passkey */
	MAIL_SECOND,	  /* the second step is set up */
	MAIL_NEW_BROWSER, /* somebody has logged in with a browser that never did */
	MAIL_NEW_ADDRESS, /* to it: is this your address now? */
	MAIL_ADDRESS,	  /* to the old one: it is not yours here any more */
	MAIL_INVOICE,	  /* to a licensee, who has no account: an invoice or credit note */
	MAIL_KINDS
};

/*
 * Inside a store_write: to the account's address as it is now, in its language. An account without one: nothing. What
 * warns of strangers is sent once an hour of each kind, so that they cannot fill a mailbox with it.
 */
enum err mail_add(struct core *c, struct db *tx, enum mail_kind kind, struct account_id account);
/* The same to another address. ERR_TOO_MANY: this kind was sent within the hour. */
enum err mail_add_to(struct core *c, struct db *tx, enum mail_kind kind, struct account_id account,
		     struct view address);

/* Inside a store_write: to an address of nobody's account, about something that the kind's writer knows (mail/letter.h). */
enum err mail_add_about(struct core *c, struct db *tx, enum mail_kind kind, struct view address, struct view locale,
			int64_t about);

/*
 * Somebody asks for a mail to an address: it is written down where there is such an account, it may log in, and none of
 * this kind was asked for in the last MAIL_ASK_MS. Nothing tells whether it was, so nobody learns who is here.
 */
#define MAIL_ASK_MS ((int64_t)60 * 1000)
enum err mail_ask(struct core *c, struct arena *a, enum mail_kind kind, struct view address);

#define MAIL_ATTEMPTS 18		       /* over about two days */
#define MAIL_LEASE_MS ((int64_t)5 * 60 * 1000) /* longer than a sending may take, so that nobody else sends it too */
#define MAIL_NEVER INT64_C(253402300799000)    /* run_at of what was given up */

struct mail {
	int64_t id;
	int64_t attempts; /* this one included */
	enum mail_kind kind;
	struct account_id account; /* 0: nobody's */
	int64_t about;
	struct view address, locale;
};

/* Takes what is due longest, for MAIL_LEASE_MS. ERR_NOT_FOUND: nothing is due. */
enum err mail_claim(struct store *s, struct arena *a, int64_t now, struct mail *ret);
/* It was sent; or it was not, for these words: tried again after a growing pause, or never (final, or too often). */
enum err mail_sent(struct store *s, const struct mail *m);
enum err mail_failed(struct store *s, const struct mail *m, bool final, struct view words);
/* Leases of a process that died; only where no other process can be (a database of our own). */
enum err mail_free_leases(struct store *s);
/* For doctor. */
enum err mail_count(struct db *db, int64_t *ret_waiting, int64_t *ret_given_up);

/* --- links --- */

enum link_kind { LINK_CONFIRM /* two days */, LINK_RESET /* six hours */, LINK_ADDRESS /* two days */ };

/* The secret of a new link (TOKEN_LEN + 1). Those made before stay good until they end or one is used. */
enum err link_make(struct store *s, enum link_kind kind, const struct mail *m, char ret[]);
struct link {
	struct account_id account;
	struct view address;
};
/* ERR_NOT_FOUND: unknown, used, too old. */
enum err link_find(struct db *db, struct arena *a, enum link_kind kind, struct view secret, struct link *ret);
/* Inside a store_write: all of an account's links of a kind are used up. */
enum err link_use(struct db *tx, enum link_kind kind, struct account_id account);
enum err link_sweep(struct core *c, struct db *db, struct arena *a, int64_t now); /* a periodic task */

#endif

/*
 * letter.h - what a mail says: subject, plain text and HTML, in the language of whoever gets it.
 */
#ifndef MAIL_LETTER_H
#define MAIL_LETTER_H

#include "base/buf.h"
#include "core/mail_queue.h"

struct letter {
	struct view subject; /* one line */
	struct buf text, html;
	struct buf file;       /* attached; empty: nothing is */
	struct view file_name; /* ASCII, without quotes */
	const char *file_type; /* "application/pdf" */
};

/* Who writes a kind that only layers above know to write; a table of them ends with write NULL. As letter_write(). */
struct letter_writer {
	enum mail_kind kind;
	enum err (*write)(struct core *c, struct db *db, struct arena *a, const struct mail *m, struct letter *ret,
			  struct problem *problem);
};

/*
 * Makes the link it carries, if its kind has one: so each sending has a link of its own. ERR_GONE: there is nothing to
 * say any more, as the account is gone or its address confirmed.
 */
enum err letter_write(struct core *c, struct db *db, struct arena *a, const struct mail *m, struct letter *ret);
void letter_release(struct letter *l);

#endif

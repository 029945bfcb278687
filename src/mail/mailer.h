/*
 * mailer.h - sends what waits in the queue (core/mail_queue.h), on threads of its own: a mail server that hangs holds
 * up mail, and nothing else.
 *
 * A mail is handed over at least once. It can be twice when the program is killed, or the network breaks, after the
 * server took it and before its answer was written down; both then have one Message-ID, by which mailboxes know them.
 */
#ifndef MAIL_MAILER_H
#define MAIL_MAILER_H

#include "core/core.h"
#include "mail/letter.h"
#include "net/smtp.h"

struct mailer;

/* config is copied, its strings and the writers live longer. Without a server in it: OK, and NULL. */
enum err mailer_start(struct core *c, const struct smtp_config *config, const struct letter_writer *writers,
		      struct mailer **ret, struct problem *problem);
/* What is being sent is given up and stays in the queue, unless it is all but over. NULL-safe. */
void mailer_stop(struct mailer *m);

#endif

/*
 * account_email.h - another e-mail address: whoever asks for it shows by a link in a mail that it is theirs; until then the
 * old one holds, and is told when it does not any more.
 */
#ifndef CORE_ACCOUNT_EMAIL_H
#define CORE_ACCOUNT_EMAIL_H

#include "core/core.h"

/*
 * Sends the link. ERR_UNPROCESSABLE: it is no address, or one that nobody may have here. ERR_CONFLICT: it is another
 * account's. ERR_TOO_MANY: asked for one in the last hour. Needs a mail server (core_config.mail).
 */
enum err account_email_ask(struct core *c, struct db *db, struct arena *a, struct account_id who, struct view email);

/* The link was followed. ERR_NOT_FOUND: it does not hold. ERR_CONFLICT: the address is another account's by now. */
enum err account_email_take(struct core *c, struct db *db, struct arena *a, struct view secret);

#endif

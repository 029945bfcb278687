/*
 * removal.c - see removal.h.
 */
#include "base/base.h"

#include "moderation/removal.h"

#include "core/account_delete.h"
#include "media/pictures.h"
#include "moderation/audit.h"

static enum err take_away(struct core *c, struct db *db, struct arena *a, struct account_id by, const char *why,
			  struct account_id who)
{
	struct account account;

	TRY(account_load(db, a, who, &account));
	TRY(audit_note_account(c, by, why, who));
	TRY(account_delete_begin(c, db, who));
	media_drop_pictures(c, &account);
	return account_delete_leave(c, who);
}

enum err moderate_reject(struct core *c, struct db *db, struct arena *a, struct account_id by,
			 const struct person *person)
{
	if (!person->has_user || person->approved)
		return ERR_FORBIDDEN;
	return take_away(c, db, a, by, "reject", person->id);
}

enum err moderate_remove(struct core *c, struct db *db, struct arena *a, struct account_id by,
			 const struct person *person)
{
	if (!person->has_user || !person->suspended)
		return ERR_FORBIDDEN;
	return take_away(c, db, a, by, "destroy", person->id);
}

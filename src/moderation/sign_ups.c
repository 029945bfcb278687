/*
 * sign_ups.c - see sign_ups.h.
 */
#include "base/base.h"

#include "moderation/sign_ups.h"

#include "moderation/canonical_emails.h"
#include "moderation/email_domains.h"
#include "moderation/ip_blocks.h"

static enum err judge_address(struct db *db, struct view ip, bool *ret_approval)
{
	enum ip_severity severity;
	enum err err = ip_block_severity(db, ip, &severity);

	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	if (severity != IP_APPROVAL)
		return ERR_FORBIDDEN;
	*ret_approval = true;
	return OK;
}

static enum err judge_provider(struct core *c, struct db *db, struct arena *a, struct view email, struct view ip,
			       struct field_errors *errors, bool *ret_approval)
{
	struct email_domain block;
	enum err err = email_domain_match(db, a, email, &block);

	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	TRY(email_domain_attempt(c, block.domain, ip));
	if (block.allow_with_approval)
		*ret_approval = true;
	else
		field_errors_add(errors, "email", "ERR_BLOCKED", "contains a disallowed e-mail provider");
	return OK;
}

/* Said to be taken, as it may be somebody's who is suspended. */
static enum err judge_email(struct db *db, struct arena *a, struct view email, struct field_errors *errors)
{
	struct canonical_block block;
	enum err err = canonical_block_find(db, a, email, &block);

	if (err == OK)
		field_errors_add(errors, "email", "ERR_TAKEN", "has already been taken");
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err judge(struct core *c, struct db *db, struct arena *a, const struct sign_up *s,
		      struct field_errors *errors, bool *ret_approval)
{
	struct view email = view_trim(s->email);

	TRY(judge_address(db, s->ip, ret_approval));
	TRY(judge_provider(c, db, a, email, s->ip, errors, ret_approval));
	return judge_email(db, a, email, errors);
}

const struct sign_up_guard moderation_guard = {judge};

/*
 * compliance_lines.c - see compliance_lines.h.
 */
#include "base/base.h"
#include "dataapi/compliance_lines.h"

#include "base/json.h"
#include "ledger/ledger.h"
#include "licensed/consent.h"
#include "licensed/withhold.h"

static const char *const names[COMPLIANCE_KINDS] = {
	[COMPLIANCE_POST_DELETE] = "delete",
	[COMPLIANCE_POST_EDIT] = "tweet_edit",
	[COMPLIANCE_USER_DELETE] = "user_delete",
	[COMPLIANCE_USER_UNDELETE] = "user_undelete",
	[COMPLIANCE_USER_SUSPEND] = "user_suspend",
	[COMPLIANCE_USER_UNSUSPEND] = "user_unsuspend",
	[COMPLIANCE_USER_PROTECT] = "user_protect",
	[COMPLIANCE_USER_UNPROTECT] = "user_unprotect",
};

static bool allows(uint32_t uses, const struct licence *l)
{
	return (uses & l->plan.uses) == l->plan.uses;
}

enum err compliance_received(struct core *c, int64_t licensee, struct post_id post, bool *ret)
{
	*ret = false;
	return c->ledger ? ledger_received(c->ledger, licensee, post.v, ret) : OK;
}

static enum err author_allows(struct core *c, struct db *db, const struct compliance_event *e, const struct licence *l,
			      bool *ret)
{
	struct consent consent;

	TRY(consent_load(c, db, e->account, &consent));
	*ret = allows(consent_holds(c, &consent), l);
	return OK;
}

enum err compliance_concerns(struct core *c, struct db *db, const struct compliance_event *e, const struct licence *l,
			     bool *ret)
{
	*ret = false;
	if (e->post.v && (withheld_from(l, e->post) || withheld_from(l, e->boost_of)))
		return OK;
	*ret = true;
	if (e->kind == COMPLIANCE_USER_DELETE || e->kind == COMPLIANCE_USER_UNDELETE)
		return OK;
	if (e->kind == COMPLIANCE_USER_LICENCE) {
		*ret = allows(e->uses_before, l) != allows(e->uses_after, l);
		return OK;
	}
	TRY(author_allows(c, db, e, l, ret));
	/* Who has withdrawn, or is gone with all choices: what was received must come back all the same. */
	return *ret || !e->post.v ? OK : compliance_received(c, l->licensee, e->post, ret);
}

/* To a licensee, an author who does not allow its use any more is one whose posts are not for it any more. */
static const char *name_of(const struct compliance_event *e, const struct licence *l)
{
	if (e->kind != COMPLIANCE_USER_LICENCE)
		return names[e->kind];
	return names[allows(e->uses_after, l) ? COMPLIANCE_USER_UNPROTECT : COMPLIANCE_USER_PROTECT];
}

/* X makes a new post of each edit and names all of them; here a post keeps its id. */
static void write_versions(struct jw *j, struct post_id post)
{
	jw_kv_id(j, "initial_tweet_id", post.v);
	jw_key(j, "edit_tweet_ids");
	jw_array(j);
	jw_id(j, post.v);
	jw_array_end(j);
}

void compliance_write(struct buf *out, const struct compliance_event *e, const struct licence *l)
{
	struct jw j = jw_to(out);

	jw_object(&j);
	jw_key(&j, "data");
	jw_object(&j);
	jw_key(&j, name_of(e, l));
	jw_object(&j);
	jw_key(&j, e->post.v ? "tweet" : "user");
	jw_object(&j);
	jw_kv_id(&j, "id", e->post.v ? e->post.v : e->account.v);
	if (e->post.v && e->kind != COMPLIANCE_POST_EDIT)
		jw_kv_id(&j, "author_id", e->account.v);
	jw_object_end(&j);
	if (e->kind == COMPLIANCE_POST_EDIT)
		write_versions(&j, e->post);
	jw_kv_time(&j, "event_at", e->at);
	jw_object_end(&j);
	jw_object_end(&j);
	jw_key(&j, "kicau");
	jw_object(&j);
	jw_kv_id(&j, "event_id", e->seq);
	jw_object_end(&j);
	jw_object_end(&j);
}

/*
 * status_quote.c - see status_quote.h.
 */
#include "base/base.h"

#include "present/status_quote.h"

#include "core/visibility.h"

/* Why this viewer is not shown it; NULL: they are. */
static const char *hidden_for(const struct viewer *v, const struct post_meta *quoted)
{
	if (!visible_to(v, quoted))
		return "unauthorized";
	if (idset_has(&v->blocking, (uint64_t)quoted->author.v))
		return "blocked_account";
	return viewer_hides(v, quoted->author) ? "muted_account" : NULL;
}

enum err quote_find(const struct present *p, const struct post_meta *m, struct quote_shown *ret)
{
	*ret = (struct quote_shown){0};
	if (!m->quote_of.v)
		return OK;
	if (m->quote_state != QUOTE_ACCEPTED) {
		ret->state = "revoked";
		return OK;
	}
	enum err err = card_get(p->core, p->db, p->arena, m->quote_of, &ret->card);
	if (err == ERR_NOT_FOUND) {
		ret->state = "deleted";
		return OK;
	}
	TRY(err);
	const char *hidden = hidden_for(p->viewer, &ret->card->meta);
	ret->state = hidden ? hidden : "accepted";
	if (hidden) {
		card_put(ret->card);
		ret->card = NULL;
	}
	return OK;
}

void quote_approval_write(const struct viewer *v, const struct post_meta *m, struct buf *out)
{
	static const char *const sides[QUOTE_POLICIES] = {
		[QUOTE_PUBLIC] = "[\"public\"]", [QUOTE_FOLLOWERS] = "[\"followers\"]", [QUOTE_NOBODY] = "[]"};
	enum quote_policy policy = m->quote_policy < QUOTE_POLICIES ? (enum quote_policy)m->quote_policy : QUOTE_NOBODY;

	buf_add(out, V(",\"quote_approval\":{\"automatic\":"));
	buf_add(out, view_of(sides[policy]));
	buf_add(out, V(",\"manual\":[],\"current_user\":"));
	buf_add(out, quotable_by(v, m) ? V("\"automatic\"}") : V("\"denied\"}"));
}

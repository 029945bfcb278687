/*
 * visibility.c - see visibility.h. Every other file asks here.
 */
#include "base/base.h"

#include "core/visibility.h"

static bool addressed(const struct viewer *v, const struct post_meta *m)
{
	for (size_t i = 0; i < m->n_mentions; i++)
		if (account_eq(m->mentions[i], v->account))
			return true;
	return false;
}

static bool blocked_by(const struct viewer *v, struct account_id author)
{
	return v->blocked_by.count && idset_has(&v->blocked_by, (uint64_t)author.v);
}

/* A post by itself; `named` says whether it addresses the viewer. */
static bool may_see(const struct viewer *v, struct account_id author, uint8_t visibility, bool named)
{
	if (v->account.v && account_eq(v->account, author))
		return true;
	switch (visibility) {
	case VISIBILITY_PUBLIC:
	case VISIBILITY_UNLISTED:
		return !blocked_by(v, author);
	case VISIBILITY_PRIVATE:
		return v->account.v && (named || idset_has(&v->following, (uint64_t)author.v));
	default:
		return v->account.v && named;
	}
}

bool visible_to(const struct viewer *v, const struct post_meta *m)
{
	if (m->author_suspended)
		return false;
	if (!may_see(v, m->author, m->visibility, v->account.v && addressed(v, m)))
		return false;
	if (!m->boost_of.v)
		return true;
	return !m->boost_author_suspended && may_see(v, m->boost_author, m->boost_visibility, false);
}

bool listed_for(const struct viewer *v, const struct post_meta *m)
{
	if (!visible_to(v, m))
		return false;
	if (!v->hides_anybody)
		return true;
	return !viewer_hides(v, m->author) && !(m->boost_of.v && viewer_hides(v, m->boost_author));
}

bool profile_listed_for(const struct viewer *v, const struct post_meta *m)
{
	bool of_another = m->boost_of.v && !account_eq(m->boost_author, m->author);

	if (!visible_to(v, m))
		return false;
	if (!v->hides_anybody)
		return true;
	return !idset_has(&v->blocking, (uint64_t)m->author.v) && !(of_another && viewer_hides(v, m->boost_author));
}

bool found_by(const struct viewer *v, const struct post_meta *m)
{
	if (!listed_for(v, m))
		return false;
	if (!m->author_silenced || (v->account.v && account_eq(v->account, m->author)))
		return true;
	return v->account.v && idset_has(&v->following, (uint64_t)m->author.v);
}

bool home_listed_for(const struct viewer *v, const struct post_meta *m)
{
	if (!listed_for(v, m))
		return false;
	if (!v->hides_anybody || account_eq(v->account, m->author))
		return true;
	if (m->reply_to_account.v && viewer_hides(v, m->reply_to_account))
		return false;
	for (size_t i = 0; i < m->n_mentions; i++)
		if (viewer_hides(v, m->mentions[i]))
			return false;
	return true;
}

bool sellable(const struct post_meta *m)
{
	bool boost_open = !m->boost_of.v || (m->boost_visibility == VISIBILITY_PUBLIC && !m->boost_author_suspended);

	return m->local && m->visibility == VISIBILITY_PUBLIC && boost_open && !m->author_suspended &&
	       !m->author_silenced;
}

bool reported_to(const struct viewer *v, const struct post_meta *m)
{
	(void)m;
	return v->account.v != 0;
}

bool boostable_by(const struct viewer *v, const struct post_meta *m)
{
	if (!v->account.v || m->boost_of.v || !visible_to(v, m))
		return false;
	if (m->visibility == VISIBILITY_PRIVATE)
		return account_eq(v->account, m->author);
	return m->visibility != VISIBILITY_DIRECT;
}

bool quotable_by(const struct viewer *v, const struct post_meta *m)
{
	if (!v->account.v || m->boost_of.v || m->visibility == VISIBILITY_DIRECT || !visible_to(v, m))
		return false;
	if (account_eq(v->account, m->author))
		return true;
	if (m->visibility == VISIBILITY_PRIVATE)
		return false;
	return m->quote_policy == QUOTE_PUBLIC ||
	       (m->quote_policy == QUOTE_FOLLOWERS && idset_has(&v->following, (uint64_t)m->author.v));
}

/*
 * deliver_send.c - to each receiver what they may see, rendered once for all who see the same.
 */
#include "base/base.h"

#include "stream/deliver_private.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/filter_set.h"
#include "stream/quote_ties.h"
#include "stream/ties.h"

/*
 * Variants. All that present_post() makes of a viewer are the flags on the post, the mark of one's own, votes, what
 * filters say, whether they may quote it, and what it quotes: who differs by more than flags, and by being a follower
 * where that decides who may quote, gets a rendering of their own.
 */
#define VARIANT_FOLLOWER (UINT64_C(1) << 8) /* beside flags */
#define VARIANT_SAME (UINT64_C(1) << 61)  /* equal for everybody */
#define VARIANT_FLAGS (UINT64_C(1) << 62) /* and the flags */
#define VARIANT_OWN (UINT64_C(1) << 63)	  /* and the account */

struct sending {
	struct delivery *v;
	const struct post_meta *subject; /* the post whose flags show: a boost shows those of what it boosts */
	struct ties ties;		 /* of v->meta; empty without */
	struct quote_ties quote;	 /* of the subject */
	struct renderings renderings;
	struct arena scratch;
	int64_t sent;
};

static bool is_personal(const struct target *t)
{
	enum channel_key key = channel_rows[t->channel].key;

	return key == KEY_ACCOUNT || key == KEY_LIST;
}

static uint64_t own_variant(struct account_id who)
{
	return VARIANT_OWN | (uint64_t)who.v;
}

static uint64_t variant_of(const struct sending *s, const struct target *t, bool filtered)
{
	const struct delivery *v = s->v;
	struct account_id who = t->l->auth.account;

	if (v->same)
		return VARIANT_SAME;
	if (filtered)
		return own_variant(who);
	if (quote_ties_differ(&s->quote, who, is_personal(t)))
		return own_variant(who);
	if (v->meta && (!s->subject || !is_personal(t)))
		return VARIANT_SAME;
	if (!v->meta || account_eq(v->meta->author, who) || account_eq(s->subject->author, who) ||
	    ties_voted(&s->ties, who))
		return own_variant(who);
	if (s->subject->quote_policy != QUOTE_FOLLOWERS)
		return VARIANT_FLAGS | ties_flags(&s->ties, who);
	if (v->boosted) /* whose author's followers are not known */
		return own_variant(who);
	return VARIANT_FLAGS | ties_flags(&s->ties, who) | (ties_follows(&s->ties, who) ? VARIANT_FOLLOWER : 0);
}

struct render {
	struct sending *s;
	struct account_id who;
	uint64_t variant;
};

/* Somebody's flags may have changed since they were asked for: then these bytes are not for all of the variant. */
static enum err check_flags(const struct render *r, struct viewer *viewer)
{
	const struct deliver *d = r->s->v->d;
	uint8_t flags;

	TRY(viewer_flags(d->core, d->db, viewer, &r->s->subject->id, &r->s->subject->thread_id, 1, &flags));
	return (r->variant & 0xff) == flags ? OK : ERR_CONFLICT;
}

static enum err render_as(const struct render *r, struct viewer *viewer, struct buf *out)
{
	struct sending *s = r->s;
	struct present p = {.core = s->v->d->core,
			    .db = s->v->d->db,
			    .arena = &s->scratch,
			    .viewer = viewer,
			    .context = s->v->context};
	struct jw j = jw_to(out);

	arena_reset(&s->scratch);
	TRY(s->v->render(s->v, &p, &j));
	return r->variant & VARIANT_FLAGS ? check_flags(r, viewer) : OK;
}

static enum err render(void *arg, struct buf *out)
{
	const struct render *r = arg;
	const struct deliver *d = r->s->v->d;
	struct account_id who = r->variant == VARIANT_SAME ? (struct account_id){0} : r->who;
	struct viewer *viewer;

	if (!r->s->v->render)
		return OK;
	TRY(viewer_get(d->core, d->db, who, &viewer));
	enum err err = render_as(r, viewer, out);
	viewer_put(viewer);
	return err;
}

/* What the receiver's filters make of a post. What they find in a post it quotes is shown to nobody else, either. */
static enum err filter(const struct sending *s, const struct target *t, bool *ret_matches, bool *ret_hides)
{
	const struct delivery *v = s->v;
	struct filtered f = {v->card, v->boosted};
	struct filter_set *set;

	*ret_matches = *ret_hides = false;
	if (!v->card)
		return OK;
	TRY(filter_set_get(v->d->core, v->d->db, t->l->auth.account, &set));
	*ret_matches = filter_set_matches(set, &f);
	*ret_hides = *ret_matches && filter_set_hides(set, is_personal(t) ? FILTER_HOME : FILTER_PUBLIC, &f);
	if (s->quote.quoted && !*ret_matches)
		*ret_matches = filter_set_matches(set, &(struct filtered){.card = s->quote.quoted});
	filter_set_put(set);
	return OK;
}

static enum err send(struct sending *s, const struct target *t)
{
	struct account_id who = t->l->auth.account;
	struct frame *frame;
	struct render r = {.s = s, .who = who};
	const struct renderer renderer = {render, &r};
	bool matches, hides;

	if (s->v->meta && !ties_listed(&s->ties, who, is_personal(t)))
		return OK;
	TRY(filter(s, t, &matches, &hides));
	if (hides)
		return OK;
	r.variant = variant_of(s, t, matches);
	enum err err = renderings_frame(&s->renderings, r.variant, t, &renderer, &frame);
	if (err == ERR_CONFLICT) {
		r.variant = own_variant(who);
		err = renderings_frame(&s->renderings, r.variant, t, &renderer, &frame);
	}
	if (err == OK)
		s->sent += listener_push(t->l, frame);
	return err;
}

static void send_all(struct sending *s)
{
	const struct delivery *v = s->v;
	size_t lost = 0;
	enum err last = OK;

	for (size_t i = 0; i < v->targets.n; i++) {
		enum err err = send(s, &v->targets.v[i]);

		if (err == OK || err == ERR_NOT_FOUND) /* gone meanwhile: a deletion follows */
			continue;
		listener_end(v->targets.v[i].l, END_LOST);
		lost++;
		last = err;
	}
	if (lost)
		log_warn("streams are closed: an event could not be passed on", F_STR("event", view_of(v->name)),
			 F_INT("streams", lost), F_STR("error", view_of(err_name(last))));
}

enum err delivery_send(struct delivery *v)
{
	const struct post_meta *boosted = v->boosted ? &v->boosted->meta : NULL;
	struct sending s = {.v = v, .subject = boosted ? boosted : v->card ? v->meta : NULL};
	enum err err = OK;

	renderings_init(&s.renderings, v->name);
	arena_init(&s.scratch, LIMIT_CALL_ARENA);
	if (v->meta)
		err = ties_load(&s.ties, v->d->aversions, v->d->db, v->meta, boosted, s.subject, &v->targets);
	if (err == OK && s.subject)
		err = quote_ties_load(&s.quote, v->d->core, v->d->aversions, v->d->db, &v->arena, s.subject,
				      &v->targets);
	if (err == OK)
		send_all(&s);
	metric_add(METRIC_STREAM_EVENTS, s.sent);
	ties_release(&s.ties);
	quote_ties_release(&s.quote);
	renderings_release(&s.renderings);
	arena_release(&s.scratch);
	return err;
}

/*
 * deliver_send.c - to each receiver what they may see, rendered once for all who see the same.
 */
#include "base/base.h"

#include "stream/deliver_private.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/visibility.h"

/*
 * Variants. All that present_post() makes of a viewer are the flags on the post and on the post it boosts, the mark of
 * one's own, votes, and filters: whose those are gets a rendering of their own.
 */
#define VARIANT_SAME (UINT64_C(1) << 61) /* equal for everybody */
#define VARIANT_FLAGS (UINT64_C(1) << 62) /* and the flags of the post and, << 8, of the boosted one */
#define VARIANT_OWN (UINT64_C(1) << 63) /* and the account */

/* Has anybody done anything with a post that has just been made? */
SQL(deliver_touched, "SELECT (SELECT COUNT(*) FROM post_counts WHERE post_id = $1 AND (boosts > 0 OR favourites > 0))"
		     " + (SELECT COUNT(*) FROM bookmarks WHERE post_id = $1)");

struct sending {
	struct delivery *v;
	bool fresh;	       /* nobody has flags on the post, nor votes */
	struct viewer *viewer; /* of the last receiver */
	struct renderings renderings;
	struct arena scratch;
	int64_t sent;
};

static bool is_personal(const struct target *t)
{
	enum channel_key key = channel_rows[t->channel].key;

	return key == KEY_ACCOUNT || key == KEY_LIST;
}

static bool is_own(const struct delivery *v, struct account_id who)
{
	return account_eq(v->meta->author, who) || (v->boosted && account_eq(v->boosted->meta.author, who));
}

static bool has_votes(const struct sending *s)
{
	return (!s->fresh && s->v->meta->has_poll) || (s->v->boosted && s->v->boosted->meta.has_poll);
}

/* Flags of the post and, << 8, of the one it boosts, as they are now. */
static enum err flags_of(const struct sending *s, uint64_t *ret)
{
	const struct delivery *v = s->v;
	struct post_id ids[2] = {v->meta->id};
	int64_t threads[2] = {v->meta->thread_id};
	uint8_t flags[2] = {0};

	if (v->boosted) {
		ids[1] = v->boosted->meta.id;
		threads[1] = v->boosted->meta.thread_id;
	}
	TRY(viewer_flags(v->d->core, v->d->db, s->viewer, ids, threads, v->boosted ? 2 : 1, flags));
	*ret = VARIANT_FLAGS | flags[0] | (uint64_t)flags[1] << 8;
	return OK;
}

static uint64_t own_variant(const struct sending *s) { return VARIANT_OWN | (uint64_t)s->viewer->account.v; }

static enum err variant_of(const struct sending *s, const struct target *t, uint64_t *ret)
{
	const struct delivery *v = s->v;
	bool muted;

	if (v->meta && (!v->card || !is_personal(t))) {
		*ret = VARIANT_SAME;
		return OK;
	}
	if (!v->meta || is_own(v, s->viewer->account) || has_votes(s)) {
		*ret = own_variant(s);
		return OK;
	}
	if (!s->fresh)
		return flags_of(s, ret);
	muted = idset_has(&s->viewer->muted_threads, (uint64_t)v->meta->thread_id);
	*ret = VARIANT_FLAGS | (muted ? POST_THREAD_MUTED : 0);
	return OK;
}

struct render {
	struct sending *s;
	uint64_t variant;
};

/* ERR_CONFLICT: the viewer's flags have just changed, so these bytes are not for everybody of the variant. */
static enum err render(void *arg, struct buf *out)
{
	const struct render *r = arg;
	struct sending *s = r->s;
	struct present p = {.core = s->v->d->core, .db = s->v->d->db, .arena = &s->scratch, .viewer = s->viewer};
	struct jw j = jw_to(out);
	uint64_t flags = r->variant;

	if (!s->v->render)
		return OK;
	if (r->variant == VARIANT_SAME)
		p.viewer = viewer_nobody();
	arena_reset(&s->scratch);
	TRY(s->v->render(s->v, &p, &j));
	if (!(r->variant & (VARIANT_SAME | VARIANT_OWN)))
		TRY(flags_of(s, &flags));
	return flags == r->variant ? OK : ERR_CONFLICT;
}

static enum err take_viewer(struct sending *s, struct account_id account)
{
	if (s->viewer && account_eq(s->viewer->account, account))
		return OK;
	viewer_put(s->viewer);
	s->viewer = NULL;
	return viewer_get(s->v->d->core, s->v->d->db, account, &s->viewer);
}

static enum err send(struct sending *s, const struct target *t)
{
	struct delivery *v = s->v;
	struct frame *frame;
	struct render r = {.s = s};
	const struct renderer renderer = {render, &r};

	TRY(take_viewer(s, t->l->auth.account));
	if (v->meta && !listed_for(s->viewer, v->meta))
		return OK;
	TRY(variant_of(s, t, &r.variant));
	enum err err = renderings_frame(&s->renderings, r.variant, t, &renderer, &frame);
	if (err == ERR_CONFLICT) {
		r.variant = own_variant(s);
		err = renderings_frame(&s->renderings, r.variant, t, &renderer, &frame);
	}
	if (err == OK)
		s->sent += listener_push(t->l, frame);
	return err;
}

static bool is_fresh(const struct delivery *v)
{
	int64_t touched = 1;

	if (v->ev->kind != EVENT_POST_CREATED || !v->card || v->boosted)
		return false;
	return db_int(v->d->db, &deliver_touched, BINDS(B_INT(v->meta->id.v)), &touched) == OK && !touched;
}

void delivery_send(struct delivery *v)
{
	struct sending s = {.v = v, .fresh = is_fresh(v)};
	size_t lost = 0;
	enum err last = OK;

	renderings_init(&s.renderings, v->name);
	arena_init(&s.scratch, LIMIT_CALL_ARENA);
	for (size_t i = 0; i < v->targets.n; i++) {
		enum err err = send(&s, &v->targets.v[i]);

		if (err == OK || err == ERR_NOT_FOUND) /* gone meanwhile: a deletion follows */
			continue;
		listener_end(v->targets.v[i].l, END_LOST);
		lost++;
		last = err;
	}
	if (lost)
		log_warn("streams are closed: an event could not be passed on", F_STR("event", view_of(v->name)),
			 F_INT("streams", lost), F_STR("error", view_of(err_name(last))));
	metric_add(METRIC_STREAM_EVENTS, s.sent);
	viewer_put(s.viewer);
	renderings_release(&s.renderings);
	arena_release(&s.scratch);
}

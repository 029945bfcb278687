/*
 * drawn.c - see drawn.h.
 */
#include "base/base.h"

#include "web/drawn.h"

#include "core/cards.h"
#include "core/filter_set.h"
#include "web/kept.h"
#include "web/post_view.h"

/* What a post looks like to this reader, beside itself. */
struct part_name {
	int64_t post; /* of the boost, where it is one */
	uint32_t tongue, look;
};
enum look { LOOK_OWN = 1 << 8, LOOK_BOOSTABLE = 1 << 9, LOOK_QUOTABLE = 1 << 10 }; /* below: enum post_flags */

struct looked {
	struct post_id id, post; /* post.v 0: not shown */
	int64_t thread;
	uint32_t look;
	bool alike; /* for all who see this look of it */
};

static uint32_t look_of(const struct viewer *v, const struct post_meta *m)
{
	return (account_eq(v->account, m->author) ? LOOK_OWN : 0) | (boostable_by(v, m) ? LOOK_BOOSTABLE : 0) |
	       (quotable_by(v, m) ? LOOK_QUOTABLE : 0);
}

static void judge(struct call *c, shown_fits *fits, const struct filter_set *filters, const struct filtered *f,
		  struct looked *ret)
{
	const struct card *target = f->boosted ? f->boosted : f->card;

	if (!fits(c->viewer, &f->card->meta) || !fits(c->viewer, &target->meta))
		return;
	ret->post = target->meta.id;
	ret->thread = target->meta.thread_id;
	ret->look = look_of(c->viewer, &target->meta);
	ret->alike =
		!target->meta.has_poll && !target->meta.quote_of.v && (!filters->n || !filter_set_matches(filters, f));
}

static enum err look_at(struct call *c, shown_fits *fits, const struct filter_set *filters, struct post_id id,
			struct looked *ret)
{
	struct card *card = NULL, *boosted = NULL;
	enum err err = card_get(c->core, c->db, c->arena, id, &card);

	*ret = (struct looked){.id = id};
	if (err == OK && card->meta.boost_of.v)
		err = card_get(c->core, c->db, c->arena, card->meta.boost_of, &boosted);
	if (err == OK)
		judge(c, fits, filters, &(struct filtered){card, boosted}, ret);
	card_put(boosted);
	card_put(card);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err look_at_all(struct call *c, shown_fits *fits, const struct post_id *ids, size_t n, struct looked *ret)
{
	struct post_id *posts = ARENA_ARRAY(c->arena, n + 1, struct post_id);
	int64_t *threads = ARENA_ARRAY(c->arena, n + 1, int64_t);
	uint8_t *flags = ARENA_ARRAY(c->arena, n + 1, uint8_t);
	struct filter_set *filters;
	enum err err = OK;

	TRY(filter_set_get(c->core, c->db, c->viewer->account, &filters));
	for (size_t i = 0; i < n && err == OK; i++) {
		err = look_at(c, fits, filters, ids[i], &ret[i]);
		posts[i] = ret[i].post;
		threads[i] = ret[i].thread;
	}
	filter_set_put(filters);
	TRY(err);
	TRY(viewer_flags(c->core, c->db, c->viewer, posts, threads, n, flags));
	for (size_t i = 0; i < n; i++)
		ret[i].look |= flags[i];
	return OK;
}

/* As it is now; a reader may have done something with it since it was looked at. */
static bool looks_so(const struct call *c, const struct shown_post *s, const struct looked *l)
{
	return l->alike && !s->post.poll && !s->quotes && !s->filtered.len && !s->blurred.len &&
	       (look_of(c->viewer, &s->post.meta) | s->flags) == l->look;
}

static enum err draw_anew(struct call *c, struct html *h, const struct looked *l, unsigned context, struct view name,
			  size_t *n)
{
	struct shown_post s;
	size_t from = c->out.len, shown = 0;

	kept_part_begin(c, name);
	enum err err = shown_load(c, &l->id, 1, shown_rule(context), context, &s, &shown);
	if (shown)
		draw_post(c, h, &s, PLACE_LIST);
	if (shown && looks_so(c, &s, l))
		kept_part_end(c, from);
	else
		kept_part_drop(c);
	*n += shown;
	return err;
}

enum err drawn_posts(struct call *c, struct html *h, const struct post_id *ids, size_t n, unsigned context,
		     size_t *ret_n)
{
	struct looked *looked = ARENA_ARRAY(c->arena, n + 1, struct looked);

	*ret_n = 0;
	html_safe(h, html_trust_stored(
			     V(""))); /* what they stand in is whole: its last byte is no part of the first of them */
	TRY(look_at_all(c, shown_rule(context), ids, n, looked));
	for (size_t i = 0; i < n; i++) {
		struct part_name name = {looked[i].id.v, page_tongue(c), looked[i].look};
		struct view key = view_make((const char *)&name, sizeof(name));

		if (!looked[i].post.v)
			continue;
		if (looked[i].alike && kept_part(c, h, key))
			++*ret_n;
		else
			TRY(draw_anew(c, h, &looked[i], context, arena_view(c->arena, key), ret_n));
	}
	return OK;
}

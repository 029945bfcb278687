/*
 * thread.c - a post in its thread: what it answers above it, what answers it below.
 */
#include "base/base.h"

#include "web/thread.h"

#include "core/compliance.h"
#include "core/filters.h"
#include "core/post_thread.h"
#include "core/visibility.h"
#include "text/plain.h"
#include "web/account_view.h"
#include "web/kept.h"
#include "web/post_view.h"

static const struct {
	struct view above, answers, by, deleted;
} words = {
	.above = N_("Earlier in this conversation"),
	.answers = N_("Replies"),
	.by = N_("Post by "),
	.deleted = N_("This post was deleted."),
};

/* A preview shows no more than the page does before anything on it is opened. */
static struct page_head thread_head(struct call *c, const struct shown_post *s)
{
	const struct post *p = &s->post;
	bool covered = p->sensitive || p->spoiler.len;
	struct page_head head = {
		.title = arena_printf(c->arena, "%.*s%.*s", VIEW_ARG(page_say(c, words.by)),
				      VIEW_ARG(account_shown_name(s->author))),
		.description = p->spoiler.len ? p->spoiler : page_summary(c, html_trust_stored(p->html)),
		.canonical = post_path(c, p, s->author),
		.image = s->author->avatar.len ? account_avatar(c, s->author) : page_asset("avatar.png"),
		.og_type = "article",
		.app = true,
		.oembed = visible_to(viewer_nobody(), &p->meta) ? p->url : V(""),
		.noindex = !account_searchable(s->author) || p->meta.visibility != VISIBILITY_PUBLIC,
	};

	if (!covered && p->n_media && p->media[0].ready && p->media[0].preview.len)
		head.image = page_file(c, p->media[0].preview);
	return head;
}

static enum err draw_some(struct call *c, struct html *h, const struct post_id *ids, size_t n, enum drawn_place place,
			  struct view heading)
{
	struct shown_post *posts = ARENA_ARRAY(c->arena, n + 1, struct shown_post);
	size_t shown = 0;

	TRY(shown_load(c, ids, n, found_by, FILTER_THREAD, posts, &shown));
	if (!shown)
		return OK;
	html_tag(h, "section", A("class", V("feed")), A("aria-label", heading));
	if (place == PLACE_ANSWER)
		html_elem(h, "h2", heading, A("class", V("over-feed")));
	for (size_t i = 0; i < shown; i++)
		draw_post(c, h, &posts[i], place);
	html_close(h, "section");
	return OK;
}

static enum err draw_thread(struct call *c, const struct shown_post *focus)
{
	struct page_head head = thread_head(c, focus);
	struct post_thread thread;

	TRY(post_thread_load(c->db, c->arena, c->viewer, focus->post.meta.id, &thread));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title, A("class", V("unseen")));
	TRY(draw_some(c, &h, thread.ancestors, thread.n_ancestors, PLACE_ANCESTOR, page_say(c, words.above)));
	html_tag(&h, "div", A("class", V("feed")));
	draw_post(c, &h, focus, PLACE_FOCUS);
	html_close(&h, "div");
	TRY(draw_some(c, &h, thread.descendants, thread.n_descendants, PLACE_ANSWER, page_say(c, words.answers)));
	return page_end(c, &h);
}

/* Under a name that is not its author's, and for boosts, the browser is sent on. */
enum err show_thread(struct call *c)
{
	struct post_id id = arg_post(c, "id");
	struct shown_post focus;
	struct account named;
	size_t n = 0;

	kept_begin(c);
	TRY(shown_load(c, &id, 1, visible_to, 0, &focus, &n));
	if (!n)
		return ERR_NOT_FOUND;
	enum err err = find_account(c, &named);
	if (err == ERR_NOT_FOUND || (err == OK && (focus.booster || !account_eq(named.id, focus.author->id))))
		return call_redirect(c, 302, post_path(c, &focus.post, focus.author));
	TRY(err);
	return draw_thread(c, &focus);
}

/* One that was never for everybody answers as one that never was. */
enum err post_missing(struct call *c)
{
	struct account named;
	bool deleted;

	TRY(find_account(c, &named));
	TRY(compliance_post_deleted(c->db, named.id, arg_post(c, "id"), &deleted));
	return deleted ? call_fail(c, ERR_GONE, "%.*s", VIEW_ARG(page_say(c, words.deleted))) : ERR_NOT_FOUND;
}

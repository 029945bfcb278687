/*
 * feed.c - pages of posts, and the links between them.
 */
#include "base/base.h"

#include "web/drawn.h"
#include "web/post_view.h"

static const struct {
	struct view pages, newer, older, newest;
} words = {
	.pages = N_("Pages"),
	.newer = N_("Newer"),
	.older = N_("Older"),
	.newest = N_("Newest"),
};

struct page feed_page(struct call *c)
{
	return (struct page){.max_id = arg_id(c, "max_id"), .min_id = arg_id(c, "min_id"), .limit = FEED_POSTS};
}

static struct view path_of(struct call *c, const struct feed *f)
{
	return f->path.len ? f->path : c->x->path;
}

static struct view turn_path(struct call *c, const struct feed *f, const char *key, struct post_id id)
{
	return arena_printf(c->arena, "%.*s?%.*s%s=%" PRId64, VIEW_ARG(path_of(c, f)), VIEW_ARG(f->query), key, id.v);
}

static struct view newest_path(struct call *c, const struct feed *f)
{
	if (!f->query.len)
		return path_of(c, f);
	return arena_printf(c->arena, "%.*s?%.*s", VIEW_ARG(path_of(c, f)),
			    VIEW_ARG(view_sub(f->query, 0, f->query.len - 1)));
}

static void draw_turn(struct html *h, struct view text, const char *rel, struct view path)
{
	html_tag(h, "a", A("rel", view_of(rel)), A("href", path));
	html_text(h, text);
	html_close(h, "a");
}

/* A full page may have an older one behind it; whoever came by a link may have a newer one above. */
void draw_turns(struct call *c, struct html *h, const struct feed *f)
{
	bool upward = page_upward(&f->page), older = f->n && (f->n >= f->page.limit || upward),
	     newer = f->n && (f->page.max_id || upward), beyond = !f->n && (f->page.max_id || upward);
	struct post_id first = f->n && f->ids ? f->ids[0] : (struct post_id){0},
		       last = f->n && f->ids ? f->ids[f->n - 1] : first;

	if (f->first) {
		first.v = f->first;
		last.v = f->last;
	}
	if (f->on && upward) {
		newer = true;
		first.v = f->on;
	} else if (f->on) {
		older = true;
		last.v = f->on;
	}

	if (!older && !newer && !beyond)
		return;
	html_tag(h, "nav", A("class", V("turns")), A("aria-label", page_say(c, words.pages)));
	if (newer)
		draw_turn(h, page_say(c, words.newer), "prev", turn_path(c, f, "min_id", first));
	if (beyond)
		html_elem(h, "a", page_say(c, words.newest), A("href", newest_path(c, f)));
	if (older)
		draw_turn(h, page_say(c, words.older), "next", turn_path(c, f, "max_id", last));
	html_close(h, "nav");
}

/* For visitors, whose pages are kept whole. */
static enum err draw_once(struct call *c, struct html *h, const struct feed *f, size_t *ret_n)
{
	struct shown_post *posts = ARENA_ARRAY(c->arena, f->n + 1, struct shown_post);

	TRY(shown_load(c, f->ids, f->n, shown_rule(f->context), f->context, posts, ret_n));
	for (size_t i = 0; i < *ret_n; i++)
		draw_post(c, h, &posts[i], PLACE_LIST);
	return OK;
}

enum err draw_feed(struct call *c, struct html *h, const struct feed *f)
{
	size_t n = 0;

	html_tag(h, "div", A("class", V("feed")));
	if (f->live && !f->page.max_id && !f->page.min_id) {
		html_attr(h, "data-live", view_of(f->live));
		html_attr(h, "data-path", path_of(c, f));
	}
	TRY(c->auth.session_id ? drawn_posts(c, h, f->ids, f->n, f->context, &n) : draw_once(c, h, f, &n));
	html_close(h, "div");
	if (!n)
		html_elem(h, "p", f->empty, A("class", V("empty")));
	draw_turns(c, h, f);
	return OK;
}

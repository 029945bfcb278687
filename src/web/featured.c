/*
 * featured.c - what an account recommends on its profile: hashtags it writes about, and people it follows; and whom the
 * reader knows of those who follow it.
 */
#include "base/base.h"

#include "base/limits.h"
#include "core/featured_tags.h"
#include "core/graph.h"
#include "web/account_view.h"
#include "web/emoji_view.h"
#include "web/kept.h"

#define PEOPLE 8

static const struct {
	struct view tags, people, familiar;
} words = {
	.tags = N_("Writes about"),
	.people = N_("Recommends"),
	.familiar = N_("Followed by people you follow:"),
};

static void begin(struct call *c, struct html *h, struct view title)
{
	html_tag(h, "div", A("class", V("featured")));
	html_elem(h, "h2", page_say(c, title));
	html_open(h, "ul");
}

static void end(struct html *h)
{
	html_close(h, "ul");
	html_close(h, "div");
}

static enum err draw_tags(struct call *c, struct html *h, const struct account *a)
{
	struct featured_tag tags[LIMIT_FEATURED_TAGS];
	size_t n = 0;

	TRY(featured_tags_load(c->db, c->arena, a->id, tags, &n));
	if (!n)
		return OK;
	begin(c, h, words.tags);
	for (size_t i = 0; i < n; i++) {
		html_open(h, "li");
		html_elem(h, "a", arena_printf(c->arena, "#%.*s", VIEW_ARG(tags[i].display)),
			  A("href", arena_printf(c->arena, "/tags/%.*s", VIEW_ARG(tags[i].name))),
			  A("class", V("badge")), A("dir", V("auto")));
		html_close(h, "li");
	}
	end(h);
	return OK;
}

static void draw_person(struct call *c, struct html *h, const struct account *a)
{
	html_open(h, "li");
	html_tag(h, "a", A("href", account_path(c, a)), A("class", V("badge")));
	draw_avatar(c, h, a, 24);
	html_open(h, "bdi");
	draw_text(c, h, account_shown_name(a));
	html_close(h, "bdi");
	html_close(h, "a");
	html_close(h, "li");
}

/* Whom the reader blocks or mutes they are not shown here either. */
static enum err draw_endorsed(struct call *c, struct html *h, const struct account *a)
{
	struct graph_entry entries[PEOPLE];
	struct account one;
	size_t n = 0, shown = 0;

	TRY(graph_page(c->db, GRAPH_ENDORSED, a->id, &(struct page){.limit = PEOPLE}, entries, &n));
	for (size_t i = 0; i < n; i++) {
		if (viewer_hides(c->viewer, entries[i].account))
			continue;
		kept_shows(c, KEPT_ACCOUNT, entries[i].account.v);
		enum err err = account_load(c->db, c->arena, entries[i].account, &one);
		if (err == ERR_NOT_FOUND || (err == OK && one.suspended))
			continue;
		TRY(err);
		if (!shown++)
			begin(c, h, words.people);
		draw_person(c, h, &one);
	}
	if (shown)
		end(h);
	return OK;
}

/* Whom the reader follows among those who follow it. */
static enum err draw_familiar(struct call *c, struct html *h, const struct account *a)
{
	struct account_id ids[PEOPLE];
	struct account one;
	size_t n = 0, shown = 0;

	if (!c->auth.session_id || account_eq(a->id, c->auth.account))
		return OK;
	TRY(graph_familiar(c->db, c->auth.account, a->id, PEOPLE, ids, &n));
	for (size_t i = 0; i < n; i++) {
		if (viewer_hides(c->viewer, ids[i]))
			continue;
		enum err err = account_load(c->db, c->arena, ids[i], &one);
		if (err == ERR_NOT_FOUND)
			continue;
		TRY(err);
		if (!shown++)
			begin(c, h, words.familiar);
		draw_person(c, h, &one);
	}
	if (shown)
		end(h);
	return OK;
}

enum err draw_featured(struct call *c, struct html *h, const struct account *a)
{
	if (idset_has(&c->viewer->blocked_by, (uint64_t)a->id.v))
		return OK;
	TRY(draw_familiar(c, h, a));
	TRY(draw_tags(c, h, a));
	return draw_endorsed(c, h, a);
}

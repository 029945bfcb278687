/*
 * documents.c - /privacy-policy and /terms-of-service, at the addresses that Mastodon has them at; and see documents.h.
 */
#include "base/base.h"

#include "web/documents.h"

#include "base/clock.h"
#include "core/rules.h"
#include "web/emoji_view.h"
#include "web/figures.h"
#include "web/kept.h"
#include "web/web.h"

static const struct {
	struct view rules, written, since, from, next;
} words = {
	.rules = N_("Rules"),
	.written = N_("Written on %s."),
	.since = N_("They hold since %s."),
	.from = N_("They hold from %s on."),
	.next = N_("Another version holds from %s on."),
};

static const struct {
	const char *path;
	struct view words;
} pages[DOCUMENTS] = {
	[DOCUMENT_ABOUT] = {"/about", N_("About this server")},
	[DOCUMENT_PRIVACY] = {"/privacy-policy", N_("Privacy policy")},
	[DOCUMENT_TERMS] = {"/terms-of-service", N_("Terms of service")},
};

void draw_document_links(struct call *c, struct html *h)
{
	for (enum document_kind k = 0; k < DOCUMENTS; k++)
		if (k == DOCUMENT_ABOUT || document_is_there(c->core, k))
			html_elem(h, "a", page_say(c, pages[k].words), A("href", view_of(pages[k].path)));
}

enum err draw_rules(struct call *c, struct html *h)
{
	struct rule list[LIMIT_RULES];
	size_t n;

	TRY(rules_load(c->db, c->arena, list, &n));
	if (!n)
		return OK;
	html_elem(h, "h2", page_say(c, words.rules), A("id", V("rules")));
	html_tag(h, "ol", A("class", V("rules")));
	for (size_t i = 0; i < n; i++) {
		html_tag(h, "li", A("dir", V("auto")));
		html_elem(h, "strong", list[i].text);
		if (list[i].hint.len)
			html_elem(h, "p", list[i].hint, A("class", V("hint")));
		html_close(h, "li");
	}
	html_close(h, "ol");
	return OK;
}

static void draw_words(struct call *c, struct html *h, const struct document *d)
{
	html_tag(h, "div", A("class", V("text document")), A("dir", V("auto")));
	draw_stored_html(c, h, html_trust_stored(d->html)); /* by document_write(), from plain text */
	html_close(h, "div");
}

enum err draw_document(struct call *c, struct html *h, enum document_kind k)
{
	struct document d;
	enum err err = document_is_there(c->core, k) ? document_load(c->db, c->arena, k, 0, &d) : ERR_NOT_FOUND;

	if (err == OK)
		draw_words(c, h, &d);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* ---- pages of their own ---- */

static struct view date_of(struct call *c, int64_t ms)
{
	char iso[CLOCK_ISO_LEN + 1];

	clock_iso(ms, iso);
	return arena_view(c->arena, view_sub(view_of(iso), 0, strlen("2026-12-31")));
}

static void draw_hint(struct call *c, struct html *h, struct view said, int64_t day)
{
	html_elem(h, "p", PAGE_SAY_WITH(c, said, date_of(c, day)), A("class", V("hint")));
}

static struct html begin(struct call *c, enum document_kind k)
{
	struct page_head head = {
		.title = page_say(c, pages[k].words), .canonical = c->x->path, .image = page_asset("header.png")};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", head.title);
	return h;
}

static enum err show_privacy(struct call *c)
{
	struct document d;

	kept_begin(c);
	TRY(document_load(c->db, c->arena, DOCUMENT_PRIVACY, 0, &d));
	struct html h = begin(c, DOCUMENT_PRIVACY);
	draw_hint(c, &h, words.written, d.written_at);
	draw_words(c, &h, &d);
	return page_end(c, &h);
}

static void draw_next(struct call *c, struct html *h, int64_t day)
{
	struct view said = PAGE_SAY_WITH(c, words.next, date_of(c, day));

	html_tag(h, "p", A("class", V("notice")));
	html_elem(h, "a", said, A("href", arena_printf(c->arena, "/terms-of-service/%.*s", VIEW_ARG(date_of(c, day)))));
	html_close(h, "p");
}

/* day 0: those that hold now. */
static enum err draw_terms(struct call *c, int64_t day)
{
	struct document d;

	kept_begin(c);
	TRY(document_load(c->db, c->arena, DOCUMENT_TERMS, day, &d));
	bool holds = d.day <= clock_now();
	struct html h = begin(c, DOCUMENT_TERMS);

	draw_hint(c, &h, holds ? words.since : words.from, d.day);
	if (d.next_day)
		draw_next(c, &h, d.next_day);
	if (!holds || d.next_day > clock_now())
		kept_until(c, holds ? d.next_day : d.day);
	draw_words(c, &h, &d);
	return page_end(c, &h);
}

static enum err show_terms(struct call *c)
{
	return draw_terms(c, 0);
}

static enum err show_terms_of_day(struct call *c)
{
	int64_t day;

	return clock_parse_iso(arg_str(c, "date"), &day) ? draw_terms(c, day) : ERR_NOT_FOUND;
}

const struct endpoint web_documents[] = {
	{PAGE_ROW("/privacy-policy", show_privacy), .kept = kept_answer,
	 .doc = "How this server treats what it knows of people. 404: nobody has written it."},
	{PAGE_ROW("/terms-of-service", show_terms), .kept = kept_answer,
	 .doc = "The terms that hold now, or the first to come. 404: there are none."},
	{PAGE_ROW("/terms-of-service/:date", show_terms_of_day), .kept = kept_answer,
	 .params = PARAMS({.name = "date", .type = PARAM_STRING, .required = true, .doc = "The day they begin."}),
	 .doc = "The terms that begin on a day."},
	ENDPOINTS_END,
};

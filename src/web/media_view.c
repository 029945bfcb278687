/*
 * media_view.c - pictures, films and sounds of a post. What is marked sensitive, or what a filter of the reader's finds
 * that blurs, lies under a blurred copy of itself until they open it.
 */
#include "base/base.h"

#include "web/post_view.h"

static const struct {
	struct view sensitive, filtered, alt, none, film, sound, file, waiting;
} words = {
	.sensitive = N_("Sensitive"),
	.filtered = N_("Filtered: %s"),
	.alt = N_("ALT"),
	.none = N_("A picture without a description"),
	.film = N_("A film without a description"),
	.sound = N_("A sound without a description"),
	.file = N_("A file"),
	.waiting = N_("A picture that is still being prepared"),
};

static struct view source(struct call *c, const struct post_media *m)
{
	return m->file.len ? page_file(c, m->file) : m->remote_url;
}

static struct view preview(struct call *c, const struct post_media *m)
{
	return m->preview.len ? page_file(c, m->preview) : source(c, m);
}

static void size_attrs(struct html *h, int width, int height)
{
	if (width <= 0 || height <= 0)
		return;
	html_attr_int(h, "width", width);
	html_attr_int(h, "height", height);
}

static void draw_picture(struct call *c, struct html *h, const struct post_media *m)
{
	bool small = m->preview.len > 0;

	html_tag(h, "a", A("href", source(c, m)));
	html_tag(h, "img", A("src", preview(c, m)),
		 A("alt", m->description.len ? m->description : page_say(c, words.none)), A("loading", V("lazy")),
		 A("decoding", V("async")));
	size_attrs(h, small ? m->preview_width : m->width, small ? m->preview_height : m->height);
	html_close(h, "a");
}

static void draw_film(struct call *c, struct html *h, const struct post_media *m)
{
	bool silent = view_is(m->kind, "gifv");

	html_tag(h, "video", A("src", source(c, m)), A("preload", V("none")),
		 A("aria-label", m->description.len ? m->description : page_say(c, words.film)));
	if (m->preview.len)
		html_attr(h, "poster", page_file(c, m->preview));
	size_attrs(h, m->width, m->height);
	html_flag(h, "controls", true);
	html_flag(h, "playsinline", true);
	html_flag(h, "loop", silent);
	html_flag(h, "muted", silent);
	html_close(h, "video");
}

static void draw_sound(struct call *c, struct html *h, const struct post_media *m)
{
	if (m->preview.len) {
		html_tag(h, "img", A("src", preview(c, m)), A("alt", V("")), A("loading", V("lazy")),
			 A("decoding", V("async")));
		size_attrs(h, m->preview_width, m->preview_height);
	}
	html_tag(h, "audio", A("src", source(c, m)), A("preload", V("none")),
		 A("aria-label", m->description.len ? m->description : page_say(c, words.sound)));
	html_flag(h, "controls", true);
	html_close(h, "audio");
}

static void draw_item(struct call *c, struct html *h, const struct post_media *m)
{
	html_open(h, "figure");
	if (!m->ready)
		html_elem(h, "p", page_say(c, words.waiting), A("class", V("waiting")));
	else if (view_is(m->kind, "image"))
		draw_picture(c, h, m);
	else if (view_is(m->kind, "video") || view_is(m->kind, "gifv"))
		draw_film(c, h, m);
	else if (view_is(m->kind, "audio"))
		draw_sound(c, h, m);
	else
		html_elem(h, "a", m->description.len ? m->description : page_say(c, words.file),
			  A("href", source(c, m)));
	if (m->description.len) {
		html_tag(h, "details", A("class", V("alt")));
		html_elem(h, "summary", page_say(c, words.alt));
		html_elem(h, "p", m->description, A("dir", V("auto")));
		html_close(h, "details");
	}
	html_close(h, "figure");
}

static void draw_grid(struct call *c, struct html *h, const struct post *p)
{
	html_tag(h, "div", A("class", p->n_media == 1 ? V("media one") : V("media many")));
	for (size_t i = 0; i < p->n_media; i++)
		draw_item(c, h, &p->media[i]);
	html_close(h, "div");
}

/* The cover: small blurred pictures; the style sheet blurs them beyond recognition. */
static void draw_cover(struct call *c, struct html *h, const struct post *p, struct view title)
{
	html_open(h, "summary");
	html_tag(h, "span", A("class", V("blur")), A("aria-hidden", V("true")));
	for (size_t i = 0; i < p->n_media && i < 2; i++)
		if (p->media[i].ready && p->media[i].preview.len)
			html_tag(h, "img", A("src", page_file(c, p->media[i].preview)), A("alt", V("")),
				 A("loading", V("lazy")));
	html_close(h, "span");
	draw_switch(c, h, title);
	html_close(h, "summary");
}

void draw_media(struct call *c, struct html *h, const struct post *p, struct view blurred)
{
	bool covered = (p->sensitive && !p->spoiler.len) || blurred.len;

	if (!p->n_media)
		return;
	if (!covered) {
		draw_grid(c, h, p);
		return;
	}
	html_tag(h, "details", A("class", V("cover")));
	draw_cover(c, h, p, blurred.len ? PAGE_SAY_WITH(c, words.filtered, blurred) : page_say(c, words.sensitive));
	draw_grid(c, h, p);
	html_close(h, "details");
}

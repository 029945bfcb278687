/*
 * preview_view.c - the card of a link, under a post that has nothing else to look at. It is one link; its picture comes from
 * this server, and says nothing that the words beside it do not, unless the page describes it.
 */
#include "base/base.h"

#include "core/previews.h"
#include "text/url.h"
#include "web/post_view.h"

static struct view site_of(const struct preview *card)
{
	struct url url;

	return card->provider_name.len ? card->provider_name : url_parse(card->url, &url) ? url.host : V("");
}

static void draw_picture(struct call *c, struct html *h, const struct preview *card)
{
	html_tag(h, "img", A("src", page_file(c, card->image)), A("alt", card->image_text), A("loading", V("lazy")),
		 A("decoding", V("async")));
	if (card->width > 0 && card->height > 0) {
		html_attr_int(h, "width", card->width);
		html_attr_int(h, "height", card->height);
	}
}

static void draw_line(struct html *h, const char *class, struct view words)
{
	if (words.len)
		html_elem(h, "span", words, A("class", view_of(class)), A("dir", V("auto")));
}

void draw_link_card(struct call *c, struct html *h, const struct preview *card, bool covered)
{
	struct url url;

	if (!url_parse(card->url, &url))
		return;
	html_tag(h, "a", A("class", V("link-card")), A("href", card->url), A("rel", V("noopener nofollow")));
	if (card->image.len && !covered) /* what is covered stays covered */
		draw_picture(c, h, card);
	html_tag(h, "span", A("class", V("about")));
	if (card->language.len)
		html_attr(h, "lang", card->language);
	draw_line(h, "hint", site_of(card));
	draw_line(h, "title", card->title.len ? card->title : card->url);
	draw_line(h, "hint", card->description);
	html_close(h, "span");
	html_close(h, "a");
}

void draw_preview(struct call *c, struct html *h, const struct post *p, struct view blurred)
{
	if (p->card && !p->n_media && !p->meta.quote_of.v)
		draw_link_card(c, h, p->card, p->sensitive || blurred.len);
}

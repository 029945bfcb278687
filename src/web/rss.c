/*
 * rss.c - RSS 2.0 (rssboard.org/rss-specification) with Media RSS (rssboard.org/media-rss), which has a place for every
 * picture and its description; <enclosure> names the first alone, as readers expect no more than one.
 */
#include "base/base.h"

#include "base/clock.h"
#include "web/account_view.h"
#include "web/syndicate.h"

static void write_date(struct html *h, const char *element, int64_t ms)
{
	char text[CLOCK_HTTP_LEN + 1];

	clock_http(ms, text); /* RFC 822's date with four digits of the year */
	html_elem(h, element, view_of(text));
}

static void write_media(struct html *h, const struct post *p, const struct post_media *m, const struct item_file *f)
{
	html_tag(h, "media:content", A("url", f->url), A("type", f->type), A("medium", view_of(f->medium)));
	if (f->bytes)
		html_attr_int(h, "fileSize", (int64_t)f->bytes);
	html_elem(h, "media:rating", p->sensitive ? V("adult") : V("nonadult"), A("scheme", V("urn:simple")));
	if (m->description.len)
		html_elem(h, "media:description", m->description, A("type", V("plain")));
	html_close(h, "media:content");
}

static void write_enclosure(struct html *h, const struct item_file *f)
{
	html_tag(h, "enclosure", A("url", f->url), A("type", f->type));
	html_attr_int(h, "length", (int64_t)f->bytes);
	html_close(h, "enclosure");
}

static void write_files(struct call *c, struct html *h, const struct post *p)
{
	bool first = true;

	for (size_t i = 0; i < p->n_media; i++) {
		struct item_file f;

		if (!item_file(c, &p->media[i], &f))
			continue;
		if (first)
			write_enclosure(h, &f);
		first = false;
		write_media(h, p, &p->media[i], &f);
	}
}

static void write_item(struct call *c, struct html *h, const struct channel *ch, const struct shown_post *s)
{
	const struct post *p = &s->post;

	html_open(h, "item");
	html_elem(h, "guid", p->url, A("isPermaLink", V("true")));
	html_elem(h, "link", p->url);
	write_date(h, "pubDate", p->created_at);
	html_elem(h, "title", item_title(c, p));
	html_elem(h, "description", item_content(c, p));
	if (!ch->author)
		html_elem(h, "dc:creator", account_handle_full(c, s->author));
	write_files(c, h, p);
	for (size_t i = 0; i < p->n_tags; i++)
		html_elem(h, "category", p->tags[i]);
	html_close(h, "item");
}

static void write_image(struct html *h, const struct channel *ch)
{
	if (!ch->image.len)
		return;
	html_open(h, "image");
	html_elem(h, "url", ch->image);
	html_elem(h, "title", ch->title);
	html_elem(h, "link", ch->page);
	html_close(h, "image");
}

enum err rss_write(struct call *c, const struct channel *ch)
{
	struct html h = xml_to(&c->out);

	html_tag(&h, "rss", A("version", V("2.0")), A("xmlns:atom", V("http://www.w3.org/2005/Atom")),
		 A("xmlns:dc", V("http://purl.org/dc/elements/1.1/")),
		 A("xmlns:media", V("http://search.yahoo.com/mrss/")));
	html_open(&h, "channel");
	html_elem(&h, "title", ch->title);
	html_elem(&h, "description", ch->subtitle);
	html_elem(&h, "link", ch->page);
	html_elem(&h, "atom:link", V(""), A("href", ch->self), A("rel", V("self")),
		  A("type", V("application/rss+xml")));
	write_image(&h, ch);
	if (ch->updated_at)
		write_date(&h, "lastBuildDate", ch->updated_at);
	html_elem(&h, "generator", V("kicau " KICAU_VERSION));
	for (size_t i = 0; i < ch->n; i++)
		write_item(c, &h, ch, &ch->posts[i]);
	html_close(&h, "channel");
	html_close(&h, "rss");
	return html_done(&h);
}

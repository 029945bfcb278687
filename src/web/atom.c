/*
 * atom.c - The Atom Syndication Format (RFC 4287). The description of a picture is the title of its link.
 */
#include "base/base.h"

#include "base/clock.h"
#include "web/account_view.h"
#include "web/syndicate.h"

static void write_time(struct html *h, const char *element, int64_t ms)
{
	char text[CLOCK_ISO_LEN + 1];

	clock_iso(ms, text);
	html_elem(h, element, view_of(text));
}

static void write_author(struct html *h, const struct account *a)
{
	html_open(h, "author");
	html_elem(h, "name", account_shown_name(a));
	html_elem(h, "uri", a->url);
	html_close(h, "author");
}

static void write_files(struct call *c, struct html *h, const struct post *p)
{
	for (size_t i = 0; i < p->n_media; i++) {
		struct item_file f;

		if (!item_file(c, &p->media[i], &f))
			continue;
		html_tag(h, "link", A("rel", V("enclosure")), A("href", f.url), A("type", f.type));
		if (f.bytes)
			html_attr_int(h, "length", (int64_t)f.bytes);
		if (p->media[i].description.len)
			html_attr(h, "title", p->media[i].description);
		html_close(h, "link");
	}
}

static void write_entry(struct call *c, struct html *h, const struct channel *ch, const struct shown_post *s)
{
	const struct post *p = &s->post;

	html_open(h, "entry");
	html_elem(h, "id", p->uri);
	html_elem(h, "title", item_title(c, p));
	write_time(h, "published", p->created_at);
	write_time(h, "updated", p->edited_at ? p->edited_at : p->created_at);
	if (!ch->author)
		write_author(h, s->author);
	html_elem(h, "link", V(""), A("rel", V("alternate")), A("type", V("text/html")), A("href", p->url));
	write_files(c, h, p);
	for (size_t i = 0; i < p->n_tags; i++)
		html_elem(h, "category", V(""), A("term", p->tags[i]));
	html_tag(h, "content", A("type", V("html")));
	if (p->language.len)
		html_attr(h, "xml:lang", p->language);
	html_text(h, item_content(c, p));
	html_close(h, "content");
	html_close(h, "entry");
}

enum err atom_write(struct call *c, const struct channel *ch)
{
	struct html h = xml_to(&c->out);

	html_tag(&h, "feed", A("xmlns", V("http://www.w3.org/2005/Atom")));
	html_elem(&h, "id", ch->self);
	html_elem(&h, "title", ch->title);
	html_elem(&h, "subtitle", ch->subtitle);
	write_time(&h, "updated", ch->updated_at);
	html_elem(&h, "link", V(""), A("rel", V("self")), A("type", V("application/atom+xml")), A("href", ch->self));
	html_elem(&h, "link", V(""), A("rel", V("alternate")), A("type", V("text/html")), A("href", ch->page));
	if (ch->image.len)
		html_elem(&h, "logo", ch->image);
	if (ch->author)
		write_author(&h, ch->author);
	html_elem(&h, "generator", V("kicau"), A("version", V(KICAU_VERSION)));
	for (size_t i = 0; i < ch->n; i++)
		write_entry(c, &h, ch, &ch->posts[i]);
	html_close(&h, "feed");
	return html_done(&h);
}

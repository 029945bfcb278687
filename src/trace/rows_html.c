/*
 * rows_html.c - pages (rows.h), through libxml2. Where a page marks posts (<article>, h-entry, the classes of this server's, Mastodon's and
 * X's pages), each is a row with its address; else each paragraph is one.
 */
#include "base/base.h"

#include "trace/rows.h"

#include "base/buf.h"
#include "links/webpage_html.h"

#define URL_BYTES ((size_t)4096)

struct page {
	const struct rows_to *to;
	enum err err;
	unsigned depth;
	unsigned skipped, entry,
		inner;		/* the depth of the element we are in: no text, a post, its words; 0: not in one */
	struct buf text;	/* of the words or the paragraph under way */
	struct buf words, rest; /* of the post: its first words; what else stands in it */
	struct buf url, origin;
};

static bool is_one_of(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

static bool has_class(struct view classes, const char *const *list)
{
	struct view one;

	while (view_split(&classes, ' ', &one))
		for (const char *const *l = list; *l; l++)
			if (view_is(one, *l))
				return true;
	return false;
}

static const char *const no_text[] = {"script", "style",  "template", "noscript", "svg",
				      "head",	"button", "select",   NULL};
static const char *const blocks[] = {"p",	   "div",  "li",    "ul",     "ol",  "section", "article", "blockquote",
				     "td",	   "tr",   "h1",    "h2",     "h3",  "h4",	"h5",	   "h6",
				     "dt",	   "dd",   "pre",   "header", "nav", "footer",	"main",	   "figure",
				     "figcaption", "form", "table", "body",   NULL};
static const char *const entry_classes[] = {"h-entry", "status", "detailed-status", "tweet", NULL};
static const char *const inner_classes[] = {"text",	  "e-content",	   "status__content",
					    "tweet-text", "js-tweet-text", NULL};

static void give(struct page *p, struct view text, struct view url)
{
	struct leak_row row = {.text = view_trim(text), .url = url, .converted = p->to->converted};

	if (p->err == OK && row.text.len)
		p->err = p->to->fn(p->to->arg, &row);
}

/* What was gathered, to where it belongs. */
static void end_block(struct page *p)
{
	struct view text = view_trim(buf_view(&p->text));

	if (!text.len) {
		/* nothing to keep */
	} else if (!p->entry) {
		give(p, text, V(""));
	} else {
		buf_add(&p->rest, text);
		buf_add_c(&p->rest, '\n');
	}
	buf_clear(&p->text);
}

static void end_words(struct page *p)
{
	struct view text = view_trim(buf_view(&p->text));

	p->inner = 0;
	if (p->entry && !p->words.len)
		buf_add(&p->words, text);
	else
		give(p, text, V(""));
	buf_clear(&p->text);
}

static void end_entry(struct page *p)
{
	end_block(p);
	p->entry = 0;
	give(p, p->words.len ? buf_view(&p->words) : buf_view(&p->rest), buf_view(&p->url));
	buf_clear(&p->words);
	buf_clear(&p->rest);
	buf_clear(&p->url);
}

/* ---- addresses ---- */

static bool ends_in_number(struct view url)
{
	size_t slash = url.len;
	int64_t id;

	while (slash > 0 && url.p[slash - 1] != '/')
		slash--;
	return slash && parse_i64(view_sub(url, slash, url.len), 1, INT64_MAX, &id);
}

/* The first link of a post that ends in a number is its own. */
static void note_address(struct page *p, struct view href)
{
	if (!p->entry || p->inner || p->url.len || !ends_in_number(href))
		return;
	if (view_starts(href, V("/")) && !view_starts(href, V("//")))
		buf_add(&p->url, buf_view(&p->origin));
	buf_add(&p->url, href);
}

/* "https://example.org" of an address. */
static void note_origin(struct page *p, struct view url)
{
	size_t host = view_starts(url, V("https://")) ? 8 : view_starts(url, V("http://")) ? 7 : 0;

	if (!host || p->origin.len)
		return;
	buf_add(&p->origin, view_sub(url, 0, view_find(url, host, '/')));
}

static void note_page(struct page *p, const char *name, const char *const *attrs)
{
	if (strcmp(name, "link") == 0 && view_is(webpage_attr(attrs, "rel"), "canonical"))
		note_origin(p, webpage_attr(attrs, "href"));
	else if (strcmp(name, "meta") == 0 && view_is(webpage_attr(attrs, "property"), "og:url"))
		note_origin(p, webpage_attr(attrs, "content"));
}

/* ---- tags ---- */

static void begin_entry(struct page *p)
{
	end_block(p);
	p->entry = p->depth;
}

static void on_open(void *arg, const char *name, const char *const *attrs)
{
	struct page *p = arg;
	struct view classes = webpage_attr(attrs, "class");

	p->depth++;
	note_page(p, name, attrs);
	if (p->skipped)
		return;
	if (is_one_of(name, no_text)) {
		p->skipped = p->depth;
		return;
	}
	if (strcmp(name, "br") == 0)
		buf_add_c(&p->text, '\n');
	else if (strcmp(name, "a") == 0)
		note_address(p, webpage_attr(attrs, "href"));
	if (p->inner) {
		if (is_one_of(name, blocks))
			buf_add_c(&p->text, '\n');
		return;
	}
	if (is_one_of(name, blocks))
		end_block(p);
	if (!p->entry && (strcmp(name, "article") == 0 || has_class(classes, entry_classes)))
		begin_entry(p);
	if (has_class(classes, inner_classes) || view_is(webpage_attr(attrs, "data-testid"), "tweetText")) {
		end_block(p);
		p->inner = p->depth;
	}
}

static void on_close(void *arg, const char *name)
{
	struct page *p = arg;

	if (p->skipped == p->depth)
		p->skipped = 0;
	else if (p->inner == p->depth)
		end_words(p);
	else if (!p->inner && !p->skipped && is_one_of(name, blocks))
		end_block(p);
	if (p->entry == p->depth)
		end_entry(p);
	p->depth -= p->depth > 0;
}

static void on_text(void *arg, struct view text)
{
	struct page *p = arg;

	if (!p->skipped)
		buf_add(&p->text, text);
}

enum err rows_of_page(struct view html, struct view charset, const struct rows_to *to)
{
	static const struct webpage_events events = {on_open, on_close, on_text};
	struct page p = {.to = to,
			 .text = {.max = WINDOW_MAX},
			 .words = {.max = ROW_TEXT_MAX},
			 .rest = {.max = ROW_TEXT_MAX},
			 .url = {.max = 2 * URL_BYTES},
			 .origin = {.max = URL_BYTES}};

	webpage_html(html, charset, &events, &p);
	if (p.entry)
		end_entry(&p);
	end_block(&p);
	buf_release(&p.text);
	buf_release(&p.words);
	buf_release(&p.rest);
	buf_release(&p.url);
	buf_release(&p.origin);
	return p.err;
}

enum err rows_html(struct window *w, const struct rows_to *to)
{
	struct view page = window_at_least(w, WINDOW_MAX);
	bool cut = !w->end && window_more(w);

	TRY(rows_of_page(page, to->converted ? V("UTF-8") : V(""), to));
	window_take(w, page.len);
	cut |= window_view(w).len > 0 || window_more(w);
	while (window_view(w).len) {
		window_take(w, window_view(w).len);
		window_more(w);
	}
	return cut ? rows_unreadable(to, "the page is longer than is read") : OK;
}

/*
 * html.h - the writer all HTML of ours goes through. Text and attribute values are struct view and are escaped; HTML
 * that already is HTML is struct safe_html, which cannot be passed where text goes nor text where it goes, and comes
 * only from this writer and from html_trust_stored(). There is no printf into HTML and no escape function to forget.
 * Names of elements and attributes are literals of ours. Misuse (a wrong close, an attribute after text, an event
 * handler attribute) is a BUG().
 */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/buf.h"

struct safe_html {
	struct view reviewed; /* escaped and balanced */
};

#define HTML_DEPTH 48

struct html {
	struct buf *out;
	size_t begin;
	bool xml;
	enum { HTML_IN_CONTENT, HTML_IN_TAG, HTML_IN_VOID_TAG } state;
	unsigned depth;
	const char *open[HTML_DEPTH];
};

struct html html_to(struct buf *out);
/*
 * The same writer for XML 1.0: begins with its declaration, knows no void elements, and what XML cannot hold becomes
 * U+FFFD. HTML is text in it: html_safe() is a BUG().
 */
struct html xml_to(struct buf *out);
/* Every element must be closed. ERR_TOO_LARGE when out was full: what it has is then not to be sent. */
enum err html_done(struct html *h);
/* As html_done; the view is valid until out next changes. */
enum err html_result(struct html *h, struct safe_html *ret);

void html_doctype(struct html *h);
void html_open(struct html *h, const char *element); /* a void element (br, img, input …) needs no close */
void html_close(struct html *h, const char *element);

/*
 * Attributes of the element just opened. Where an attribute is a URL (href, src, action …) anything but http, https,
 * mailto and relative references leaves the attribute out.
 */
void html_attr(struct html *h, const char *name, struct view value);
void html_attr_int(struct html *h, const char *name, int64_t value);
/* srcdoc of the <iframe> just opened: a document that this writer made. */
void html_attr_document(struct html *h, struct safe_html document);
void html_flag(struct html *h, const char *name, bool on); /* checked, required, disabled …: present or not */

/* Bytes that are not UTF-8, and NUL, become U+FFFD. */
void html_text(struct html *h, struct view text);
void html_int(struct html *h, int64_t n);
void html_safe(struct html *h, struct safe_html s);
void html_style(struct html *h, const char *sheet); /* <style>: a literal of ours */

/* html_tag(h, "a", A("href", url), A("class", V("x"))) opens; html_elem(h, "p", text, A(…)…) writes the whole. */
struct html_attr {
	const char *name; /* NULL ends */
	struct view value;
};
#define A(name, value) ((struct html_attr){(name), (value)})
#define html_tag(h, element, ...)                                                                                      \
	html_tag_with((h), (element), (const struct html_attr[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#define html_elem(h, element, text, ...)                                                                               \
	html_elem_with((h), (element), (text), (const struct html_attr[]){__VA_ARGS__ __VA_OPT__(, ){0}})
void html_tag_with(struct html *h, const char *element, const struct html_attr *attrs);
void html_elem_with(struct html *h, const char *element, struct view text, const struct html_attr *attrs);

/*
 * HTML that a column of our own database holds because post_html() or this writer wrote it there. Each call is a
 * promise to be checked in review: nothing that came from outside may pass.
 */
static inline struct safe_html html_trust_stored(struct view column) { return (struct safe_html){column}; }

#endif

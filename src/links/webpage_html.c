/*
 * webpage_html.c - see webpage_html.h. The encoding is what the server says; else UTF-8 where the bytes are; else what the
 * page says (libxml2 looks for its <meta>), or Latin-1.
 */
#include "base/base.h"

#include "links/webpage_html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <strings.h>

#define CHARSET_BYTES 40
#define OPTIONS (HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING)

struct feeding {
	const struct webpage_events *events;
	void *arg;
};

static void on_open(void *ctx, const xmlChar *name, const xmlChar **attrs)
{
	static const char *const none[] = {NULL};
	const struct feeding *f = ctx;

	f->events->open(f->arg, (const char *)name, attrs ? (const char *const *)attrs : none);
}

static void on_close(void *ctx, const xmlChar *name)
{
	const struct feeding *f = ctx;

	f->events->close(f->arg, (const char *)name);
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
	const struct feeding *f = ctx;

	if (len > 0)
		f->events->text(f->arg, view_make((const char *)text, (size_t)len));
}

static void ignore_error(void *ctx, xmlErrorPtr error)
{
	(void)ctx, (void)error;
}

static xmlCharEncodingHandlerPtr encoding_of(struct view html, struct view charset)
{
	char name[CHARSET_BYTES];

	if (charset.len && charset.len < sizeof(name)) {
		memcpy(name, charset.p, charset.len);
		name[charset.len] = 0;
		xmlCharEncodingHandlerPtr handler = xmlFindCharEncodingHandler(name);
		if (handler)
			return handler;
	}
	return utf8_valid(html) ? xmlFindCharEncodingHandler("UTF-8") : NULL;
}

/* A page that was cut may end inside a character, which does not make it another encoding. */
static struct view without_half_character(struct view html)
{
	for (size_t back = 0; back < 4 && back < html.len; back++) {
		struct view cut = view_sub(html, 0, html.len - back);

		if (utf8_valid(cut))
			return cut;
	}
	return html;
}

void webpage_html(struct view html, struct view charset, const struct webpage_events *events, void *arg)
{
	struct feeding feeding = {events, arg};
	htmlSAXHandler sax = {.startElement = on_open,
			      .endElement = on_close,
			      .characters = on_text,
			      .cdataBlock = on_text,
			      .serror = ignore_error,
			      .initialized = XML_SAX2_MAGIC};

	html = without_half_character(html);
	htmlParserCtxtPtr ctxt = htmlCreatePushParserCtxt(&sax, &feeding, NULL, 0, NULL, XML_CHAR_ENCODING_NONE);
	if (!ctxt)
		return;
	xmlCharEncodingHandlerPtr encoding = encoding_of(html, charset);
	htmlCtxtUseOptions(ctxt, OPTIONS | (encoding ? HTML_PARSE_IGNORE_ENC : 0));
	if (encoding)
		xmlSwitchToEncoding(ctxt, encoding);
	htmlParseChunk(ctxt, html.p, (int)html.len, 1);
	if (ctxt->myDoc)
		xmlFreeDoc(ctxt->myDoc);
	htmlFreeParserCtxt(ctxt);
}

struct view webpage_attr(const char *const *attrs, const char *name)
{
	for (; attrs[0]; attrs += 2)
		if (strcasecmp(attrs[0], name) == 0)
			return view_of(attrs[1]);
	return V("");
}

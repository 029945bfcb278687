/*
 * webpage.c - see webpage.h. Many places of a page may say the same thing; each has a rank, and the highest that says
 * something is believed, the first of equals.
 */
#include "base/base.h"

#include "links/webpage.h"

#include <jansson.h>
#include <libxml/uri.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "links/webpage_html.h"
#include "text/lang.h"
#include "text/url.h"
#include "text/utf8.h"

#define SCRIPTS_MAX 8
#define SCRIPT_BYTES (256 * LIMIT_KIB)
#define NODES_MAX 64 /* of a JSON-LD graph that are looked at */

enum field {
	FIELD_TITLE,
	FIELD_DESCRIPTION,
	FIELD_SITE,
	FIELD_AUTHOR,
	FIELD_AUTHOR_URL,
	FIELD_CREATOR,
	FIELD_IMAGE,
	FIELD_IMAGE_TEXT,
	FIELD_CANONICAL,
	FIELD_OEMBED,
	FIELD_LANGUAGE,
	FIELD_PUBLISHED,
	FIELDS
};

enum rank { RANK_NONE, RANK_HTML, RANK_TWITTER, RANK_OPEN_GRAPH, RANK_JSON_LD };

/* <meta name= or property=, content=> */
static const struct {
	const char *name;
	enum field field;
	enum rank rank;
} metas[] = {
	{"og:title", FIELD_TITLE, RANK_OPEN_GRAPH},
	{"og:description", FIELD_DESCRIPTION, RANK_OPEN_GRAPH},
	{"og:site_name", FIELD_SITE, RANK_OPEN_GRAPH},
	{"og:image", FIELD_IMAGE, RANK_OPEN_GRAPH},
	{"og:image:url", FIELD_IMAGE, RANK_OPEN_GRAPH},
	{"og:image:alt", FIELD_IMAGE_TEXT, RANK_OPEN_GRAPH},
	{"og:url", FIELD_CANONICAL, RANK_HTML},
	{"og:locale", FIELD_LANGUAGE, RANK_OPEN_GRAPH},
	{"article:published_time", FIELD_PUBLISHED, RANK_OPEN_GRAPH},
	{"twitter:title", FIELD_TITLE, RANK_TWITTER},
	{"twitter:description", FIELD_DESCRIPTION, RANK_TWITTER},
	{"twitter:image", FIELD_IMAGE, RANK_TWITTER},
	{"twitter:image:alt", FIELD_IMAGE_TEXT, RANK_TWITTER},
	{"description", FIELD_DESCRIPTION, RANK_HTML},
	{"author", FIELD_AUTHOR, RANK_HTML},
	{"fediverse:creator", FIELD_CREATOR, RANK_OPEN_GRAPH},
};

/* Members of a JSON-LD object; those of Things (Person, Organization, ImageObject) by one of their own. */
static const struct {
	const char *name, *member;
	enum field field;
} members[] = {
	{"headline", NULL, FIELD_TITLE},      {"description", NULL, FIELD_DESCRIPTION},
	{"inLanguage", NULL, FIELD_LANGUAGE}, {"datePublished", NULL, FIELD_PUBLISHED},
	{"author", "name", FIELD_AUTHOR},     {"author", "url", FIELD_AUTHOR_URL},
	{"publisher", "name", FIELD_SITE},
};

static const char *const articles[] = {
	"Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "TechArticle", "ScholarlyArticle", "WebPage"};

struct reader {
	struct arena *arena;
	struct {
		struct view text;
		enum rank rank;
	} fields[FIELDS];
	struct buf collected;
	enum { COLLECT_NOTHING, COLLECT_TITLE, COLLECT_SCRIPT } collecting;
	unsigned scripts, ignored; /* ignored: how deep in elements whose titles are not the page's */
};

static void offer(struct reader *r, enum field field, enum rank rank, struct view text)
{
	text = view_trim(text);
	if (rank <= r->fields[field].rank || !text.len)
		return;
	r->fields[field].rank = rank;
	r->fields[field].text = arena_view(r->arena, view_sub(text, 0, WEBPAGE_TEXT_BYTES));
}

/* --- JSON-LD --- */

static struct view json_text(const json_t *v)
{
	return json_is_string(v) ? view_make(json_string_value(v), json_string_length(v)) : V("");
}

/* The first of several. */
static const json_t *first_of(const json_t *v)
{
	return json_is_array(v) ? json_array_get(v, 0) : v;
}

static bool is_article(const json_t *node)
{
	struct view type = json_text(first_of(json_object_get(node, "@type")));

	for (size_t i = 0; i < ARRAY_LEN(articles); i++)
		if (view_is(type, articles[i]))
			return true;
	return false;
}

static void read_article(struct reader *r, const json_t *node)
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		const json_t *v = first_of(json_object_get(node, members[i].name));

		if (members[i].member && json_is_object(v))
			v = json_object_get(v, members[i].member);
		else if (members[i].member && strcmp(members[i].member, "name") != 0)
			continue; /* a name alone */
		offer(r, members[i].field, RANK_JSON_LD, json_text(v));
	}
}

static void read_nodes(struct reader *r, const json_t *nodes)
{
	for (size_t i = 0; i < json_array_size(nodes) && i < NODES_MAX; i++)
		if (is_article(json_array_get(nodes, i)))
			read_article(r, json_array_get(nodes, i));
}

static void read_script(struct reader *r, struct view text)
{
	json_t *root = json_loadb(text.p, text.len, 0, NULL);

	if (is_article(root))
		read_article(r, root);
	read_nodes(r, json_is_array(root) ? root : json_object_get(root, "@graph"));
	json_decref(root);
}

/* --- tags --- */

static void read_meta(struct reader *r, const char *const *attrs)
{
	struct view property = webpage_attr(attrs, "property"), name = webpage_attr(attrs, "name"),
		    content = webpage_attr(attrs, "content");

	for (size_t i = 0; i < ARRAY_LEN(metas); i++)
		if (view_eq_nocase(property, view_of(metas[i].name)) || view_eq_nocase(name, view_of(metas[i].name)))
			offer(r, metas[i].field, metas[i].rank, content);
}

static bool has_word(struct view words, struct view word)
{
	struct view one;

	while (view_split(&words, ' ', &one))
		if (view_eq_nocase(one, word))
			return true;
	return false;
}

static void read_link(struct reader *r, const char *const *attrs)
{
	struct view rel = webpage_attr(attrs, "rel"), href = webpage_attr(attrs, "href");

	if (has_word(rel, V("canonical")))
		offer(r, FIELD_CANONICAL, RANK_OPEN_GRAPH, href);
	if (has_word(rel, V("alternate")) && view_eq_nocase(webpage_attr(attrs, "type"), V("application/json+oembed")))
		offer(r, FIELD_OEMBED, RANK_HTML, href);
}

static void collect(struct reader *r, int what)
{
	buf_clear(&r->collected);
	r->collecting = what;
}

static bool is_aside(const char *element)
{
	return strcasecmp(element, "svg") == 0;
}

static void on_open(void *arg, const char *element, const char *const *attrs)
{
	struct reader *r = arg;

	if (strcasecmp(element, "meta") == 0)
		read_meta(r, attrs);
	else if (strcasecmp(element, "link") == 0)
		read_link(r, attrs);
	else if (strcasecmp(element, "html") == 0)
		offer(r, FIELD_LANGUAGE, RANK_HTML, webpage_attr(attrs, "lang"));
	else if (strcasecmp(element, "title") == 0 && !r->ignored)
		collect(r, COLLECT_TITLE);
	else if (is_aside(element))
		r->ignored++;
	else if (strcasecmp(element, "script") == 0 && r->scripts < SCRIPTS_MAX &&
		 view_eq_nocase(webpage_attr(attrs, "type"), V("application/ld+json")))
		collect(r, COLLECT_SCRIPT);
}

static void on_close(void *arg, const char *element)
{
	struct reader *r = arg;

	if (is_aside(element) && r->ignored)
		r->ignored--;
	if (r->collecting == COLLECT_TITLE && strcasecmp(element, "title") == 0) {
		offer(r, FIELD_TITLE, RANK_HTML, buf_view(&r->collected));
		collect(r, COLLECT_NOTHING);
	} else if (r->collecting == COLLECT_SCRIPT && strcasecmp(element, "script") == 0) {
		r->scripts++;
		if (!r->collected.over)
			read_script(r, buf_view(&r->collected));
		collect(r, COLLECT_NOTHING);
	}
}

static void on_text(void *arg, struct view text)
{
	struct reader *r = arg;

	if (r->collecting != COLLECT_NOTHING)
		buf_add(&r->collected, text);
}

/* --- what is answered --- */

struct view webpage_line(struct arena *a, struct view v, size_t max)
{
	struct buf CLEANUP(buf_release) out = {.max = max};
	bool gap = false;

	for (size_t at = 0; at < v.len && !out.over;) {
		ucs4_t c;
		size_t n = utf8_at(v, at, &c);
		size_t whole = out.len;

		if (utf8_is_space(c) || c < 0x20) {
			gap = out.len > 0;
		} else {
			if (gap)
				buf_add_c(&out, ' ');
			gap = false;
			buf_add(&out, c == 0xFFFD ? V("\xEF\xBF\xBD") : view_sub(v, at, n));
		}
		if (out.over)
			out.len = whole;
		at += n;
	}
	return arena_view(a, buf_view(&out));
}

struct view webpage_url(struct arena *a, struct view reference, struct view base)
{
	struct view found = V("");
	struct url url;

	reference = view_trim(reference);
	if (!reference.len || reference.len > WEBPAGE_URL_BYTES || memchr(reference.p, 0, reference.len))
		return found;
	xmlChar *built = xmlBuildURI((const xmlChar *)arena_cstr(a, reference), (const xmlChar *)arena_cstr(a, base));
	struct view v = view_of((const char *)built);
	if (v.len <= WEBPAGE_URL_BYTES && url_parse(v, &url))
		found = arena_view(a, v);
	xmlFree(built);
	return found;
}

static void answer(const struct reader *r, struct view base, struct webpage_info *ret)
{
	const struct {
		enum field field;
		struct view *to;
		size_t max;
	} lines[] = {
		{FIELD_TITLE, &ret->title, WEBPAGE_TITLE_BYTES},
		{FIELD_DESCRIPTION, &ret->description, WEBPAGE_TEXT_BYTES},
		{FIELD_SITE, &ret->site, WEBPAGE_NAME_BYTES},
		{FIELD_AUTHOR, &ret->author, WEBPAGE_NAME_BYTES},
		{FIELD_CREATOR, &ret->creator, WEBPAGE_NAME_BYTES},
		{FIELD_IMAGE_TEXT, &ret->image_text, WEBPAGE_TEXT_BYTES},
	};
	const struct {
		enum field field;
		struct view *to;
	} urls[] = {
		{FIELD_CANONICAL, &ret->canonical},
		{FIELD_IMAGE, &ret->image},
		{FIELD_AUTHOR_URL, &ret->author_url},
		{FIELD_OEMBED, &ret->oembed},
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		*lines[i].to = webpage_line(r->arena, r->fields[lines[i].field].text, lines[i].max);
	for (size_t i = 0; i < ARRAY_LEN(urls); i++)
		*urls[i].to = webpage_url(r->arena, r->fields[urls[i].field].text, base);
	lang_normalise(r->fields[FIELD_LANGUAGE].text, ret->language);
	if (!clock_parse_iso(r->fields[FIELD_PUBLISHED].text, &ret->published_at))
		ret->published_at = 0;
}

void webpage_read(struct arena *a, struct view html, struct view charset, struct view base, struct webpage_info *ret)
{
	static const struct webpage_events events = {on_open, on_close, on_text};
	struct reader r = {.arena = a, .collected.max = SCRIPT_BYTES};

	*ret = (struct webpage_info){0};
	webpage_html(html, charset, &events, &r);
	buf_release(&r.collected);
	answer(&r, base, ret);
}

/* --- frames --- */

struct frame_reader {
	struct arena *arena;
	struct webpage_frame *frame;
	bool found;
};

static int pixels(struct view v)
{
	uint64_t n;

	return parse_u64(view_trim(v), 10000, &n) ? (int)n : 0;
}

static void on_frame(void *arg, const char *element, const char *const *attrs)
{
	struct frame_reader *r = arg;

	if (r->found || strcasecmp(element, "iframe") != 0)
		return;
	struct view src = webpage_url(r->arena, webpage_attr(attrs, "src"), V("https://invalid.invalid/"));
	if (!view_starts(src, V("https://")) || view_starts(src, V("https://invalid.invalid/")))
		return;
	*r->frame = (struct webpage_frame){src, pixels(webpage_attr(attrs, "width")),
					   pixels(webpage_attr(attrs, "height"))};
	r->found = true;
}

static void no_close(void *arg, const char *element)
{
	(void)arg, (void)element;
}

static void no_text(void *arg, struct view text)
{
	(void)arg, (void)text;
}

bool webpage_frame(struct arena *a, struct view html, struct webpage_frame *ret)
{
	static const struct webpage_events events = {on_frame, no_close, no_text};
	struct frame_reader r = {a, ret, false};

	webpage_html(html, V(""), &events, &r);
	return r.found;
}

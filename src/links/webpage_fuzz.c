/*
 * webpage_fuzz.c - the first line is the charset, the rest a page (or JSON of oEmbed). Whatever it says, what comes out
 * is UTF-8 on one line, and URLs are http or https.
 */
#include "base/base.h"

#include "base/limits.h"
#include "links/oembed.h"
#include "links/webpage.h"
#include "text/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(struct view v, size_t max)
{
	if (v.len > max || !utf8_valid(v) || view_find(v, 0, '\n') < v.len)
		BUG("not a line");
}

static void check_url(struct view v)
{
	struct url url;

	if (v.len && (v.len > WEBPAGE_URL_BYTES || !url_parse(v, &url)))
		BUG("not a URL");
}

static void check_page(struct arena *a, struct view html, struct view charset)
{
	struct webpage_info p;
	struct webpage_frame frame;

	webpage_read(a, html, charset, V("https://example.org/a/b"), &p);
	check_line(p.title, WEBPAGE_TITLE_BYTES);
	check_line(p.description, WEBPAGE_TEXT_BYTES);
	check_line(p.author, WEBPAGE_NAME_BYTES);
	check_line(p.creator, WEBPAGE_NAME_BYTES);
	check_url(p.canonical);
	check_url(p.image);
	check_url(p.oembed);
	check_url(p.author_url);
	if (webpage_frame(a, html, &frame))
		check_url(frame.src);
}

static void check_oembed(struct arena *a, struct view json)
{
	struct preview p = {0};
	struct view image = V("");

	if (!oembed_read(a, json, V("https://example.org/oembed"), &p, &image))
		return;
	check_line(p.title, WEBPAGE_TITLE_BYTES);
	check_url(p.author_url);
	check_url(p.embed_url);
	check_url(image);
	if (p.html.len && !view_starts(p.html, V("<iframe src=\"https://")))
		BUG("HTML that is not ours");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view all = view_make((const char *)data, size);
	size_t end = view_find(all, 0, '\n');
	struct view rest = view_sub(all, end + 1, all.len);
	struct arena a;

	arena_init(&a, LIMIT_CALL_ARENA);
	check_page(&a, rest, view_sub(all, 0, end));
	check_oembed(&a, rest);
	arena_release(&a);
	return 0;
}

/*
 * embed.c - see embed.h.
 */
#include "base/base.h"

#include "present/embed.h"

#define FRAME_BYTES 16384
#define PARTS_BYTES 512

/* Of the style sheet: */
#define FRAME_PX 225 /* who, when, the space around, and the line below */
#define LINE_PX 30
#define CHAR_PX 10 /* of the author's text, on average */
#define OPTION_PX 62
#define MEDIA_PX 320
#define MEDIA_MOST_PX 620
#define TILE_PX 230
#define LEAST_PX 160
#define MOST_PX 1280

static const struct {
	struct view text, post, loads, sees, accept, open;
} words = {
	.text = N_("the text"),
	.post = N_("A post on %s"),
	.loads = N_("If you agree, this post is loaded from %s: %s."),
	.sees = N_("%s then sees your address (IP) and your browser. It sets no cookie and does not track you."),
	.accept = N_("Accept and continue"),
	.open = N_("Open on %s"),
};

/* What a post has beside its text; kind: of media, or NULL. */
static const struct part {
	const char *name;
	struct view one, many;
	const char *kinds[2];
} parts[] = {
	{"picture", N_("a picture"), N_("%s pictures"), {"image"}},
	{"film", N_("a film"), N_("%s films"), {"video", "gifv"}},
	{"sound", N_("a sound"), N_("%s sounds"), {"audio"}},
	{"poll", N_("a poll"), {0}, {0}},
	{"quote", N_("a quoted post"), {0}, {0}},
};

static int64_t count(const struct post *post, const struct part *p)
{
	int64_t n = 0;

	if (!p->kinds[0])
		return strcmp(p->name, "poll") == 0 ? post->poll != NULL : post->meta.quote_of.v != 0;
	for (size_t i = 0; i < post->n_media; i++)
		for (size_t k = 0; k < ARRAY_LEN(p->kinds) && p->kinds[k]; k++)
			n += view_is(post->media[i].kind, p->kinds[k]);
	return n;
}

struct view embed_author(const struct embed *e, struct arena *a)
{
	struct view name = view_trim(e->author->display_name);

	return arena_printf(a, "%.*s (@%.*s@%s)", VIEW_ARG(name.len ? name : e->author->username),
			    VIEW_ARG(e->author->username), e->core->config.domain);
}

struct view embed_parts(const struct embed *e, struct arena *a)
{
	struct buf CLEANUP(buf_release) out = {.max = PARTS_BYTES};

	buf_add(&out, say(e->tongue, words.text));
	for (const struct part *p = parts; p < parts + ARRAY_LEN(parts); p++) {
		int64_t n = count(e->post, p);

		if (!n)
			continue;
		buf_add(&out, V(", "));
		buf_add(&out, n == 1 ? say(e->tongue, p->one)
				     : SAY_WITH(e->tongue, a, p->many, arena_printf(a, "%" PRId64, n)));
	}
	return arena_view(a, buf_view(&out));
}

struct view embed_part_names(const struct embed *e, struct arena *a)
{
	struct buf CLEANUP(buf_release) out = {.max = PARTS_BYTES};

	for (const struct part *p = parts; p < parts + ARRAY_LEN(parts); p++) {
		int64_t n = count(e->post, p);

		if (n)
			buf_printf(&out, "%s%s", out.len ? " " : "", p->name);
		if (n > 1)
			buf_printf(&out, "=%" PRId64, n);
	}
	return arena_view(a, buf_view(&out));
}

/* One picture has its own shape, as far as the style sheet lets it; several are tiles. Rather too high than too low. */
static int64_t media_height(const struct post *post, int64_t width)
{
	const struct post_media *m = post->media;

	if (post->n_media != 1 || m->width <= 0 || m->height <= 0)
		return post->n_media > 2 ? 2 * TILE_PX : MEDIA_PX;
	int64_t height = width * m->height / m->width + LINE_PX;
	return height < MEDIA_MOST_PX ? height : MEDIA_MOST_PX;
}

int64_t embed_height(const struct post *post, int64_t width)
{
	int64_t a_line = width / CHAR_PX > 1 ? width / CHAR_PX : 1;
	int64_t lines = 1 + (int64_t)post->text.len / a_line, height = FRAME_PX;

	for (size_t i = 0; i < post->text.len; i++)
		lines += post->text.p[i] == '\n';
	height += post->spoiler.len ? 2 * LINE_PX : lines * LINE_PX;
	if (post->n_media && !post->spoiler.len)
		height += media_height(post, width);
	if (post->poll && !post->spoiler.len)
		height += (int64_t)post->poll->n_options * OPTION_PX;
	height = height < MOST_PX ? height : MOST_PX;
	return height > LEAST_PX ? height : LEAST_PX;
}

/* The policy of the page around holds for this document too: without its styles it is plain, and works. */
static const char sheet[] = "body{font:16px/1.5 sans-serif;margin:0;box-sizing:border-box;min-height:100vh;"
			    "padding:1rem;border:1px solid;border-radius:.75rem;overflow-wrap:anywhere}"
			    "p{margin:0 0 .6rem}.a{display:inline-block;padding:.5rem "
			    "1rem;margin-right:.5rem;border:1px solid;border-radius:.5rem}";

static enum err question(const struct embed *e, struct arena *a, struct buf *out, struct safe_html *ret)
{
	struct view host = view_of(e->core->config.domain), url = e->post->url;
	struct html h = html_to(out);

	html_doctype(&h);
	html_tag(&h, "html", A("lang", view_of(tongue_code(e->tongue))));
	html_tag(&h, "meta", A("name", V("color-scheme")), A("content", V("light dark")));
	html_elem(&h, "title", SAY_WITH(e->tongue, a, words.post, host));
	html_style(&h, sheet);
	html_open(&h, "p");
	html_elem(&h, "b", embed_author(e, a), A("dir", V("auto")));
	html_close(&h, "p");
	html_elem(&h, "p", SAY_WITH(e->tongue, a, words.loads, host, embed_parts(e, a)));
	html_elem(&h, "p", SAY_WITH(e->tongue, a, words.sees, host));
	html_open(&h, "p");
	html_elem(&h, "a", say(e->tongue, words.accept), A("class", V("a")), A("rel", V("noreferrer")),
		  A("href", arena_printf(a, "%.*s/embed?lang=%s", VIEW_ARG(url), tongue_code(e->tongue))));
	html_elem(&h, "a", SAY_WITH(e->tongue, a, words.open, host), A("rel", V("noopener noreferrer")),
		  A("target", V("_blank")), A("href", url));
	html_close(&h, "p");
	html_close(&h, "html");
	return html_result(&h, ret);
}

static enum err frame(const struct embed *e, struct view src, const struct safe_html *document, int64_t width,
		      int64_t height, struct arena *a, struct view *ret)
{
	struct buf CLEANUP(buf_release) out = {.max = FRAME_BYTES};
	struct html h = html_to(&out);

	html_tag(&h, "iframe", A("src", src));
	if (document)
		html_attr_document(&h, *document);
	html_attr(&h, "class", V("kicau-embed"));
	html_attr(&h, "title", SAY_WITH(e->tongue, a, words.post, view_of(e->core->config.domain)));
	html_attr(&h, "referrerpolicy", V("no-referrer"));
	html_attr(&h, "frameborder", V("0"));
	html_attr_int(&h, "width", width);
	html_attr_int(&h, "height", height);
	html_flag(&h, "allowfullscreen", true);
	html_close(&h, "iframe");
	TRY(html_done(&h));
	*ret = arena_view(a, buf_view(&out));
	return OK;
}

/* src is for browsers, and for sites that let frames through, which do not know srcdoc. */
enum err embed_frame(const struct embed *e, int64_t width, int64_t height, struct arena *a, struct view *ret)
{
	struct buf CLEANUP(buf_release) inside = {.max = FRAME_BYTES};
	struct safe_html asks;

	TRY(question(e, a, &inside, &asks));
	return frame(e, arena_printf(a, "%.*s/embed", VIEW_ARG(e->post->url)), &asks, width, height, a, ret);
}

enum err embed_frame_of(const struct embed *e, const char *path, int64_t width, int64_t height, struct arena *a,
			struct view *ret)
{
	struct view src = arena_printf(a, "%.*s%s?lang=%s", VIEW_ARG(e->post->url), path, tongue_code(e->tongue));

	return frame(e, src, NULL, width, height, a, ret);
}

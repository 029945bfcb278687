/*
 * oembed.c - see oembed.h. Mastodon leaves the height out and has a script of its own grow the frame; without a script
 * on other people's pages the height is estimated, and what is longer scrolls.
 */
#include "base/base.h"

#include "present/oembed.h"

#include "text/html.h"

#define CACHE_SECONDS 86400
#define HTML_BYTES 4096

/* Of the style sheet: */
#define FRAME_PX 190 /* who, when, and the space around */
#define LINE_PX 30
#define CHAR_PX 10 /* of the author's text, on average */
#define OPTION_PX 62
#define MEDIA_PX 320
#define LEAST_PX 160

static int64_t estimate(const struct post *post, int64_t width)
{
	int64_t a_line = width / CHAR_PX > 1 ? width / CHAR_PX : 1;
	int64_t lines = 1 + (int64_t)post->text.len / a_line, height = FRAME_PX;

	for (size_t i = 0; i < post->text.len; i++)
		lines += post->text.p[i] == '\n';
	height += post->spoiler.len ? 2 * LINE_PX : lines * LINE_PX;
	if (post->n_media && !post->spoiler.len)
		height += MEDIA_PX;
	if (post->poll && !post->spoiler.len)
		height += (int64_t)post->poll->n_options * OPTION_PX;
	return height;
}

static int64_t frame_height(const struct post *post, struct oembed_size size)
{
	int64_t height = estimate(post, size.width);

	height = height < 4 * MEDIA_PX ? height : 4 * MEDIA_PX;
	height = height > LEAST_PX ? height : LEAST_PX;
	return size.height && size.height < height ? size.height : height;
}

static enum err frame(const struct post *post, int64_t width, int64_t height, struct arena *a, struct view *ret)
{
	struct buf CLEANUP(buf_release) out = {.max = HTML_BYTES};
	struct html h = html_to(&out);

	html_tag(&h, "iframe", A("src", arena_printf(a, "%.*s/embed", VIEW_ARG(post->url))),
		 A("class", V("kicau-embed")), A("loading", V("lazy")), A("frameborder", V("0")));
	html_attr_int(&h, "width", width);
	html_attr_int(&h, "height", height);
	html_flag(&h, "allowfullscreen", true);
	html_close(&h, "iframe");
	TRY(html_done(&h));
	*ret = arena_view(a, buf_view(&out));
	return OK;
}

enum err present_oembed(const struct present *p, const struct post *post, const struct account *author,
			struct oembed_size size, struct jw *j)
{
	int64_t height = frame_height(post, size);
	struct view html;

	TRY(frame(post, size.width, height, p->arena, &html));
	jw_object(j);
	jw_kv_cstr(j, "type", "rich");
	jw_kv_cstr(j, "version", "1.0");
	jw_kv_str(j, "author_name", view_trim(author->display_name).len ? author->display_name : author->username);
	jw_kv_str(j, "author_url", author->url);
	jw_kv_str(j, "provider_name", view_of(p->core->config.domain));
	jw_kv_str(j, "provider_url", arena_printf(p->arena, "%s/", p->core->config.base_url));
	jw_kv_int(j, "cache_age", CACHE_SECONDS);
	jw_kv_str(j, "html", html);
	jw_kv_int(j, "width", size.width);
	jw_kv_int(j, "height", height);
	jw_object_end(j);
	return OK;
}

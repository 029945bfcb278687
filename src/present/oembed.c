/*
 * oembed.c - see oembed.h. Mastodon leaves the height out and has a script of its own grow the frame; without a script
 * on other people's pages the height is estimated, and what is longer scrolls.
 */
#include "base/base.h"

#include "present/embed.h"
#include "present/oembed.h"

#define CACHE_SECONDS 86400

enum err present_oembed(const struct present *p, const struct post *post, const struct account *author,
			struct oembed_size size, struct jw *j)
{
	/* Who asks is a server. The page around is likely in the language of the post. */
	const struct embed e = {p->core, post, author, tongue_of(post->language)};
	int64_t height = embed_height(post, size.width);
	struct view html;

	height = size.height && size.height < height ? size.height : height;
	TRY(embed_frame(&e, size.width, height, p->arena, &html));
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

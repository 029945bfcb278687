/*
 * oembed.c - how a post is shown on other sites (https://oembed.com, Mastodon: methods/oembed): a frame with its page,
 * web/embed.c.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/post_load.h"
#include "core/visibility.h"
#include "present/oembed.h"

#define WIDTH 400
#define EMBED_SUFFIX V("/embed")

/* The address of a post's page, of its embedded page, or its ActivityPub id. */
static enum err find(struct call *c, struct post *ret)
{
	struct view url = arg_str(c, "url");
	struct post_id id;

	if (view_ends(url, EMBED_SUFFIX))
		url = view_sub(url, 0, url.len - EMBED_SUFFIX.len);
	TRY(post_find_url(c->db, url, &id));
	TRY(post_load(c->core, c->db, c->arena, id, ret));
	return visible_to(c->viewer, &ret->meta) ? OK : ERR_NOT_FOUND;
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);
	struct oembed_size size = {arg_int(c, "maxwidth"), arg_int(c, "maxheight")};
	struct account author;
	struct post post;

	TRY(find(c, &post));
	TRY(account_load(c->db, c->arena, post.meta.author, &author));
	return present_oembed(&p, &post, &author, size, &c->json);
}

#define PIXELS(key, normal, what)                                                                                      \
	{.name = (key), .type = PARAM_INT, .clamp = true, .min = 0, .max = 4096, .fallback = (normal), .doc = (what)}

const struct endpoint api_oembed[] = {
	{.method = HTTP_GET, .path = "/api/oembed", .handle = show, .auth = AUTH_NONE, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS({.name = "url", .required = true, .doc = "Address of a post that everybody may see."},
			  PIXELS("maxwidth", WIDTH, "No wider than this, in pixels."),
			  PIXELS("maxheight", 0, "No higher than this; 0: as high as the post seems to need.")),
	 .reply = "OEmbed", .doc = "How to show a post on another site."},
	ENDPOINTS_END};

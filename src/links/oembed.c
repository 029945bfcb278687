/*
 * oembed.c - see oembed.h.
 */
#include "base/base.h"

#include "links/oembed.h"

#include <jansson.h>

#include "text/html.h"

#define FRAME_BYTES (4 * WEBPAGE_URL_BYTES)
#define PIXELS_MAX 10000

static struct view text_of(const json_t *root, const char *key)
{
	const json_t *v = json_object_get(root, key);

	return json_is_string(v) ? view_make(json_string_value(v), json_string_length(v)) : V("");
}

/* Some sites write numbers as strings. */
static int pixels_of(const json_t *root, const char *key)
{
	const json_t *v = json_object_get(root, key);
	int64_t n = json_is_integer(v) ? json_integer_value(v) : 0;
	uint64_t parsed;

	if (json_is_string(v) && parse_u64(text_of(root, key), PIXELS_MAX, &parsed))
		n = (int64_t)parsed;
	return n > 0 && n <= PIXELS_MAX ? (int)n : 0;
}

static bool kind_of(struct view type, enum preview_kind *ret)
{
	static const enum preview_kind kinds[] = {PREVIEW_LINK, PREVIEW_PHOTO, PREVIEW_VIDEO};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (view_is(type, preview_kind_name(kinds[i]))) {
			*ret = kinds[i];
			return true;
		}
	}
	return false;
}

/* A frame that may play and nothing else of the page around it. */
static struct view write_frame(struct arena *a, const struct webpage_frame *f, int width, int height)
{
	struct buf CLEANUP(buf_release) out = {.max = FRAME_BYTES};
	struct html h = html_to(&out);

	html_tag(&h, "iframe", A("src", f->src));
	html_attr_int(&h, "width", width);
	html_attr_int(&h, "height", height);
	html_attr(&h, "sandbox",
		  V("allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms"));
	html_attr(&h, "frameborder", V("0"));
	html_flag(&h, "allowfullscreen", true);
	html_close(&h, "iframe");
	return html_done(&h) == OK ? arena_view(a, buf_view(&out)) : V("");
}

static void read_video(struct arena *a, const json_t *root, struct preview *p)
{
	struct webpage_frame frame;

	if (!webpage_frame(a, text_of(root, "html"), &frame))
		return;
	int width = pixels_of(root, "width"), height = pixels_of(root, "height");
	p->width = width ? width : frame.width;
	p->height = height ? height : frame.height;
	p->html = write_frame(a, &frame, p->width, p->height);
	p->kind = p->html.len ? PREVIEW_VIDEO : PREVIEW_LINK;
}

static void read_photo(struct arena *a, const json_t *root, struct view base, struct preview *p, struct view *ret_image)
{
	struct view url = webpage_url(a, text_of(root, "url"), base);

	if (!url.len)
		return;
	p->kind = PREVIEW_PHOTO;
	p->embed_url = url;
	p->width = pixels_of(root, "width");
	p->height = pixels_of(root, "height");
	*ret_image = url;
}

static void take(struct view *to, struct view v)
{
	if (v.len)
		*to = v;
}

static void read_common(struct arena *a, const json_t *root, struct view base, struct preview *p,
			struct view *ret_image)
{
	take(&p->title, webpage_line(a, text_of(root, "title"), WEBPAGE_TITLE_BYTES));
	take(&p->author_name, webpage_line(a, text_of(root, "author_name"), WEBPAGE_NAME_BYTES));
	take(&p->author_url, webpage_url(a, text_of(root, "author_url"), base));
	take(&p->provider_name, webpage_line(a, text_of(root, "provider_name"), WEBPAGE_NAME_BYTES));
	take(&p->provider_url, webpage_url(a, text_of(root, "provider_url"), base));
	take(ret_image, webpage_url(a, text_of(root, "thumbnail_url"), base));
}

bool oembed_read(struct arena *a, struct view json, struct view base, struct preview *p, struct view *ret_image)
{
	json_t *root = json_loadb(json.p, json.len, 0, NULL);
	enum preview_kind kind;
	bool fine = json_is_object(root) && kind_of(text_of(root, "type"), &kind);

	if (fine)
		read_common(a, root, base, p, ret_image);
	if (fine && kind == PREVIEW_VIDEO)
		read_video(a, root, p);
	else if (fine && kind == PREVIEW_PHOTO)
		read_photo(a, root, base, p, ret_image);
	json_decref(root);
	return fine;
}

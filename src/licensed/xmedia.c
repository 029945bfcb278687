/*
 * xmedia.c - see xmedia.h.
 */
#include "base/base.h"

#include "licensed/xmedia.h"

#include "base/clock.h"

#define MINUTE_MS 60000

struct making {
	const char *base_url;
	const struct post_media *media;
};

/* How X calls the kinds of media. It has no sounds: they are films without a picture. */
static const struct kind {
	const char *ours, *name, *content_type;
	int number;
	bool film;
} kinds[] = {
	{"image", "photo", NULL, 3, false},
	{"gifv", "animated_gif", "video/mp4", 16, true},
	{"video", "video", "video/mp4", 7, true},
	{"audio", "video", "audio/mpeg", 7, true},
};

static const struct kind *kind_of(const struct post_media *m)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (view_is(m->kind, kinds[i].ours))
			return &kinds[i];
	return &kinds[0];
}

static void key_text(const struct post_media *m, char *ret, size_t cap)
{
	snprintf(ret, cap, "%d_%" PRId64, kind_of(m)->number, m->id);
}

void xmedia_key(const struct post_media *m, struct jw *j)
{
	char key[32];

	key_text(m, key, sizeof(key));
	jw_cstr(j, key);
}

static void kv_file(const struct making *m, const char *key, struct view file, struct jw *j)
{
	char url[1024];
	int n = snprintf(url, sizeof(url), "%s/media/%.*s", m->base_url, VIEW_ARG(file));

	if (file.len && n < (int)sizeof(url))
		jw_kv_str(j, key, view_make(url, (size_t)n));
}

static void media_key(const void *of, struct jw *j)
{
	jw_key(j, "media_key");
	xmedia_key(((const struct making *)of)->media, j);
}

static void type(const void *of, struct jw *j)
{
	jw_kv_cstr(j, "type", kind_of(((const struct making *)of)->media)->name);
}

static void alt_text(const void *of, struct jw *j)
{
	const struct post_media *m = ((const struct making *)of)->media;

	if (m->description.len)
		jw_kv_str(j, "alt_text", m->description);
}

static void duration_ms(const void *of, struct jw *j)
{
	const struct post_media *m = ((const struct making *)of)->media;

	if (view_is(view_of(kind_of(m)->name), "video") && m->duration_ms)
		jw_kv_int(j, "duration_ms", m->duration_ms);
}

static void height(const void *of, struct jw *j)
{
	const struct post_media *m = ((const struct making *)of)->media;

	if (m->height > 0)
		jw_kv_int(j, "height", m->height);
}

static void width(const void *of, struct jw *j)
{
	const struct post_media *m = ((const struct making *)of)->media;

	if (m->width > 0)
		jw_kv_int(j, "width", m->width);
}

static void preview_image_url(const void *of, struct jw *j)
{
	const struct making *m = of;

	if (kind_of(m->media)->film)
		kv_file(m, "preview_image_url", m->media->preview, j);
}

static void url(const void *of, struct jw *j)
{
	const struct making *m = of;

	if (!kind_of(m->media)->film && m->media->ready)
		kv_file(m, "url", m->media->file, j);
}

static void variants(const void *of, struct jw *j)
{
	const struct making *m = of;
	const struct kind *kind = kind_of(m->media);

	if (!kind->film || !m->media->ready)
		return;
	jw_key(j, "variants");
	jw_array(j);
	jw_object(j);
	if (m->media->bit_rate)
		jw_kv_int(j, "bit_rate", m->media->bit_rate);
	jw_kv_cstr(j, "content_type", kind->content_type);
	kv_file(m, "url", m->media->file, j);
	jw_object_end(j);
	jw_array_end(j);
}

static xpiece_fn *const media_members[XMEDIA_FIELDS] = {
	[XMEDIA_KEY] = media_key,	  [XMEDIA_TYPE] = type,	    [XMEDIA_ALT_TEXT] = alt_text,
	[XMEDIA_DURATION] = duration_ms,  [XMEDIA_HEIGHT] = height, [XMEDIA_PREVIEW] = preview_image_url,
	[XMEDIA_URL] = url,		  [XMEDIA_VARIANTS] = variants, [XMEDIA_WIDTH] = width,
};

void xmedia_make(struct core *c, const struct post_media *m, struct buf *out, uint32_t ret_ends[XMEDIA_FIELDS + 1])
{
	const struct making making = {c->config.base_url, m};

	xpieces_make(media_members, XMEDIA_FIELDS, &making, out, ret_ends);
}

/* ---- polls ---- */

static bool is_over(const struct post *p)
{
	return p->poll->expires_at && p->poll->expires_at <= clock_now();
}

static void poll_id(const void *of, struct jw *j)
{
	jw_kv_id(j, "id", ((const struct post *)of)->meta.id.v);
}

static void options(const void *of, struct jw *j)
{
	const struct post *p = of;
	bool hidden = p->poll->hide_totals && !is_over(p);

	jw_key(j, "options");
	jw_array(j);
	for (size_t i = 0; i < p->poll->n_options; i++) {
		jw_object(j);
		jw_kv_int(j, "position", (int64_t)i + 1);
		jw_kv_str(j, "label", p->poll->options[i].title);
		jw_kv_int(j, "votes", hidden ? 0 : p->poll->options[i].votes);
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void duration_minutes(const void *of, struct jw *j)
{
	const struct post *p = of;

	if (p->poll->expires_at > p->created_at)
		jw_kv_int(j, "duration_minutes", (p->poll->expires_at - p->created_at + MINUTE_MS / 2) / MINUTE_MS);
}

static void end_datetime(const void *of, struct jw *j)
{
	const struct post *p = of;

	if (p->poll->expires_at)
		jw_kv_time(j, "end_datetime", p->poll->expires_at);
}

static void voting_status(const void *of, struct jw *j)
{
	jw_kv_cstr(j, "voting_status", is_over(of) ? "closed" : "open");
}

static xpiece_fn *const poll_members[XPOLL_FIELDS] = {
	[XPOLL_ID] = poll_id,	   [XPOLL_OPTIONS] = options,	    [XPOLL_DURATION] = duration_minutes,
	[XPOLL_END] = end_datetime, [XPOLL_STATUS] = voting_status,
};

void xpoll_make(const struct post *p, struct buf *out, uint32_t ret_ends[XPOLL_FIELDS + 1])
{
	xpieces_make(poll_members, XPOLL_FIELDS, p, out, ret_ends);
}

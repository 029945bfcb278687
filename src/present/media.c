/*
 * media.c - see media.h.
 */
#include "base/base.h"

#include "present/media.h"

#include <math.h>

static void url(const struct present *p, struct jw *j, const char *key, struct view file, struct view remote)
{
	jw_key(j, key);
	if (file.len)
		jw_str(j, present_file_url(p, file));
	else if (remote.len)
		jw_str(j, remote);
	else
		jw_null(j);
}

static void shape(const struct present *p, struct jw *j, int width, int height)
{
	jw_kv_int(j, "width", width);
	jw_kv_int(j, "height", height);
	jw_kv_str(j, "size", arena_printf(p->arena, "%dx%d", width, height));
	jw_kv_double(j, "aspect", (double)width / height);
}

static void size(const struct present *p, struct jw *j, const char *key, int width, int height)
{
	if (width <= 0 || height <= 0)
		return;
	jw_key(j, key);
	jw_object(j);
	shape(p, j, width, height);
	jw_object_end(j);
}

/* "0:01:28.65" */
static struct view length(const struct present *p, int64_t ms)
{
	int64_t cs = (ms + 5) / 10;

	return arena_printf(p->arena, "%" PRId64 ":%02d:%02d.%02d", cs / 360000, (int)(cs / 6000 % 60),
			    (int)(cs / 100 % 60), (int)(cs % 100));
}

/* "30000/1001" as a number; 0 when it is none. */
static double rate(struct view v)
{
	struct view num;
	uint64_t a, b;

	if (!view_split(&v, '/', &num) || !parse_u64(num, INT32_MAX, &a) || !parse_u64(v, INT32_MAX, &b) || !b)
		return 0;
	return round(100 * (double)a / (double)b) / 100;
}

/* In the words ffmpeg has for them, as apps know them from Mastodon. */
static struct view sound_words(const struct post_media *m)
{
	return view_is(m->sound_codec, "aac") ? V("aac (LC) (mp4a / 0x6134706D)") : m->sound_codec;
}

static struct view channel_words(const struct present *p, int channels)
{
	static const struct view words[] = {V("mono"), V("stereo")};

	if (channels >= 1 && channels <= (int)ARRAY_LEN(words))
		return words[channels - 1];
	return arena_printf(p->arena, "%d channels", channels);
}

/* What Mastodon says of a film or a sound beside its files. */
static void film(const struct present *p, const struct post_media *m, struct jw *j)
{
	if (m->duration_ms) {
		jw_kv_str(j, "length", length(p, m->duration_ms));
		jw_key(j, "duration");
		jw_double(j, round((double)m->duration_ms / 10) / 100);
	}
	if (m->frame_rate.len) {
		jw_kv_double(j, "fps", rate(m->frame_rate));
	}
	if (m->frame_rate.len && m->width > 0 && m->height > 0)
		shape(p, j, m->width, m->height);
	if (m->sound_codec.len) {
		jw_kv_str(j, "audio_encode", sound_words(m));
		jw_kv_str(j, "audio_bitrate", arena_printf(p->arena, "%d Hz", m->sound_rate));
		jw_kv_str(j, "audio_channels", channel_words(p, m->channels));
	}
}

static void original(const struct present *p, const struct post_media *m, struct jw *j)
{
	if (!m->duration_ms) {
		size(p, j, "original", m->width, m->height);
		return;
	}
	jw_key(j, "original");
	jw_object(j);
	if (m->width > 0 && m->height > 0) {
		jw_kv_int(j, "width", m->width);
		jw_kv_int(j, "height", m->height);
		jw_kv_str(j, "frame_rate", m->frame_rate);
	}
	jw_kv_double(j, "duration", (double)m->duration_ms / 1000);
	jw_kv_int(j, "bitrate", m->bit_rate);
	jw_object_end(j);
}

static void meta(const struct present *p, const struct post_media *m, struct jw *j)
{
	jw_key(j, "meta");
	if (!m->ready) {
		jw_null(j);
		return;
	}
	jw_object(j);
	film(p, m, j);
	original(p, m, j);
	size(p, j, "small", m->preview_width, m->preview_height);
	jw_key(j, "focus");
	jw_object(j);
	jw_kv_double(j, "x", m->focus_x);
	jw_kv_double(j, "y", m->focus_y);
	jw_object_end(j);
	jw_object_end(j);
}

void present_media(const struct present *p, const struct post_media *m, struct jw *j)
{
	struct view file = m->ready ? m->file : V("");
	/* A sound without a picture of its own has none, instead of itself. */
	struct view preview = m->preview.len || view_is(m->kind, "audio") ? m->preview : file;

	jw_object(j);
	jw_kv_id(j, "id", m->id);
	jw_kv_str(j, "type", m->kind);
	url(p, j, "url", file, m->remote_url);
	url(p, j, "preview_url", preview, view_is(m->kind, "audio") ? V("") : m->remote_url);
	url(p, j, "remote_url", V(""), m->remote_url);
	jw_kv_null(j, "preview_remote_url");
	jw_kv_null(j, "text_url");
	meta(p, m, j);
	jw_key(j, "description");
	if (m->has_description)
		jw_str(j, m->description);
	else
		jw_null(j);
	jw_key(j, "blurhash");
	if (m->blurhash.len)
		jw_str(j, m->blurhash);
	else
		jw_null(j);
	jw_object_end(j);
}

/*
 * probe.c - see probe.h.
 */
#include "base/base.h"

#include "media/probe.h"

#include <math.h>

#define SECONDS_MAX (1000.0 * 3600)
#define SIDE_MAX 1000000
#define RATIO_MAX INT32_MAX

const char probe_entries[] =
	"format=duration,bit_rate:stream=codec_type,codec_name,profile,pix_fmt,width,height,sample_aspect_ratio,"
	"avg_frame_rate,r_frame_rate,sample_rate,channels,duration:stream_disposition=attached_pic:"
	"stream_side_data=rotation";

/* A section [STREAM], before it is known what kind it is. */
struct stream {
	struct view type, codec, profile, pixels;
	uint64_t width, height, rate, channels, cover;
	int64_t rotation;
	int64_t aspect[2], average[2], real[2];
	double duration;
};

struct state {
	struct probe *probe;
	struct stream stream;
	double format_duration;
	uint64_t bits;
	bool in_stream, in_format;
};

static bool ratio(struct view v, char sep, int64_t ret[2])
{
	struct view num;
	uint64_t a, b;

	if (!view_split(&v, sep, &num) || !parse_u64(num, RATIO_MAX, &a) || !parse_u64(v, RATIO_MAX, &b) || !a || !b)
		return false;
	ret[0] = (int64_t)a;
	ret[1] = (int64_t)b;
	return true;
}

static void number(struct view v, uint64_t max, uint64_t *ret) { (void)parse_u64(v, max, ret); }

static void seconds(struct view v, double *ret)
{
	double s;

	if (parse_double(v, &s) && s > 0 && s < SECONDS_MAX)
		*ret = s;
}

/* What is not known says N/A, and is left as it is. */
static void stream_value(struct stream *s, struct view key, struct view value)
{
	const struct {
		const char *key;
		struct view *text;
		uint64_t *number;
		int64_t *ratio;
		char sep;
	} rows[] = {
		{"codec_type", .text = &s->type},
		{"codec_name", .text = &s->codec},
		{"profile", .text = &s->profile},
		{"pix_fmt", .text = &s->pixels},
		{"width", .number = &s->width},
		{"height", .number = &s->height},
		{"sample_rate", .number = &s->rate},
		{"channels", .number = &s->channels},
		{"DISPOSITION:attached_pic", .number = &s->cover},
		{"sample_aspect_ratio", .ratio = s->aspect, .sep = ':'},
		{"avg_frame_rate", .ratio = s->average, .sep = '/'},
		{"r_frame_rate", .ratio = s->real, .sep = '/'},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!view_is(key, rows[i].key))
			continue;
		if (rows[i].text)
			*rows[i].text = value;
		else if (rows[i].number)
			number(value, SIDE_MAX, rows[i].number);
		else
			(void)ratio(value, rows[i].sep, rows[i].ratio);
		return;
	}
	if (view_is(key, "rotation"))
		(void)parse_i64(value, -360, 360, &s->rotation);
	else if (view_is(key, "duration"))
		seconds(value, &s->duration);
}

static void word(struct view v, char ret[PROBE_WORD])
{
	bool known = !view_is(v, "N/A") && !view_is(v, "unknown") && v.len < PROBE_WORD;

	snprintf(ret, PROBE_WORD, "%.*s", VIEW_ARG(known ? v : V("")));
}

static void keep_picture(struct probe *p, const struct stream *s)
{
	const int64_t *rate = s->average[0] ? s->average : s->real;

	p->has_picture = true;
	word(s->codec, p->codec);
	word(s->profile, p->profile);
	word(s->pixels, p->pixels);
	p->width = (int)s->width;
	p->height = (int)s->height;
	p->rotation = (int)s->rotation;
	if (s->aspect[0])
		p->aspect_num = s->aspect[0], p->aspect_den = s->aspect[1];
	if (rate[0])
		p->rate_num = rate[0], p->rate_den = rate[1];
}

static void keep_sound(struct probe *p, const struct stream *s)
{
	p->has_sound = true;
	word(s->codec, p->sound_codec);
	word(s->profile, p->sound_profile);
	p->sound_rate = (int)s->rate;
	p->channels = (int)s->channels;
}

static void end_stream(struct state *st)
{
	const struct stream *s = &st->stream;
	struct probe *p = st->probe;
	bool picture = view_is(s->type, "video") && !s->cover && !p->has_picture;
	bool sound = view_is(s->type, "audio") && !p->has_sound;

	if (picture)
		keep_picture(p, s);
	if (sound)
		keep_sound(p, s);
	if ((picture || sound) && s->duration > 0)
		p->duration_ms = (int64_t)fmax((double)p->duration_ms, s->duration * 1000);
}

/* Sections inside a stream ([SIDE_DATA]) are read as part of it. False: a section where there can be none. */
static bool section(struct state *st, struct view line)
{
	bool outside = !st->in_stream && !st->in_format;

	if (view_is(line, "[STREAM]") || view_is(line, "[FORMAT]")) {
		if (!outside)
			return false;
		st->stream = (struct stream){0};
		st->in_stream = view_is(line, "[STREAM]");
		st->in_format = !st->in_stream;
	} else if (view_is(line, "[/STREAM]") && st->in_stream) {
		end_stream(st);
		st->in_stream = false;
	} else if (view_is(line, "[/FORMAT]") && st->in_format) {
		st->in_format = false;
	}
	return true;
}

static void format_value(struct state *st, struct view key, struct view value)
{
	if (view_is(key, "duration"))
		seconds(value, &st->format_duration);
	else if (view_is(key, "bit_rate"))
		number(value, INT32_MAX, &st->bits);
}

bool probe_parse(struct view text, struct probe *ret)
{
	struct probe p = {.aspect_num = 1, .aspect_den = 1, .rate_den = 1};
	struct state st = {.probe = &p};
	struct view line, key;

	while (view_split(&text, '\n', &line)) {
		line = view_trim(line);
		if (view_starts(line, V("["))) {
			if (!section(&st, line))
				return false;
			continue;
		}
		if (!view_split(&line, '=', &key))
			continue;
		if (st.in_stream)
			stream_value(&st.stream, key, line);
		else if (st.in_format)
			format_value(&st, key, line);
	}
	if (st.in_stream || st.in_format)
		return false;
	if (st.format_duration > 0)
		p.duration_ms = (int64_t)(st.format_duration * 1000 + 0.5);
	p.bits = (int64_t)st.bits;
	*ret = p;
	return true;
}

void probe_shown(const struct probe *p, int *ret_width, int *ret_height)
{
	double w = (double)p->width * (double)p->aspect_num / (double)p->aspect_den;
	bool sane = w >= 1 && w <= 16.0 * p->width && w * 16 >= p->width;
	int width = sane ? (int)lround(w) : p->width;
	bool turned = p->rotation % 180 != 0;

	*ret_width = turned ? p->height : width;
	*ret_height = turned ? width : p->height;
}

double probe_fps(const struct probe *p)
{
	return (double)p->rate_num / (double)p->rate_den;
}

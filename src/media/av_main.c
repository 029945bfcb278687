/*
 * av_main.c - kicau-av: the program that has films and sounds of strangers read. It confines itself, and then runs ffprobe
 * and ffmpeg, which inherit that: bounded memory, time and files, no network, one demuxer (by the first bytes, sniff.h),
 * a list of decoders, files as the only protocol. The server reads its one line of answer.
 *
 *   kicau-av INPUT OUTPUT-BASE
 *
 * Films become H.264 and AAC in MP4, or are only packed anew where they are that already; animations become silent
 * films; sounds become MP3. No metadata is kept: tags, chapters, places, and what cameras hide between the frames. It
 * writes OUTPUT-BASE.mp4 and OUTPUT-BASE-frame.png, or OUTPUT-BASE.mp3, and prints
 *   ok KIND EXT WIDTH HEIGHT RATE-NUM RATE-DEN MILLISECONDS BITS-PER-SECOND SOUND-CODEC SOUND-RATE CHANNELS
 * with "-" and 0 for what there is not, or "error REASON", in words for the uploader. Exit: 0 ok, 1 refused, 2 usage.
 */
#include "base/base.h"

#include <math.h>
#include <signal.h>
#include <unistd.h>

#include "base/limits.h"
#include "media/confine.h"
#include "media/probe.h"
#include "media/process.h"
#include "media/sniff.h"

#define KEPT_PIXELS (1920 * 1080)
#define KEPT_FPS "60"
#define PROBE_MS (20 * 1000)
#define FRAME_MS (60 * 1000)
#define CONVERT_MS (30 * 1000) /* and ten times the length, at most: */
#define CONVERT_MAX_MS (420 * 1000)
#define PROBE_MAX (64 * 1024)
#define PATH_ROOM 4096
#define ARGS_MAX 96
/* Films and sounds, and what comes with them unasked: covers and subtitles. Over anything else ffprobe gives up. */
static const char decoders[] = "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,libdav1d,av1,mpeg4,theora,mjpeg,gif,"
			       "aac,mp3,mp3float,opus,libopus,vorbis,flac,alac,ac3,eac3,amrnb,amrwb,"
			       "pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_f32le,"
			       "png,bmp,mov_text,webvtt,subrip,srt,ass,ssa";

static const struct confinement limits = {
	.memory_bytes = 1536 * LIMIT_MIB,
	.cpu_seconds = 480,
	.file_bytes = LIMIT_FILM_KEPT_BYTES,
	.nice = 10,
};

static const char too_much[] = "takes too much to process";
static const char damaged[] = "is damaged, or has something in it that is not taken";

struct args {
	const char *v[ARGS_MAX];
	size_t n;
};

struct work {
	const struct sniff *format;
	const char *input, *base;
	struct probe in, out;
	char in_url[PATH_ROOM], out_url[PATH_ROOM], frame_url[PATH_ROOM], scale[64];
	bool is_film;
};

static int refuse(const char *reason)
{
	printf("error %s\n", reason);
	return 1;
}

static void add(struct args *a, const char *const *list)
{
	for (; *list; list++) {
		if (a->n + 1 == ARGS_MAX)
			BUG("more than %d arguments", ARGS_MAX);
		a->v[a->n++] = *list;
	}
	a->v[a->n] = NULL;
}
#define ADD(a, ...) add(a, (const char *const[]){__VA_ARGS__, NULL})

/* How every file is opened. */
static void add_input(struct args *a, const char *demuxer, const char *url)
{
	ADD(a, "-loglevel", "quiet", "-protocol_whitelist", "file", "-codec_whitelist", decoders, "-f", demuxer, "-i",
	    url);
}

/* NULL when it has ended well, or why not. */
static const char *run(struct args *a, int timeout_ms, char *buf, size_t cap, size_t *ret_len)
{
	const struct process p = {.argv = (char *const *)(uintptr_t)a->v, .timeout_ms = timeout_ms};
	int status;

	switch (process_run(&p, buf, cap, ret_len, &status)) {
	case PROCESS_DONE:
		return status == 0 ? NULL : damaged;
	case PROCESS_TOOK_TOO_MUCH:
		return too_much;
	case PROCESS_NOT_STARTED:
		return "cannot be processed: this server has no ffmpeg";
	case PROCESS_KILLED:
	case PROCESS_BROKEN:
	case PROCESS_STOPPED:
		break;
	}
	return "could not be processed: the converter broke down over it";
}

static const char *probe(const char *demuxer, const char *url, struct probe *ret)
{
	static char text[PROBE_MAX];
	struct args a = {0};
	size_t len;

	ADD(&a, "ffprobe");
	add_input(&a, demuxer, url);
	ADD(&a, "-show_entries", probe_entries, "-of", "default");
	const char *bad = run(&a, PROBE_MS, text, sizeof(text), &len);
	if (!bad && !probe_parse(view_make(text, len), ret))
		bad = damaged;
	return bad;
}

/* ---- what is asked of it ---- */

/* Browsers play it as it is: then its pictures are packed anew, but not touched. */
static bool fits(const struct probe *p, const char *demuxer)
{
	static const char *const profiles[] = {"Baseline", "Constrained Baseline", "Main", "High"};
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(profiles); i++)
		known |= !strcmp(p->profile, profiles[i]);
	return known && !strcmp(demuxer, "mov") && !strcmp(p->codec, "h264") &&
	       (!strcmp(p->pixels, "yuv420p") || !strcmp(p->pixels, "yuvj420p"));
}

static bool sound_fits(const struct probe *p)
{
	return !strcmp(p->sound_codec, "aac") && !strcmp(p->sound_profile, "LC") && p->channels <= 2;
}

static const char *check_film(const struct work *w)
{
	const struct probe *p = &w->in;

	if (p->width < 1 || p->height < 1)
		return damaged;
	if ((int64_t)p->width * p->height > LIMIT_FILM_PIXELS)
		return "has more pixels than 3840 x 2160";
	if (probe_fps(p) > LIMIT_FILM_FPS && w->format->family == SNIFF_FILM)
		return "has more than 120 frames a second";
	if (!fits(p, w->format->demuxer) && p->duration_ms > LIMIT_FILM_SECONDS * 1000)
		return "is longer than ten minutes; H.264 in MP4 may be";
	return NULL;
}

/* Sides are even, or H.264 cannot have half as many colours. */
static int even(double side) { return 2 * (int)fmax(1, round(side / 2)); }

static void choose_size(struct work *w)
{
	int width, height;

	probe_shown(&w->in, &width, &height);
	double shrink = fmin(1, sqrt((double)KEPT_PIXELS / ((double)width * height)));
	snprintf(w->scale, sizeof(w->scale), "scale=%d:%d,setsar=1,format=yuv420p", even(width * shrink),
		 even(height * shrink));
}

/* ---- how it is done ---- */

static void add_film(struct args *a, struct work *w)
{
	ADD(a, "-map", "0:V:0");
	if (fits(&w->in, w->format->demuxer)) {
		/* Unit 6 is "supplemental": captions, camera settings, positions. */
		ADD(a, "-c:v", "copy", "-bsf:v", "filter_units=remove_types=6");
		return;
	}
	choose_size(w);
	ADD(a, "-vf", w->scale, "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "2500k", "-bufsize",
	    "5000k", "-profile:v", "high", "-fpsmax", KEPT_FPS, "-threads:v", "2");
}

static void add_sound(struct args *a, const struct work *w)
{
	if (!w->in.has_sound)
		return;
	ADD(a, "-map", "0:a:0");
	if (w->is_film && sound_fits(&w->in))
		ADD(a, "-c:a", "copy");
	else if (w->is_film)
		ADD(a, "-c:a", "aac", "-b:a", "128k");
	else if (!strcmp(w->format->demuxer, "mp3") && !strcmp(w->in.sound_codec, "mp3"))
		ADD(a, "-c:a", "copy");
	else
		ADD(a, "-c:a", "libmp3lame", "-q:a", "2");
	if (w->in.channels > 2)
		ADD(a, "-ac", "2");
}

static const char *convert(struct work *w)
{
	struct args a = {0};
	int64_t most = CONVERT_MS + 10 * w->in.duration_ms;
	char nothing[16];
	size_t len;

	ADD(&a, "ffmpeg", "-nostdin", "-y");
	add_input(&a, w->format->demuxer, w->in_url);
	if (w->is_film)
		add_film(&a, w);
	add_sound(&a, w);
	ADD(&a, "-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-fflags", "+bitexact",
	    "-flags:v", "+bitexact", "-flags:a", "+bitexact");
	if (w->is_film)
		ADD(&a, "-f", "mp4", "-movflags", "+faststart", w->out_url);
	else
		ADD(&a, "-f", "mp3", "-id3v2_version", "0", "-write_id3v1", "0", w->out_url);
	return run(&a, (int)(most < CONVERT_MAX_MS ? most : CONVERT_MAX_MS), nothing, sizeof(nothing), &len);
}

/* The one of the first frames that is most like them all: films often begin black. */
static const char *take_frame(struct work *w)
{
	struct args a = {0};
	char nothing[16];
	size_t len;

	ADD(&a, "ffmpeg", "-nostdin", "-y");
	add_input(&a, "mov", w->out_url);
	ADD(&a, "-map", "0:V:0", "-vf", "scale=w='min(1280,iw)':h=-2,thumbnail=24", "-frames:v", "1", "-f", "image2",
	    "-update", "1", "-c:v", "png", w->frame_url);
	return run(&a, FRAME_MS, nothing, sizeof(nothing), &len);
}

static const char *process(struct work *w)
{
	const char *bad = probe(w->format->demuxer, w->in_url, &w->in);

	if (bad)
		return bad;
	if (!w->in.has_picture && !w->in.has_sound)
		return "has neither pictures nor sound that can be read";
	w->is_film = w->in.has_picture;
	snprintf(w->out_url, sizeof(w->out_url), "file:%s.%s", w->base, w->is_film ? "mp4" : "mp3");
	if (w->is_film)
		bad = check_film(w);
	if (!bad)
		bad = convert(w);
	if (!bad && w->is_film)
		bad = take_frame(w);
	if (!bad)
		bad = probe(w->is_film ? "mov" : "mp3", w->out_url, &w->out);
	return bad;
}

static int answer(const struct work *w)
{
	const struct probe *p = &w->out;
	bool animation = w->format->family == SNIFF_ANIMATION;
	int width = 0, height = 0;

	if (w->is_film)
		probe_shown(p, &width, &height);
	printf("ok %s %s %d %d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %s %d %d\n",
	       !w->is_film ? "audio"
	       : animation ? "gifv"
			   : "video",
	       w->is_film ? "mp4" : "mp3", width, height, w->is_film ? p->rate_num : 0, p->rate_den, p->duration_ms,
	       p->bits, p->has_sound && p->sound_codec[0] ? p->sound_codec : "-", p->sound_rate, p->channels);
	return 0;
}

/* The server is gone, or wants an end: what runs goes, too. */
static void end_all(int signal)
{
	(void)signal;
	kill(0, SIGKILL);
}

int main(int argc, char **argv)
{
	static struct work w;

	if (argc != 3) {
		fprintf(stderr, "usage: kicau-av INPUT OUTPUT-BASE\n");
		return 2;
	}
	if (getpgrp() == getpid())
		signal(SIGTERM, end_all);
	confine(&limits, argv[1], argv[2]);
	w = (struct work){.input = argv[1], .base = argv[2], .format = sniff_file(argv[1])};
	snprintf(w.in_url, sizeof(w.in_url), "file:%s", w.input);
	snprintf(w.frame_url, sizeof(w.frame_url), "file:%s-frame.png", w.base);
	if (!w.format || !w.format->demuxer)
		return refuse(
			"is neither a film nor a sound that is taken: MP4, MOV, WebM, Ogg, MP3, M4A, FLAC, WAV, AAC");
	const char *bad = process(&w);
	return bad ? refuse(bad) : answer(&w);
}

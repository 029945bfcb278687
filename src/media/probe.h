/*
 * probe.h - what ffprobe says of a film or a sound: its sections of KEY=VALUE lines, as `-of default` prints them
 * (ffprobe's manual, "Writers"). The bytes it speaks of are a stranger's, so what it prints is read like theirs.
 */
#ifndef MEDIA_PROBE_H
#define MEDIA_PROBE_H

#include "base/base.h"

#define PROBE_WORD 24

/* For ffprobe's -show_entries: what probe_parse() reads. */
extern const char probe_entries[];

/* The first stream of each kind; pictures that come with a sound (a cover) are none. Words are "" when not known. */
struct probe {
	bool has_picture, has_sound;
	char codec[PROBE_WORD], profile[PROBE_WORD], pixels[PROBE_WORD];
	int width, height;		/* as coded */
	int rotation;			/* in degrees */
	int64_t aspect_num, aspect_den; /* of a pixel; 1:1 when not known */
	int64_t rate_num, rate_den;	/* frames a second; 0/1 when not known */
	char sound_codec[PROBE_WORD], sound_profile[PROBE_WORD];
	int sound_rate, channels;
	int64_t duration_ms; /* 0: not known */
	int64_t bits;	     /* a second; 0: not known */
};

/* False when it is not what ffprobe prints. */
bool probe_parse(struct view text, struct probe *ret);
/* Width and height as they are shown: turned, and with square pixels. */
void probe_shown(const struct probe *p, int *ret_width, int *ret_height);
double probe_fps(const struct probe *p);

#endif

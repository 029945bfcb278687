/*
 * av.h - runs kicau-av (av_main.c) on an uploaded film or sound and reads its answer.
 */
#ifndef MEDIA_AV_H
#define MEDIA_AV_H

#include "media/process.h"

#define AV_PROGRAM "kicau-av" /* process_beside() finds it */
#define AV_WORD 24

struct av_result {
	char kind[8], ext[8];
	int width, height;	    /* as shown; 0 for a sound */
	int64_t rate_num, rate_den; /* frames a second; 0/1 for a sound */
	int64_t duration_ms, bits;  /* bits a second */
	char sound_codec[AV_WORD];  /* "" without sound */
	int sound_rate, channels;
};

/*
 * Writes out_base.EXT and, for what has pictures, out_base AV_FRAME: one of them. Errors as helper_run(). Blocks for up
 * to nine minutes.
 */
#define AV_FRAME "-frame.png"
enum err av_convert(const char *input, const char *out_base, const struct stop *stop, struct av_result *ret,
		    struct problem *problem);
/* The program's answer; for tests and the fuzzer. */
enum err av_parse_answer(struct view line, struct av_result *ret, struct problem *problem);

#endif

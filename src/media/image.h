/*
 * image.h - runs kicau-image (image_main.c) on an uploaded picture and reads its answer.
 */
#ifndef MEDIA_IMAGE_H
#define MEDIA_IMAGE_H

#include "base/base.h"

struct image_result {
	char ext[8], small_ext[8];
	int width, height, small_width, small_height;
	char blurhash[64]; /* "" without */
	bool moving;	   /* in mode "media": it is to become a film, and nothing was written */
};

#define IMAGE_PROGRAM "kicau-image" /* process_beside() finds it */

/*
 * mode: "media", "preview", "avatar", "header" or "emoji". Writes out_base.EXT and out_base-small.EXT. ERR_UNPROCESSABLE with the
 * reason in problem when the picture is refused; ERR_INTERNAL when the program is missing or dies. Blocks up to a minute.
 */
enum err image_convert(const char *mode, const char *input, const char *out_base, struct image_result *ret,
		       struct problem *problem);
/* The program's answer; for tests and the fuzzer. */
enum err image_parse_answer(struct view line, struct image_result *ret, struct problem *problem);

#endif

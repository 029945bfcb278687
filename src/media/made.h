/*
 * made.h - from a file somebody uploaded to what is kept of it: the conversion, and its results under their keys.
 */
#ifndef MEDIA_MADE_H
#define MEDIA_MADE_H

#include "core/core.h"
#include "media/av.h"
#include "media/files.h"

struct made_preview {
	char file[FILE_KEY_MAX]; /* "": there is none */
	int width, height;
	char blurhash[64];
};

struct made {
	char kind[8];		 /* MediaAttachment's type */
	char file[FILE_KEY_MAX]; /* "": nothing was kept */
	int width, height;
	struct made_preview preview;
	struct av_result film; /* zero for pictures */
	int64_t bytes;	       /* of both files */
};

/*
 * All block, read the file at `input`, and leave nothing behind when they fail; errors as helper_run(), and ERR_NO_SPACE.
 *
 * made_picture: mode as image_convert() has it. *ret_moving (NULL where it cannot be) says that it is an animation: then
 * nothing is kept.
 */
enum err made_picture(const char *data_dir, const char *mode, const char *input, struct made *ret, bool *ret_moving,
		      struct problem *problem);
/* with_preview: of one of its pictures; a sound has none. ERR_BUSY when the jobs are being stopped. */
enum err made_film(struct core *c, const char *input, bool with_preview, struct made *ret, struct problem *problem);
/* A picture that stands for something else: a film, a sound, a page. Only a small form of it is kept. */
enum err made_thumbnail(const char *data_dir, const char *input, struct made_preview *ret, struct problem *problem);
void made_drop(const char *data_dir, const struct made *made); /* deletes its files */

#endif

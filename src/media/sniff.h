/*
 * sniff.h - what an uploaded file is, by its first bytes. What is not in the table is refused, whatever its name or
 * declared type says; what is, is opened with the one decoder its row names and never with one that guesses.
 */
#ifndef MEDIA_SNIFF_H
#define MEDIA_SNIFF_H

#include "base/base.h"

#define SNIFF_BYTES 16 /* as many are looked at */

enum sniff_family {
	SNIFF_PICTURE,
	SNIFF_ANIMATION, /* a picture that becomes a silent film when it moves */
	SNIFF_FILM,	 /* film or sound: ffmpeg tells which */
};

struct sniff {
	size_t offset, len;
	const char *magic;
	enum sniff_family family;
	const char *loader;  /* libvips' operation; NULL: not for it */
	const char *demuxer; /* ffmpeg's; NULL: not for it */
	const char *ext;     /* pictures: written as */
	const char *kind;    /* MediaAttachment's type, as long as nobody has looked closer */
	bool pages;	     /* a picture of several pages, as libvips calls frames */
};

#define SNIFF_MIME_TYPES                                                                                               \
	"[\"image/jpeg\",\"image/png\",\"image/gif\",\"image/webp\",\"image/heic\",\"image/heif\",\"image/avif\","      \
	"\"video/mp4\",\"video/quicktime\",\"video/webm\",\"video/ogg\",\"audio/mpeg\",\"audio/mp3\",\"audio/ogg\","     \
	"\"audio/wav\",\"audio/x-wav\",\"audio/flac\",\"audio/x-flac\",\"audio/aac\",\"audio/mp4\",\"audio/x-m4a\","     \
	"\"audio/webm\",\"audio/3gpp\"]"

/* NULL: not taken. */
const struct sniff *sniff(struct view head);
/* Of a file; NULL also when it cannot be read. */
const struct sniff *sniff_file(const char *path);

#endif

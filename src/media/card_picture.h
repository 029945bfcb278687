/*
 * card_picture.h - the picture of a link's card: from a stranger's site, read by kicau-image as an upload would be, and
 * kept small.
 */
#ifndef MEDIA_CARD_PICTURE_H
#define MEDIA_CARD_PICTURE_H

#include "core/core.h"
#include "media/files.h"

#define CARD_PICTURE_BYTES (4 * (size_t)1024 * 1024)

struct card_picture {
	char key[FILE_KEY_MAX], blurhash[64];
	int width, height;
};
/* ERR_UNPROCESSABLE: no picture. Blocks while it is converted. */
enum err card_picture_keep(struct core *c, struct view data, struct card_picture *ret);

#endif

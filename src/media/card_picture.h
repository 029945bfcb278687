/*
 * card_picture.h - the picture of a link's card: from a stranger's site, read by kicau-image as an upload would be, and
 * kept small.
 */
#ifndef MEDIA_CARD_PICTURE_H
#define MEDIA_CARD_PICTURE_H

#include "core/core.h"
#include "media/made.h"

#define CARD_PICTURE_BYTES (4 * (size_t)1024 * 1024)

/* ERR_UNPROCESSABLE: no picture. Blocks while it is converted. */
enum err card_picture_keep(struct core *c, struct view data, struct made_preview *ret);

#endif

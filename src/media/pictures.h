/*
 * pictures.h - pictures that are converted while somebody waits: avatars, headers, emojis, and the thumbnails of films.
 */
#ifndef MEDIA_PICTURES_H
#define MEDIA_PICTURES_H

#include "core/core.h"
#include "media/made.h"

/*
 * mode "avatar", "header" or "emoji": converts and keeps; the keys of the picture and of its still form. Blocks; ERR_BUSY
 * when others are at it, so that pictures never take all of the worker pool.
 */
enum err media_store_picture(struct core *c, const char *mode, struct view data, char ret_key[FILE_KEY_MAX],
			     char ret_static[FILE_KEY_MAX], struct problem *problem);
/* Likewise, for a film or a sound. */
enum err media_store_thumbnail(struct core *c, struct view data, struct made_preview *ret, struct problem *problem);

/* The files of an account's avatar and header, which is about to be deleted. */
struct account; /* core/accounts.h */
void media_drop_pictures(struct core *c, const struct account *account);

#endif

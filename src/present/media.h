/*
 * media.h - MediaAttachment (docs: entities/MediaAttachment).
 */
#ifndef PRESENT_MEDIA_H
#define PRESENT_MEDIA_H

#include "present/present.h"

/* Without addresses and sizes while it is being converted. */
void present_media(const struct present *p, const struct post_media *m, struct jw *j);

#endif

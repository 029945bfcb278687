/*
 * picture_cache.h - files of other sites that are kept here: the pictures of links' cards. They may take so much room
 * (remote_media_mb); what goes beyond is dropped, oldest first, and comes back when its link is posted again.
 */
#ifndef LINKS_PICTURE_CACHE_H
#define LINKS_PICTURE_CACHE_H

#include "core/core.h"

/* struct job_period. */
enum err picture_cache_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif

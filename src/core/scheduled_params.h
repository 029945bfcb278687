/*
 * scheduled_params.h - a new post as it is kept until its time: the JSON that is ScheduledStatus.params.
 */
#ifndef CORE_SCHEDULED_PARAMS_H
#define CORE_SCHEDULED_PARAMS_H

#include "core/posts.h"

/* In the arena. ERR_TOO_LARGE: it would be longer than any post can be. */
enum err scheduled_params_write(struct arena *a, const struct new_post *np, struct view *ret);
/* Texts live in the arena; author and scheduled are left to the caller. ERR_CORRUPT: not what was written. */
enum err scheduled_params_read(struct arena *a, struct view json, struct new_post *ret);

#endif

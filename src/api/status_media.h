/*
 * status_media.h - media_attributes of an edit.
 */
#ifndef API_STATUS_MEDIA_H
#define API_STATUS_MEDIA_H

#include "core/posts.h"
#include "gate/call.h"

/*
 * Fills media_changes from [{"id", "description", "focus": "x,y"}], which forms also send as an object of such. tree may
 * be NULL. Entries without an id are left out. ERR_UNPROCESSABLE: a focus that is none.
 */
enum err status_media_changes(struct call *c, const json_t *tree, struct post_change *change);

#endif

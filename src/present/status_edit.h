/*
 * status_edit.h - what an edited post was and is made of: StatusEdit and StatusSource (docs: entities of these names).
 */
#ifndef PRESENT_STATUS_EDIT_H
#define PRESENT_STATUS_EDIT_H

#include "present/present.h"

/* [StatusEdit], oldest first. Does not judge visibility. */
enum err present_history(const struct present *p, struct post_id id, struct jw *j);
enum err present_source(const struct present *p, struct post_id id, struct jw *j);

#endif

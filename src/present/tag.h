/*
 * tag.h - Tag (docs: entities/Tag).
 */
#ifndef PRESENT_TAG_H
#define PRESENT_TAG_H

#include "present/present.h"

/* name: folded, or as anybody writes it. ERR_NOT_FOUND when it is no tag at all. */
enum err present_tag(const struct present *p, struct view name, struct jw *j);
/* Its page: base_url/tags/NAME. Into the arena. */
struct view present_tag_url(const struct present *p, struct view name);

#endif

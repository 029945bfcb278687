/*
 * tag.h - Tag and FeaturedTag (docs: entities/Tag, entities/FeaturedTag).
 */
#ifndef PRESENT_TAG_H
#define PRESENT_TAG_H

#include "core/featured_tags.h"
#include "core/tags.h"
#include "present/present.h"

/* name: folded, or as anybody writes it. ERR_NOT_FOUND when it is no tag at all. */
enum err present_tag(const struct present *p, struct view name, struct jw *j);
/* A tag that is known already. */
enum err present_tag_of(const struct present *p, const struct tag *t, struct jw *j);
/* How often something was used lately: Tag.history, Trends::Link.history. */
void present_uses(const struct present *p, const struct tag_use days[TAG_DAYS], struct jw *j);
/* Its page: base_url/tags/NAME. Into the arena. */
struct view present_tag_url(const struct present *p, struct view name);

/* One of an account's featured hashtags; all of them, as an array. */
enum err present_featured_tag(const struct present *p, struct account_id whose, const struct featured_tag *t,
			      struct jw *j);
enum err present_featured_tags(const struct present *p, struct account_id whose, struct jw *j);

#endif

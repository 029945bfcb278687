/*
 * preview.h - PreviewCard and Trends::Link (docs: entities/PreviewCard).
 */
#ifndef PRESENT_PREVIEW_H
#define PRESENT_PREVIEW_H

#include "core/previews.h"
#include "present/present.h"

enum err present_preview(const struct present *p, const struct preview *card, struct jw *j);
/* With how often it was posted; for moderators (review) also its id and whether one of them has to look at it. */
struct preview_review {
	bool needed;
};
enum err present_trend_link(const struct present *p, const struct preview *card, const struct tag_use days[TAG_DAYS],
			    const struct preview_review *review, struct jw *j);

#endif

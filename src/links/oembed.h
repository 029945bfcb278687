/*
 * oembed.h - what a site says of one of its pages as oEmbed JSON (https://oembed.com).
 */
#ifndef LINKS_OEMBED_H
#define LINKS_OEMBED_H

#include "core/previews.h"
#include "links/webpage.h"

/*
 * Fills in what it says, over what is there already; texts in the arena. False, and nothing is changed: no oEmbed, or of
 * type "rich", of which nobody knows what it is. Its HTML is never taken: of a video, the first frame of another site in
 * it is written anew. *ret_image: URL of a picture; untouched when it names none.
 */
bool oembed_read(struct arena *a, struct view json, struct view base, struct preview *preview, struct view *ret_image);

#endif

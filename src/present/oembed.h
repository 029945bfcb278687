/*
 * oembed.h - OEmbed (docs: entities/OEmbed, https://oembed.com 2.3.4.4): a frame that asks the reader, and
 * then shows the page of the post (embed.h).
 */
#ifndef PRESENT_OEMBED_H
#define PRESENT_OEMBED_H

#include "core/accounts.h"
#include "present/present.h"

/* In pixels, at most; height 0: an estimate of what the post needs. */
struct oembed_size {
	int64_t width, height;
};
enum err present_oembed(const struct present *p, const struct post *post, const struct account *author,
			struct oembed_size size, struct jw *j);

#endif

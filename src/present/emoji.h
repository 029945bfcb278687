/*
 * emoji.h - CustomEmoji (docs: entities/CustomEmoji).
 */
#ifndef PRESENT_EMOJI_H
#define PRESENT_EMOJI_H

#include "core/emojis.h"
#include "present/present.h"

void present_emoji(const struct present *p, const struct emoji *e, struct jw *j);
/* [CustomEmoji]: those named in the texts, each once. */
void present_emojis_in(const struct present *p, const struct view *texts, size_t n, struct jw *j);

#endif

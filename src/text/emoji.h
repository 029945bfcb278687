/*
 * emoji.h - what is one emoji (Unicode Technical Standard 51).
 */
#ifndef TEXT_EMOJI_H
#define TEXT_EMOJI_H

#include "base/base.h"

/* One character as people count, shown as a picture: not a digit, not two of them, not a sign of text. */
bool emoji_is_one(struct view v);

#endif

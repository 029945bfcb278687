/*
 * emoji.c - see emoji.h.
 */
#include "base/base.h"
#include "text/emoji.h"

#include <unictype.h>

#include "text/compose.h"
#include "text/utf8.h"

#define AS_PICTURE 0xFE0F
#define KEYCAP 0x20E3

bool emoji_is_one(struct view v)
{
	ucs4_t first = 0, c;
	bool picture = false, keycap = false;
	size_t regional = 0;

	if (!v.len || !utf8_valid(v) || compose_chars(v) != 1)
		return false;
	for (size_t at = 0; at < v.len;) {
		at += utf8_at(v, at, &c);
		first = first ? first : c;
		picture |= c == AS_PICTURE;
		keycap |= c == KEYCAP;
		regional += uc_is_property_regional_indicator(c);
	}
	if (regional)
		return regional == 2; /* a flag */
	if (first < 0x80)
		return keycap;
	return uc_is_property_emoji(first) && (uc_is_property_emoji_presentation(first) || picture);
}

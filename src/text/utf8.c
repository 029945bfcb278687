/*
 * utf8.c - see utf8.h. ASCII is answered without a table.
 */
#include "base/base.h"
#include "text/utf8.h"

#include <unictype.h>

ucs4_t utf8_before(struct view v, size_t at)
{
	if (at == 0)
		return 0;
	const uint8_t *s = (const uint8_t *)v.p;
	if (s[at - 1] < 0x80)
		return s[at - 1];
	ucs4_t c;
	return u8_prev(&c, s + at, s) ? c : 0xFFFD;
}

bool utf8_is_word(ucs4_t c)
{
	if (c < 0x80)
		return ascii_is_alnum(c) || c == '_';
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Nd |
							   UC_CATEGORY_MASK_Pc);
}

bool utf8_is_alpha(ucs4_t c)
{
	return c < 0x80 ? ascii_is_alpha(c) : uc_is_property_alphabetic(c);
}

bool utf8_is_alnum(ucs4_t c)
{
	return utf8_is_alpha(c) || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Nd);
}

bool utf8_is_space(ucs4_t c)
{
	return uc_is_property_white_space(c);
}

bool utf8_is_mark(ucs4_t c)
{
	return c >= 0x80 && uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M);
}

bool utf8_is_control(ucs4_t c)
{
	if (c < 0x80)
		return c < 0x20 || c == 0x7F;
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc) || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069);
}

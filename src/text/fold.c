/*
 * fold.c - see fold.h.
 */
#include "base/base.h"
#include "text/fold.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "text/utf8.h"

struct owned {
	uint8_t *p;
	size_t len;
};

static void owned_release(struct owned *o)
{
	free(o->p);
}

/* libunistring fails on valid UTF-8 only for lack of memory, which base/ treats as the end as well. */
static struct owned checked(uint8_t *p, size_t len)
{
	if (!p)
		BUG("out of memory");
	return (struct owned){p, len};
}

static bool is_dropped_mark(ucs4_t c, ucs4_t base)
{
	static const char *const scripts[] = {"Inherited", "Hebrew", "Arabic"};
	if (!uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Me))
		return false;
	if (c == 0x3099 || c == 0x309A)
		return false;
	if (c == 0x306 && (base == 0x438 || base == 0x443))
		return false;
	const uc_script_t *script = uc_script(c);
	for (size_t i = 0; script && i < ARRAY_LEN(scripts); i++)
		if (strcmp(script->name, scripts[i]) == 0)
			return true;
	return false;
}

/* Soft hyphens, joiners, variation selectors; and the Arabic tatweel, which only makes a word wider. */
static bool is_invisible(ucs4_t c)
{
	return (uc_is_property_default_ignorable_code_point(c) && c != 0x200B) || c == 0x640;
}

/* Takes out of a decomposed text, in place, what does not tell words apart. */
static void strip(struct owned *o)
{
	struct view v = view_make((const char *)o->p, o->len);
	size_t len = 0;
	ucs4_t base = 0;
	for (size_t at = 0; at < v.len;) {
		ucs4_t c;
		size_t n = utf8_at(v, at, &c);
		bool mark = utf8_is_mark(c);
		if (!is_invisible(c) && !(mark && is_dropped_mark(c, base))) {
			memmove(o->p + len, o->p + at, n);
			len += n;
		}
		if (!mark)
			base = c;
		at += n;
	}
	o->len = len;
}

static enum err fold_unicode(struct buf *out, struct view text)
{
	size_t len = 0;
	uint8_t *p = u8_normalize(UNINORM_NFKD, (const uint8_t *)text.p, text.len, NULL, &len);
	struct owned CLEANUP(owned_release) plain = checked(p, len);
	p = u8_casefold(plain.p, plain.len, NULL, UNINORM_NFKD, NULL, &len);
	struct owned CLEANUP(owned_release) folded = checked(p, len);
	strip(&folded);
	if (folded.len == 0)
		return OK;
	p = u8_normalize(UNINORM_NFC, folded.p, folded.len, NULL, &len);
	struct owned CLEANUP(owned_release) composed = checked(p, len);
	buf_add(out, view_make((const char *)composed.p, composed.len));
	return buf_err(out);
}

static bool is_ascii(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.p[i] >= 0x80 || v.p[i] == '\0')
			return false;
	return true;
}

enum err fold(struct buf *out, struct view text)
{
	if (!is_ascii(text))
		return utf8_valid(text) ? fold_unicode(out, text) : ERR_INVALID;
	char *to = buf_reserve(out, text.len);
	for (size_t i = 0; to && i < text.len; i++)
		to[i] = ascii_lower(text.p[i]);
	if (to)
		buf_grow(out, text.len);
	return buf_err(out);
}

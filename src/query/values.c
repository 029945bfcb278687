/*
 * values.c - see values.h.
 */
#include "base/base.h"
#include "query/values.h"

#include <unictype.h>

#include "base/clock.h"
#include "base/limits.h"
#include "text/compose.h"
#include "text/lang.h"
#include "text/segment.h"
#include "text/utf8.h"

#define SEGMENT_BYTES 36 /* of tokens for each byte of text, at most (segment.h) */

static bool wants(struct reader *r, const char *what)
{
	r->wants = what;
	return false;
}

static struct view lower(struct arena *a, struct view v)
{
	char *p = arena_cstr(a, v);

	for (size_t i = 0; i < v.len; i++)
		p[i] = ascii_lower(p[i]);
	return view_make(p, v.len);
}

static bool read_tokens(struct reader *r, struct view value, struct leaf *ret)
{
	struct buf CLEANUP(buf_release) tokens = {.max = SEGMENT_BYTES * value.len + 1};

	if (segment(&tokens, value) != OK || !tokens.len)
		return false;
	ret->text = arena_view(r->arena, buf_view(&tokens));
	return true;
}

bool value_words(struct reader *r, struct view value, struct leaf *ret)
{
	return read_tokens(r, value, ret) || wants(r, "letters or digits to look for");
}

bool value_url(struct reader *r, struct view value, struct leaf *ret)
{
	return read_tokens(r, value, ret) || wants(r, "an address or a part of one");
}

struct view strip_selectors(struct arena *a, struct view v)
{
	static const char prefix[] = "\xEF\xB8"; /* U+FE0E and U+FE0F: EF B8 8E, EF B8 8F */
	char *p = arena_cstr(a, v);
	size_t n = 0;

	for (size_t i = 0; i < v.len; i++) {
		if (v.len - i >= 3 && memcmp(v.p + i, prefix, 2) == 0 && ((unsigned char)v.p[i + 2] | 1) == 0x8F)
			i += 2;
		else
			p[n++] = v.p[i];
	}
	p[n] = '\0';
	return view_make(p, n);
}

static bool has_symbol(struct view v)
{
	for (size_t at = 0; at < v.len;) {
		ucs4_t c;

		at += utf8_at(v, at, &c);
		if (c >= 0x80 && uc_is_general_category_withtable(c, UC_CATEGORY_MASK_S))
			return true;
	}
	return false;
}

bool value_symbols(struct reader *r, struct view value, struct leaf *ret)
{
	if (!has_symbol(value))
		return wants(r, "an emoji");
	ret->text = strip_selectors(r->arena, value);
	return true;
}

bool value_tag(struct reader *r, struct view value, struct leaf *ret)
{
	struct buf CLEANUP(buf_release) key = {.max = COMPOSE_TAG_BYTES + 1};

	if (compose_tag_key(&key, value) != OK)
		return wants(r, "the name of a hashtag");
	ret->text = arena_view(r->arena, buf_view(&key));
	return true;
}

static size_t letters(struct view v, size_t from, size_t max)
{
	size_t n = 0;

	while (from + n < v.len && n < max && ascii_is_alpha((unsigned char)v.p[from + n]))
		n++;
	return n;
}

/* One to six letters, and one or two behind a dot or underscore: $BRK.B (twitter-text's cashtags). */
size_t cashtag_len(struct view v)
{
	size_t n = letters(v, 0, 6);
	size_t more = n && n < v.len && (v.p[n] == '.' || v.p[n] == '_') ? letters(v, n + 1, 2) : 0;
	ucs4_t c = 0;

	if (more)
		n += 1 + more;
	if (n < v.len)
		utf8_at(v, n, &c);
	return c && utf8_is_word(c) ? 0 : n;
}

bool value_cashtag(struct reader *r, struct view value, struct leaf *ret)
{
	if (!value.len || cashtag_len(value) != value.len)
		return wants(r, "a symbol of one to six letters");
	ret->text = lower(r->arena, value);
	return true;
}

bool value_name(struct reader *r, struct view value, struct leaf *ret)
{
	if (view_starts(value, V("@")))
		value = view_sub(value, 1, value.len);
	if (!value.len || value.len > LIMIT_USERNAME)
		return wants(r, "the name of an account of this server");
	for (size_t i = 0; i < value.len; i++)
		if (!ascii_is_alnum((unsigned char)value.p[i]) && value.p[i] != '_')
			return wants(r, "the name of an account of this server");
	ret->text = lower(r->arena, value);
	ret->num = 0;
	(void)parse_i64(value, 1, INT64_MAX, &ret->num);
	return true;
}

static bool read_number(struct reader *r, struct view value, int64_t min, int64_t max, struct leaf *ret)
{
	if (!value.len || !ascii_is_digit((unsigned char)value.p[0]) || !parse_i64(value, min, max, &ret->num))
		return false;
	ret->text = arena_printf(r->arena, "%" PRIi64, ret->num);
	return true;
}

bool value_id(struct reader *r, struct view value, struct leaf *ret)
{
	return read_number(r, value, 1, INT64_MAX, ret) || wants(r, "the id of a post");
}

bool value_count(struct reader *r, struct view value, struct leaf *ret)
{
	return read_number(r, value, 0, INT64_MAX, ret) || wants(r, "a number from 0");
}

bool value_percent(struct reader *r, struct view value, struct leaf *ret)
{
	return read_number(r, value, 1, 100, ret) || wants(r, "a whole number from 1 to 100");
}

/* What X calls three languages. */
static struct view usual_code(struct view code)
{
	static const struct {
		const char *x, *usual;
	} codes[] = {{"iw", "he"}, {"in", "id"}, {"und", ""}};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (view_eq_nocase(code, view_of(codes[i].x)))
			return view_of(codes[i].usual);
	return code;
}

bool value_language(struct reader *r, struct view value, struct leaf *ret)
{
	struct view usual = usual_code(value);
	char code[LANG_BYTES];

	if (value.len && !usual.len) {
		ret->text = V("und");
		return true;
	}
	if (!lang_normalise(usual, code))
		return wants(r, "the code of a language");
	ret->text = arena_view(r->arena, view_of(code));
	return true;
}

bool value_time(struct reader *r, struct view value, struct leaf *ret)
{
	char iso[CLOCK_ISO_LEN + 1];

	if (!clock_parse_iso(value, &ret->num) || ret->num < 0)
		return wants(r, "a day like 2026-01-31, or a time like 2026-01-31T12:00:00Z");
	clock_iso(ret->num, iso);
	ret->text = arena_view(r->arena, view_of(iso));
	return true;
}

/*
 * json.c - the JSON writer. The common case is text without anything to escape, copied in one run: bytes are looked
 * at eight at a time, and only a quote, a backslash, a control character or a broken sequence ends a run.
 */
#include "base/base.h"
#include "base/json.h"

#include "base/clock.h"

#include <assert.h>
#include <locale.h>
#include <math.h>

#define ONES UINT64_C(0x0101010101010101)
#define TOPS UINT64_C(0x8080808080808080)
#define CLOCK_DATE_LEN 10

/* In debug builds: the byte before the next one must not be one of these. Nothing is known at the start. */
#ifdef DEBUG
static void check_after(const struct jw *j, const char *wrong)
{
	const struct buf *b = j->out;
	assert(b->over || b->len == 0 || j->comma || !strchr(wrong, b->p[b->len - 1]));
}
#else
static inline void check_after(const struct jw *j MAYBE_UNUSED, const char *wrong MAYBE_UNUSED)
{
}
#endif

/* Comma before a value, when there is one before it. */
static inline void value(struct jw *j)
{
	check_after(j, "{");
	if (j->comma)
		buf_add_c(j->out, ',');
	j->comma = true;
}

static void open_level(struct jw *j, char c)
{
	value(j);
	buf_add_c(j->out, c);
	j->comma = false;
}

static void close_level(struct jw *j, char c)
{
	check_after(j, ":,");
	buf_add_c(j->out, c);
	j->comma = true;
}

void jw_object(struct jw *j)
{
	open_level(j, '{');
}

void jw_object_end(struct jw *j)
{
	close_level(j, '}');
}

void jw_object_reopen(struct jw *j)
{
	if (j->out->over)
		return;
	if (!j->out->len || j->out->p[j->out->len - 1] != '}')
		BUG("json: no object to go on with");
	j->comma = j->out->p[--j->out->len - 1] != '{';
}

void jw_array(struct jw *j)
{
	open_level(j, '[');
}

void jw_array_end(struct jw *j)
{
	close_level(j, ']');
}

void jw_key(struct jw *j, const char *key)
{
	check_after(j, ":[");
	size_t n = strlen(key);
	size_t size = n + 3 + j->comma;
	char *p = buf_reserve(j->out, size);
	if (!p)
		return;
	if (j->comma)
		*p++ = ',';
	*p++ = '"';
	memcpy(p, key, n);
	p[n] = '"';
	p[n + 1] = ':';
	buf_grow(j->out, size);
	j->comma = false;
}

/* Bytes with a top bit set in the result: control characters, quote, backslash, and everything outside ASCII. */
static inline uint64_t special_bytes(uint64_t w)
{
	uint64_t quote = w ^ (ONES * '"'), backslash = w ^ (ONES * '\\');
	return ((w - ONES * 0x20) | (quote - ONES) | (backslash - ONES) | w) & TOPS;
}

static inline bool is_special(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\' || c >= 0x80;
}

/* The first byte at or after `at` that needs a look. */
static inline size_t plain_end(struct view v, size_t at)
{
	while (v.len - at >= 8) {
		uint64_t w;
		memcpy(&w, v.p + at, sizeof(w));
		if (special_bytes(w))
			break;
		at += 8;
	}
	while (at < v.len && !is_special((unsigned char)v.p[at]))
		at++;
	return at;
}

static void escape_ascii(struct buf *out, unsigned char c)
{
	static const char shorts[] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\'};
	static const char hex[] = "0123456789abcdef";
	if (c < sizeof(shorts) && shorts[c])
		buf_add(out, view_make((char[]){'\\', shorts[c]}, 2));
	else
		buf_add(out, view_make((char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6));
}

void jw_escape(struct buf *out, struct view v)
{
	size_t run = 0, at = 0;
	while ((at = plain_end(v, at)) < v.len) {
		unsigned char c = (unsigned char)v.p[at];
		size_t n = c >= 0x80 ? utf8_step(v, at) : 0;
		if (n) {
			at += n;
			continue;
		}
		buf_add(out, view_sub(v, run, at - run));
		if (c >= 0x80)
			buf_add(out, V("\xef\xbf\xbd"));
		else
			escape_ascii(out, c);
		run = ++at;
	}
	buf_add(out, view_sub(v, run, SIZE_MAX));
}

void jw_str(struct jw *j, struct view v)
{
	value(j);
	buf_add_c(j->out, '"');
	jw_escape(j->out, v);
	buf_add_c(j->out, '"');
}

void jw_raw(struct jw *j, struct view v)
{
	value(j);
	buf_add(j->out, v);
}

void jw_null(struct jw *j)
{
	jw_raw(j, V("null"));
}

void jw_bool(struct jw *j, bool b)
{
	jw_raw(j, b ? V("true") : V("false"));
}

void jw_cstr(struct jw *j, const char *s)
{
	if (s)
		jw_str(j, view_of(s));
	else
		jw_null(j);
}

void jw_int(struct jw *j, int64_t n)
{
	value(j);
	buf_add_i64(j->out, n);
}

/* The shortest of 15 and 17 digits that reads back as d, with a point whatever the program's locale. */
static void add_double(struct buf *out, double d)
{
	char text[32];
	locale_t before = uselocale(newlocale(LC_ALL_MASK, "C", (locale_t)0));
	snprintf(text, sizeof(text), "%.15g", d);
	if (strtod(text, NULL) != d)
		snprintf(text, sizeof(text), "%.17g", d);
	uselocale(before);
	buf_add_str(out, text);
}

void jw_double(struct jw *j, double d)
{
	if (!isfinite(d)) {
		jw_null(j);
		return;
	}
	value(j);
	add_double(j->out, d);
}

static void quoted(struct jw *j, const char *p, size_t n)
{
	value(j);
	buf_add_c(j->out, '"');
	buf_add(j->out, view_make(p, n));
	buf_add_c(j->out, '"');
}

void jw_id(struct jw *j, int64_t id)
{
	if (id == 0) {
		jw_null(j);
		return;
	}
	value(j);
	buf_add_c(j->out, '"');
	buf_add_i64(j->out, id);
	buf_add_c(j->out, '"');
}

static void iso_prefix(struct jw *j, int64_t ms, size_t n)
{
	char text[CLOCK_ISO_LEN + 1];
	if (ms == 0) {
		jw_null(j);
		return;
	}
	clock_iso(ms, text);
	quoted(j, text, n);
}

void jw_time(struct jw *j, int64_t ms)
{
	iso_prefix(j, ms, CLOCK_ISO_LEN);
}

void jw_date(struct jw *j, int64_t ms)
{
	iso_prefix(j, ms, CLOCK_DATE_LEN);
}

void jw_kv_str(struct jw *j, const char *key, struct view v)
{
	jw_key(j, key);
	jw_str(j, v);
}

void jw_kv_cstr(struct jw *j, const char *key, const char *s)
{
	jw_key(j, key);
	jw_cstr(j, s);
}

void jw_kv_int(struct jw *j, const char *key, int64_t n)
{
	jw_key(j, key);
	jw_int(j, n);
}

void jw_kv_bool(struct jw *j, const char *key, bool b)
{
	jw_key(j, key);
	jw_bool(j, b);
}

void jw_kv_null(struct jw *j, const char *key)
{
	jw_key(j, key);
	jw_null(j);
}

void jw_kv_id(struct jw *j, const char *key, int64_t id)
{
	jw_key(j, key);
	jw_id(j, id);
}

void jw_kv_time(struct jw *j, const char *key, int64_t ms)
{
	jw_key(j, key);
	jw_time(j, ms);
}

void jw_kv_double(struct jw *j, const char *key, double d)
{
	jw_key(j, key);
	jw_double(j, d);
}

void jw_kv_doubles(struct jw *j, const char *key, const double *v, size_t n)
{
	jw_key(j, key);
	jw_array(j);
	for (size_t i = 0; i < n; i++)
		jw_double(j, v[i]);
	jw_array_end(j);
}

void jw_kv_raw(struct jw *j, const char *key, struct view v)
{
	jw_key(j, key);
	jw_raw(j, v);
}

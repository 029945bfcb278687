/*
 * form.c - see form.h.
 */
#include "base/base.h"
#include "gate/form.h"

#include "base/buf.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	char lower = (char)(c | 0x20);
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

enum err percent_decode(struct arena *a, struct view v, bool plus, struct view *ret)
{
	bool coded = memchr(v.p, '%', v.len) || (plus && memchr(v.p, '+', v.len));
	struct view out = v;
	if (coded) {
		char *p = arena_alloc(a, v.len + 1);
		size_t n = 0;
		for (size_t i = 0; i < v.len; i++) {
			char c = v.p[i];
			if (c == '%') {
				int high = v.len - i > 2 ? hex_value(v.p[i + 1]) : -1,
				    low = high >= 0 ? hex_value(v.p[i + 2]) : -1;
				if (low < 0)
					return ERR_INVALID;
				c = (char)(high * 16 + low);
				i += 2;
			} else if (c == '+' && plus) {
				c = ' ';
			}
			p[n++] = c;
		}
		out = view_make(p, n);
	}
	if (!utf8_valid(out))
		return ERR_INVALID;
	*ret = out;
	return OK;
}

void percent_encode(struct buf *out, struct view v)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.p[i];
		bool alnum = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
		if (alnum || c == '-' || c == '.' || c == '_' || c == '~') {
			buf_add_c(out, (char)c);
			continue;
		}
		buf_add_c(out, '%');
		buf_add_c(out, digits[c >> 4]);
		buf_add_c(out, digits[c & 15]);
	}
}

bool form_next(struct view *rest, struct view *ret_name, struct view *ret_value)
{
	struct view pair;
	do {
		if (!view_split(rest, '&', &pair))
			return false;
	} while (pair.len == 0);
	size_t at = view_find(pair, 0, '=');
	*ret_name = view_sub(pair, 0, at);
	*ret_value = view_sub(pair, at + 1, pair.len);
	return true;
}

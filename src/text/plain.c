/*
 * plain.c - see plain.h. Reads what text/html.c writes: attribute values hold no '>', entities are the five of the
 * writer. On anything else the result is wrong words, never more than that.
 */
#include "base/base.h"
#include "text/plain.h"

#include "text/utf8.h"

static struct view decode_entity(struct view v, size_t at, size_t *ret_len)
{
	static const struct {
		struct view entity, text;
	} entities[] = {
		{V("&amp;"), V("&")},	{V("&lt;"), V("<")},  {V("&gt;"), V(">")},
		{V("&quot;"), V("\"")}, {V("&#39;"), V("'")}, {V("&nbsp;"), V("\xC2\xA0")},
	};
	for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
		if (view_eq(view_sub(v, at, entities[i].entity.len), entities[i].entity)) {
			*ret_len = entities[i].entity.len;
			return entities[i].text;
		}
	}
	*ret_len = 1;
	return view_sub(v, at, 1);
}

/* What a tag stands for in the text; tag is without its angle brackets. */
static struct view line_ends(struct view tag)
{
	if (view_is(tag, "br") || view_is(tag, "br /"))
		return V("\n");
	return view_is(tag, "/p") ? V("\n\n") : V("");
}

enum err plain_text(struct buf *out, struct safe_html html)
{
	struct view v = html.reviewed, pending = V("");
	for (size_t at = 0; at < v.len;) {
		size_t len;
		if (v.p[at] == '<') {
			size_t end = view_find(v, at, '>');
			struct view ends = line_ends(view_sub(v, at + 1, end - at - 1));
			buf_add(out, ends.len ? pending : V(""));
			pending = ends.len ? ends : pending;
			at = end + 1;
			continue;
		}
		struct view piece = decode_entity(v, at, &len);
		buf_add(out, pending);
		buf_add(out, piece);
		pending = V("");
		at += len;
	}
	return buf_err(out);
}

/* Steps over white space at at; *ret_any: there was some. */
static size_t skip_spaces(struct view v, size_t at, bool *ret_any)
{
	*ret_any = false;
	while (at < v.len) {
		ucs4_t c;
		size_t n = utf8_at(v, at, &c);
		if (!utf8_is_space(c))
			break;
		*ret_any = true;
		at += n;
	}
	return at;
}

enum err plain_line_of_text(struct buf *out, struct view text, size_t max_chars)
{
	size_t begin = out->len, chars = 0;
	bool space;
	for (size_t at = skip_spaces(text, 0, &space); at < text.len;) {
		ucs4_t c;
		at = skip_spaces(text, at, &space);
		if (at == text.len)
			break;
		if (chars >= max_chars) {
			buf_add(out, V("\xE2\x80\xA6"));
			break;
		}
		if (space && out->len > begin) {
			buf_add_c(out, ' ');
			chars++;
		}
		size_t n = utf8_at(text, at, &c);
		buf_add(out, view_sub(text, at, n));
		at += n;
		chars++;
	}
	return buf_err(out);
}

enum err plain_line(struct buf *out, struct safe_html html, size_t max_chars)
{
	struct buf CLEANUP(buf_release) text = {.max = html.reviewed.len};
	TRY(plain_text(&text, html));
	return plain_line_of_text(out, buf_view(&text), max_chars);
}

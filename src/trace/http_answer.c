/*
 * http_answer.c - see http_answer.h. Crawlers often keep bodies unchunked beside a header that says otherwise: what does not read as chunks is
 * taken as it is.
 */
#include "base/base.h"

#include "trace/http_answer.h"

#include <archive.h>
#include <archive_entry.h>

#define UNPACK_BLOCK ((size_t)16 * 1024)

struct answer_head {
	bool chunked, packed, strange;
};

static bool next_line(struct view *rest, struct view *ret)
{
	size_t end = view_find(*rest, 0, '\n');

	if (end == rest->len)
		return false;
	*ret = view_sub(*rest, 0, end && rest->p[end - 1] == '\r' ? end - 1 : end);
	*rest = view_sub(*rest, end + 1, rest->len);
	return true;
}

static void read_type(struct view value, struct http_answer *a)
{
	size_t semicolon = view_find(value, 0, ';');
	struct view rest = view_sub(value, semicolon + 1, value.len), one;

	a->type = view_trim(view_sub(value, 0, semicolon));
	while (view_split(&rest, ';', &one)) {
		one = view_trim(one);
		if (!view_eq_nocase(view_sub(one, 0, 8), V("charset=")))
			continue;
		a->charset = view_sub(one, 8, one.len);
		if (view_starts(a->charset, V("\"")) && a->charset.len > 1)
			a->charset = view_sub(a->charset, 1, a->charset.len - 2);
	}
}

static void read_field(struct view line, struct answer_head *h, struct http_answer *a)
{
	size_t colon = view_find(line, 0, ':');
	struct view name = view_sub(line, 0, colon), value = view_trim(view_sub(line, colon + 1, line.len));

	if (view_eq_nocase(name, V("Content-Type"))) {
		read_type(value, a);
	} else if (view_eq_nocase(name, V("Transfer-Encoding"))) {
		h->chunked = view_eq_nocase(value, V("chunked"));
	} else if (view_eq_nocase(name, V("Content-Encoding"))) {
		h->packed = view_eq_nocase(value, V("gzip")) || view_eq_nocase(value, V("x-gzip")) ||
			    view_eq_nocase(value, V("zstd"));
		h->strange = value.len && !h->packed && !view_eq_nocase(value, V("identity"));
	}
}

static bool hex_size(struct view v, size_t max, size_t *ret)
{
	size_t n = 0, i = 0;

	for (; i < v.len && v.p[i] != ';' && v.p[i] != ' '; i++) {
		char c = v.p[i] | 0x20;
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

		if (digit < 0 || n > max)
			return false;
		n = n * 16 + (size_t)digit;
	}
	*ret = n;
	return i > 0;
}

static bool unchunk(struct view body, struct buf *out)
{
	struct view line;
	size_t n;

	buf_clear(out);
	while (next_line(&body, &line)) {
		if (!hex_size(line, out->max, &n))
			return false;
		if (n == 0)
			return true;
		buf_add(out, view_sub(body, 0, n));
		body = view_sub(body, n, body.len);
		if (!next_line(&body, &line)) /* the one behind the chunk; missing where the record was cut */
			return true;
	}
	return out->len > 0;
}

static bool unpack(struct view body, struct buf *out)
{
	struct archive *a = archive_read_new();
	struct archive_entry *e;
	la_ssize_t n = -1;
	char *room;

	archive_read_support_filter_gzip(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_raw(a);
	buf_clear(out);
	if (archive_read_open_memory(a, body.p, body.len) == ARCHIVE_OK &&
	    archive_read_next_header(a, &e) == ARCHIVE_OK)
		while ((room = buf_reserve(out, UNPACK_BLOCK)) && (n = archive_read_data(a, room, UNPACK_BLOCK)) > 0)
			buf_grow(out, (size_t)n);
	archive_read_free(a);
	return n >= 0 || out->len > 0;
}

bool http_answer_read(struct view block, struct buf *out, struct http_answer *ret)
{
	struct http_answer a = {0};
	struct answer_head h = {0};
	struct view line;
	uint64_t status;

	if (!next_line(&block, &line) || !view_starts(line, V("HTTP/")))
		return false;
	size_t space = view_find(line, 0, ' ');
	if (!parse_u64(view_sub(line, space + 1, 3), 999, &status))
		return false;
	a.status = (unsigned)status;
	while (next_line(&block, &line) && line.len)
		read_field(line, &h, &a);
	a.body = block;
	struct buf CLEANUP(buf_release) whole = {.max = out->max};
	if (h.chunked && unchunk(block, &whole))
		a.body = buf_view(&whole);
	if (h.strange)
		return false;
	if (h.packed && !unpack(a.body, out))
		return false;
	if (!h.packed && a.body.p != block.p) {
		buf_clear(out);
		buf_add(out, a.body);
	}
	if (h.packed || a.body.p != block.p)
		a.body = buf_view(out);
	*ret = a;
	return true;
}

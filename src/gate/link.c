/*
 * link.c - the Link header of a page (RFC 8288; Mastodon's docs, "Paginating through API responses").
 */
#include "base/base.h"
#include "gate/private.h"

#include "gate/form.h"

/* Longer than this, the header would not fit what clients and proxies take; then there is none. */
#define LINK_MAX ((size_t)4 * 1024)
#define LINK_USUAL ((size_t)512)

/* Cursors are replaced, and a token in the query is no part of the address. */
static bool is_kept(struct view name)
{
	static const char *const dropped[] = {"max_id", "since_id", "min_id", "offset", "access_token"};
	for (size_t i = 0; i < ARRAY_LEN(dropped); i++)
		if (view_is(name, dropped[i]))
			return false;
	return true;
}

static bool is_plain(char c)
{
	return c != '<' && c != '>' && c != '"' && (unsigned char)c < 0x80;
}

/* The query is kept as it was sent, but nothing that could end the reference before its time. */
static void add_kept(struct buf *out, struct view v)
{
	for (size_t i = 0, end; i < v.len; i = end) {
		for (end = i; end < v.len && is_plain(v.p[end]); end++)
			;
		buf_add(out, view_sub(v, i, end - i));
		if (end < v.len)
			percent_encode(out, view_sub(v, end, 1));
		end += end < v.len;
	}
}

static void add_link(struct call *c, struct buf *out, const char *cursor, int64_t id, const char *rel)
{
	struct view rest = c->x->query, name, value;
	if (out->len)
		buf_add_str(out, ", ");
	buf_add_c(out, '<');
	buf_add_str(out, c->core->config.base_url);
	add_kept(out, c->x->path);
	buf_add_c(out, '?');
	while (form_next(&rest, &name, &value)) {
		if (!is_kept(name))
			continue;
		add_kept(out, name);
		buf_add_c(out, '=');
		add_kept(out, value);
		buf_add_c(out, '&');
	}
	buf_add_str(out, cursor);
	buf_add_c(out, '=');
	buf_add_i64(out, id);
	buf_add_str(out, ">; rel=\"");
	buf_add_str(out, rel);
	buf_add_c(out, '"');
}

static void begin_links(struct buf *out)
{
	buf_init(out, LINK_MAX);
	(void)buf_reserve(out, LINK_USUAL);
}

static void end_links(struct call *c, struct buf *out)
{
	if (out->len && !out->over)
		call_header(c, "Link", buf_view(out));
	buf_release(out);
}

void call_link(struct call *c, int64_t first, int64_t last, bool short_page)
{
	struct buf out;
	begin_links(&out);
	if (last > 0 && !short_page)
		add_link(c, &out, "max_id", last, "next");
	if (first > 0)
		add_link(c, &out, "min_id", first, "prev");
	end_links(c, &out);
}

void call_link_offset(struct call *c, size_t offset, size_t limit, bool more)
{
	struct buf out;
	begin_links(&out);
	if (more)
		add_link(c, &out, "offset", (int64_t)(offset + limit), "next");
	if (offset)
		add_link(c, &out, "offset", offset > limit ? (int64_t)(offset - limit) : 0, "prev");
	end_links(c, &out);
}

/*
 * link.c - the Link header of a page (RFC 8288; Mastodon's docs, "Paginating through API responses").
 */
#include "base/base.h"
#include "gate/private.h"

#include "gate/form.h"

/* Longer than this, the header would not fit what clients and proxies take; then there is none. */
#define LINK_MAX ((size_t)4 * 1024)

/* Cursors are replaced, and a token in the query is no part of the address. */
static bool is_kept(struct view name)
{
	static const char *const dropped[] = {"max_id", "since_id", "min_id", "access_token"};
	for (size_t i = 0; i < ARRAY_LEN(dropped); i++)
		if (view_is(name, dropped[i]))
			return false;
	return true;
}

/* The query is kept as it was sent, but nothing that could end the reference before its time. */
static void add_kept(struct buf *out, struct view v)
{
	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];
		if (c == '<' || c == '>' || c == '"' || (unsigned char)c >= 0x80)
			percent_encode(out, view_sub(v, i, 1));
		else
			buf_add_c(out, c);
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
	buf_printf(out, "%s=%" PRId64 ">; rel=\"%s\"", cursor, id, rel);
}

void call_link(struct call *c, int64_t first, int64_t last, bool short_page)
{
	struct buf out;
	buf_init(&out, LINK_MAX);
	if (last > 0 && !short_page)
		add_link(c, &out, "max_id", last, "next");
	if (first > 0)
		add_link(c, &out, "min_id", first, "prev");
	if (out.len && !out.over)
		call_header(c, "Link", buf_view(&out));
	buf_release(&out);
}

/*
 * multipart.c - see multipart.h.
 */
#include "base/base.h"
#include "gate/multipart.h"

#define BOUNDARY_MAX 70

/* Offset of needle in v, or v.len. */
static size_t find(struct view v, struct view needle)
{
	const char *p = needle.len && v.len >= needle.len ? memmem(v.p, v.len, needle.p, needle.len) : NULL;
	return p ? (size_t)(p - v.p) : v.len;
}

/* How long the quoted string or bare token at the beginning of v is; 0: a quoted string without an end. */
static size_t value_length(struct view v)
{
	size_t i = 0;
	if (v.len == 0 || v.p[0] != '"') {
		while (i < v.len && v.p[i] != ';' && v.p[i] != ' ' && v.p[i] != '\t')
			i++;
		return i;
	}
	for (i = 1; i < v.len && v.p[i] != '"'; i++)
		i += v.p[i] == '\\' && v.len - i > 1 && (v.p[i + 1] == '"' || v.p[i + 1] == '\\');
	return i < v.len ? i + 1 : 0;
}

/* Without quotes and escapes. Browsers write a quote as %22; others escape it, but not the backslashes of paths. */
static struct view unquote(struct arena *a, struct view v)
{
	if (v.len < 2 || v.p[0] != '"')
		return v;
	v = view_sub(v, 1, v.len - 2);
	if (!memchr(v.p, '\\', v.len))
		return v;
	char *p = arena_alloc(a, v.len);
	size_t n = 0;
	for (size_t i = 0; i < v.len; i++) {
		i += v.p[i] == '\\' && v.len - i > 1 && (v.p[i + 1] == '"' || v.p[i + 1] == '\\');
		p[n++] = v.p[i];
	}
	return view_make(p, n);
}

/* "form-data; name=\"x\"; filename=\"y\"": finds one parameter. False when the header is malformed. */
static bool header_param(struct arena *a, struct view header, const char *name, struct view *ret, bool *ret_found)
{
	size_t at = view_find(header, 0, ';');
	*ret_found = false;
	while (at < header.len) {
		struct view rest = view_sub(header, at + 1, header.len);
		size_t equals = view_find(rest, 0, '=');
		struct view key = view_trim(view_sub(rest, 0, equals)), value = view_sub(rest, equals + 1, rest.len);
		if (equals == rest.len)
			return view_trim(rest).len == 0;
		size_t len = value_length(value);
		if (len == 0 && value.len && value.p[0] == '"')
			return false;
		if (!*ret_found && view_eq_nocase(key, view_of(name))) {
			*ret = unquote(a, view_sub(value, 0, len));
			*ret_found = true;
		}
		at = view_find(header, at + 1 + equals + 1 + len, ';');
	}
	return true;
}

/* RFC 2046 5.1.1 */
static bool is_boundary(struct view v)
{
	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];
		bool alnum = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
		if (!alnum && (c == '\0' || !strchr("'()+_,-./:=? ", c)))
			return false;
	}
	return v.len > 0 && v.len <= BOUNDARY_MAX && v.p[v.len - 1] != ' ';
}

enum err multipart_begin(struct multipart *m, struct arena *a, struct view content_type, struct view body)
{
	struct view boundary;
	bool found;
	if (!header_param(a, content_type, "boundary", &boundary, &found) || !found || !is_boundary(boundary))
		return ERR_INVALID;
	*m = (struct multipart){.arena = a, .boundary = arena_printf(a, "\r\n--%.*s", VIEW_ARG(boundary))};
	/* The first boundary may stand at the very beginning, without a line before it. */
	struct view bare = view_sub(m->boundary, 2, m->boundary.len);
	if (view_starts(body, bare)) {
		m->rest = view_sub(body, bare.len, body.len);
		return OK;
	}
	size_t at = find(body, m->boundary);
	if (at == body.len)
		return ERR_INVALID;
	m->rest = view_sub(body, at + m->boundary.len, body.len);
	return OK;
}

/* A file name is the client's word: only its last component, whatever separator it uses. */
static struct view base_name(struct view v)
{
	size_t at = v.len;
	while (at > 0 && v.p[at - 1] != '/' && v.p[at - 1] != '\\')
		at--;
	return view_sub(v, at, v.len);
}

static enum err read_disposition(struct arena *a, struct view value, struct part *part)
{
	bool named;
	if (!view_eq_nocase(view_trim(view_sub(value, 0, view_find(value, 0, ';'))), V("form-data")))
		return ERR_INVALID;
	if (!header_param(a, value, "name", &part->name, &named) || !named)
		return ERR_INVALID;
	if (!header_param(a, value, "filename", &part->file_name, &part->is_file))
		return ERR_INVALID;
	part->file_name = base_name(part->file_name);
	return utf8_valid(part->name) && utf8_valid(part->file_name) ? OK : ERR_INVALID;
}

static enum err read_head(struct arena *a, struct view head, struct part *part)
{
	bool disposed = false;
	while (head.len) {
		size_t end = find(head, V("\r\n"));
		struct view line = view_sub(head, 0, end);
		head = view_sub(head, end + 2, head.len);
		size_t colon = view_find(line, 0, ':');
		if (colon == line.len || colon == 0)
			return ERR_INVALID;
		struct view name = view_sub(line, 0, colon), value = view_trim(view_sub(line, colon + 1, line.len));
		if (view_eq_nocase(name, V("Content-Disposition"))) {
			if (disposed)
				return ERR_INVALID;
			TRY(read_disposition(a, value, part));
			disposed = true;
		} else if (view_eq_nocase(name, V("Content-Type"))) {
			part->content_type = value;
		}
	}
	return disposed ? OK : ERR_INVALID;
}

enum err multipart_next(struct multipart *m, struct part *ret)
{
	if (m->ended)
		return ERR_NOT_FOUND;
	if (view_starts(m->rest, V("--"))) {
		m->ended = true;
		return ERR_NOT_FOUND;
	}
	/* White space between the boundary and its line end is allowed, and added by nobody. */
	if (!view_starts(m->rest, V("\r\n")))
		return ERR_INVALID;
	if (++m->parts > MULTIPART_PARTS_MAX)
		return ERR_TOO_LARGE;
	struct view head = view_sub(m->rest, 2, MULTIPART_HEAD_MAX);
	size_t end = find(head, V("\r\n\r\n"));
	if (end == head.len)
		return head.len == MULTIPART_HEAD_MAX ? ERR_TOO_LARGE : ERR_INVALID;
	struct part part = {.name = V(""), .file_name = V(""), .content_type = V("")};
	TRY(read_head(m->arena, view_sub(head, 0, end), &part));
	/* The blank line's own CRLF may be the one that begins the boundary of an empty part. */
	struct view data = view_sub(m->rest, 2 + end + 2, m->rest.len);
	size_t boundary = find(data, m->boundary);
	if (boundary == data.len)
		return ERR_INVALID;
	part.data = boundary < 2 ? V("") : view_sub(data, 2, boundary - 2);
	m->rest = view_sub(data, boundary + m->boundary.len, data.len);
	*ret = part;
	return OK;
}

/*
 * rows_detect.c - what a stream is, by its first 64 KiB (rows.h).
 */
#include "base/base.h"

#include "trace/rows_csv.h"

#include "text/utf8.h"

#define LOOKED_AT ((size_t)64 * 1024)

static struct view skip_space(struct view v)
{
	size_t at = 0;

	while (at < v.len && (v.p[at] == ' ' || v.p[at] == '\t' || v.p[at] == '\n' || v.p[at] == '\r'))
		at++;
	return view_sub(v, at, v.len);
}

/* What may stand behind the bracket that begins JSON, which texts begin with as well ("[deleted]"). */
static bool is_json(struct view v)
{
	if (!v.len)
		return false;
	struct view next = skip_space(view_sub(v, 1, v.len));
	char c = next.len ? next.p[0] : '\0';

	if (v.p[0] == '{')
		return c == '"' || c == '}';
	return v.p[0] == '[' && (c == '{' || c == '[' || c == '"' || c == ']');
}

/* Whether the value that begins here ends where its line does. */
static bool is_a_line(struct view v)
{
	struct view line = view_trim(view_sub(v, 0, view_find(v, 0, '\n')));
	bool string = false, escaped = false;
	int depth = 0;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.p[i];

		if (string) {
			string = escaped || c != '"';
			escaped = !escaped && c == '\\';
		} else if (c == '"') {
			string = true;
		} else {
			depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		}
		if (depth <= 0)
			return i + 1 == line.len;
	}
	return false;
}

enum leak_format rows_detect(struct window *w)
{
	struct view head = view_sub(window_at_least(w, LOOKED_AT), 0, LOOKED_AT), v = skip_space(head);

	if (view_starts(head, V("WARC/")))
		return FORMAT_WARC;
	/* Archives of X have an assignment in front: "window.YTD.tweets.part0 = [" */
	if (view_starts(v, V("window.")) && view_find(v, 0, '=') < v.len)
		return FORMAT_JSON;
	if (is_json(v))
		return v.p[0] == '{' && is_a_line(v) ? FORMAT_JSONL : FORMAT_JSON;
	if (v.len > 1 && v.p[0] == '<' && (v.p[1] == '!' || ascii_is_alpha((unsigned char)v.p[1])))
		return FORMAT_HTML;
	return csv_mark(view_sub(head, 0, view_find(head, 0, '\n'))) ? FORMAT_CSV : FORMAT_TEXT;
}

/*
 * rows_warc.c - what crawlers keep (rows.h; ISO 28500:2017): records with heads like mail's and a stated length. Answers to requests
 * (pages, JSON, plain text) and what was made of them are read; the rest is passed over.
 */
#include "base/base.h"

#include "trace/rows.h"

#include "base/buf.h"
#include "trace/http_answer.h"

#define HEAD_LINE_MAX ((size_t)16 * 1024)
#define HEAD_LINES_MAX 200

enum record_kind { RECORD_OTHER, RECORD_ANSWER, RECORD_RESOURCE };

struct record {
	enum record_kind kind;
	bool text_only; /* what was made of a page: plain text */
	uint64_t length;
	bool has_length;
};

static void read_field(struct record *r, struct view line)
{
	size_t colon = view_find(line, 0, ':');
	struct view name = view_sub(line, 0, colon), value = view_trim(view_sub(line, colon + 1, line.len));

	if (view_eq_nocase(name, V("WARC-Type"))) {
		r->text_only = view_is(value, "conversion");
		r->kind = view_is(value, "response")		       ? RECORD_ANSWER
			  : view_is(value, "resource") || r->text_only ? RECORD_RESOURCE
								       : RECORD_OTHER;
	} else if (view_eq_nocase(name, V("Content-Length"))) {
		r->has_length = parse_u64(value, INT64_MAX, &r->length);
	} else if (view_eq_nocase(name, V("Content-Type")) && view_starts(value, V("text/dns"))) {
		r->kind = RECORD_OTHER;
	}
}

/* Up to the empty line. False: at the end, or it is no head. */
static bool read_head(struct window *w, struct record *ret, bool *ret_broken)
{
	struct view line = V("");
	enum window_line kind;

	*ret = (struct record){0};
	*ret_broken = false;
	while ((kind = window_line(w, HEAD_LINE_MAX, &line)) == WINDOW_LINE && !line.len)
		;
	if (kind == WINDOW_END)
		return false;
	*ret_broken = kind == WINDOW_LONG || !view_starts(line, V("WARC/"));
	for (size_t i = 0; !*ret_broken; i++) {
		kind = window_line(w, HEAD_LINE_MAX, &line);
		if (kind == WINDOW_LINE && !line.len)
			break;
		*ret_broken = kind != WINDOW_LINE || i == HEAD_LINES_MAX;
		if (!*ret_broken)
			read_field(ret, line);
	}
	*ret_broken |= !ret->has_length;
	return !*ret_broken;
}

static bool skip(struct window *w, uint64_t n)
{
	while (n > 0) {
		size_t there = window_at_least(w, 1).len, some = there < n ? there : (size_t)n;

		if (!there)
			return false;
		window_take(w, some);
		n -= some;
	}
	return true;
}

static enum err read_body(struct view body, struct view type, struct view charset, const struct rows_to *to)
{
	struct window w;

	window_of(&w, body);
	if (view_starts(type, V("text/html")) || view_starts(type, V("application/xhtml")))
		return rows_of_page(body, charset, to);
	if (view_starts(type, V("text/plain")))
		return rows_text(&w, to);
	if (view_find(type, 0, 'j') < type.len && type.len)
		return rows_json(&w, to); /* application/json, application/activity+json */
	enum leak_format f = type.len ? FORMAT_AUTO : rows_detect(&w);
	return f == FORMAT_HTML || f == FORMAT_JSON || f == FORMAT_JSONL ? rows_read(&w, f, to) : OK;
}

static enum err read_answer(struct view block, const struct rows_to *to)
{
	struct buf CLEANUP(buf_release) decoded = {.max = WINDOW_MAX};
	struct http_answer answer;

	if (!http_answer_read(block, &decoded, &answer))
		return rows_unreadable(to, "an answer in it cannot be decoded");
	if (answer.status != 200)
		return OK;
	return read_body(answer.body, answer.type, answer.charset, to);
}

enum err rows_warc(struct window *w, const struct rows_to *to)
{
	struct record r;
	bool broken;

	while (read_head(w, &r, &broken)) {
		struct view block = r.kind == RECORD_OTHER
					    ? V("")
					    : window_at_least(w, r.length < WINDOW_MAX ? r.length : WINDOW_MAX);

		block = view_sub(block, 0, r.length < block.len ? (size_t)r.length : block.len);
		if (r.kind == RECORD_ANSWER)
			TRY(read_answer(block, to));
		else if (r.kind == RECORD_RESOURCE)
			TRY(read_body(block, r.text_only ? V("text/plain") : V(""), V(""), to));
		if (!skip(w, r.length))
			return rows_unreadable(to, "it ends in the middle of a record");
	}
	return broken ? rows_unreadable(to, "a record does not begin where it should") : OK;
}

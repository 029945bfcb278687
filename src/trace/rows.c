/*
 * rows.c - see rows.h: what readers share, and which one reads.
 */
#include "base/base.h"

#include "trace/rows.h"

#include "base/buf.h"
#include "trace/utf16.h"

static const struct {
	const char *name;
	enum err (*read)(struct window *w, const struct rows_to *to);
} formats[FORMATS] = {
	[FORMAT_AUTO] = {"auto", NULL},	     [FORMAT_JSONL] = {"jsonl", rows_jsonl},
	[FORMAT_JSON] = {"json", rows_json}, [FORMAT_CSV] = {"csv", rows_csv},
	[FORMAT_TEXT] = {"text", rows_text}, [FORMAT_HTML] = {"html", rows_html},
	[FORMAT_WARC] = {"warc", rows_warc},
};

const char *leak_format_name(enum leak_format f)
{
	return formats[f].name;
}

bool leak_format_parse(struct view name, enum leak_format *ret)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (!view_is(name, formats[i].name))
			continue;
		*ret = (enum leak_format)i;
		return true;
	}
	return false;
}

enum err rows_read(struct window *w, enum leak_format f, const struct rows_to *to)
{
	return formats[f].read(w, to);
}

enum err rows_unreadable(const struct rows_to *to, const char *words)
{
	struct leak_row row = {.unreadable = words, .converted = to->converted};

	return to->fn(to->arg, &row);
}

bool rows_utf8(struct view text, struct buf *out, struct view *ret, bool *ret_converted)
{
	*ret = text;
	*ret_converted = false;
	if (utf8_valid(text))
		return true;
	if (view_find(text, 0, '\0') < text.len)
		return false;
	buf_clear(out);
	cp1252_decode(out, text);
	*ret = buf_view(out);
	*ret_converted = true;
	return !out->over;
}

enum err rows_text(struct window *w, const struct rows_to *to)
{
	struct buf CLEANUP(buf_release) decoded = {.max = 3 * ROW_TEXT_MAX};
	enum window_line kind;
	struct view line;

	while ((kind = window_line(w, WINDOW_MAX - 1, &line)) != WINDOW_END) {
		struct leak_row row = {.converted = to->converted};
		bool converted;

		if (kind == WINDOW_LONG) {
			TRY(rows_unreadable(to, "a line is too long"));
			continue;
		}
		if (!view_trim(line).len)
			continue;
		if (!rows_utf8(view_sub(line, 0, ROW_TEXT_MAX), &decoded, &row.text, &converted)) {
			TRY(rows_unreadable(to, "a line is no text"));
			continue;
		}
		row.converted |= converted;
		TRY(to->fn(to->arg, &row));
	}
	return OK;
}

/* ---- names ---- */

static const struct {
	const char *name;
	enum row_name kind;
	unsigned which;
} names[] = {
	{"full_text", NAME_TEXT, 0},
	{"text", NAME_TEXT, 1},
	{"content", NAME_TEXT, 2},
	{"body", NAME_TEXT, 3},
	{"id_str", NAME_ID, 0},
	{"id", NAME_ID, 1},
	{"tweet_id", NAME_ID, 2},
	{"status_id", NAME_ID, 3},
	{"post_id", NAME_ID, 4},
	{"url", NAME_URL, 0},
	{"uri", NAME_URL, 1},
	{"link", NAME_URL, 2},
	{"permalink", NAME_URL, 3},
	{"like_count", NAME_COUNTER, COUNTER_LIKES},
	{"likes", NAME_COUNTER, COUNTER_LIKES},
	{"favorite_count", NAME_COUNTER, COUNTER_LIKES},
	{"favourites_count", NAME_COUNTER, COUNTER_LIKES},
	{"reply_count", NAME_COUNTER, COUNTER_REPLIES},
	{"replies_count", NAME_COUNTER, COUNTER_REPLIES},
	{"replies", NAME_COUNTER, COUNTER_REPLIES},
	{"retweet_count", NAME_COUNTER, COUNTER_BOOSTS},
	{"retweets", NAME_COUNTER, COUNTER_BOOSTS},
	{"reblogs_count", NAME_COUNTER, COUNTER_BOOSTS},
	{"quote_count", NAME_COUNTER, COUNTER_QUOTES},
	{"quotes_count", NAME_COUNTER, COUNTER_QUOTES},
	{"quotes", NAME_COUNTER, COUNTER_QUOTES},
	{"followers_count", NAME_COUNTER, COUNTER_FOLLOWERS},
	{"followers", NAME_COUNTER, COUNTER_FOLLOWERS},
};

enum row_name row_name(struct view name, unsigned *ret_which)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!view_eq_nocase(name, view_of(names[i].name)))
			continue;
		*ret_which = names[i].which;
		return names[i].kind;
	}
	return NAME_OTHER;
}

void row_counter(struct match_counters *c, unsigned which, int64_t value)
{
	if (value < 0)
		return;
	c->given |= (uint8_t)(1U << which);
	c->v[which] = value;
}

int64_t row_id(struct view v)
{
	int64_t id;

	return parse_i64(view_trim(v), 1, INT64_MAX, &id) ? id : 0;
}

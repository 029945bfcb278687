/*
 * rows_json.c - JSON of any shape (rows.h): posts as X API v2 and v1.1, Mastodon and ActivityStreams have them, and any object with a
 * text. Lines, or documents of any size: arrays are gone through element by element, and so are objects that are too
 * large to be held, as an outbox with all its activities.
 */
#include "base/base.h"

#include "trace/rows.h"

#include <jansson.h>

#include "base/buf.h"
#include "base/map.h"

#define DEPTH_MAX 24  /* of objects in objects in which rows are looked for */
#define NESTED_MAX 64 /* of arrays and large objects that are gone through */
#define UNIT_MAX (WINDOW_MAX - 1)

struct unit {
	const struct rows_to *to;
	struct strmap users; /* X v2: id of an author → its json_t, in `includes` */
	bool converted;
	uint64_t rows;
};

static struct view string_of(const json_t *v)
{
	return json_is_string(v) ? view_make(json_string_value(v), json_string_length(v)) : (struct view){0};
}

/* The number of an id, and its text when it is an address (ActivityStreams). */
static void read_id(struct leak_row *row, const json_t *v)
{
	struct view text = string_of(v);

	if (json_is_integer(v))
		row->id = json_integer_value(v) > 0 ? json_integer_value(v) : row->id;
	else if (row_id(text))
		row->id = row_id(text);
	else if (text.len && !row->url.len)
		row->url = text;
}

static void read_counters(struct match_counters *c, const json_t *object)
{
	const char *key;
	json_t *value;
	unsigned which;

	json_object_foreach ((json_t *)(uintptr_t)object, key, value)
		if (json_is_integer(value) && row_name(view_of(key), &which) == NAME_COUNTER)
			row_counter(c, which, json_integer_value(value));
}

static void read_followers(struct match_counters *c, const json_t *person)
{
	const json_t *n = json_object_get(person, "followers_count");

	if (!n)
		n = json_object_get(json_object_get(person, "public_metrics"), "followers_count");
	if (json_is_integer(n))
		row_counter(c, COUNTER_FOLLOWERS, json_integer_value(n));
}

static void read_person(struct unit *u, struct leak_row *row, const json_t *post)
{
	static const char *const persons[] = {"user", "account", "author"};
	struct view id = string_of(json_object_get(post, "author_id"));

	for (size_t i = 0; i < ARRAY_LEN(persons); i++)
		read_followers(&row->counters, json_object_get(post, persons[i]));
	if (id.p)
		read_followers(&row->counters, strmap_get(&u->users, id));
}

/* Longer texts stand beside what old clients are shown. */
static struct view long_text(const json_t *post)
{
	struct view v = string_of(json_object_get(json_object_get(post, "extended_tweet"), "full_text"));

	return v.p ? v : string_of(json_object_get(json_object_get(post, "note_tweet"), "text"));
}

static void read_members(struct leak_row *row, const json_t *post)
{
	unsigned best_text = UINT32_MAX, best_url = UINT32_MAX, which;
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)post, key, value) {
		enum row_name kind = row_name(view_of(key), &which);

		if (kind == NAME_TEXT && which < best_text && json_is_string(value)) {
			row->text = string_of(value);
			best_text = which;
		} else if (kind == NAME_URL && which < best_url && json_is_string(value)) {
			row->url = string_of(value);
			best_url = which;
		}
	}
}

static void read_ids(struct leak_row *row, const json_t *post)
{
	static const char *const ids[] = {"post_id", "status_id", "tweet_id", "id", "id_str"};

	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		read_id(row, json_object_get(post, ids[i]));
}

static void read_post(struct unit *u, const json_t *post, struct leak_row *row)
{
	*row = (struct leak_row){.converted = u->converted};
	read_members(row, post);
	struct view longer = long_text(post);
	if (longer.p)
		row->text = longer;
	read_ids(row, post);
	read_counters(&row->counters, post);
	read_counters(&row->counters, json_object_get(post, "public_metrics"));
	read_person(u, row, post);
}

static enum err give(struct unit *u, const struct leak_row *row)
{
	u->rows++;
	return u->to->fn(u->to->arg, row);
}

static enum err look_in(struct unit *u, const json_t *v, unsigned depth);

/* What posts hold of other posts. */
static enum err posts_in_post(struct unit *u, const json_t *post, unsigned depth)
{
	static const char *const inside[] = {"reblog", "retweeted_status", "quoted_status", "quote"};

	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		TRY(look_in(u, json_object_get(post, inside[i]), depth + 1));
	return OK;
}

static void know_users(struct unit *u, const json_t *object)
{
	const json_t *users = json_object_get(json_object_get(object, "includes"), "users");
	json_t *one;
	size_t i;

	json_array_foreach (users, i, one) {
		struct view id = string_of(json_object_get(one, "id"));
		if (id.p)
			strmap_put(&u->users, id, one);
	}
}

static enum err look_in_object(struct unit *u, const json_t *object, unsigned depth)
{
	struct leak_row row;
	const char *key;
	json_t *value;

	know_users(u, object);
	read_post(u, object, &row);
	if (row.text.p) {
		TRY(give(u, &row));
		return posts_in_post(u, object, depth);
	}
	json_object_foreach ((json_t *)(uintptr_t)object, key, value)
		TRY(look_in(u, value, depth + 1));
	return OK;
}

static enum err look_in(struct unit *u, const json_t *v, unsigned depth)
{
	json_t *one;
	size_t i;

	if (depth > DEPTH_MAX)
		return OK;
	if (json_is_object(v))
		return look_in_object(u, v, depth);
	json_array_foreach (v, i, one)
		TRY(look_in(u, one, depth + 1));
	return OK;
}

/* A value in which there was no text: a row with an id alone, or nothing but what it is. */
static enum err give_bare(struct unit *u, const json_t *v)
{
	struct leak_row row = {.converted = u->converted};

	if (json_is_object(v))
		read_post(u, v, &row);
	else if (json_is_string(v))
		row.text = string_of(v);
	else if (json_is_integer(v) && json_integer_value(v) > 0)
		row.id = json_integer_value(v);
	return give(u, &row);
}

static json_t *parse(struct view text)
{
	json_error_t error;
	json_t *v = json_loadb(text.p, text.len, JSON_DECODE_ANY, &error);

	/* One number too large for us is no reason not to read the rest; ids are never so large. */
	if (!v && json_error_code(&error) == json_error_numeric_overflow)
		v = json_loadb(text.p, text.len, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
	return v;
}

enum err rows_of_json(struct view text, const struct rows_to *to)
{
	struct buf CLEANUP(buf_release) decoded = {.max = 3 * WINDOW_MAX};
	struct unit u = {.to = to};

	if (!rows_utf8(text, &decoded, &text, &u.converted))
		return rows_unreadable(to, "JSON with NUL bytes");
	u.converted |= to->converted;
	json_t *v = parse(text);
	if (!v)
		return rows_unreadable(to, "not JSON");
	strmap_init(&u.users);
	enum err err = look_in(&u, v, 0);
	if (err == OK && u.rows == 0)
		err = give_bare(&u, v);
	strmap_release(&u.users);
	json_decref(v);
	return err;
}

enum err rows_jsonl(struct window *w, const struct rows_to *to)
{
	enum window_line kind;
	struct view line;

	while ((kind = window_line(w, UNIT_MAX, &line)) != WINDOW_END) {
		if (kind == WINDOW_LONG)
			TRY(rows_unreadable(to, "a line is too long"));
		else if (view_trim(line).len)
			TRY(rows_of_json(line, to));
	}
	return OK;
}

/* ---- documents ---- */

struct scan {
	size_t at; /* bytes seen */
	unsigned depth;
	bool string, escaped;
};

/* On to the end of the value that begins with a bracket or a quote; true when it is there. */
static bool scan_value(struct scan *s, struct view v)
{
	for (; s->at < v.len; s->at++) {
		char c = v.p[s->at];

		if (s->string) {
			if (s->escaped)
				s->escaped = false;
			else if (c == '\\')
				s->escaped = true;
			else if (c == '"')
				s->string = false;
		} else if (c == '"') {
			s->string = true;
		} else if (c == '{' || c == '[') {
			s->depth++;
		} else if ((c == '}' || c == ']') && s->depth > 0) {
			s->depth--;
		}
		if (!s->string && s->depth == 0) {
			s->at++;
			return true;
		}
	}
	return false;
}

/* The value at the beginning of the window, whole; false when it does not fit, or never ends. */
static bool whole_value(struct window *w, struct view *ret)
{
	struct scan s = {0};

	while (!scan_value(&s, window_view(w)))
		if (!window_more(w))
			return false;
	*ret = view_sub(window_view(w), 0, s.at);
	return true;
}

/* A string that is too long to be held: over it. */
static void skip_string(struct window *w)
{
	struct scan s = {0};

	for (;;) {
		bool found = scan_value(&s, window_view(w));

		window_take(w, s.at);
		s.at = 0;
		if (found || !window_more(w))
			return;
	}
}

struct document {
	struct window *w;
	const struct rows_to *to;
	char open[NESTED_MAX]; /* '[' or '{' */
	size_t depth;
};

static enum err enter(struct document *d, char c)
{
	if (d->depth == NESTED_MAX) {
		window_take(d->w, window_view(d->w).len);
		while (window_more(d->w))
			window_take(d->w, window_view(d->w).len);
		return rows_unreadable(d->to, "JSON is nested too deep");
	}
	d->open[d->depth++] = c;
	window_take(d->w, 1);
	return OK;
}

static enum err take_object(struct document *d)
{
	struct view unit;

	if (whole_value(d->w, &unit)) {
		enum err err = rows_of_json(unit, d->to);
		window_take(d->w, unit.len);
		return err;
	}
	if (!d->w->end)
		return enter(d, '{'); /* too large: gone through */
	window_take(d->w, window_view(d->w).len);
	return rows_unreadable(d->to, "JSON ends too early");
}

/* A string is a text where it stands in a list, and else a name or a value that says nothing. */
static enum err take_string(struct document *d)
{
	struct view unit;

	if (!whole_value(d->w, &unit)) {
		skip_string(d->w);
		return rows_unreadable(d->to, "a string is too long, or never ends");
	}
	enum err err = d->depth && d->open[d->depth - 1] == '[' ? rows_of_json(unit, d->to) : OK;
	window_take(d->w, unit.len);
	return err;
}

enum err rows_json(struct window *w, const struct rows_to *to)
{
	struct document d = {.w = w, .to = to};
	struct view v;

	while ((v = window_at_least(w, 1)).len) {
		char c = v.p[0];

		if (c == '{') {
			TRY(take_object(&d));
		} else if (c == '[') {
			TRY(enter(&d, '['));
		} else if (c == '"') {
			TRY(take_string(&d));
		} else {
			d.depth -= (c == '}' || c == ']') && d.depth > 0;
			window_take(w, 1);
		}
	}
	return OK;
}

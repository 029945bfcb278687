/*
 * leak_file.c - see leak_file.h.
 */
#include "base/base.h"

#include "trace/leak_file.h"

#include "base/json.h"
#include "ledger/file.h"

static const struct {
	const char *name;
	size_t at;
} counts[] = {
#define COUNT(member)                                                                                                  \
	{                                                                                                              \
#member, offsetof(struct match_counts, member)                                                                 \
	}
	COUNT(rows),	     COUNT(unreadable), COUNT(converted),   COUNT(matched),
	COUNT(id_only),	     COUNT(ambiguous),	COUNT(conflicting), COUNT(short_text),
	COUNT(without_text), COUNT(unmatched),	COUNT(repeated),    COUNT(with_counters),
	COUNT(posts),	     COUNT(gone),	COUNT(sources),	    COUNT(damaged),
#undef COUNT
};

static const char *const how_names[MATCH_HOWS] = {"", "id", "url", "text", "near"};
static const char *const counter_names[COUNTERS] = {"likes", "replies", "boosts", "quotes", "followers"};

const char *match_how_name(enum match_how how)
{
	return how_names[how];
}

void leak_path(const char *work, const char *name, char ret[LEAK_PATH_MAX])
{
	snprintf(ret, LEAK_PATH_MAX, "%.4096s/%s", work, name);
}

static uint64_t *count_at(struct match_counts *c, size_t i)
{
	return (uint64_t *)(void *)((char *)c + counts[i].at);
}

/* ---- the state ---- */

static void write_counts(struct jw *j, struct match_counts *c)
{
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		jw_kv_int(j, counts[i].name, (int64_t)*count_at(c, i));
	jw_key(j, "by");
	jw_object(j);
	for (size_t i = 1; i < MATCH_HOWS; i++)
		jw_kv_int(j, how_names[i], (int64_t)c->by[i]);
	jw_object_end(j);
}

/* As text: it may have 64 bits. */
static void write_wide(struct jw *j, const char *key, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	jw_kv_cstr(j, key, text);
}

enum err leak_state_write(const char *work, const struct leak_state *s)
{
	struct buf CLEANUP(buf_release) out = {.max = LEAK_LINE_MAX};
	struct match_counts c = s->counts;
	char path[LEAK_PATH_MAX];
	struct jw j = jw_to(&out);

	jw_object(&j);
	write_wide(&j, "leak", s->stamp);
	write_wide(&j, "index", s->index);
	jw_kv_cstr(&j, "format", leak_format_name(s->format));
	jw_kv_int(&j, "done", (int64_t)s->done);
	jw_kv_int(&j, "listed_sources", (int64_t)s->sources);
	jw_kv_int(&j, "matches_bytes", (int64_t)s->matches_bytes);
	jw_kv_bool(&j, "finished", s->finished);
	jw_key(&j, "texts");
	jw_object(&j);
	for (size_t i = 1; i < MATCH_HOWS; i++)
		jw_kv_int(&j, how_names[i], (int64_t)s->texts[i]);
	jw_object_end(&j);
	jw_key(&j, "counts");
	jw_object(&j);
	write_counts(&j, &c);
	jw_object_end(&j);
	jw_object_end(&j);
	buf_add_c(&out, '\n');
	TRY(buf_err(&out));
	leak_path(work, LEAK_STATE_FILE, path);
	return file_replace(path, buf_view(&out), 0600, FILE_DURABLE);
}

static uint64_t number(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);
	uint64_t n = 0;

	if (json_is_string(v))
		parse_u64(view_of(json_string_value(v)), UINT64_MAX, &n);
	else if (json_is_integer(v) && json_integer_value(v) > 0)
		n = (uint64_t)json_integer_value(v);
	return n;
}

static void read_by_how(const json_t *object, uint64_t ret[MATCH_HOWS])
{
	for (size_t i = 1; i < MATCH_HOWS; i++)
		ret[i] = number(object, how_names[i]);
}

static enum err read_state(struct view text, struct leak_state *ret)
{
	struct leak_state s = {0};
	json_t *v = json_loadb(text.p, text.len, 0, NULL);
	const json_t *c = json_object_get(v, "counts");
	bool known = leak_format_parse(view_of(json_string_value(json_object_get(v, "format"))), &s.format);

	s.stamp = number(v, "leak");
	s.index = number(v, "index");
	s.done = number(v, "done");
	s.sources = number(v, "listed_sources");
	s.matches_bytes = number(v, "matches_bytes");
	s.finished = json_is_true(json_object_get(v, "finished"));
	read_by_how(json_object_get(v, "texts"), s.texts);
	read_by_how(json_object_get(c, "by"), s.counts.by);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		*count_at(&s.counts, i) = number(c, counts[i].name);
	json_decref(v);
	if (!known)
		return ERR_CORRUPT;
	*ret = s;
	return OK;
}

enum err leak_state_read(const char *work, struct leak_state *ret)
{
	struct buf CLEANUP(buf_release) text = {.max = LEAK_LINE_MAX};
	char path[LEAK_PATH_MAX];

	leak_path(work, LEAK_STATE_FILE, path);
	TRY(file_read(path, &text));
	return read_state(buf_view(&text), ret);
}

/* ---- matches ---- */

static void write_counters(struct jw *j, const struct match_counters *c)
{
	jw_key(j, "counters");
	jw_object(j);
	for (size_t i = 0; i < COUNTERS; i++)
		if (c->given & 1U << i)
			jw_kv_int(j, counter_names[i], c->v[i]);
	jw_object_end(j);
}

void leak_write_match(struct buf *out, const struct trace_match *m)
{
	struct jw j = jw_to(out);

	jw_object(&j);
	jw_kv_id(&j, "post", m->post);
	jw_kv_int(&j, "row", (int64_t)m->row);
	jw_kv_int(&j, "source", m->source);
	jw_kv_int(&j, "place", (int64_t)m->place);
	jw_kv_cstr(&j, "how", how_names[m->how]);
	if (m->gone)
		jw_kv_bool(&j, "gone", true);
	if (m->id_only) {
		jw_kv_bool(&j, "id_only", true);
	} else {
		jw_kv_int(&j, "version", m->version);
		jw_kv_double(&j, "similarity", (double)m->similarity);
	}
	if (m->counters.given)
		write_counters(&j, &m->counters);
	if (m->text.len)
		jw_kv_str(&j, "text", m->text);
	jw_object_end(&j);
	buf_add_c(out, '\n');
}

void leak_write_source(struct buf *out, uint64_t number_of, const char *name, enum leak_format f)
{
	struct jw j = jw_to(out);

	jw_object(&j);
	jw_kv_int(&j, "file", (int64_t)number_of);
	jw_kv_cstr(&j, "name", name);
	jw_kv_cstr(&j, "format", leak_format_name(f));
	jw_object_end(&j);
	buf_add_c(out, '\n');
}

static void read_counters(const json_t *v, struct match_counters *ret)
{
	for (size_t i = 0; i < COUNTERS; i++) {
		const json_t *n = json_object_get(v, counter_names[i]);

		if (!json_is_integer(n))
			continue;
		ret->given |= (uint8_t)(1U << i);
		ret->v[i] = json_integer_value(n);
	}
}

static bool read_match(const json_t *v, struct trace_match *ret)
{
	const json_t *text = json_object_get(v, "text");
	const char *how = json_string_value(json_object_get(v, "how"));
	uint64_t post = number(v, "post");

	*ret = (struct trace_match){.post = (int64_t)post,
				    .row = number(v, "row"),
				    .source = (uint32_t)number(v, "source"),
				    .place = number(v, "place"),
				    .gone = json_is_true(json_object_get(v, "gone")),
				    .id_only = json_is_true(json_object_get(v, "id_only")),
				    .version = (uint32_t)number(v, "version"),
				    .similarity = (float)json_number_value(json_object_get(v, "similarity"))};
	read_counters(json_object_get(v, "counters"), &ret->counters);
	if (json_is_string(text))
		ret->text = view_make(json_string_value(text), json_string_length(text));
	for (size_t i = 1; i < MATCH_HOWS; i++)
		if (how && strcmp(how, how_names[i]) == 0)
			ret->how = (enum match_how)i;
	return ret->how && post > 0 && post <= INT64_MAX && ret->row;
}

static enum err one_line(struct view line, leak_line_fn *fn, void *arg)
{
	json_t *v = json_loadb(line.p, line.len, 0, NULL);
	const char *name = json_string_value(json_object_get(v, "name"));
	struct trace_match m;
	enum err err = ERR_CORRUPT;

	if (name)
		err = fn(arg, NULL, number(v, "file"), view_of(name));
	else if (read_match(v, &m))
		err = fn(arg, &m, 0, V(""));
	json_decref(v);
	return err;
}

static size_t read_file(void *arg, char *p, size_t cap)
{
	return fread(p, 1, cap, arg);
}

enum err leak_each_line(const char *path, leak_line_fn *fn, void *arg)
{
	FILE *f = fopen(path, "re");
	enum window_line kind = WINDOW_LINE;
	struct window w;
	struct view line;
	enum err err = OK;

	if (!f)
		return ERR_NOT_FOUND;
	window_init(&w, read_file, f);
	while (err == OK && (kind = window_line(&w, LEAK_LINE_MAX, &line)) != WINDOW_END)
		err = kind == WINDOW_LONG ? ERR_CORRUPT : one_line(line, fn, arg);
	window_release(&w);
	fclose(f);
	return err;
}

/*
 * log.c - one line, one write(2), at most PIPE_BUF bytes, so that lines of several threads and processes never mix.
 * Fields that do not fit are left out, and the line says so.
 */
#include "base/base.h"
#include "base/log.h"

#include "base/clock.h"
#include "base/json.h"

#include <limits.h>
#include <stdatomic.h>
#include <unistd.h>

#define LINE_TAIL 32 /* room kept for the mark of a cut line and the end */
#define LINE_MAX_BYTES (PIPE_BUF - LINE_TAIL)
#define MESSAGE_MAX 512

static const struct {
	const char *name;
	struct view padded;
} levels[] = {
	[LOG_LEVEL_DEBUG] = {"debug", {"debug", 5}},
	[LOG_LEVEL_INFO] = {"info", {"info ", 5}},
	[LOG_LEVEL_WARN] = {"warn", {"warn ", 5}},
	[LOG_LEVEL_ERROR] = {"error", {"error", 5}},
};

static atomic_int log_fd = STDERR_FILENO, log_level = LOG_LEVEL_INFO, log_format = LOG_AUTO;

static enum log_format resolve(enum log_format format, int fd)
{
	return format != LOG_AUTO ? format : isatty(fd) ? LOG_TEXT : LOG_JSON;
}

void log_setup(int fd, enum log_level level, enum log_format format)
{
	atomic_store(&log_fd, fd);
	atomic_store(&log_level, (int)level);
	atomic_store(&log_format, (int)resolve(format, fd));
}

bool log_level_parse(struct view v, enum log_level *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
		if (view_is(v, levels[i].name)) {
			*ret = (enum log_level)i;
			return true;
		}
	}
	return false;
}

/* Values come from strangers: nothing a terminal would obey gets through, C1 controls included. */
static void add_printable(struct buf *out, struct view v)
{
	for (size_t at = 0, n; at < v.len; at += n) {
		unsigned char c = (unsigned char)v.p[at];
		n = utf8_step(v, at);
		bool control = c < 0x20 || c == 0x7f || (c == 0xc2 && n && (unsigned char)v.p[at + 1] < 0xa0);
		if (n && !control) {
			buf_add(out, view_sub(v, at, n));
		} else {
			n = n ? n : 1;
			for (size_t i = 0; i < n; i++)
				buf_printf(out, "\\x%02x", (unsigned char)v.p[at + i]);
		}
	}
}

static bool needs_quotes(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.p[i] == ' ' || v.p[i] == '"' || v.p[i] == '=')
			return true;
	return v.len == 0;
}

static void text_field(struct buf *out, const struct log_field *f)
{
	buf_add_c(out, ' ');
	buf_add_str(out, f->key);
	buf_add_c(out, '=');
	if (f->kind == LOG_INT) {
		buf_add_i64(out, f->num);
		return;
	}
	bool quotes = needs_quotes(f->str);
	if (quotes)
		buf_add_c(out, '"');
	add_printable(out, f->str);
	if (quotes)
		buf_add_c(out, '"');
}

static void json_field(struct jw *j, const struct log_field *f)
{
	if (f->kind == LOG_INT)
		jw_kv_int(j, f->key, f->num);
	else
		jw_kv_str(j, f->key, f->str);
}

/* Takes back what was written since mark when it did not fit; there is room for the tail then. */
static bool cut(struct buf *out, size_t mark)
{
	if (!out->over)
		return false;
	out->len = mark;
	out->over = false;
	out->max = PIPE_BUF;
	return true;
}

static void text_line(struct buf *out, enum log_level level, struct view message, const struct log_field *f)
{
	char now[CLOCK_ISO_LEN + 1];
	clock_iso(clock_now(), now);
	buf_add(out, view_make(now + 11, 8));
	buf_add_c(out, ' ');
	buf_add(out, levels[level].padded);
	buf_add_c(out, ' ');
	add_printable(out, message);
	for (; f->kind != LOG_END; f++) {
		size_t mark = out->len;
		text_field(out, f);
		if (cut(out, mark)) {
			buf_add_str(out, " cut=true");
			break;
		}
	}
}

static void json_line(struct buf *out, enum log_level level, struct view message, const struct log_field *f)
{
	struct jw j = jw_to(out);
	jw_object(&j);
	jw_kv_time(&j, "time", clock_now());
	jw_kv_cstr(&j, "level", levels[level].name);
	jw_kv_str(&j, "message", message);
	for (; f->kind != LOG_END; f++) {
		size_t mark = out->len;
		json_field(&j, f);
		if (cut(out, mark)) {
			j.comma = true;
			jw_kv_bool(&j, "cut", true);
			break;
		}
	}
	out->max = PIPE_BUF;
	jw_object_end(&j);
}

void log_write(enum log_level level, const char *message, const struct log_field *fields)
{
	if ((int)level < atomic_load_explicit(&log_level, memory_order_relaxed))
		return;
	int fd = atomic_load_explicit(&log_fd, memory_order_relaxed);
	enum log_format format = (enum log_format)atomic_load_explicit(&log_format, memory_order_relaxed);
	struct view text = view_sub(view_of(message), 0, MESSAGE_MAX);

	struct buf line;
	buf_init(&line, LINE_MAX_BYTES);
	(resolve(format, fd) == LOG_TEXT ? text_line : json_line)(&line, level, text, fields);
	line.max = PIPE_BUF;
	buf_add_c(&line, '\n');
	/* A log that cannot be written has nowhere to say so. */
	ssize_t ignored = write(fd, line.p, line.len);
	(void)ignored;
	buf_release(&line);
}

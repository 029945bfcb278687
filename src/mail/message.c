/*
 * message.c - see message.h.
 */
#include "base/base.h"

#include "mail/message.h"

#include "base/clock.h"

#define LINE_MAX_CHARS 76
#define WORD_BYTES 39 /* of text in an encoded word: 52 characters of base64 stay below RFC 2047's 75 */
/* Neither quoted-printable nor base64 has "=_". */
#define BOUNDARY "=_kicau_part"
#define OUTER "=_kicau_mixed"
#define FILE_LINE 57 /* bytes that are 76 characters of base64 (RFC 2045 6.8) */

static bool is_plain(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.p[i] < ' ' || v.p[i] > '~')
			return false;
	return view_find(v, 0, '=') == v.len || !view_starts(view_sub(v, view_find(v, 0, '='), 2), V("=?"));
}

static void add_base64(struct view v, struct buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < v.len; i += 3) {
		uint32_t n = 0;
		size_t have = v.len - i < 3 ? v.len - i : 3;

		for (size_t k = 0; k < 3; k++)
			n = n << 8 | (k < have ? (unsigned char)v.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_add_c(out, k <= have ? digits[n >> (18 - 6 * k) & 63] : '=');
	}
}

void message_header_text(struct view text, struct buf *out)
{
	if (is_plain(text)) {
		buf_add(out, text);
		return;
	}
	for (size_t at = 0; at < text.len;) {
		size_t end = at;
		/* A character is never cut in two (RFC 2047 5). */
		while (end < text.len) {
			size_t step = utf8_step(text, end);
			step = step ? step : 1;
			if (end + step - at > WORD_BYTES)
				break;
			end += step;
		}
		buf_add_str(out, at ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		add_base64(view_sub(text, at, end - at), out);
		buf_add_str(out, "?=");
		at = end;
	}
}

/* Ends a line softly when n more characters, and the mark of the soft end, do not fit. */
static void make_room(struct buf *out, size_t *column, size_t n)
{
	if (*column + n > LINE_MAX_CHARS - 1) {
		buf_add_str(out, "=\r\n");
		*column = 0;
	}
	*column += n;
}

void message_quoted(struct view text, struct buf *out)
{
	size_t column = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		bool at_end = i + 1 == text.len || text.p[i + 1] == '\n';

		if (c == '\n') {
			buf_add_str(out, "\r\n");
			column = 0;
		} else if ((c > ' ' && c <= '~' && c != '=') || (c == ' ' && !at_end)) {
			make_room(out, &column, 1);
			buf_add_c(out, c);
		} else {
			make_room(out, &column, 3);
			buf_printf(out, "=%02X", (unsigned char)c);
		}
	}
	if (column)
		buf_add_str(out, "\r\n");
}

static bool is_address(struct view v)
{
	if (!v.len || view_find(v, 0, '@') == v.len)
		return false;
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.p[i] <= ' ' || v.p[i] == 0x7f || strchr("<>,;\"", v.p[i]))
			return false;
	return true;
}

static void write_date(int64_t ms, struct buf *out)
{
	char http[CLOCK_HTTP_LEN + 1];

	/* The same as HTTP's but for the zone (RFC 5322 3.3). */
	clock_http(ms, http);
	buf_printf(out, "Date: %.*s+0000\r\n", CLOCK_HTTP_LEN - 3, http);
}

static void write_part(const char *type, struct view text, struct buf *out)
{
	buf_printf(out,
		   "--" BOUNDARY "\r\nContent-Type: %s; charset=utf-8\r\n"
		   "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		   type);
	message_quoted(text, out);
	buf_add_str(out, "\r\n");
}

static void write_alternatives(const struct message *m, struct buf *out)
{
	buf_add_str(out, "Content-Type: multipart/alternative; boundary=\"" BOUNDARY "\"\r\n\r\n");
	write_part("text/plain", m->text, out);
	write_part("text/html", m->html, out);
	buf_add_str(out, "--" BOUNDARY "--\r\n");
}

static void write_file(const struct message *m, struct buf *out)
{
	buf_printf(out,
		   "--" OUTER "\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=\"%.*s\"\r\n"
		   "Content-Transfer-Encoding: base64\r\n\r\n",
		   m->file_type, VIEW_ARG(m->file_name));
	for (size_t i = 0; i < m->file.len; i += FILE_LINE) {
		add_base64(view_sub(m->file, i, m->file.len - i < FILE_LINE ? m->file.len - i : FILE_LINE), out);
		buf_add_str(out, "\r\n");
	}
}

static void write_body(const struct message *m, struct buf *out)
{
	if (!m->file.len) {
		write_alternatives(m, out);
		return;
	}
	buf_add_str(out, "Content-Type: multipart/mixed; boundary=\"" OUTER "\"\r\n\r\n--" OUTER "\r\n");
	write_alternatives(m, out);
	write_file(m, out);
	buf_add_str(out, "--" OUTER "--\r\n");
}

/* A quoted string (RFC 5322 3.2.4), or encoded words where there is more than that may hold. */
static void write_name(struct view name, struct buf *out)
{
	bool quotable = is_plain(name) && view_find(name, 0, '"') == name.len && view_find(name, 0, '\\') == name.len;

	if (quotable)
		buf_printf(out, "\"%.*s\"", VIEW_ARG(name));
	else
		message_header_text(name, out);
}

enum err message_write(const struct message *m, struct buf *out)
{
	if (!is_address(m->from) || !is_address(m->to))
		return ERR_INVALID;
	buf_add_str(out, "From: ");
	write_name(m->from_name, out);
	buf_printf(out, " <%.*s>\r\nTo: <%.*s>\r\nSubject: ", VIEW_ARG(m->from), VIEW_ARG(m->to));
	message_header_text(m->subject, out);
	buf_add_str(out, "\r\n");
	write_date(m->date, out);
	buf_printf(out, "Message-ID: <%.*s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n",
		   VIEW_ARG(m->id));
	write_body(m, out);
	return buf_err(out);
}

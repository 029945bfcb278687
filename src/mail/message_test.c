/*
 * message_test.c - a mail is what RFC 5322, 2045 and 2047 say, whatever stands in it.
 */
#include "base/base.h"

#include "mail/message.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/limits.h"

static void check(void (*write)(struct view, struct buf *), const char *in, const char *want)
{
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_MIB};

	write(view_of(in), &out);
	if (!view_is(buf_view(&out), want))
		fail_msg("%s\ngot\n%.*s", in, VIEW_ARG(buf_view(&out)));
}

static void test_quoted(void **state)
{
	(void)state;
	check(message_quoted, "", "");
	check(message_quoted, "plain\n", "plain\r\n");
	check(message_quoted, "1 = 1 \nkopi\xc3\xa9\t.", "1 =3D 1=20\r\nkopi=C3=A9=09.\r\n");
	check(message_quoted, ".\n.x\n", ".\r\n.x\r\n"); /* dots are the transport's business */
	check(message_quoted, "cr\rlf", "cr=0Dlf\r\n");
	check(message_quoted, "123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 end",
	      "123456789 123456789 123456789 123456789 123456789 123456789 123456789 12345=\r\n6789 end\r\n");
}

static void test_lines_are_short(void **state)
{
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_MIB};
	char text[4000];
	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i % 7 ? (i * 37 + i / 256) & 0xff : 'x');
	message_quoted(view_make(text, sizeof(text)), &out);
	struct view rest = buf_view(&out), line;
	while (view_split(&rest, '\n', &line)) {
		assert_true(line.len <= 77 && view_ends(line, V("\r")));
		for (size_t i = 0; i + 1 < line.len; i++)
			assert_true(line.p[i] >= ' ' && line.p[i] <= '~');
	}
}

static void test_header_text(void **state)
{
	(void)state;
	check(message_header_text, "Confirm your address", "Confirm your address");
	check(message_header_text, "Kampung \xf0\x9f\x90\xa6", "=?UTF-8?B?S2FtcHVuZyDwn5Cm?=");
	check(message_header_text, "a\r\nBcc: x@example.org", "=?UTF-8?B?YQ0KQmNjOiB4QGV4YW1wbGUub3Jn?=");
	check(message_header_text, "=?UTF-8?B?eA==?=", "=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=");
	check(message_header_text,
	      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
	      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9.",
	      "=?UTF-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6k=?=\r\n =?UTF-8?B?w6ku?=");
}

static void test_message(void **state)
{
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_MIB};
	struct message m = {.from_name = V("Kicau"),
			    .from = V("kicau@example.org"),
			    .to = V("sari@example.org"),
			    .subject = V("Hello"),
			    .id = V("1@example.org"),
			    .date = 1714979289000,
			    .text = V("Hello\n"),
			    .html = V("<p>Hello</p>")};
	(void)state;
	assert_int_equal(message_write(&m, &out), OK);
	assert_true(view_starts(buf_view(&out), V("From: \"Kicau\" <kicau@example.org>\r\nTo: <sari@example.org>\r\n"
						  "Subject: Hello\r\nDate: Mon, 06 May 2024 07:08:09 +0000\r\n"
						  "Message-ID: <1@example.org>\r\n")));
	assert_true(view_ends(buf_view(&out), V("<p>Hello</p>\r\n\r\n--=_kicau_part--\r\n")));
	static const char *const bad[] = {"", "nobody", "a@b\r\nBcc: c@d", "a@b>", "a b@c", "<a@b"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		m.to = view_of(bad[i]);
		assert_int_equal(message_write(&m, &out), ERR_INVALID);
	}
}

static void test_file(void **state)
{
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_MIB};
	char bytes[100];
	struct message m = {.from_name = V("Kicau"),
			    .from = V("kicau@example.org"),
			    .to = V("sari@example.org"),
			    .subject = V("Hello"),
			    .id = V("1@example.org"),
			    .text = V("Hello\n"),
			    .html = V("<p>Hello</p>"),
			    .file = view_make(bytes, sizeof(bytes)),
			    .file_name = V("I000001.pdf"),
			    .file_type = "application/pdf"};
	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(message_write(&m, &out), OK);
	assert_non_null(strstr(out.p, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed;"));
	assert_true(
		view_ends(buf_view(&out),
			  V("--=_kicau_part--\r\n--=_kicau_mixed\r\nContent-Type: application/pdf\r\n"
			    "Content-Disposition: attachment; filename=\"I000001.pdf\"\r\n"
			    "Content-Transfer-Encoding: base64\r\n\r\n"
			    "////////////////////////////////////////////////////////////////////////////\r\n"
			    "/////////////////////////////////////////////////////////w==\r\n--=_kicau_mixed--\r\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_lines_are_short),
		cmocka_unit_test(test_header_text),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

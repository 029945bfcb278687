/*
 * answers_test.c - the lines kicau-image and kicau-av answer, and lines they would only answer once somebody has taken
 * them over.
 */
#include "base/base.h"
#include "media/av.h"
#include "media/image.h"
#include "media/sniff.h"

#include <setjmp.h>
#include <cmocka.h>

#define HASH "LEHV6nWB2yk8pyo0adR*.7kCMdnj"

static void pictures(void **state MAYBE_UNUSED)
{
	struct image_result r;

	assert_int_equal(image_parse_answer(V("ok jpg 640 480 png 320 240 " HASH "\n"), &r, NULL), OK);
	assert_string_equal(r.ext, "jpg");
	assert_string_equal(r.small_ext, "png");
	assert_int_equal(r.width, 640);
	assert_int_equal(r.small_height, 240);
	assert_string_equal(r.blurhash, HASH);
	assert_false(r.moving);
	assert_int_equal(image_parse_answer(V("ok gif 6 4 jpg 6 4 -"), &r, NULL), OK);
	assert_string_equal(r.blurhash, "");
	assert_int_equal(image_parse_answer(V("moving\n"), &r, NULL), OK);
	assert_true(r.moving);
}

static void films(void **state MAYBE_UNUSED)
{
	struct av_result r;

	assert_int_equal(av_parse_answer(V("ok video mp4 640 480 30000 1001 1500 90000 aac 44100 2\n"), &r, NULL), OK);
	assert_string_equal(r.kind, "video");
	assert_int_equal(r.height, 480);
	assert_int_equal(r.rate_num, 30000);
	assert_int_equal(r.rate_den, 1001);
	assert_int_equal(r.duration_ms, 1500);
	assert_int_equal(r.bits, 90000);
	assert_string_equal(r.sound_codec, "aac");
	assert_int_equal(r.sound_rate, 44100);
	assert_int_equal(r.channels, 2);
	assert_int_equal(av_parse_answer(V("ok gifv mp4 6 4 10 1 500 100 - 0 0"), &r, NULL), OK);
	assert_string_equal(r.sound_codec, "");
	assert_int_equal(av_parse_answer(V("ok audio mp3 0 0 0 1 500 100 mp3 44100 1"), &r, NULL), OK);
}

static void refusals(void **state MAYBE_UNUSED)
{
	struct problem p = {0};
	struct image_result i;
	struct av_result a;
	char longest[600];

	assert_int_equal(image_parse_answer(V("error has more than 40 megapixels\n"), &i, &p), ERR_UNPROCESSABLE);
	assert_string_equal(p.text, "Validation failed: File has more than 40 megapixels");
	assert_int_equal(av_parse_answer(V("error is damaged"), &a, &p), ERR_UNPROCESSABLE);
	assert_string_equal(p.text, "Validation failed: File is damaged");
	memset(longest, 'x', sizeof(longest));
	memcpy(longest, "error ", 6);
	assert_int_equal(av_parse_answer(view_make(longest, sizeof(longest)), &a, &p), ERR_UNPROCESSABLE);
	assert_int_equal(strlen(p.text), strlen("Validation failed: File ") + 160);
}

static void nonsense(void **state MAYBE_UNUSED)
{
	static const char *const bad[] = {
		"", "\n", "ok", "ok ", "yes jpg 1 1 jpg 1 1 -", "error\xff", "moved",
		/* of pictures */
		"ok mp4 640 480 png 320 240 -", "ok jpg 640 480 exe 320 240 -", "ok ../../x 640 480 png 320 240 -",
		"ok jpg 0 480 png 320 240 -", "ok jpg -1 480 png 320 240 -", "ok jpg 100001 480 png 320 240 -",
		"ok jpg 640 480 png 320 240", "ok jpg  640 480 png 320 240 -",
		"ok jpg 640 480 png 320 240 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		/* of films */
		"ok video mp3 640 480 30 1 1500 9 aac 44100 2", "ok audio mp4 0 0 0 1 1500 9 aac 44100 2",
		"ok audio mp3 640 480 0 1 1500 9 mp3 44100 2", "ok video mp4 0 480 30 1 1500 9 aac 44100 2",
		"ok film mp4 640 480 30 1 1500 9 aac 44100 2", "ok video jpg 640 480 30 1 1500 9 aac 44100 2",
		"ok video mp4 640 480 30 0 1500 9 aac 44100 2", "ok video mp4 640 480 30 1 -1 9 aac 44100 2",
		"ok video mp4 640 480 30 1 1500 99999999999 aac 44100 2", "ok video mp4 640 480 30 1 1500 9 aac 44100",
		"ok video mp4 640 480 30 1 1500 9 aac 44100 65",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct image_result image;
		struct av_result av;

		assert_int_equal(image_parse_answer(view_of(bad[i]), &image, NULL), ERR_INTERNAL);
		assert_int_equal(av_parse_answer(view_of(bad[i]), &av, NULL), ERR_INTERNAL);
	}
}

static void first_bytes(void **state MAYBE_UNUSED)
{
	static const struct {
		struct view head;
		enum sniff_family family;
		const char *opener;
	} cases[] = {
		{V("\xff\xd8\xff\xe0"), SNIFF_PICTURE, "jpegload"},
		{V("GIF89a"), SNIFF_ANIMATION, "gif"},
		{V("RIFF\1\2\3\4WEBPVP8 "), SNIFF_PICTURE, "webpload"},
		{V("RIFF\1\2\3\4WAVEfmt "), SNIFF_FILM, "wav"},
		{V("\0\0\0\x20"
		   "ftypavif"),
		 SNIFF_PICTURE, "heifload"},
		{V("\0\0\0\x20"
		   "ftypisom"),
		 SNIFF_FILM, "mov"},
		{V("\0\0\0\x08"
		   "wide"),
		 SNIFF_FILM, "mov"},
		{V("\x1a\x45\xdf\xa3"), SNIFF_FILM, "matroska"},
		{V("ID3\x04"), SNIFF_FILM, "mp3"},
	};
	static const struct view others[] = {V(""),
					     V("G"),
					     V("GIF"),
					     V("RIFF"),
					     V("RIFF\1\2\3\4AVI "),
					     V("#EXTM3U"),
					     V("<svg"),
					     V("\xff\xd8"),
					     V("\0\0\0\x20"
					       "fty"),
					     V("%PDF"),
					     V("ffconcat version 1.0")};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct sniff *s = sniff(cases[i].head);

		assert_non_null(s);
		assert_int_equal(s->family, cases[i].family);
		assert_string_equal(s->demuxer ? s->demuxer : s->loader, cases[i].opener);
		assert_true(s->demuxer != NULL || s->ext != NULL);
	}
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_null(sniff(others[i]));
	assert_null(sniff_file("/nonexistent"));
	assert_null(sniff_file("/dev/null"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures), cmocka_unit_test(films),	   cmocka_unit_test(refusals),
		cmocka_unit_test(nonsense), cmocka_unit_test(first_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

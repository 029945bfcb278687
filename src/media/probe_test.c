/*
 * probe_test.c - what ffprobe 5.1 prints, and what it never does.
 */
#include "base/base.h"
#include "media/probe.h"

#include <setjmp.h>
#include <cmocka.h>

static const char film[] =
	"[STREAM]\ncodec_name=h264\nprofile=High\ncodec_type=video\nwidth=1920\nheight=1080\nsample_aspect_ratio=1:1\n"
	"pix_fmt=yuv420p\nr_frame_rate=30/1\navg_frame_rate=30000/1001\nduration=3.003000\nDISPOSITION:attached_pic=0\n"
	"[SIDE_DATA]\nrotation=-90\n[/SIDE_DATA]\n[/STREAM]\n[STREAM]\ncodec_name=aac\nprofile=LC\ncodec_type=audio\n"
	"sample_rate=44100\nchannels=2\nr_frame_rate=0/0\navg_frame_rate=0/0\nduration=3.020000\n"
	"DISPOSITION:attached_pic=0\n[/STREAM]\n[FORMAT]\nduration=3.020000\nbit_rate=1500000\n[/FORMAT]\n";

static void film_and_sound(void **state MAYBE_UNUSED)
{
	struct probe p;
	int w, h;

	assert_true(probe_parse(view_of(film), &p));
	assert_true(p.has_picture && p.has_sound);
	assert_string_equal(p.codec, "h264");
	assert_string_equal(p.profile, "High");
	assert_string_equal(p.pixels, "yuv420p");
	assert_int_equal(p.rate_num, 30000);
	assert_int_equal(p.rate_den, 1001);
	assert_string_equal(p.sound_codec, "aac");
	assert_string_equal(p.sound_profile, "LC");
	assert_int_equal(p.sound_rate, 44100);
	assert_int_equal(p.channels, 2);
	assert_int_equal(p.duration_ms, 3020);
	assert_int_equal(p.bits, 1500000);
	probe_shown(&p, &w, &h);
	assert_int_equal(w, 1080);
	assert_int_equal(h, 1920);
}

/* A song with its cover is no film. */
static void cover(void **state MAYBE_UNUSED)
{
	struct probe p;

	assert_true(probe_parse(
		V("[STREAM]\ncodec_name=mjpeg\ncodec_type=video\nwidth=600\nheight=600\n"
		  "DISPOSITION:attached_pic=1\n[/STREAM]\n[STREAM]\ncodec_name=mp3\nprofile=unknown\n"
		  "codec_type=audio\nduration=12.5\n[/STREAM]\n[FORMAT]\nduration=N/A\nbit_rate=N/A\n[/FORMAT]\n"),
		&p));
	assert_false(p.has_picture);
	assert_true(p.has_sound);
	assert_string_equal(p.sound_profile, "");
	assert_int_equal(p.duration_ms, 12500);
	assert_int_equal(p.bits, 0);
}

static void shapes(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *aspect;
		int rotation, width, height;
	} cases[] = {
		{"1:1", 0, 720, 576},	       {"16:15", 0, 768, 576},	      {"16:15", 90, 576, 768},
		{"1:1", 180, 720, 576},	       {"N/A", 0, 720, 576},	      {"0:1", 0, 720, 576},
		{"1:2000000000", 0, 720, 576}, {"2000000000:1", 0, 720, 576}, {"1:1", -270, 576, 720},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[256];
		struct probe p;
		int w, h;

		snprintf(text, sizeof(text),
			 "[STREAM]\ncodec_type=video\nwidth=720\nheight=576\nsample_aspect_ratio=%s\nrotation=%d\n[/"
			 "STREAM]\n",
			 cases[i].aspect, cases[i].rotation);
		assert_true(probe_parse(view_of(text), &p));
		probe_shown(&p, &w, &h);
		assert_int_equal(w, cases[i].width);
		assert_int_equal(h, cases[i].height);
	}
}

static void nonsense(void **state MAYBE_UNUSED)
{
	static const char *const bad[] = {"[STREAM]\n", "[STREAM]\n[STREAM]\n[/STREAM]\n",
					  "[STREAM]\n[FORMAT]\n[/FORMAT]\n[/STREAM]"};
	static const char *const nothing[] = {
		"", "\n\n", "width=3\n", "[/STREAM]\n", "=\n", "[STREAM]\nwidth=3\n[/STREAM]"};
	struct probe p;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(probe_parse(view_of(bad[i]), &p));
	for (size_t i = 0; i < ARRAY_LEN(nothing); i++) {
		assert_true(probe_parse(view_of(nothing[i]), &p));
		assert_false(p.has_picture || p.has_sound);
	}
	assert_true(probe_parse(V("[STREAM]\ncodec_type=video\nwidth=99999999999\nheight=-3\navg_frame_rate=1/0\n"
				  "duration=1e300\n[/STREAM]\n"),
				&p));
	assert_int_equal(p.width, 0);
	assert_int_equal(p.height, 0);
	assert_int_equal(p.rate_num, 0);
	assert_int_equal(p.duration_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(film_and_sound),
		cmocka_unit_test(cover),
		cmocka_unit_test(shapes),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * av.c - see av.h.
 */
#include "base/base.h"

#include "media/av.h"

#include "media/files.h"
#include "media/helper.h"

#define TIMEOUT_MS (540 * 1000) /* less than JOBS_LEASE_MS */
#define SIDE_MAX 100000
#define RATE_MAX 1000000
#define CHANNELS_MAX 64

/* What kinds there are, and what each must have. */
static const struct kind {
	const char *name, *family;
	bool pictures;
} kinds[] = {
	{"video", "video/", true},
	{"gifv", "video/", true},
	{"audio", "audio/", false},
};

static bool take_int(struct view *rest, int max, int *ret)
{
	int64_t n;

	if (!answer_number(rest, 0, max, &n))
		return false;
	*ret = (int)n;
	return true;
}

static bool is_consistent(const struct av_result *r)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct kind *k = &kinds[i];
		bool pictures = r->width > 0 && r->height > 0;

		if (!strcmp(k->name, r->kind))
			return files_ext_is(r->ext, k->family) && k->pictures == pictures;
	}
	return false;
}

enum err av_parse_answer(struct view line, struct av_result *ret, struct problem *problem)
{
	struct av_result r = {0};
	struct view word, rest;

	TRY(answer_begin(line, &word, &rest, problem));
	if (!view_is(word, "ok") || !answer_word(&rest, r.kind, sizeof(r.kind)) ||
	    !answer_word(&rest, r.ext, sizeof(r.ext)) || !take_int(&rest, SIDE_MAX, &r.width) ||
	    !take_int(&rest, SIDE_MAX, &r.height) || !answer_number(&rest, 0, INT32_MAX, &r.rate_num) ||
	    !answer_number(&rest, 1, INT32_MAX, &r.rate_den) ||
	    !answer_number(&rest, 0, INT64_C(1) << 40, &r.duration_ms) ||
	    !answer_number(&rest, 0, INT32_MAX, &r.bits) || !answer_word(&rest, r.sound_codec, sizeof(r.sound_codec)) ||
	    !take_int(&rest, RATE_MAX, &r.sound_rate) || !take_int(&rest, CHANNELS_MAX, &r.channels) ||
	    !is_consistent(&r))
		return answer_is_none(problem);
	if (!strcmp(r.sound_codec, "-"))
		r.sound_codec[0] = 0;
	*ret = r;
	return OK;
}

enum err av_convert(const char *input, const char *out_base, const struct stop *stop, struct av_result *ret,
		    struct problem *problem)
{
	const char *const args[] = {input, out_base, NULL};
	const struct helper helper = {AV_PROGRAM, args, TIMEOUT_MS, stop};
	char buf[HELPER_ANSWER];
	struct view answer;

	TRY(helper_run(&helper, buf, &answer, problem));
	return av_parse_answer(answer, ret, problem);
}

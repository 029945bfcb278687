/*
 * image.c - see image.h.
 */
#include "base/base.h"

#include "media/image.h"

#include "media/files.h"
#include "media/helper.h"

#define TIMEOUT_MS (60 * 1000)
#define SIDE_MAX 100000

static bool take_size(struct view *rest, int *ret)
{
	int64_t n;

	if (!answer_number(rest, 1, SIDE_MAX, &n))
		return false;
	*ret = (int)n;
	return true;
}

enum err image_parse_answer(struct view line, struct image_result *ret, struct problem *problem)
{
	struct image_result r = {0};
	struct view word, rest;

	TRY(answer_begin(line, &word, &rest, problem));
	r.moving = view_is(word, "moving");
	if (!r.moving && (!view_is(word, "ok") || !answer_word(&rest, r.ext, sizeof(r.ext)) ||
			  !take_size(&rest, &r.width) || !take_size(&rest, &r.height) ||
			  !answer_word(&rest, r.small_ext, sizeof(r.small_ext)) || !take_size(&rest, &r.small_width) ||
			  !take_size(&rest, &r.small_height) || !answer_word(&rest, r.blurhash, sizeof(r.blurhash)) ||
			  !files_ext_is(r.ext, "image/") || !files_ext_is(r.small_ext, "image/")))
		return answer_is_none(problem);
	if (!strcmp(r.blurhash, "-"))
		r.blurhash[0] = 0;
	*ret = r;
	return OK;
}

enum err image_convert(const char *mode, const char *input, const char *out_base, struct image_result *ret,
		       struct problem *problem)
{
	const char *const args[] = {mode, input, out_base, NULL};
	const struct helper helper = {IMAGE_PROGRAM, args, TIMEOUT_MS, NULL};
	char buf[HELPER_ANSWER];
	struct view answer;

	TRY(helper_run(&helper, buf, &answer, problem));
	return image_parse_answer(answer, ret, problem);
}

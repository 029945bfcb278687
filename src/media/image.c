/*
 * image.c - see image.h. The program's answer is read like any stranger's: it has just read hostile bytes.
 */
#include "base/base.h"

#include "media/image.h"

#include "base/log.h"
#include "media/process.h"

#define TIMEOUT_MS (60 * 1000)
#define ANSWER_MAX 512

static bool take_word(struct view *rest, char *ret, size_t size)
{
	struct view word;

	if (!view_split(rest, ' ', &word) || !word.len || word.len >= size)
		return false;
	memcpy(ret, word.p, word.len);
	ret[word.len] = 0;
	return true;
}

static bool take_size(struct view *rest, int *ret)
{
	struct view word;
	uint64_t n;

	if (!view_split(rest, ' ', &word) || !parse_u64(word, 100000, &n) || !n)
		return false;
	*ret = (int)n;
	return true;
}

static bool ext_known(const char *ext)
{
	return !strcmp(ext, "jpg") || !strcmp(ext, "png") || !strcmp(ext, "gif") || !strcmp(ext, "webp");
}

enum err image_parse_answer(struct view line, struct image_result *ret, struct problem *problem)
{
	struct image_result r;
	struct view rest = view_trim(line), word = V("");

	if (!view_split(&rest, ' ', &word) || !utf8_valid(line))
		return fail(problem, ERR_INTERNAL, "the picture could not be processed");
	if (view_is(word, "error"))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File %.*s",
			    VIEW_ARG(view_sub(rest, 0, 160)));
	if (!view_is(word, "ok") || !take_word(&rest, r.ext, sizeof(r.ext)) || !take_size(&rest, &r.width) ||
	    !take_size(&rest, &r.height) || !take_word(&rest, r.small_ext, sizeof(r.small_ext)) ||
	    !take_size(&rest, &r.small_width) || !take_size(&rest, &r.small_height) ||
	    !take_word(&rest, r.blurhash, sizeof(r.blurhash)) || !ext_known(r.ext) || !ext_known(r.small_ext))
		return fail(problem, ERR_INTERNAL, "the picture could not be processed");
	if (!strcmp(r.blurhash, "-"))
		r.blurhash[0] = 0;
	*ret = r;
	return OK;
}

enum err image_convert(const char *mode, const char *input, const char *out_base, struct image_result *ret,
		       struct problem *problem)
{
	char program[4096], answer[ANSWER_MAX];
	char *const argv[] = {program, (char *)mode, (char *)input, (char *)out_base, NULL};
	const struct process run = {.argv = argv, .own_group = true, .timeout_ms = TIMEOUT_MS};
	size_t len;
	int status;

	if (!process_beside(IMAGE_PROGRAM, program, sizeof(program)))
		return fail(problem, ERR_INTERNAL, IMAGE_PROGRAM " is not installed beside kicau");
	switch (process_run(&run, answer, sizeof(answer), &len, &status)) {
	case PROCESS_DONE:
		return image_parse_answer(view_make(answer, len), ret, problem);
	case PROCESS_TOOK_TOO_MUCH:
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File takes too much to process");
	case PROCESS_NOT_STARTED:
		return fail(problem, ERR_BUSY, "no process for the picture");
	case PROCESS_KILLED:
	case PROCESS_BROKEN:
		break;
	}
	log_warn("the program that reads pictures ended badly", F_INT("signal", status));
	return fail(problem, ERR_INTERNAL, "the picture could not be processed");
}

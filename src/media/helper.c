/*
 * helper.c - see helper.h.
 */
#include "base/base.h"

#include "media/helper.h"

#include "base/log.h"

#define ARGS_MAX 4
#define REASON_MAX 160

enum err helper_run(const struct helper *h, char buf[HELPER_ANSWER], struct view *ret_answer, struct problem *problem)
{
	char path[4096];
	char *argv[ARGS_MAX + 2] = {path};
	const struct process run = {.argv = argv, .own_group = true, .timeout_ms = h->timeout_ms, .stop = h->stop};
	size_t len;
	int status;

	if (!process_beside(h->program, path, sizeof(path)))
		return fail(problem, ERR_INTERNAL, "%s is not installed beside kicau", h->program);
	for (size_t i = 0; i < ARGS_MAX && h->args[i]; i++)
		argv[i + 1] = (char *)(uintptr_t)h->args[i];
	switch (process_run(&run, buf, HELPER_ANSWER, &len, &status)) {
	case PROCESS_DONE:
		*ret_answer = view_make(buf, len);
		return OK;
	case PROCESS_TOOK_TOO_MUCH:
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File takes too much to process");
	case PROCESS_NOT_STARTED:
	case PROCESS_STOPPED:
		return fail(problem, ERR_BUSY, "no process for the file");
	case PROCESS_KILLED:
	case PROCESS_BROKEN:
		break;
	}
	log_warn("a program that reads uploads ended badly", F_STR("program", view_of(h->program)),
		 F_INT("signal", status));
	return answer_is_none(problem);
}

enum err answer_is_none(struct problem *problem)
{
	return fail(problem, ERR_INTERNAL, "the file could not be processed");
}

enum err answer_begin(struct view line, struct view *ret_word, struct view *ret_rest, struct problem *problem)
{
	struct view rest = view_trim(line), word;

	if (!utf8_valid(line) || !view_split(&rest, ' ', &word))
		return answer_is_none(problem);
	if (view_is(word, "error"))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: File %.*s",
			    VIEW_ARG(view_sub(rest, 0, REASON_MAX)));
	*ret_word = word;
	*ret_rest = rest;
	return OK;
}

bool answer_word(struct view *rest, char *ret, size_t size)
{
	struct view word;

	if (!view_split(rest, ' ', &word) || !word.len || word.len >= size)
		return false;
	memcpy(ret, word.p, word.len);
	ret[word.len] = 0;
	return true;
}

bool answer_number(struct view *rest, int64_t min, int64_t max, int64_t *ret)
{
	struct view word;

	return view_split(rest, ' ', &word) && parse_i64(word, min, max, ret);
}

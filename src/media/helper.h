/*
 * helper.h - running a program of ours that reads strangers' files (kicau-image, kicau-av), and reading the one line it
 * answers, which is trusted no more than those.
 */
#ifndef MEDIA_HELPER_H
#define MEDIA_HELPER_H

#include "media/process.h"

#define HELPER_ANSWER 512

struct helper {
	const char *program;	 /* beside this one */
	const char *const *args; /* ended by NULL; at most four */
	int timeout_ms;
	const struct stop *stop; /* process.h; may be NULL */
};

/*
 * Blocks. *ret_answer is in buf. ERR_UNPROCESSABLE with words for the uploader when the file takes more than there is for
 * it; ERR_BUSY when no process is free or it was stopped; ERR_INTERNAL when the program is missing or dies.
 */
enum err helper_run(const struct helper *h, char buf[HELPER_ANSWER], struct view *ret_answer, struct problem *problem);

/*
 * The first word, and what is behind it. A refusal ("error REASON") is ERR_UNPROCESSABLE with its words, what is no
 * answer ERR_INTERNAL.
 */
enum err answer_begin(struct view line, struct view *ret_word, struct view *ret_rest, struct problem *problem);
/* The next word: false when there is none, or it does not fit. */
bool answer_word(struct view *rest, char *ret, size_t size);
bool answer_number(struct view *rest, int64_t min, int64_t max, int64_t *ret);
enum err answer_is_none(struct problem *problem); /* ERR_INTERNAL with its words */

#endif

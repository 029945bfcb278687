/*
 * letter_words.h - the frame of every letter, for those who write one.
 */
#ifndef MAIL_LETTER_WORDS_H
#define MAIL_LETTER_WORDS_H

#include "mail/letter.h"
#include "text/tongue.h"

/* What any letter is made of. Without a url there is no button either. */
struct letter_words {
	enum tongue tongue;
	struct view subject, hello, lead, url, button, ending;
};
/* Frames them with the server's name. The file is left to the caller. */
enum err letter_compose(struct core *c, const struct letter_words *words, struct letter *ret);

#endif

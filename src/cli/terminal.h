/*
 * terminal.h - words in colour where a person looks, and progress of what takes long.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "base/base.h"

enum tone { TONE_PLAIN, TONE_GOOD, TONE_WARN, TONE_BAD, TONE_STRONG, TONE_COUNT };

/* text in its tone when f is a terminal and NO_COLOR (no-color.org) is not set; padded to width columns. */
void terminal_print(FILE *f, enum tone tone, const char *text, int width);

/*
 * Says on stderr how far something is, once it has taken two seconds: a line rewritten in place on a terminal, else a
 * line every ten seconds. total 0: not known.
 */
struct progress {
	const char *what; /* "copying media" */
	int64_t started_ns, shown_ns;
};
void progress_start(struct progress *p, const char *what);
void progress_at(struct progress *p, uint64_t done, uint64_t total, const char *unit);
void progress_end(struct progress *p);

#endif

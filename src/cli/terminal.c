/*
 * terminal.c - ANSI colours (ECMA-48) and the progress line.
 */
#include "base/base.h"
#include "cli/terminal.h"

#include <unistd.h>

#include "base/clock.h"

#define SECOND_NS INT64_C(1000000000)

void terminal_print(FILE *f, enum tone tone, const char *text, int width)
{
	static const char *const codes[TONE_COUNT] = {
		[TONE_GOOD] = "32", [TONE_WARN] = "33", [TONE_BAD] = "31", [TONE_STRONG] = "1"};
	const char *no_color = getenv("NO_COLOR");
	bool coloured = codes[tone] && isatty(fileno(f)) && !(no_color && *no_color);

	if (coloured)
		fprintf(f, "\033[%sm", codes[tone]);
	fprintf(f, "%-*s", width, text);
	if (coloured)
		fputs("\033[0m", f);
}

void progress_start(struct progress *p, const char *what)
{
	*p = (struct progress){.what = what, .started_ns = clock_mono_ns()};
}

void progress_at(struct progress *p, uint64_t done, uint64_t total, const char *unit)
{
	bool live = isatty(STDERR_FILENO);
	int64_t now = clock_mono_ns(), since = p->shown_ns ? p->shown_ns : p->started_ns;
	int64_t every = !p->shown_ns ? 2 * SECOND_NS : live ? SECOND_NS / 5 : 10 * SECOND_NS;

	if (now - since < every)
		return;
	p->shown_ns = now;
	fprintf(stderr, "%s%s: %" PRIu64, live ? "\r\033[K" : "", p->what, done);
	if (total)
		fprintf(stderr, " of %" PRIu64, total);
	fprintf(stderr, " %s%s", unit, live ? "" : "\n");
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->shown_ns && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

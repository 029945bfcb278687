/*
 * help.c - `kicau help`, --help, `kicau version`, and the manual page (man 7 man), all from the command tables.
 */
#include "base/base.h"
#include "cli/help.h"

#include "cli/groups.h"
#include "cli/terminal.h"

#ifndef KICAU_VERSION
#define KICAU_VERSION "unknown"
#endif

static const struct {
	int code;
	const char *words;
} exit_codes[] = {
	{EXIT_DONE, "done"},
	{EXIT_FAILED, "it did not work; the reason is on standard error"},
	{EXIT_MISUSED, "the command was not written as it must be"},
	{EXIT_ATTENTION, "doctor found something that needs attention"},
};

static void usage(FILE *f, const struct command *c)
{
	fprintf(f, "kicau %s%s%s%s", c->name, *c->operands ? " " : "", c->operands, c->options ? " [OPTION]…" : "");
}

static void list_options(FILE *f, const struct option_row *rows)
{
	for (; rows && rows->name; rows++) {
		char left[64];

		snprintf(left, sizeof(left), "%s%s%s%s", rows->name[1] ? "--" : "-", rows->name, rows->value ? " " : "",
			 rows->value ? rows->value : "");
		fputs("  ", f);
		terminal_print(f, TONE_STRONG, left, 24);
		fprintf(f, "%s\n", rows->doc);
	}
}

void help_command(FILE *f, const struct command *c, const struct option_row *common)
{
	fputs("Usage: ", f);
	usage(f, c);
	fprintf(f, "\n\n%s.\n", c->summary);
	if (c->details)
		fprintf(f, "\n%s\n", c->details);
	fputs("\nOptions:\n", f);
	list_options(f, c->options);
	list_options(f, common);
}

static void list_commands(FILE *f, struct view prefix)
{
	for (const struct command *const *g = command_groups; *g; g++) {
		for (const struct command *c = *g; c->name; c++) {
			char left[64];

			if (!view_starts(view_of(c->name), prefix))
				continue;
			snprintf(left, sizeof(left), "%s %s", c->name, c->operands);
			fputs("  ", f);
			terminal_print(f, TONE_STRONG, left, 28);
			fprintf(f, "%s\n", c->summary);
		}
	}
}

static int run_help(struct cli *cli)
{
	(void)cli;
	puts("kicau " KICAU_VERSION " - a social network in one program\n\nCommands:");
	list_commands(stdout, V(""));
	puts("\n`kicau COMMAND --help` explains one. All take --data DIR and --config FILE.\n\nExit codes:");
	for (size_t i = 0; i < ARRAY_LEN(exit_codes); i++)
		printf("  %d  %s\n", exit_codes[i].code, exit_codes[i].words);
	return EXIT_DONE;
}

void help_unknown(FILE *f, int argc, char *const *argv)
{
	struct view word = view_of(argc > 1 ? argv[1] : "");
	bool group = false;

	for (const struct command *const *g = command_groups; word.len && *g; g++)
		for (const struct command *c = *g; c->name; c++)
			group |= view_starts(view_of(c->name), word);
	if (group)
		fprintf(f, "kicau: `%s%s%s` is not complete or not known. There is:\n", argv[1], argc > 2 ? " " : "",
			argc > 2 ? argv[2] : "");
	else if (word.len)
		fprintf(f, "kicau: there is no command %s. There is:\n", argv[1]);
	else
		fputs("Usage: kicau COMMAND [OPTION]…\n", f);
	list_commands(f, group ? word : V(""));
}

static int run_version(struct cli *cli)
{
	(void)cli;
	puts("kicau " KICAU_VERSION);
	return EXIT_DONE;
}

/* roff takes a line that begins with . or ' for a request, and - for a hyphen that may not be copied. */
static void roff(const char *s)
{
	bool start = true;

	for (; *s; s++) {
		if (start && (*s == '.' || *s == '\''))
			fputs("\\&", stdout);
		if (*s == '-' || *s == '\\')
			putchar('\\');
		putchar(*s == '\\' ? 'e' : *s);
		start = *s == '\n';
	}
}

static void man_command(const struct command *c)
{
	fputs(".SS ", stdout);
	roff(c->name);
	printf(" %s\n", c->operands);
	roff(c->summary);
	puts(".");
	if (c->details) {
		puts(".PP");
		roff(c->details);
		puts("");
	}
	for (const struct option_row *row = c->options; row && row->name; row++) {
		fputs(".TP\n.B \\-\\-", stdout);
		roff(row->name);
		printf("%s%s\n", row->value ? " " : "", row->value ? row->value : "");
		roff(row->doc);
		puts("");
	}
}

static int run_man(struct cli *cli)
{
	(void)cli;
	puts(".TH KICAU 1 \"\" \"kicau " KICAU_VERSION "\"\n.SH NAME\nkicau \\- a social network in one program\n"
	     ".SH SYNOPSIS\n.B kicau\n.I COMMAND\n[\\-\\-data DIR] [\\-\\-config FILE] [OPTION]...\n.SH COMMANDS");
	for (const struct command *const *g = command_groups; *g; g++)
		for (const struct command *c = *g; c->name; c++)
			man_command(c);
	puts(".SH EXIT STATUS");
	for (size_t i = 0; i < ARRAY_LEN(exit_codes); i++)
		printf(".TP\n%d\n%s\n", exit_codes[i].code, exit_codes[i].words);
	puts(".SH FILES\n.TP\nDIR/kicau.conf\nsettings; \n.B kicau config list\nexplains them\n.TP\nDIR/kicau.db\n"
	     "the database, unless it is on a PostgreSQL server\n.TP\nDIR/media\nwhat people have uploaded");
	return EXIT_DONE;
}

const struct command command_help[] = {
	{"help", "", NULL, run_help, "Show the commands", NULL},
	{"help man", "", NULL, run_man, "Print this as a manual page", NULL},
	{"version", "", NULL, run_version, "Show the version", NULL},
	COMMANDS_END,
};

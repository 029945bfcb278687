/*
 * document.c - `kicau document …`: what the server is, how it treats what it knows of people, and its terms.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <errno.h>

#include "base/clock.h"
#include "core/documents.h"

static bool read_kind(struct cli *cli, enum document_kind *ret)
{
	if (document_parse(view_of(cli->options.operands[0]), ret))
		return true;
	cli_misused(cli, "\"%.40s\" is not one of about, privacy and terms", cli->options.operands[0]);
	return false;
}

/* Midnight of the day given, or of today. */
static bool read_day(struct cli *cli, int64_t *ret)
{
	const char *text = option_text(&cli->options, "from");
	struct clock_date d = clock_split(clock_now());

	if (text && !clock_parse_iso(view_of(text), ret)) {
		cli_misused(cli, "--from takes a day such as 2026-12-31, not \"%.60s\"", text);
		return false;
	}
	if (text)
		d = clock_split(*ret);
	*ret = clock_join(&(struct clock_date){.year = d.year, .month = d.month, .day = d.day});
	return true;
}

static int write_text(struct cli *cli, enum document_kind k, int64_t day, const char *name, FILE *from)
{
	char *text = xmalloc(LIMIT_DOCUMENT_BYTES + 1);
	size_t n = fread(text, 1, LIMIT_DOCUMENT_BYTES + 1, from);
	bool lost = ferror(from);
	enum err err = lost ? OK : document_write(cli->core, k, day, view_make(text, n), &cli->problem);

	free(text);
	if (lost)
		return cli_fail(cli, "cannot read %s", name);
	if (err)
		return cli_fail_err(cli, err, "write the document");
	printf("%s is written\n", document_name(k));
	return EXIT_DONE;
}

static int run_write(struct cli *cli)
{
	const char *name = cli->options.operands[1];
	enum document_kind k;
	int64_t day;

	if (!read_kind(cli, &k) || !read_day(cli, &day))
		return EXIT_MISUSED;
	FILE *from = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	if (!from)
		return cli_fail(cli, "cannot read %s: %s", name, strerror(errno));
	int code = cli_open(cli, true) ? write_text(cli, k, day, name, from) : EXIT_FAILED;
	if (from != stdin)
		fclose(from);
	return code;
}

static int run_show(struct cli *cli)
{
	struct document d;
	enum document_kind k;

	if (!read_kind(cli, &k))
		return EXIT_MISUSED;
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = document_load(store_db(cli->store), &cli->arena, k, 0, &d);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "nobody has written it; `kicau document write %s FILE` does", document_name(k));
	if (err)
		return cli_fail_err(cli, err, "show the document");
	printf("%.*s\n", VIEW_ARG(d.text));
	return EXIT_DONE;
}

static int run_remove(struct cli *cli)
{
	enum document_kind k;

	if (!read_kind(cli, &k))
		return EXIT_MISUSED;
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = document_remove(cli->core, k);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "nobody has written %s", document_name(k));
	if (err)
		return cli_fail_err(cli, err, "remove the document");
	printf("%s is gone, with all its versions\n", document_name(k));
	return EXIT_DONE;
}

const struct command command_document[] = {
	{"document write", "KIND FILE", OPTIONS({"from", "DAY", "the day it begins to hold; today"}), run_write,
	 "Write what the server is (about), its privacy policy (privacy) or its terms (terms)",
	 "FILE is plain text, - standard input. A blank line begins a paragraph, addresses become links. A version of\n"
	 "another day leaves the ones before it to be read."},
	{"document show", "KIND", NULL, run_show, "Print the version that holds now", NULL},
	{"document remove", "KIND", NULL, run_remove, "Remove all versions of one", NULL},
	COMMANDS_END,
};

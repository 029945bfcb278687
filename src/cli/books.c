/*
 * books.c - `kicau books …`: what was earned and paid, and whether it is all there.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "cli/licensees.h"
#include "meter/amount.h"
#include "meter/books.h"
#include "meter/calendar.h"
#include "meter/journal.h"
#include "meter/licensee_store.h"

#define ENTRIES_SHOWN 50

static void tell(void *arg, const char *what, int64_t about)
{
	(void)arg;
	printf("%s: %" PRId64 "\n", what, about);
}

static int run_verify(struct cli *cli)
{
	struct books_report report = {.say = tell};

	if (!licensees_open(cli))
		return EXIT_FAILED;
	enum err err = books_verify(cli->core, &report);
	if (err != OK)
		return cli_fail_err(cli, err, "read the books");
	if (report.wrong)
		return cli_fail(cli, "%" PRId64 " things are wrong", report.wrong);
	printf("the books are right: %" PRId64 " entries, %" PRId64 " invoices\n", report.entries, report.invoices);
	return EXIT_DONE;
}

static enum err show_books(struct cli *cli, int64_t licensee)
{
	char text[AMOUNT_MAX];
	int64_t micro;

	for (enum book b = BOOK_LICENSEE; b < BOOKS_END; b++) {
		TRY(journal_sum(store_db(cli->store), b, licensee, &micro));
		amount_text(micro, text);
		printf("%-14s %20s %s\n", book_name(b), text, cli->core->config.currency);
	}
	return OK;
}

static enum err show_entries(struct cli *cli, int64_t licensee)
{
	struct entry *list = ARENA_ARRAY(&cli->arena, ENTRIES_SHOWN, struct entry);
	size_t n;

	TRY(journal_load(store_db(cli->store), &cli->arena, licensee, 0, 0, ENTRIES_SHOWN, list, &n));
	if (n)
		printf("\n");
	for (size_t i = 0; i < n; i++) {
		char day[DAY_LEN + 1], text[AMOUNT_MAX];

		day_text(list[i].day, day);
		for (size_t k = 0; k < list[i].n_lines; k++) {
			amount_text(list[i].lines[k].micro, text);
			printf("%s %-8s %-14s %20s  %.*s\n", day, entry_kind_name(list[i].kind),
			       book_name(list[i].lines[k].book), text, VIEW_ARG(list[i].reference));
		}
	}
	return OK;
}

static int run_show(struct cli *cli)
{
	int64_t licensee;

	if (!licensees_open_of(cli, &licensee))
		return EXIT_FAILED;
	enum err err = show_books(cli, licensee);
	if (err == OK)
		err = show_entries(cli, licensee);
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "show the books");
}

const struct command command_books[] = {
	{"books verify", "", NULL, run_verify, "Check the books of the data API",
	 "Every entry adds up to 0, days are booked as they were used, invoices say what was booked, and no number is missing."},
	{"books show", "", OPTIONS({"licensee", "NAME", "of this one alone"}), run_show,
	 "Show what each book adds up to, and the newest entries",
	 "Credits are positive, debits negative: what came in through a bank or a payment provider is below 0."},
	COMMANDS_END,
};

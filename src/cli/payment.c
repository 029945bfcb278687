/*
 * payment.c - `kicau payment …`: money that came from licensees, or went back.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "cli/licensees.h"
#include "meter/amount.h"
#include "meter/calendar.h"
#include "meter/licensee_store.h"
#include "pay/payments.h"

#define PAYMENTS_SHOWN 200

static int book(struct cli *cli, enum entry_kind kind)
{
	const char *reference = option_text(&cli->options, "reference");
	struct new_payment new = {.provider = "manual",
				  .book = BOOK_MANUAL,
				  .kind = kind,
				  .reference = view_of(reference),
				  .memo = view_of(option_text(&cli->options, "note"))};
	char text[AMOUNT_MAX];

	if (!reference)
		return cli_misused(cli, "--reference is missing: what tells this payment from every other");
	if (!amount_parse(view_of(cli->options.operands[1]), MONEY_MAX, &new.micro))
		return cli_misused(cli, "an amount is written as 12 or 12.50, not \"%.40s\"", cli->options.operands[1]);
	if (!licensees_open(cli))
		return EXIT_FAILED;
	enum err err =
		licensee_find(store_db(cli->store), view_of(cli->options.operands[0]), &new.licensee, &cli->problem);
	if (err == OK)
		err = payment_book(cli->core, &new, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "book it");
	err = journal_balance(store_db(cli->store), new.licensee, &new.micro);
	if (err != OK)
		return cli_fail_err(cli, err, "read the balance");
	amount_text(new.micro, text);
	printf("booked; the balance of %s is %s %s\n", cli->options.operands[0], text, cli->core->config.currency);
	return EXIT_DONE;
}

static int run_book(struct cli *cli)
{
	return book(cli, ENTRY_PAYMENT);
}

static int run_refund(struct cli *cli)
{
	return book(cli, ENTRY_REFUND);
}

/* Not the days, of which there are many. */
static enum err list(struct cli *cli, int64_t licensee, enum entry_kind kind)
{
	struct entry *found = ARENA_ARRAY(&cli->arena, PAYMENTS_SHOWN, struct entry);
	size_t n;

	TRY(journal_load(store_db(cli->store), &cli->arena, licensee, kind, 0, PAYMENTS_SHOWN, found, &n));
	for (size_t i = 0; i < n; i++) {
		char day[DAY_LEN + 1], text[AMOUNT_MAX];

		day_text(found[i].day, day);
		amount_text(found[i].lines[0].micro, text);
		printf("%s %-8s %20" PRId64 " %16s  %.*s\n", day, entry_kind_name(kind), found[i].licensee, text,
		       VIEW_ARG(found[i].reference));
	}
	return OK;
}

static int run_list(struct cli *cli)
{
	int64_t licensee;
	enum err err = OK;

	if (!licensees_open_of(cli, &licensee))
		return EXIT_FAILED;
	for (enum entry_kind kind = ENTRY_PAYMENT; err == OK && kind < ENTRIES_END; kind++)
		err = list(cli, licensee, kind);
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "list the payments");
}

#define BOOKING                                                                                                        \
	OPTIONS({"reference", "TEXT", "of the bank's statement, or of yours: booked once"},                            \
		{"note", "TEXT", "what else should be known"})

const struct command command_payment[] = {
	{"payment book", "LICENSEE AMOUNT", BOOKING, run_book, "Book money that came from a licensee",
	 "AMOUNT is in the configured currency: 12 or 12.50. The same reference is never booked twice."},
	{"payment refund", "LICENSEE AMOUNT", BOOKING, run_refund, "Book money that went back to a licensee", NULL},
	{"payment list", "", OPTIONS({"licensee", "NAME", "of this one alone"}), run_list,
	 "List payments, refunds and credits", NULL},
	COMMANDS_END,
};

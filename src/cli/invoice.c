/*
 * invoice.c - `kicau invoice …`: invoices and credit notes of the data API.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <errno.h>

#include "base/limits.h"
#include "cli/licensees.h"
#include "meter/amount.h"
#include "meter/calendar.h"
#include "meter/invoice_page.h"
#include "meter/invoices.h"
#include "meter/licensee_store.h"

#define INVOICES_SHOWN 200

static int run_list(struct cli *cli)
{
	struct invoice *list = ARENA_ARRAY(&cli->arena, INVOICES_SHOWN, struct invoice);
	int64_t licensee;
	size_t n = 0;

	if (!licensees_open_of(cli, &licensee))
		return EXIT_FAILED;
	enum err err = invoices_load(store_db(cli->store), &cli->arena, licensee, 0, INVOICES_SHOWN, list, &n);
	if (err != OK)
		return cli_fail_err(cli, err, "list the invoices");
	for (size_t i = 0; i < n; i++) {
		char number[INVOICE_NAME_MAX], month[MONTH_LEN + 1], total[AMOUNT_MAX];

		invoice_name(list[i].kind, list[i].number, number);
		month_text(list[i].month, month);
		amount_text(list[i].total_micro, total);
		printf("%s %s %20" PRId64 " %16s %s\n", number, month, list[i].licensee, total,
		       cli->core->config.currency);
	}
	return EXIT_DONE;
}

/* The document an operand names. False after saying so. */
static bool load(struct cli *cli, struct invoice *ret)
{
	const char *name = cli->options.operands[0];
	enum invoice_kind kind;
	int64_t number;
	enum err err = ERR_NOT_FOUND;

	if (!licensees_open(cli))
		return false;
	if (invoice_name_parse(view_of(name), &kind, &number))
		err = invoice_load(store_db(cli->store), &cli->arena, kind, number, ret);
	if (err == OK)
		return true;
	if (err == ERR_NOT_FOUND)
		cli_fail(cli, "there is no %.40s; `kicau invoice list` shows what there is", name);
	else
		cli_fail_err(cli, err, "read the invoice");
	return false;
}

static enum err write_file(struct cli *cli, const char *path, struct view bytes)
{
	FILE *f = fopen(path, "wbe");

	if (!f)
		return fail(&cli->problem, ERR_INTERNAL, "%s: %s", path, strerror(errno));
	bool whole = fwrite(bytes.p, 1, bytes.len, f) == bytes.len;
	if (fclose(f) == 0 && whole)
		return OK;
	return fail(&cli->problem, ERR_NO_SPACE, "%s: %s", path, strerror(errno));
}

static int show_pdf(struct cli *cli, const struct invoice *invoice, const char *path)
{
	const char *language = option_text(&cli->options, "language");
	struct buf CLEANUP(buf_release) out = {.max = 8 * LIMIT_MIB};
	const struct invoice_drawing d = {.arena = &cli->arena,
					  .form = INVOICE_PDF,
					  .tongue = tongue_of(view_of(language)),
					  .document = invoice->document};
	enum err err = invoice_draw(&d, &out, &cli->problem);

	if (err == OK)
		err = write_file(cli, path, buf_view(&out));
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "write the PDF");
}

static int run_show(struct cli *cli)
{
	const char *pdf = option_text(&cli->options, "pdf");
	struct invoice invoice;

	if (!load(cli, &invoice))
		return EXIT_FAILED;
	if (pdf)
		return show_pdf(cli, &invoice, pdf);
	printf("%.*s\n", VIEW_ARG(invoice.document));
	return EXIT_DONE;
}

static int run_make(struct cli *cli)
{
	int32_t month;
	int64_t made;

	if (!month_parse(view_of(cli->options.operands[0]), &month))
		return cli_misused(cli, "a month is written as 2026-11, not \"%.40s\"", cli->options.operands[0]);
	if (!licensees_open(cli))
		return EXIT_FAILED;
	enum err err = invoices_make(cli->core, store_db(cli->store), &cli->arena, month, &made, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "make the invoices");
	printf("%" PRId64 " invoices made\n", made);
	return EXIT_DONE;
}

static int run_credit(struct cli *cli)
{
	const char *reason = option_text(&cli->options, "reason");
	struct new_credit new = {.reason = view_of(reason)};
	char name[INVOICE_NAME_MAX];
	struct invoice invoice;
	int64_t number;

	if (!reason)
		return cli_misused(cli, "--reason is missing: the licensee reads why");
	if (!amount_parse(view_of(cli->options.operands[1]), INT64_MAX / 2, &new.micro))
		return cli_misused(cli, "an amount is written as 12 or 12.50, not \"%.40s\"", cli->options.operands[1]);
	if (!load(cli, &invoice))
		return EXIT_FAILED;
	if (invoice.kind != INVOICE)
		return cli_fail(cli, "%s is a credit note itself", cli->options.operands[0]);
	new.invoice = invoice.number;
	enum err err = invoice_credit(cli->core, &cli->arena, &new, &number, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "make the credit note");
	invoice_name(CREDIT_NOTE, number, name);
	printf("%s\n", name);
	return EXIT_DONE;
}

const struct command command_invoice[] = {
	{"invoice list", "", OPTIONS({"licensee", "NAME", "of this one alone"}), run_list,
	 "List invoices and credit notes, newest first", NULL},
	{"invoice show", "NUMBER",
	 OPTIONS({"pdf", "FILE", "write it there as PDF instead"}, {"language", "CODE", "of the PDF: en, id (default: en)"}), run_show,
	 "Print an invoice or credit note as JSON", NULL},
	{"invoice make", "MONTH", NULL, run_make, "Make the invoices up to a month now",
	 "The server makes them by itself when a month is over. MONTH is written as 2026-11. Only licensees whose days are all "
	 "booked get theirs; the server books a day when it is over."},
	{"invoice credit", "NUMBER AMOUNT", OPTIONS({"reason", "TEXT", "what the licensee reads on the credit note"}), run_credit,
	 "Give back some of an invoice, by a credit note", "An invoice is never changed. Prints the number of the credit note."},
	COMMANDS_END,
};

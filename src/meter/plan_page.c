/*
 * plan_page.c - see plan_page.h.
 */
#include "base/base.h"

#include "meter/plan_page.h"

#include "meter/plan_defaults.h"
#include "meter/plan_fields.h"

static const char head[] =
	"# Plans\n\n"
	"Made by `make docs` from src/meter/plan_fields.c and src/meter/plan_defaults.c.\n\n"
	"A plan says what a licensee of the data API may take, and what it costs. Plans are data: `kicau plan set "
	"NAME FIELD=VALUE…` makes the next version of one, or the first of a new one, and the API for administrators "
	"does the same. A version is never changed: what a licensee agreed to stays readable (`kicau plan show NAME "
	"--version 1`), and the SHA-256 of its text stands in the ledger before anything goes out under it. "
	"Licensees of a plan have its newest version from the moment it is made.\n\n"
	"The plans below are made when the server starts or a command first needs them, where no plan of that name "
	"exists. Change them as you like: nothing puts them back.\n\n"
	"Who has an account may take a plan by themselves where the operator allows it (`licence_sign_up`). With "
	"`approval` such a licensee waits: its keys are answered 403, and it pays no fee, until `kicau licensee "
	"approve` or "
	"the API for administrators lets it in. What an operator gives is approved by that, unless they say "
	"`--unapproved`.\n\n"
	"A month is a calendar month, UTC. What counts as a read, and when it is charged, is in [money.md](money.md); "
	"reads are counted for the licensee as a whole, and the count goes on over a change of plans.\n\n";

static const char *kind_of(const struct plan_field *f)
{
	switch (f->type) {
	case PLAN_MONEY:
		return "amount";
	case PLAN_COUNT:
		return "number";
	case PLAN_FLAG:
		return "yes, no";
	case PLAN_USES:
		return "words, with commas between";
	}
	return "";
}

static void write_values(const struct plan_field *f, struct buf *out)
{
	if (f->type == PLAN_COUNT)
		buf_printf(out, "%" PRId64 "…%" PRId64 " %s", f->min, f->max, f->unit);
	else
		buf_add_str(out, kind_of(f));
}

static void write_fields(struct buf *out)
{
	buf_add_str(out,
		    "## Fields\n\n"
		    "Money has two names: whole units of the configured `currency` on the command line, micro-units (a "
		    "million are one unit) in JSON.\n\n"
		    "| command line | JSON | values | what it says |\n|---|---|---|---|\n");
	for (const struct plan_field *f = plan_fields; f->name; f++) {
		buf_printf(out, "| `%s` | `%s` | ", f->in_units ? f->in_units : f->name, f->name);
		write_values(f, out);
		buf_printf(out, " | %s |\n", f->doc);
	}
}

/* A plan's column of one field. */
static void write_cell(struct arena *a, const struct plan *p, const struct plan_field *f, struct buf *out)
{
	buf_printf(out, " %.*s |", VIEW_ARG(plan_field_show(p, f, a)));
}

static void write_plans(struct arena *a, struct buf *out)
{
	buf_add_str(out, "\n## Plans that come with kicau\n\n"
			 "Prices and windows follow what X has published for its own.\n\n|  |");
	for (size_t i = 0; i < plan_defaults_n; i++)
		buf_printf(out, " %s |", plan_defaults[i].name);
	buf_add_str(out, "\n|---|");
	for (size_t i = 0; i < plan_defaults_n; i++)
		buf_add_str(out, "---|");
	buf_add_c(out, '\n');
	for (const struct plan_field *f = plan_fields; f->name; f++) {
		buf_printf(out, "| `%s` |", f->in_units ? f->in_units : f->name);
		for (size_t i = 0; i < plan_defaults_n; i++)
			write_cell(a, &plan_defaults[i], f, out);
		buf_add_c(out, '\n');
	}
}

void plans_markdown(struct arena *a, struct buf *out)
{
	buf_add_str(out, head);
	write_fields(out);
	write_plans(a, out);
}

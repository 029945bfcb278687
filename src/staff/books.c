/*
 * books.c - /admin/books: the check of the books, as `kicau books verify` makes it, and how the ledger is checked, which takes
 * longer than a page may.
 */
#include "base/base.h"

#include "core/roles.h"
#include "meter/books.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

#define WRONG_MOST 200 /* that are said one by one */

static const struct {
	struct view right, wrong, entries, invoices, about, ledger, how;
} words = {
	.right = N_("The books are right."),
	.wrong = N_("Things that are wrong: %s"),
	.entries = N_("Entries looked at"),
	.invoices = N_("Invoices looked at"),
	.about = N_("%s: %s"),
	.ledger = N_("The ledger"),
	.how = N_("Reading every record of the ledger takes as long as it is large, so it is done on the machine, "
		  "while the "
		  "server runs:"),
};

struct said {
	struct call *c;
	struct html h;
	int64_t n;
};

static void say_wrong(void *arg, const char *what, int64_t about)
{
	struct said *s = arg;

	if (++s->n > WRONG_MOST)
		return;
	html_elem(&s->h, "li",
		  PAGE_SAY_WITH(s->c, words.about, page_say(s->c, view_of(what)),
				arena_printf(s->c->arena, "%" PRId64, about)));
}

static void draw_checked(struct call *c, struct html *h, const struct books_report *report, struct view list)
{
	if (report->wrong) {
		html_elem(h, "p", PAGE_SAY_WITH(c, words.wrong, arena_printf(c->arena, "%" PRId64, report->wrong)),
			  A("class", V("refusal")), A("role", V("alert")));
		html_open(h, "ul");
		html_safe(h, html_trust_stored(list));
		html_close(h, "ul");
	} else {
		html_elem(h, "p", page_say(c, words.right), A("class", V("notice")), A("role", V("status")));
	}
	facts_begin(h);
	fact_draw(c, h, words.entries, CELL_NUMBER, &NUMBER_CELL(report->entries));
	fact_draw(c, h, words.invoices, CELL_NUMBER, &NUMBER_CELL(report->invoices));
	facts_end(h);
}

static enum err draw(struct call *c, struct html *h)
{
	struct buf CLEANUP(buf_release) list = {.max = LIMIT_MIB};
	struct said said = {.c = c, .h = html_to(&list)};
	struct books_report report = {.say = say_wrong, .arg = &said};

	TRY(books_verify(c->core, &report));
	TRY(html_done(&said.h));
	draw_checked(c, h, &report, arena_view(c->arena, buf_view(&list)));
	html_elem(h, "h2", page_say(c, words.ledger));
	html_elem(h, "p", page_say(c, words.how));
	html_tag(h, "div", A("class", V("code")), A("translate", V("no")));
	html_elem(h, "code", V("kicau ledger verify"), A("class", V("as-typed")));
	html_close(h, "div");
	return OK;
}

const struct endpoint staff_books[] = {
	{STAFF_GET("/admin/books", PERMISSION_MANAGE_DATA), .doc = "Whether the books are right, looked at anew with each call."},
	ENDPOINTS_END,
};

const struct staff_page page_books = {
	.row = &staff_books[0],
	.title = N_("Check of the books"),
	.lead = N_(
		"Whether every entry adds up to nothing, days are booked as they were used, and invoices say what was "
		"booked."),
	.section = SECTION_DATA,
	.draw = draw};

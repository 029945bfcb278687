/*
 * unacknowledged.c - /admin/unacknowledged: what a licensee was told to take back more than a day ago, and has not said to have done.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/roles.h"
#include "dataapi/compliance_lines.h"
#include "licensed/ack_store.h"
#include "meter/licensee_store.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

#define AT_ONCE 200
#define LOOKED_MAX 20000 /* events, of which some are nothing to the licensee */

static const struct column columns[] = {
	{"at", N_("When"), CELL_TIME}, {"what", N_("What"), CELL_WORDS}, {"post", N_("Post"), CELL_TEXT}, {"account", N_("Account"), CELL_TEXT}, {0},
};

static const struct view kind_words[COMPLIANCE_KINDS] = {
	[COMPLIANCE_POST_DELETE] = N_("A post was deleted"),
	[COMPLIANCE_POST_EDIT] = N_("A post was edited"),
	[COMPLIANCE_USER_DELETE] = N_("An account was deleted"),
	[COMPLIANCE_USER_UNDELETE] = N_("An account is back"),
	[COMPLIANCE_USER_SUSPEND] = N_("An account was suspended"),
	[COMPLIANCE_USER_UNSUSPEND] = N_("A suspension has ended"),
	[COMPLIANCE_USER_PROTECT] = N_("An account was limited"),
	[COMPLIANCE_USER_UNPROTECT] = N_("An account is not limited any more"),
	[COMPLIANCE_USER_LICENCE] = N_("An author allows other uses"),
};

static void add_row(struct call *c, const struct compliance_event *e, struct table_rows *rows)
{
	struct cell *cells = table_add(rows, e->seq)->cells;

	cells[0] = NUMBER_CELL(e->at);
	cells[1] = TEXT_CELL(kind_words[e->kind]);
	if (e->post.v)
		cells[2] = TEXT_CELL(arena_printf(c->arena, "%" PRId64, e->post.v));
	cells[3] = account_cell(c, e->account);
}

/* As much as one call brings; *ret_n: how many were looked at. */
static enum err add_some(struct call *c, const struct licence *l, int64_t *after, struct table_rows *rows,
			 size_t *ret_n)
{
	struct compliance_event *events;

	TRY(ack_missing(c->db, c->arena, l->licensee, clock_now() - ACK_DUE_MS, *after, AT_ONCE, &events, ret_n));
	for (size_t i = 0; i < *ret_n && rows->n < rows->max; i++) {
		bool concerns;

		TRY(compliance_concerns(c->core, c->db, &events[i], l, &concerns));
		if (concerns)
			add_row(c, &events[i], rows);
		*after = events[i].seq;
	}
	return OK;
}

static void turn_round(struct table_rows *rows)
{
	for (size_t i = 0, k = rows->n; i + 1 < k; i++) {
		struct table_row row = rows->v[i];

		rows->v[i] = rows->v[--k];
		rows->v[k] = row;
	}
}

/* As the licensee is told (/2/compliance/unacknowledged), but the newest first, as tables are. */
static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct licence as = {.licensee = arg_id(c, "licensee_id")};
	int64_t after = 0;
	size_t n = AT_ONCE;
	enum err err;

	(void)page;
	TRY(licensee_plan(c->db, as.licensee, &as.plan));
	TRY(withhold_set_load(c->db, as.licensee, &as.withhold));
	err = OK;
	for (size_t looked = 0; err == OK && n == AT_ONCE && looked < LOOKED_MAX && rows->n < rows->max; looked += n)
		err = add_some(c, &as, &after, rows, &n);
	withhold_set_unref(as.withhold);
	turn_round(rows);
	return err;
}

static enum err draw(struct call *c, struct html *h)
{
	struct licensee l;

	TRY(licensee_load(c->db, c->arena, arg_id(c, "licensee_id"), &l));
	html_tag(h, "p", A("class", V("lead")));
	html_elem(h, "a", l.name, A("href", arena_printf(c->arena, "/admin/licensees/%" PRId64, l.id)),
		  A("dir", V("auto")));
	html_close(h, "p");
	return OK;
}

static const struct table table = {
	.columns = columns, .load = load, .whole = true, .none = N_("Nothing: it has confirmed all it was told.")};

const struct endpoint staff_unacknowledged[] = {
	{STAFF_GET("/admin/unacknowledged", PERMISSION_MANAGE_DATA),
	 .params = PARAMS({.name = "licensee_id", .type = PARAM_ID, .required = true, .doc = "Whose."}, TABLE_PARAMS),
	 .doc = "What a licensee was told to take back and has not confirmed."},
	ENDPOINTS_END,
};

const struct staff_page page_unacknowledged = {.row = &staff_unacknowledged[0],
					       .title = N_("Not confirmed"),
					       .lead = N_("What it was told more than a day ago, and has not said to "
							  "have done: deleted posts it may still hold."),
					       .section = SECTION_DATA,
					       .of = &page_licensees,
					       .table = &table,
					       .draw = draw};

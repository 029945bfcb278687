/*
 * facts.c - see facts.h.
 */
#include "base/base.h"

#include "staff/facts.h"

#include "base/clock.h"
#include "core/accounts.h"
#include "core/roles.h"
#include "staff/cell.h"
#include "web/account_view.h"

static const struct view yes = N_("yes");

void facts_begin(struct html *h)
{
	html_tag(h, "dl", A("class", V("fields")));
}

void fact_draw(struct call *c, struct html *h, struct view words, enum cell_kind kind, const struct cell *cell)
{
	if (!cell->text.len && !cell->n && kind != CELL_NUMBER && kind != CELL_MONEY && kind != CELL_BYTES)
		return;
	html_open(h, "div");
	html_elem(h, "dt", page_say(c, words));
	html_tag(h, "dd", A("class", V("as-typed")));
	cell_draw(c, h, kind, cell, clock_now());
	html_close(h, "dd");
	html_close(h, "div");
}

void facts_end(struct html *h)
{
	html_close(h, "dl");
}

static struct view person_path(struct call *c, struct account_id id)
{
	return arena_printf(c->arena, "/admin/accounts/%" PRId64, id.v);
}

struct cell person_cell(struct call *c, struct account_id id, struct view username, struct view domain)
{
	return (struct cell){.text = arena_printf(c->arena, "@%.*s%s%.*s", VIEW_ARG(username), domain.len ? "@" : "",
						  VIEW_ARG(domain)),
			     .path = person_path(c, id)};
}

struct cell account_cell(struct call *c, struct account_id id)
{
	struct account account;

	if (!id.v)
		return (struct cell){0};
	if (account_load(c->db, c->arena, id, &account) != OK)
		return TEXT_CELL(arena_printf(c->arena, "%" PRId64, id.v));
	return (struct cell){.text = account_handle(c, &account),
			     .path = role_may(c->auth.role, PERMISSION_MANAGE_USERS) ? person_path(c, id)
										     : account_path(c, &account)};
}

struct cell flag_cell(bool on)
{
	return TEXT_CELL(on ? yes : V(""));
}

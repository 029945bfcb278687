/*
 * allows.c - /admin/domain-allows: other servers that may talk to this one where it talks to chosen ones only.
 */
#include "base/base.h"

#include "core/roles.h"
#include "moderation/server_blocks.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

enum { ALL, ADD, DELETE };

static const struct column columns[] = {
	{"domain", N_("Server"), CELL_TEXT},
	{"created_at", N_("Since"), CELL_TIME},
	{0},
};

static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct domain_allow *list = ARENA_ARRAY(c->arena, page->limit, struct domain_allow);
	size_t n = 0;

	TRY(domain_allows_page(c->db, c->arena, page, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);

		row->acts = ~0u;
		row->cells[0] = TEXT_CELL(list[i].domain);
		row->cells[1] = NUMBER_CELL(list[i].created_at);
	}
	return OK;
}

static enum err add(struct call *c)
{
	struct view domain;
	int64_t id;

	TRY(domain_normalise(c->arena, arg_str(c, "domain"), &domain, &c->problem));
	return domain_allow_create(c->core, c->auth.account, domain, &id);
}

static enum err take_back(struct call *c)
{
	return domain_allow_delete(c->core, c->auth.account, arg_id(c, "id"));
}

#define MAY PERMISSION_MANAGE_FEDERATION
const struct endpoint staff_allows[] = {
	[ALL] = {STAFF_GET("/admin/domain-allows", MAY), .params = PARAMS(TABLE_PARAMS), .doc = "Servers that are allowed."},
	[ADD] = {STAFF_POST("/admin/domain-allows", MAY),
		 .params = PARAMS({.name = "domain", .required = true, .max = 255, .doc = "Name of the server."}, STAFF_BACK),
		 .doc = "Allows a server."},
	[DELETE] = {STAFF_POST("/admin/domain-allows/:id/delete", MAY), .params = PARAMS(STAFF_ID("What was allowed."), STAFF_BACK),
		    .doc = "A server is not allowed any more."},
	ENDPOINTS_END,
};

static const struct staff_field fields[] = {
	{.name = "domain", .words = N_("Server")},
	{0},
};

static const struct staff_act acts[] = {
	{.row = &staff_allows[ADD],
	 .run = add,
	 .words = N_("Allow"),
	 .title = N_("Allow a server"),
	 .place = ACT_BELOW,
	 .fields = fields},
	{.row = &staff_allows[DELETE], .run = take_back, .words = N_("Allow no longer")},
	{0},
};

static const struct table allows = {.columns = columns, .load = load};

const struct staff_page page_allows = {.row = &staff_allows[ALL],
				       .title = N_("Allowed servers"),
				       .lead = N_("Servers that may talk to this one where it talks to chosen ones "
						  "only. It does not talk to others yet: what "
						  "stands here holds from the day it does."),
				       .section = SECTION_BLOCKS,
				       .table = &allows,
				       .acts = acts};

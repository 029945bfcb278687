/*
 * block.c - /admin/domain-blocks/:id and /admin/ip-blocks/:id: one block, to be changed where it stands. What it is of stays:
 * another server or network is another block.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/roles.h"
#include "moderation/ip_blocks.h"
#include "moderation/server_blocks.h"
#include "staff/blocks.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

enum { SERVER, SERVER_CHANGE, NETWORK, NETWORK_CHANGE };

static struct view box(bool on)
{
	return on ? V("1") : V("");
}

static void draw_form(struct call *c, struct html *h, const struct staff_act *act, int64_t id, struct view what,
		      const struct view *values)
{
	html_elem(h, "p", what, A("class", V("lead")), A("dir", V("auto")));
	staff_act_draw(c, h, act, &(struct table_row){.id = id}, V(""), values);
}

/* ---- a server ---- */

static enum err change_server(struct call *c)
{
	struct domain_block b;

	TRY(domain_block_load(c->db, c->arena, arg_id(c, "id"), &b));
	b.severity = (enum block_severity)arg_choice(c, "severity");
	b.reject_media = arg_bool(c, "reject_media");
	b.reject_reports = arg_bool(c, "reject_reports");
	b.obfuscate = arg_bool(c, "obfuscate");
	b.private_comment = arg_str(c, "private_comment");
	b.public_comment = arg_str(c, "public_comment");
	return domain_block_update(c->core, c->auth.account, &b);
}

static const struct staff_act server_acts[] = {
	{.row = &staff_block[SERVER_CHANGE],
	 .run = change_server,
	 .words = N_("Save"),
	 .title = N_("Change how it is blocked"),
	 .place = ACT_DRAWN,
	 .fields = server_block_fields + 1},
	{0},
};

static enum err draw_server(struct call *c, struct html *h)
{
	struct domain_block b;

	TRY(domain_block_load(c->db, c->arena, arg_id(c, "id"), &b));
	const struct view values[] = {view_of(block_severities[b.severity]),
				      box(b.reject_media),
				      box(b.reject_reports),
				      box(b.obfuscate),
				      b.private_comment,
				      b.public_comment};
	draw_form(c, h, &server_acts[0], b.id, b.domain, values);
	return OK;
}

/* ---- a network ---- */

static enum err change_network(struct call *c)
{
	char *text = arena_alloc(c->arena, NETWORK_TEXT);
	struct network net;
	struct ip_block b;

	TRY(ip_block_load(c->db, c->arena, arg_id(c, "id"), &b));
	TRY(network_read(c->arena, b.network, &net, text, &c->problem));
	b.severity = (enum ip_severity)arg_choice(c, "severity");
	b.comment = arg_str(c, "comment");
	b.expires_at = arg_int(c, "days") ? clock_now() + arg_int(c, "days") * CLOCK_DAY_MS : 0;
	TRY(ip_block_check_own(&b, &net, c->x->peer, &c->problem));
	return ip_block_update(c->core, c->auth.account, &b, &c->problem);
}

static const struct staff_act network_acts[] = {
	{.row = &staff_block[NETWORK_CHANGE],
	 .run = change_network,
	 .words = N_("Save"),
	 .title = N_("Change how it is blocked"),
	 .place = ACT_DRAWN,
	 .fields = network_block_fields + 1},
	{0},
};

/* Days that are left are counted up, so that saving what stands there ends nothing earlier. */
static enum err draw_network(struct call *c, struct html *h)
{
	struct ip_block b;

	TRY(ip_block_load(c->db, c->arena, arg_id(c, "id"), &b));
	int64_t days = (b.expires_at - clock_now() + CLOCK_DAY_MS - 1) / CLOCK_DAY_MS;
	const struct view values[] = {view_of(ip_severities[b.severity]), b.comment,
				      b.expires_at ? arena_printf(c->arena, "%" PRId64, days > 1 ? days : 1) : V("")};
	draw_form(c, h, &network_acts[0], b.id, b.network, values);
	return OK;
}

#define THE_BLOCK STAFF_ID("The block.")
#define SHOW(at, may, words) STAFF_GET(at, may), .params = PARAMS(THE_BLOCK), .doc = words

const struct endpoint staff_block[] = {
	[SERVER] = {SHOW("/admin/domain-blocks/:id", PERMISSION_MANAGE_FEDERATION, "How one server is blocked.")},
	[SERVER_CHANGE] = {STAFF_POST("/admin/domain-blocks/:id/change", PERMISSION_MANAGE_FEDERATION),
			   .params = PARAMS(THE_BLOCK, SERVER_BLOCK_PARAMS, STAFF_BACK), .doc = "Changes how a server is blocked."},
	[NETWORK] = {SHOW("/admin/ip-blocks/:id", PERMISSION_MANAGE_BLOCKS, "How one network is blocked.")},
	[NETWORK_CHANGE] = {STAFF_POST("/admin/ip-blocks/:id/change", PERMISSION_MANAGE_BLOCKS),
			    .params = PARAMS(THE_BLOCK, NETWORK_BLOCK_PARAMS, STAFF_BACK), .doc = "Changes how a network is blocked."},
	ENDPOINTS_END,
};

const struct staff_page page_server = {.row = &staff_block[SERVER],
				       .title = N_("A blocked server"),
				       .section = SECTION_BLOCKS,
				       .of = &page_servers,
				       .draw = draw_server,
				       .acts = server_acts};
const struct staff_page page_network = {.row = &staff_block[NETWORK],
					.title = N_("A blocked network"),
					.section = SECTION_BLOCKS,
					.of = &page_networks,
					.draw = draw_network,
					.acts = network_acts};

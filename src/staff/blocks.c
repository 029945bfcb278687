/*
 * blocks.c - what is kept out: other servers, mail providers, mail addresses, networks.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/roles.h"
#include "moderation/canonical_emails.h"
#include "moderation/email_domains.h"
#include "moderation/ip_blocks.h"
#include "moderation/server_blocks.h"
#include "staff/blocks.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

static enum err normal(struct call *c, struct view *ret)
{
	return domain_normalise(c->arena, arg_str(c, "domain"), ret, &c->problem);
}

/* Leads to where it is changed. */
static struct cell block_cell(struct call *c, const char *path, int64_t id, struct view what)
{
	return (struct cell){.text = what, .path = arena_printf(c->arena, "%s/%" PRId64, path, id)};
}

enum {
	SERVERS,
	SERVER_ADD,
	SERVER_DELETE,
	PROVIDERS,
	PROVIDER_ADD,
	PROVIDER_DELETE,
	ADDRESSES,
	ADDRESS_ADD,
	ADDRESS_DELETE,
	NETWORKS,
	NETWORK_ADD,
	NETWORK_DELETE
};

/* ---- other servers ---- */

static const struct view severity_words[] = {
	[BLOCK_SILENCE] = N_("Limited: only followers find its people"),
	[BLOCK_SUSPEND] = N_("Blocked: nothing comes from there"),
	[BLOCK_NOOP] = N_("Only what is ticked below"),
};

static const struct column server_columns[] = {
	{"domain", N_("Server"), CELL_TEXT},
	{"severity", N_("How"), CELL_WORDS},
	{"reject_media", N_("No media"), CELL_WORDS},
	{"reject_reports", N_("No reports"), CELL_WORDS},
	{"private_comment", N_("Why, for moderators"), CELL_TEXT},
	{"public_comment", N_("Why, for everybody"), CELL_TEXT},
	{"created_at", N_("Since"), CELL_TIME},
	{0},
};

static enum err load_servers(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct domain_block *list = ARENA_ARRAY(c->arena, page->limit, struct domain_block);
	size_t n = 0;

	TRY(domain_blocks_page(c->db, c->arena, page, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);

		row->acts = ~0u;
		row->cells[0] = block_cell(c, "/admin/domain-blocks", list[i].id, list[i].domain);
		row->cells[1] = TEXT_CELL(severity_words[list[i].severity]);
		row->cells[2] = flag_cell(list[i].reject_media);
		row->cells[3] = flag_cell(list[i].reject_reports);
		row->cells[4] = TEXT_CELL(list[i].private_comment);
		row->cells[5] = TEXT_CELL(list[i].public_comment);
		row->cells[6] = NUMBER_CELL(list[i].created_at);
	}
	return OK;
}

static enum err add_server(struct call *c)
{
	struct domain_block b = {.severity = (enum block_severity)arg_choice(c, "severity"),
				 .reject_media = arg_bool(c, "reject_media"),
				 .reject_reports = arg_bool(c, "reject_reports"),
				 .obfuscate = arg_bool(c, "obfuscate"),
				 .private_comment = arg_str(c, "private_comment"),
				 .public_comment = arg_str(c, "public_comment")};
	int64_t id;

	TRY(normal(c, &b.domain));
	return domain_block_create(c->core, c->auth.account, &b, &id, &c->problem);
}

static enum err delete_server(struct call *c)
{
	return domain_block_delete(c->core, c->auth.account, arg_id(c, "id"));
}

const struct staff_field server_block_fields[] = {
	{.name = "domain", .words = N_("Server")},
	{.name = "severity", .words = N_("How"), .choices = severity_words},
	{.name = "reject_media", .words = N_("Take no media from there")},
	{.name = "reject_reports", .words = N_("Take no reports from there")},
	{.name = "obfuscate", .words = N_("Tell everybody only a part of its name")},
	{.name = "private_comment", .words = N_("Why, for moderators")},
	{.name = "public_comment", .words = N_("Why, for everybody")},
	{0},
};

/* ---- mail providers ---- */

static const struct column provider_columns[] = {
	{"domain", N_("Mail provider"), CELL_TEXT},
	{"with_approval", N_("With approval"), CELL_WORDS},
	{"tries", N_("Tries in 7 days"), CELL_NUMBER},
	{"created_at", N_("Since"), CELL_TIME},
	{0},
};

static enum err load_providers(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct email_domain *list = ARENA_ARRAY(c->arena, page->limit, struct email_domain);
	size_t n = 0;

	TRY(email_domains_page(c->db, c->arena, page, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);
		struct email_domain_day days[EMAIL_DOMAIN_DAYS];

		TRY(email_domain_days(c->db, list[i].domain, days));
		row->acts = ~0u;
		row->cells[0] = TEXT_CELL(list[i].domain);
		row->cells[1] = flag_cell(list[i].allow_with_approval);
		for (size_t d = 0; d < EMAIL_DOMAIN_DAYS; d++)
			row->cells[2].n += days[d].uses;
		row->cells[3] = NUMBER_CELL(list[i].created_at);
	}
	return OK;
}

static enum err add_provider(struct call *c)
{
	struct view domain;
	int64_t id;

	TRY(normal(c, &domain));
	return email_domain_create(c->core, c->auth.account, domain, arg_bool(c, "allow_with_approval"), &id,
				   &c->problem);
}

static enum err delete_provider(struct call *c)
{
	return email_domain_delete(c->core, c->auth.account, arg_id(c, "id"));
}

static const struct staff_field provider_fields[] = {
	{.name = "domain", .words = N_("Mail provider"), .hint = N_("What stands behind the @. All below it is meant too.")},
	{.name = "allow_with_approval", .words = N_("They may sign up when a moderator lets them")},
	{0},
};

/* ---- mail addresses ---- */

static const struct column address_columns[] = {
	{"hash", N_("Address, as a hash"), CELL_TEXT},
	{0},
};

static enum err load_addresses(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct canonical_block *list = ARENA_ARRAY(c->arena, page->limit, struct canonical_block);
	size_t n = 0;

	TRY(canonical_blocks_page(c->db, c->arena, page, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);

		row->acts = ~0u;
		row->cells[0] = TEXT_CELL(list[i].hash);
	}
	return OK;
}

static enum err add_address(struct call *c)
{
	char hash[CANONICAL_HASH_LEN + 1];
	int64_t id;

	if (canonical_email_hash(view_trim(arg_str(c, "email")), hash) != OK)
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: Email is invalid");
	return canonical_block_create(c->core, c->auth.account, view_of(hash), &id, &c->problem);
}

static enum err delete_address(struct call *c)
{
	return canonical_block_delete(c->core, c->auth.account, arg_id(c, "id"));
}

static const struct staff_field address_fields[] = {
	{.name = "email", .words = N_("E-mail address"), .hint = N_("Dots, capitals and what is behind a + make no difference.")},
	{0},
};

/* ---- networks ---- */

static const struct view ip_words[] = {
	[IP_APPROVAL] = N_("A moderator looks first"),
	[IP_NO_SIGN_UP] = N_("Nobody signs up from there"),
	[IP_NO_ACCESS] = N_("Nobody does anything from there"),
};

static const struct column network_columns[] = {
	{"network", N_("Address or network"), CELL_TEXT}, {"severity", N_("How"), CELL_WORDS},
	{"comment", N_("Why"), CELL_TEXT},		  {"expires_at", N_("Until"), CELL_TIME},
	{"created_at", N_("Since"), CELL_TIME},		  {0},
};

static enum err load_networks(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct ip_block *list = ARENA_ARRAY(c->arena, page->limit, struct ip_block);
	size_t n = 0;

	TRY(ip_blocks_page(c->db, c->arena, page, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);

		row->acts = ~0u;
		row->cells[0] = block_cell(c, "/admin/ip-blocks", list[i].id, list[i].network);
		row->cells[1] = TEXT_CELL(ip_words[list[i].severity]);
		row->cells[2] = TEXT_CELL(list[i].comment);
		row->cells[3] = NUMBER_CELL(list[i].expires_at);
		row->cells[4] = NUMBER_CELL(list[i].created_at);
	}
	return OK;
}

static enum err add_network(struct call *c)
{
	struct ip_block b = {.severity = (enum ip_severity)arg_choice(c, "severity"), .comment = arg_str(c, "comment")};
	char *text = arena_alloc(c->arena, NETWORK_TEXT);
	struct network net;
	int64_t id;

	TRY(network_read(c->arena, view_trim(arg_str(c, "ip")), &net, text, &c->problem));
	b.network = view_of(text);
	if (arg_int(c, "days"))
		b.expires_at = clock_now() + arg_int(c, "days") * CLOCK_DAY_MS;
	TRY(ip_block_check_own(&b, &net, c->x->peer, &c->problem));
	return ip_block_create(c->core, c->auth.account, &b, &id, &c->problem);
}

static enum err delete_network(struct call *c)
{
	return ip_block_delete(c->core, c->auth.account, arg_id(c, "id"));
}

const struct staff_field network_block_fields[] = {
	{.name = "ip", .words = N_("Address or network"), .hint = N_("Such as 192.0.2.7 or 192.0.2.0/24.")},
	{.name = "severity", .words = N_("How"), .choices = ip_words},
	{.name = "comment", .words = N_("Why")},
	{.name = "days", .words = N_("For how many days"), .hint = N_("Empty: until somebody ends it.")},
	{0},
};

/* ---- all of it ---- */

#define ON_SERVERS PERMISSION_MANAGE_FEDERATION
#define ON_SIGN_UPS PERMISSION_MANAGE_BLOCKS
#define LIST(at, may, words) STAFF_GET(at, may), .params = PARAMS(TABLE_PARAMS), .doc = words
#define DELETE(at, may, words)                                                                                         \
	STAFF_POST(at "/:id/delete", may), .params = PARAMS(STAFF_ID("The block."), STAFF_BACK), .doc = words
#define DOMAIN(what) {.name = "domain", .required = true, .max = 255, .doc = (what)}

const struct endpoint staff_blocks[] = {
	[SERVERS] = {LIST("/admin/domain-blocks", ON_SERVERS, "Servers that are blocked.")},
	[SERVER_ADD] = {STAFF_POST("/admin/domain-blocks", ON_SERVERS),
			.params = PARAMS(DOMAIN("Name of the server."),
					 SERVER_BLOCK_PARAMS, STAFF_BACK),
			.doc = "Blocks a server."},
	[SERVER_DELETE] = {DELETE("/admin/domain-blocks", ON_SERVERS, "A server is not blocked any more.")},
	[PROVIDERS] = {LIST("/admin/email-domain-blocks", ON_SIGN_UPS, "Mail providers nobody may sign up with.")},
	[PROVIDER_ADD] = {STAFF_POST("/admin/email-domain-blocks", ON_SIGN_UPS),
			  .params = PARAMS(DOMAIN("What stands behind the @."), FLAG("allow_with_approval", "They may, when a moderator lets them."), STAFF_BACK),
			  .doc = "Blocks a mail provider."},
	[PROVIDER_DELETE] = {DELETE("/admin/email-domain-blocks", ON_SIGN_UPS, "A mail provider is not blocked any more.")},
	[ADDRESSES] = {LIST("/admin/email-blocks", ON_SIGN_UPS, "Mail addresses nobody may sign up with, as hashes.")},
	[ADDRESS_ADD] = {STAFF_POST("/admin/email-blocks", ON_SIGN_UPS),
			 .params = PARAMS({.name = "email", .required = true, .doc = "A mail address."}, STAFF_BACK),
			 .doc = "Blocks a mail address."},
	[ADDRESS_DELETE] = {DELETE("/admin/email-blocks", ON_SIGN_UPS, "A mail address is not blocked any more.")},
	[NETWORKS] = {LIST("/admin/ip-blocks", ON_SIGN_UPS, "Blocked addresses and networks.")},
	[NETWORK_ADD] = {STAFF_POST("/admin/ip-blocks", ON_SIGN_UPS),
			 .params = PARAMS({.name = "ip", .required = true, .max = 64, .doc = "An address, or a network."},
					  NETWORK_BLOCK_PARAMS, STAFF_BACK),
			 .doc = "Blocks a network."},
	[NETWORK_DELETE] = {DELETE("/admin/ip-blocks", ON_SIGN_UPS, "A network is not blocked any more.")},
	ENDPOINTS_END,
};

#define ACTS_OF(name, add, take, fields_of, heading)                                                                   \
	static const struct staff_act name##_acts[] = {                                                                \
		{.row = &staff_blocks[add],                                                                            \
		 .run = add_##name,                                                                                    \
		 .words = N_("Block"),                                                                                 \
		 .title = heading,                                                                                     \
		 .place = ACT_BELOW,                                                                                   \
		 .fields = fields_of},                                                                                 \
		{.row = &staff_blocks[take], .run = delete_##name, .words = N_("Unblock")},                            \
		{0},                                                                                                   \
	}

ACTS_OF(server, SERVER_ADD, SERVER_DELETE, server_block_fields, N_("Block a server"));
ACTS_OF(provider, PROVIDER_ADD, PROVIDER_DELETE, provider_fields, N_("Block a mail provider"));
ACTS_OF(address, ADDRESS_ADD, ADDRESS_DELETE, address_fields, N_("Block a mail address"));
ACTS_OF(network, NETWORK_ADD, NETWORK_DELETE, network_block_fields, N_("Block a network"));

static const struct table servers = {.columns = server_columns, .load = load_servers};
static const struct table providers = {.columns = provider_columns, .load = load_providers};
static const struct table addresses = {.columns = address_columns, .load = load_addresses};
static const struct table networks = {.columns = network_columns, .load = load_networks};

const struct staff_page page_servers = {
	.row = &staff_blocks[SERVERS],
	.title = N_("Servers"),
	.lead = N_("Other servers. This one does not talk to others yet: what stands here holds from the day it does."),
	.section = SECTION_BLOCKS,
	.table = &servers,
	.acts = server_acts,
};
const struct staff_page page_providers = {.row = &staff_blocks[PROVIDERS],
					  .title = N_("Mail providers"),
					  .lead = N_("Nobody signs up with an address of these."),
					  .section = SECTION_BLOCKS,
					  .table = &providers,
					  .acts = provider_acts};
const struct staff_page page_addresses = {
	.row = &staff_blocks[ADDRESSES],
	.title = N_("Mail addresses"),
	.lead = N_("Nobody signs up with one of these. They are kept as hashes; a suspension adds one."),
	.section = SECTION_BLOCKS,
	.table = &addresses,
	.acts = address_acts,
};
const struct staff_page page_networks = {.row = &staff_blocks[NETWORKS],
					 .title = N_("Networks"),
					 .lead = N_("Addresses from where one may not sign up, or do nothing at all."),
					 .section = SECTION_BLOCKS,
					 .table = &networks,
					 .acts = network_acts};

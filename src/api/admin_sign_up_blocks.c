/*
 * admin_sign_up_blocks.c - what may not sign up: mail providers, mail addresses, networks (Mastodon:
 * methods/admin/email_domain_blocks, canonical_email_blocks, ip_blocks).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/clock.h"
#include "core/roles.h"
#include "moderation/canonical_emails.h"
#include "moderation/email_domains.h"
#include "moderation/ip_blocks.h"
#include "moderation/server_blocks.h"
#include "present/admin_blocks.h"

#define BLOCKS_PAGE 200
#define YEARS_MAX_S ((int64_t)100 * 366 * 24 * 3600)

/* --- mail providers --- */

static enum err providers(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct email_domain *list = ARENA_ARRAY(c->arena, BLOCKS_PAGE, struct email_domain);
	size_t n = 0;

	TRY(email_domains_page(c->db, c->arena, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_email_domain(&p, &list[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

static enum err show_provider(struct call *c, int64_t id)
{
	struct present p = call_presenter(c);
	struct email_domain block;

	TRY(email_domain_load(c->db, c->arena, id, &block));
	return present_email_domain(&p, &block, &c->json);
}

static enum err provider(struct call *c)
{
	return show_provider(c, arg_id(c, "id"));
}

static enum err create_provider(struct call *c)
{
	struct view domain;
	int64_t id;

	TRY(domain_normalise(c->arena, arg_str(c, "domain"), &domain, &c->problem));
	TRY(email_domain_create(c->core, c->auth.account, domain, arg_bool(c, "allow_with_approval"), &id,
				&c->problem));
	return show_provider(c, id);
}

static enum err delete_provider(struct call *c)
{
	TRY(email_domain_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

/* --- networks --- */

static enum err networks(struct call *c)
{
	struct page page = call_page(c);
	struct ip_block *list = ARENA_ARRAY(c->arena, BLOCKS_PAGE, struct ip_block);
	size_t n = 0;

	TRY(ip_blocks_page(c->db, c->arena, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		present_ip_block(&list[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err show_network(struct call *c, int64_t id)
{
	struct ip_block block;

	TRY(ip_block_load(c->db, c->arena, id, &block));
	present_ip_block(&block, &c->json);
	return OK;
}

static enum err network(struct call *c)
{
	return show_network(c, arg_id(c, "id"));
}

/* What the call says over what there is. */
static enum err change_network(struct call *c, struct ip_block *b)
{
	struct network net;
	char *text = arena_alloc(c->arena, NETWORK_TEXT);

	TRY(network_read(c->arena, arg_given(c, "ip") ? arg_str(c, "ip") : b->network, &net, text, &c->problem));
	b->network = view_of(text);
	if (arg_given(c, "severity"))
		b->severity = (enum ip_severity)arg_choice(c, "severity");
	if (arg_given(c, "comment"))
		b->comment = arg_str(c, "comment");
	if (arg_given(c, "expires_in"))
		b->expires_at = arg_int(c, "expires_in") ? clock_now() + arg_int(c, "expires_in") * 1000 : 0;
	return ip_block_check_own(b, &net, c->x->peer, &c->problem);
}

static enum err create_network(struct call *c)
{
	struct ip_block b = {.comment = V("")};
	int64_t id;

	TRY(change_network(c, &b));
	TRY(ip_block_create(c->core, c->auth.account, &b, &id, &c->problem));
	return show_network(c, id);
}

static enum err update_network(struct call *c)
{
	struct ip_block b;

	TRY(ip_block_load(c->db, c->arena, arg_id(c, "id"), &b));
	TRY(change_network(c, &b));
	TRY(ip_block_update(c->core, c->auth.account, &b, &c->problem));
	return network(c);
}

static enum err delete_network(struct call *c)
{
	TRY(ip_block_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

/* --- mail addresses --- */

static enum err emails(struct call *c)
{
	struct page page = call_page(c);
	struct canonical_block *list = ARENA_ARRAY(c->arena, BLOCKS_PAGE, struct canonical_block);
	size_t n = 0;

	TRY(canonical_blocks_page(c->db, c->arena, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		present_canonical_block(&list[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err show_email(struct call *c, int64_t id)
{
	struct canonical_block block;

	TRY(canonical_block_load(c->db, c->arena, id, &block));
	present_canonical_block(&block, &c->json);
	return OK;
}

static enum err email(struct call *c)
{
	return show_email(c, arg_id(c, "id"));
}

static enum err test_email(struct call *c)
{
	struct canonical_block block;
	enum err err = canonical_block_find(c->db, c->arena, view_trim(arg_str(c, "email")), &block);

	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	jw_array(&c->json);
	if (!err)
		present_canonical_block(&block, &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err create_email(struct call *c)
{
	struct view address = view_trim(arg_str(c, "email")), hash = arg_str(c, "canonical_email_hash");
	char made[CANONICAL_HASH_LEN + 1];
	int64_t id;

	if (address.len) {
		if (canonical_email_hash(address, made) != OK)
			return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: Email is invalid");
		hash = view_of(made);
	}
	TRY(canonical_block_create(c->core, c->auth.account, hash, &id, &c->problem));
	return show_email(c, id);
}

static enum err delete_email(struct call *c)
{
	TRY(canonical_block_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

#define ROW                                                                                                            \
	.auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .permissions = PERMISSION_MANAGE_BLOCKS,         \
	.run = RUN_WORKER
#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a block."}
#define LIST PAGE_PARAMS(100, BLOCKS_PAGE)
#define IP_PARAMS                                                                                                      \
	{.name = "severity", .type = PARAM_CHOICE, .choices = ip_severities,                                           \
	 .doc = "A moderator looks first; nobody signs up from there; or nobody does anything from there."},           \
		{.name = "comment", .type = PARAM_STRING, .max = LIMIT_BLOCK_COMMENT_BYTES, .doc = "Why."},            \
		{.name = "expires_in", .type = PARAM_INT, .min = 0, .max = YEARS_MAX_S, .doc = "Seconds; 0: never ends."}

#define PROVIDERS "/api/v1/admin/email_domain_blocks"
#define NETWORKS "/api/v1/admin/ip_blocks"
#define EMAILS "/api/v1/admin/canonical_email_blocks"
#define READ_PROVIDERS ROW, .method = HTTP_GET, .scope = SCOPE_ADMIN_READ_EMAIL_DOMAIN_BLOCKS
#define WRITE_PROVIDERS ROW, .scope = SCOPE_ADMIN_WRITE_EMAIL_DOMAIN_BLOCKS
#define READ_NETWORKS ROW, .method = HTTP_GET, .scope = SCOPE_ADMIN_READ_IP_BLOCKS
#define WRITE_NETWORKS ROW, .scope = SCOPE_ADMIN_WRITE_IP_BLOCKS
#define READ_EMAILS ROW, .method = HTTP_GET, .scope = SCOPE_ADMIN_READ_CANONICAL_EMAIL_BLOCKS
#define WRITE_EMAILS ROW, .scope = SCOPE_ADMIN_WRITE_CANONICAL_EMAIL_BLOCKS

const struct endpoint api_admin_sign_up_blocks[] = {
	{READ_PROVIDERS, .path = PROVIDERS, .handle = providers, .params = PARAMS(LIST),
	 .reply = "[Admin::EmailDomainBlock]", .doc = "Mail providers nobody may sign up with, and who has tried lately."},
	{READ_PROVIDERS, .path = PROVIDERS "/:id", .handle = provider, .params = PARAMS(ID),
	 .reply = "Admin::EmailDomainBlock", .doc = "A blocked mail provider."},
	{WRITE_PROVIDERS, .method = HTTP_POST, .path = PROVIDERS, .handle = create_provider, .body = BODY_FIELDS,
	 .params = PARAMS({.name = "domain", .type = PARAM_STRING, .required = true, .max = 255, .doc = "What stands behind the @; all below it are meant too."},
			  {.name = "allow_with_approval", .type = PARAM_BOOL, .doc = "They may, when a moderator lets them."}),
	 .reply = "Admin::EmailDomainBlock", .doc = "Block a mail provider."},
	{WRITE_PROVIDERS, .method = HTTP_DELETE, .path = PROVIDERS "/:id", .handle = delete_provider, .params = PARAMS(ID),
	 .reply = "{}", .doc = "A mail provider is not blocked any more."},
	{READ_NETWORKS, .path = NETWORKS, .handle = networks, .params = PARAMS(LIST), .reply = "[Admin::IpBlock]",
	 .doc = "Blocked addresses and networks."},
	{READ_NETWORKS, .path = NETWORKS "/:id", .handle = network, .params = PARAMS(ID), .reply = "Admin::IpBlock",
	 .doc = "A blocked network."},
	{WRITE_NETWORKS, .method = HTTP_POST, .path = NETWORKS, .handle = create_network, .body = BODY_FIELDS,
	 .params = PARAMS({.name = "ip", .type = PARAM_STRING, .required = true, .max = 64, .doc = "An address, or a network such as 192.0.2.0/24."},
			  IP_PARAMS),
	 .reply = "Admin::IpBlock", .doc = "Block a network."},
	{WRITE_NETWORKS, .method = HTTP_PUT, .path = NETWORKS "/:id", .handle = update_network, .body = BODY_FIELDS,
	 .params = PARAMS(ID, {.name = "ip", .type = PARAM_STRING, .max = 64, .doc = "An address, or a network."}, IP_PARAMS),
	 .reply = "Admin::IpBlock", .doc = "Change how a network is blocked."},
	{WRITE_NETWORKS, .method = HTTP_DELETE, .path = NETWORKS "/:id", .handle = delete_network, .params = PARAMS(ID),
	 .reply = "{}", .doc = "A network is not blocked any more."},
	{READ_EMAILS, .path = EMAILS, .handle = emails, .params = PARAMS(LIST), .reply = "[Admin::CanonicalEmailBlock]",
	 .doc = "Mail addresses nobody may sign up with, as hashes. A suspension makes one."},
	{READ_EMAILS, .path = EMAILS "/:id", .handle = email, .params = PARAMS(ID), .reply = "Admin::CanonicalEmailBlock",
	 .doc = "A blocked mail address."},
	{WRITE_EMAILS, .method = HTTP_POST, .path = EMAILS "/test", .handle = test_email, .body = BODY_FIELDS,
	 .params = PARAMS({.name = "email", .type = PARAM_STRING, .required = true, .doc = "A mail address."}),
	 .reply = "[Admin::CanonicalEmailBlock]", .doc = "The blocks a mail address falls under."},
	{WRITE_EMAILS, .method = HTTP_POST, .path = EMAILS, .handle = create_email, .body = BODY_FIELDS,
	 .params = PARAMS({.name = "email", .type = PARAM_STRING, .doc = "A mail address."},
			  {.name = "canonical_email_hash", .type = PARAM_STRING, .doc = "Or its hash."}),
	 .reply = "Admin::CanonicalEmailBlock", .doc = "Block a mail address."},
	{WRITE_EMAILS, .method = HTTP_DELETE, .path = EMAILS "/:id", .handle = delete_email, .params = PARAMS(ID),
	 .reply = "{}", .doc = "A mail address is not blocked any more."},
	ENDPOINTS_END};

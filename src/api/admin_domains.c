/*
 * admin_domains.c - other servers that are allowed or blocked (Mastodon: methods/admin/domain_allows, domain_blocks).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "core/roles.h"
#include "moderation/server_blocks.h"
#include "present/admin_blocks.h"

#define DOMAINS_PAGE 200

static struct view normal(struct call *c, enum err *ret_err)
{
	struct view domain = V("");

	*ret_err = domain_normalise(c->arena, arg_str(c, "domain"), &domain, &c->problem);
	return domain;
}

/* --- allowed --- */

static enum err allows(struct call *c)
{
	struct page page = call_page(c);
	struct domain_allow *list = ARENA_ARRAY(c->arena, DOMAINS_PAGE, struct domain_allow);
	size_t n = 0;

	TRY(domain_allows_page(c->db, c->arena, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		present_domain_allow(&list[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err show_allow(struct call *c, int64_t id)
{
	struct domain_allow allow;

	TRY(domain_allow_load(c->db, c->arena, id, &allow));
	present_domain_allow(&allow, &c->json);
	return OK;
}

static enum err allow(struct call *c)
{
	return show_allow(c, arg_id(c, "id"));
}

static enum err create_allow(struct call *c)
{
	enum err err;
	struct view domain = normal(c, &err);
	int64_t id;

	TRY(err);
	TRY(domain_allow_create(c->core, c->auth.account, domain, &id));
	return show_allow(c, id);
}

static enum err delete_allow(struct call *c)
{
	TRY(domain_allow_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

/* --- blocked --- */

static enum err blocks(struct call *c)
{
	struct page page = call_page(c);
	struct domain_block *list = ARENA_ARRAY(c->arena, DOMAINS_PAGE, struct domain_block);
	size_t n = 0;

	TRY(domain_blocks_page(c->db, c->arena, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		present_domain_block(&list[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err show_block(struct call *c, int64_t id)
{
	struct domain_block block;

	TRY(domain_block_load(c->db, c->arena, id, &block));
	present_domain_block(&block, &c->json);
	return OK;
}

static enum err block(struct call *c)
{
	return show_block(c, arg_id(c, "id"));
}

/* What the call says over what there is. */
static void change(struct call *c, struct domain_block *b)
{
	static const struct {
		const char *name;
		size_t at;
	} flags[] = {{"reject_media", offsetof(struct domain_block, reject_media)},
		     {"reject_reports", offsetof(struct domain_block, reject_reports)},
		     {"obfuscate", offsetof(struct domain_block, obfuscate)}};

	if (arg_given(c, "severity"))
		b->severity = (enum block_severity)arg_choice(c, "severity");
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (arg_given(c, flags[i].name))
			*(bool *)((char *)b + flags[i].at) = arg_bool(c, flags[i].name);
	if (arg_given(c, "private_comment"))
		b->private_comment = arg_str(c, "private_comment");
	if (arg_given(c, "public_comment"))
		b->public_comment = arg_str(c, "public_comment");
}

static enum err create_block(struct call *c)
{
	enum err err;
	struct domain_block b = {.severity = BLOCK_SILENCE, .domain = normal(c, &err)};
	int64_t id;

	TRY(err);
	change(c, &b);
	TRY(domain_block_create(c->core, c->auth.account, &b, &id, &c->problem));
	return show_block(c, id);
}

static enum err update_block(struct call *c)
{
	struct domain_block b;

	TRY(domain_block_load(c->db, c->arena, arg_id(c, "id"), &b));
	change(c, &b);
	TRY(domain_block_update(c->core, c->auth.account, &b));
	return block(c);
}

static enum err delete_block(struct call *c)
{
	TRY(domain_block_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

#define ROW                                                                                                            \
	.auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .permissions = PERMISSION_MANAGE_FEDERATION,     \
	.run = RUN_WORKER
#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of an entry."}
#define DOMAIN {.name = "domain", .type = PARAM_STRING, .required = true, .max = 255, .doc = "Name of the server."}
#define BLOCK_PARAMS                                                                                                   \
	{.name = "severity", .type = PARAM_CHOICE, .choices = block_severities, .doc = "How it is treated."},          \
		{.name = "reject_media", .type = PARAM_BOOL, .doc = "Take no media from there."},                      \
		{.name = "reject_reports", .type = PARAM_BOOL, .doc = "Take no reports from there."},                  \
		{.name = "private_comment", .type = PARAM_STRING, .max = LIMIT_BLOCK_COMMENT_BYTES,                    \
		 .doc = "Why, for moderators."},                                                                      \
		{.name = "public_comment", .type = PARAM_STRING, .max = LIMIT_BLOCK_COMMENT_BYTES,                     \
		 .doc = "Why, for everybody."},                                                                       \
		{.name = "obfuscate", .type = PARAM_BOOL, .doc = "Tell everybody only a part of its name."}

const struct endpoint api_admin_domains[] = {
	{ROW, .method = HTTP_GET, .path = "/api/v1/admin/domain_allows", .handle = allows,
	 .scope = SCOPE_ADMIN_READ_DOMAIN_ALLOWS, .params = PARAMS(PAGE_PARAMS(100, DOMAINS_PAGE)),
	 .reply = "[Admin::DomainAllow]", .doc = "Servers that are allowed. There is no talk with other servers yet."},
	{ROW, .method = HTTP_GET, .path = "/api/v1/admin/domain_allows/:id", .handle = allow,
	 .scope = SCOPE_ADMIN_READ_DOMAIN_ALLOWS, .params = PARAMS(ID), .reply = "Admin::DomainAllow",
	 .doc = "A server that is allowed."},
	{ROW, .method = HTTP_POST, .path = "/api/v1/admin/domain_allows", .handle = create_allow,
	 .scope = SCOPE_ADMIN_WRITE_DOMAIN_ALLOWS, .body = BODY_FIELDS, .params = PARAMS(DOMAIN),
	 .reply = "Admin::DomainAllow", .doc = "Allow a server."},
	{ROW, .method = HTTP_DELETE, .path = "/api/v1/admin/domain_allows/:id", .handle = delete_allow,
	 .scope = SCOPE_ADMIN_WRITE_DOMAIN_ALLOWS, .params = PARAMS(ID), .reply = "{}",
	 .doc = "A server is not allowed any more."},
	{ROW, .method = HTTP_GET, .path = "/api/v1/admin/domain_blocks", .handle = blocks,
	 .scope = SCOPE_ADMIN_READ_DOMAIN_BLOCKS, .params = PARAMS(PAGE_PARAMS(100, DOMAINS_PAGE)),
	 .reply = "[Admin::DomainBlock]", .doc = "Servers that are blocked. There is no talk with other servers yet."},
	{ROW, .method = HTTP_GET, .path = "/api/v1/admin/domain_blocks/:id", .handle = block,
	 .scope = SCOPE_ADMIN_READ_DOMAIN_BLOCKS, .params = PARAMS(ID), .reply = "Admin::DomainBlock",
	 .doc = "A server that is blocked."},
	{ROW, .method = HTTP_POST, .path = "/api/v1/admin/domain_blocks", .handle = create_block,
	 .scope = SCOPE_ADMIN_WRITE_DOMAIN_BLOCKS, .body = BODY_FIELDS, .params = PARAMS(DOMAIN, BLOCK_PARAMS),
	 .reply = "Admin::DomainBlock", .doc = "Block a server."},
	{ROW, .method = HTTP_PUT, .path = "/api/v1/admin/domain_blocks/:id", .handle = update_block,
	 .scope = SCOPE_ADMIN_WRITE_DOMAIN_BLOCKS, .body = BODY_FIELDS, .params = PARAMS(ID, BLOCK_PARAMS),
	 .reply = "Admin::DomainBlock", .doc = "Change how a server is blocked."},
	{ROW, .method = HTTP_DELETE, .path = "/api/v1/admin/domain_blocks/:id", .handle = delete_block,
	 .scope = SCOPE_ADMIN_WRITE_DOMAIN_BLOCKS, .params = PARAMS(ID), .reply = "{}",
	 .doc = "A server is not blocked any more."},
	ENDPOINTS_END};

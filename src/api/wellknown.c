/*
 * wellknown.c - what programs ask to find out whom they talk to: NodeInfo, WebFinger (RFC 7033), host-meta (RFC 6415),
 * and the description of the authorization server (RFC 8414).
 */
#include "base/base.h"

#include "api/groups.h"
#include "api/software.h"
#include "core/accounts.h"
#include "core/admitted.h"
#include "core/census.h"
#include "core/scope.h"
#include "gate/call.h"

static struct view own_url(struct call *c, const char *path)
{
	return arena_printf(c->arena, "%s%s", c->core->config.base_url, path);
}

/* --- NodeInfo --- */

static void write_link(struct call *c, const char *version)
{
	jw_object(&c->json);
	jw_kv_str(&c->json, "rel", arena_printf(c->arena, "http://nodeinfo.diaspora.software/ns/schema/%s", version));
	jw_kv_str(&c->json, "href", arena_printf(c->arena, "%s/nodeinfo/%s", c->core->config.base_url, version));
	jw_object_end(&c->json);
}

static enum err nodeinfo_links(struct call *c)
{
	jw_object(&c->json);
	jw_key(&c->json, "links");
	jw_array(&c->json);
	write_link(c, "2.0");
	write_link(c, "2.1");
	jw_array_end(&c->json);
	jw_object_end(&c->json);
	return OK;
}

static void write_usage(struct jw *j, const struct census *census)
{
	jw_key(j, "usage");
	jw_object(j);
	jw_key(j, "users");
	jw_object(j);
	jw_kv_int(j, "total", census->people);
	jw_kv_int(j, "activeMonth", census->active);
	jw_object_end(j);
	jw_kv_int(j, "localPosts", census->posts);
	jw_object_end(j);
}

/* Apps that know servers by a list of names take us for what we are compatible with. */
static void write_metadata(struct call *c)
{
	struct jw *j = &c->json;
	jw_key(j, "metadata");
	jw_object(j);
	jw_kv_cstr(j, "nodeName", c->core->config.title);
	jw_kv_cstr(j, "nodeDescription", c->core->config.description);
	jw_key(j, "upstream");
	jw_object(j);
	jw_kv_cstr(j, "name", "mastodon");
	jw_object_end(j);
	jw_object_end(j);
}

static enum err nodeinfo(struct call *c, const char *version)
{
	struct jw *j = &c->json;
	struct census census;
	TRY(census_read(c->core, c->db, &census));
	call_header(c, "Cache-Control", V("public, max-age=300"));
	jw_object(j);
	jw_kv_cstr(j, "version", version);
	jw_key(j, "software");
	jw_object(j);
	jw_kv_cstr(j, "name", SOFTWARE_NAME);
	jw_kv_cstr(j, "version", KICAU_VERSION);
	jw_object_end(j);
	jw_kv_raw(j, "protocols", V("[\"activitypub\"]"));
	jw_kv_raw(j, "services", V("{\"inbound\":[],\"outbound\":[]}"));
	jw_kv_bool(j, "openRegistrations", c->core->config.registrations);
	write_usage(j, &census);
	write_metadata(c);
	jw_object_end(j);
	return OK;
}

static enum err nodeinfo_20(struct call *c)
{
	return nodeinfo(c, "2.0");
}
static enum err nodeinfo_21(struct call *c)
{
	return nodeinfo(c, "2.1");
}

/* --- WebFinger --- */

/* "acct:alice@our.domain", or the address of a profile. Only accounts of this server are answered for. */
static enum err find_resource(struct call *c, struct view resource, struct account *ret)
{
	struct account_id id;
	struct view acct = V("acct:");
	if (view_starts(resource, acct))
		TRY(account_find_acct(c->core, c->db, view_sub(resource, acct.len, resource.len), &id));
	else
		TRY(account_find_url(c->core, c->db, resource, &id));
	TRY(account_admitted(c->core, c->db, id));
	TRY(account_load(c->db, c->arena, id, ret));
	return account_is_local(ret) && !ret->suspended ? OK : ERR_NOT_FOUND;
}

static void write_finger_link(struct jw *j, const char *rel, const char *type, struct view href)
{
	jw_object(j);
	jw_kv_cstr(j, "rel", rel);
	jw_kv_cstr(j, "type", type);
	jw_kv_str(j, "href", href);
	jw_object_end(j);
}

static enum err webfinger(struct call *c)
{
	struct jw *j = &c->json;
	struct account a;
	TRY(find_resource(c, arg_str(c, "resource"), &a));
	call_header(c, "Content-Type", V("application/jrd+json; charset=utf-8"));
	call_header(c, "Cache-Control", V("public, max-age=300"));
	jw_object(j);
	jw_kv_str(j, "subject", arena_printf(c->arena, "acct:%.*s@%s", VIEW_ARG(a.username), c->core->config.domain));
	jw_key(j, "aliases");
	jw_array(j);
	jw_str(j, a.url);
	jw_array_end(j);
	jw_key(j, "links");
	jw_array(j);
	write_finger_link(j, "http://webfinger.net/rel/profile-page", "text/html", a.url);
	jw_array_end(j);
	jw_object_end(j);
	return OK;
}

/* base_url is a checked setting: nothing in it needs escaping. */
static enum err host_meta(struct call *c)
{
	call_header(c, "Content-Type", V("application/xrd+xml; charset=utf-8"));
	call_header(c, "Cache-Control", V("public, max-age=86400"));
	buf_printf(&c->out,
		   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		   "<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n"
		   "  <Link rel=\"lrdd\" template=\"%s/.well-known/webfinger?resource={uri}\"/>\n"
		   "</XRD>\n",
		   c->core->config.base_url);
	return OK;
}

/* --- OAuth --- */

static void write_scopes(struct jw *j)
{
	jw_key(j, "scopes_supported");
	jw_array(j);
	for (enum scope s = SCOPE_NONE + 1; s < SCOPE_COUNT; s++)
		jw_cstr(j, scope_name(s));
	jw_array_end(j);
}

static enum err authorization_server(struct call *c)
{
	static const struct {
		const char *key, *path;
	} urls[] = {
		{"issuer", "/"},
		{"authorization_endpoint", "/oauth/authorize"},
		{"token_endpoint", "/oauth/token"},
		{"app_registration_endpoint", "/api/v1/apps"},
		{"revocation_endpoint", "/oauth/revoke"},
		{"userinfo_endpoint", "/oauth/userinfo"},
	};
	struct jw *j = &c->json;
	call_header(c, "Cache-Control", V("public, max-age=300"));
	jw_object(j);
	for (size_t i = 0; i < ARRAY_LEN(urls); i++)
		jw_kv_str(j, urls[i].key, own_url(c, urls[i].path));
	write_scopes(j);
	jw_kv_raw(j, "response_types_supported", V("[\"code\"]"));
	jw_kv_raw(j, "response_modes_supported", V("[\"query\"]"));
	jw_kv_raw(j, "code_challenge_methods_supported", V("[\"S256\"]"));
	jw_kv_raw(j, "grant_types_supported",
		  c->core->config.password_grant ? V("[\"authorization_code\",\"client_credentials\",\"password\"]")
						 : V("[\"authorization_code\",\"client_credentials\"]"));
	jw_kv_raw(j, "token_endpoint_auth_methods_supported", V("[\"client_secret_basic\",\"client_secret_post\"]"));
	jw_object_end(j);
	return OK;
}

#define READ .method = HTTP_GET, .auth = AUTH_NONE, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE

const struct endpoint api_wellknown[] = {
	{READ, .path = "/.well-known/nodeinfo", .handle = nodeinfo_links, .reply = "NodeInfoLinks",
	 .doc = "Where NodeInfo is."},
	{READ, .path = "/nodeinfo/2.0", .handle = nodeinfo_20, .reply = "NodeInfo", .doc = "What this server is."},
	{READ, .path = "/nodeinfo/2.1", .handle = nodeinfo_21, .reply = "NodeInfo", .doc = "What this server is."},
	{READ, .path = "/.well-known/webfinger", .handle = webfinger, .kind = REPLY_OTHER,
	 .params = PARAMS({.name = "resource", .type = PARAM_STRING, .required = true, .max = 2048,
			   .doc = "acct:name@domain, or the address of a profile."}),
	 .reply = "JRD", .doc = "Who stands behind a name."},
	{READ, .path = "/.well-known/host-meta", .handle = host_meta, .kind = REPLY_OTHER, .reply = "XRD",
	 .doc = "Where WebFinger is, for old programs."},
	{READ, .path = "/.well-known/oauth-authorization-server", .handle = authorization_server,
	 .reply = "AuthorizationServer", .doc = "How apps get tokens."},
	ENDPOINTS_END};

/*
 * files.c - uploaded media from the data directory, and the program's own assets. What strangers uploaded is sent with
 * a type from its name alone, never sniffed, never run: CSP sandbox, and a download where the type is not known.
 */
#include "base/base.h"
#include "server/groups.h"

#include "base/embedded.h"
#include "base/secret.h"
#include "gate/call.h"
#include "media/files.h"

#define FOREVER V("public, max-age=31536000, immutable")
#define REVALIDATE V("no-cache")
#define UNKNOWN_TYPE "application/octet-stream"
#define ETAG_BYTES 8

static const struct asset_type {
	const char *suffix, *type;
} asset_types[] = {
	{".css", "text/css; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".ico", "image/x-icon"},
	{".woff2", "font/woff2"},
	{".txt", "text/plain; charset=utf-8"},
	{".json", "application/json; charset=utf-8"},
	{"", UNKNOWN_TYPE},
};

/* The last row fits every name. */
static const char *asset_type(struct view name)
{
	const struct asset_type *t = asset_types;

	while (!view_ends(name, view_of(t->suffix)))
		t++;
	return t->type;
}

static enum err show_media(struct call *c)
{
	struct view key = arg_str(c, "key");
	const char *type = files_type(key);
	uint64_t size;
	int fd;

	TRY(files_open(c->core->config.data_dir, key, &fd, &size));
	call_header(c, "Cache-Control", FOREVER);
	call_header(c, "X-Content-Type-Options", V("nosniff"));
	call_header(c, "Content-Security-Policy", V("default-src 'none'; sandbox"));
	call_header(c, "Access-Control-Allow-Origin", V("*"));
	call_header(c, "Cross-Origin-Resource-Policy", V("cross-origin"));
	if (strcmp(type, UNKNOWN_TYPE) == 0)
		call_header(c, "Content-Disposition", V("attachment"));
	c->replied = true;
	http_reply_file(c->x, 200, type, fd, size, true);
	return OK;
}

static const struct embedded *find_asset(struct view name)
{
	for (const struct embedded *e = embedded_assets; e->name; e++)
		if (view_is(name, e->name))
			return e;
	return NULL;
}

static struct view etag_of(struct call *c, struct view body)
{
	struct digest d = digest_sha256(body);
	char hex[HEX_LEN(ETAG_BYTES) + 1];

	hex_encode(d.b, ETAG_BYTES, hex);
	return arena_printf(c->arena, "\"%s\"", hex);
}

static enum err show_asset(struct call *c)
{
	struct view name = arg_str(c, "name");
	const struct embedded *e = find_asset(name);

	if (!e)
		return ERR_NOT_FOUND;
	struct view body = view_make((const char *)e->data, e->len), etag = etag_of(c, body);
	call_header(c, "ETag", etag);
	call_header(c, "Cache-Control", arg_given(c, "v") ? FOREVER : REVALIDATE);
	call_header(c, "X-Content-Type-Options", V("nosniff"));
	c->replied = true;
	bool same = view_eq(http_header(c->x, "If-None-Match"), etag);
	http_reply_static(c->x, same ? 304 : 200, asset_type(name), same ? V("") : body);
	return OK;
}

const struct endpoint server_files[] = {
	{.method = HTTP_GET, .path = "/media/:key*", .handle = show_media, .auth = AUTH_NONE, .rate = RATE_NONE,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_OTHER, .reply = "File", .params = PARAMS({.name = "key"}),
	 .doc = "A picture, video or sound that was uploaded."},
	{.method = HTTP_GET, .path = "/assets/:name", .handle = show_asset, .auth = AUTH_NONE, .rate = RATE_NONE,
	 .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_OTHER, .reply = "File",
	 .params = PARAMS({.name = "name"}, {.name = "v", .doc = "A version: the answer may then be kept for good."}),
	 .doc = "Style sheets, scripts and icons of the pages."},
	ENDPOINTS_END,
};

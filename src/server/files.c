/*
 * files.c - uploaded media from the data directory, and the program's own assets. What strangers uploaded is sent with
 * a type from its name alone, never sniffed, never run: CSP sandbox, and a download where the type is not known.
 */
#include "base/base.h"
#include "server/groups.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/secret.h"
#include "gate/call.h"

#define FOREVER V("public, max-age=31536000, immutable")
#define REVALIDATE V("no-cache")
#define KEY_MAX 200
#define ETAG_BYTES 8

static const struct file_type {
	const char *suffix, *type;
	bool ranged, download;
} media_types[] = {
	{".jpg", "image/jpeg", false, false},  {".jpeg", "image/jpeg", false, false}, {".png", "image/png", false, false},
	{".gif", "image/gif", false, false},   {".webp", "image/webp", false, false}, {".avif", "image/avif", false, false},
	{".mp4", "video/mp4", true, false},    {".webm", "video/webm", true, false},  {".mp3", "audio/mpeg", true, false},
	{".m4a", "audio/mp4", true, false},    {".ogg", "audio/ogg", true, false},    {".flac", "audio/flac", true, false},
	{".wav", "audio/wav", true, false},    {"", "application/octet-stream", true, true},
}, asset_types[] = {
	{".css", "text/css; charset=utf-8", false, false},
	{".js", "text/javascript; charset=utf-8", false, false},
	{".svg", "image/svg+xml", false, false},
	{".png", "image/png", false, false},
	{".ico", "image/x-icon", false, false},
	{".woff2", "font/woff2", false, false},
	{".txt", "text/plain; charset=utf-8", false, false},
	{".json", "application/json; charset=utf-8", false, false},
	{"", "application/octet-stream", false, true},
};

/* The last row fits every name. */
static const struct file_type *type_of(const struct file_type *types, struct view name)
{
	while (!view_ends(name, view_of(types->suffix)))
		types++;
	return types;
}

/* Segments of letters, digits, '-', '_' and '.', none of which begins with '.': cannot leave the folder. */
static bool key_is_safe(struct view key)
{
	struct view segment;

	if (!key.len || key.len > KEY_MAX || key.p[0] == '/' || key.p[key.len - 1] == '/')
		return false;
	for (size_t i = 0; i < key.len; i++) {
		char ch = key.p[i];
		if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-' ||
		      ch == '_' || ch == '.' || ch == '/'))
			return false;
	}
	while (view_split(&key, '/', &segment))
		if (!segment.len || segment.p[0] == '.')
			return false;
	return true;
}

static int open_media(struct call *c, struct view key, struct stat *ret_st)
{
	struct view path = arena_printf(c->arena, "%s/media/%.*s", c->core->config.data_dir, VIEW_ARG(key));
	int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (fstat(fd, ret_st) == 0 && S_ISREG(ret_st->st_mode))
		return fd;
	close(fd);
	return -1;
}

static enum err show_media(struct call *c)
{
	struct view key = arg_str(c, "key");
	const struct file_type *type = type_of(media_types, key);
	struct stat st;
	int fd = key_is_safe(key) ? open_media(c, key, &st) : -1;

	if (fd < 0)
		return ERR_NOT_FOUND;
	call_header(c, "Cache-Control", FOREVER);
	call_header(c, "X-Content-Type-Options", V("nosniff"));
	call_header(c, "Content-Security-Policy", V("default-src 'none'; sandbox"));
	call_header(c, "Access-Control-Allow-Origin", V("*"));
	call_header(c, "Cross-Origin-Resource-Policy", V("cross-origin"));
	if (type->download)
		call_header(c, "Content-Disposition", V("attachment"));
	c->replied = true;
	http_reply_file(c->x, 200, type->type, fd, (uint64_t)st.st_size, type->ranged);
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
	http_reply_static(c->x, same ? 304 : 200, type_of(asset_types, name)->type, same ? V("") : body);
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

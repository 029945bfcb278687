/*
 * ledger.c - what the ledger publishes (C2SP tlog-tiles): its newest checkpoint, its key, the tiles of its tree and the
 * entries under them. Anybody may read all of it; entries tell nothing of what they stand for.
 */
#include "base/base.h"

#include "api/groups.h"
#include "gate/call.h"
#include "ledger/note.h"
#include "ledger/publish.h"
#include "ledger/tiles.h"

#define PREFIX "/.well-known/kicau-ledger"
#define A_FEW_SECONDS V("public, max-age=5")
#define FOREVER V("public, max-age=31536000, immutable")

static const char *ledger_dir(struct call *c)
{
	return arena_printf(c->arena, "%s/ledger", c->core->config.data_dir).p;
}

static void headers(struct call *c, struct view type, struct view cache)
{
	call_header(c, "Content-Type", type);
	call_header(c, "Cache-Control", cache);
	call_header(c, "X-Content-Type-Options", V("nosniff"));
	call_header(c, "Access-Control-Allow-Origin", V("*"));
}

static enum err show_text(struct call *c, enum err (*read)(const char *dir, struct buf *out))
{
	TRY(read(ledger_dir(c), &c->out));
	headers(c, V("text/plain; charset=utf-8"), A_FEW_SECONDS);
	return OK;
}

static enum err show_checkpoint(struct call *c) { return show_text(c, publish_read_checkpoint); }
static enum err show_key(struct call *c) { return show_text(c, publish_read_key); }

static enum err show_tile(struct call *c)
{
	char *at = buf_reserve(&c->out, TILE_BYTES_MAX);
	struct tile_id id;
	size_t len;

	if (!tile_parse(arg_str(c, "tile"), &id))
		return ERR_NOT_FOUND;
	TRY(at ? tile_read(ledger_dir(c), &id, (unsigned char *)at, &len) : ERR_TOO_LARGE);
	buf_grow(&c->out, len);
	headers(c, V("application/octet-stream"), FOREVER);
	return OK;
}

#define READ                                                                                                           \
	.method = HTTP_GET, .auth = AUTH_NONE, .rate = RATE_NONE, .meter = METER_FREE, .run = RUN_WORKER,              \
	.kind = REPLY_OTHER

const struct endpoint api_ledger[] = {
	{READ, .path = PREFIX "/checkpoint", .handle = show_checkpoint, .reply = "Text",
	 .doc = "The newest tree head of the ledger of deliveries, signed (`docs/ledger.md`)."},
	{READ, .path = PREFIX "/key", .handle = show_key, .reply = "Text",
	 .doc = "The key that checkpoints and receipts are checked with."},
	{READ, .path = PREFIX "/tile/:tile*", .handle = show_tile, .params = PARAMS({.name = "tile"}), .reply = "File",
	 .doc = "Hashes of the ledger's tree, or its entries: `0/x001/234`, `0/273.p/112`, `entries/273`."},
	ENDPOINTS_END};

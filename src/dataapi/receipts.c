/*
 * receipts.c - GET /2/receipts/:index: what the ledger holds of a delivery to the caller, and what opens its commitment
 * (docs/ledger.md), so that a receipt can be checked by whoever trusts nobody. Ours.
 */
#include "base/base.h"

#include <jansson.h>

#include "dataapi/groups.h"
#include "gate/call.h"
#include "ledger/receipt.h"
#include "ledger/record.h"

static const char *const endpoints[] = {
	[DATA_LOOKUP] = "lookup",
	[DATA_USERS] = "users",
	[DATA_TIMELINE] = "timeline",
	[DATA_MENTIONS] = "mentions",
	[DATA_FOLLOWS] = "follows",
	[DATA_SEARCH] = "search",
	[DATA_STREAM_FILTERED] = "filtered stream",
	[DATA_STREAM_SAMPLE] = "sample stream",
	[DATA_STREAM_FIREHOSE] = "firehose",
	[DATA_EXPORT] = "export",
	[DATA_CARRIED] = "carried",
};

static const char *const kinds[] = {
	[LEDGER_POSTS] = "posts",   [LEDGER_USERS] = "users", [LEDGER_SETTLED] = "settled",
	[LEDGER_BROKEN] = "broken", [LEDGER_TERMS] = "terms", [LEDGER_ACK] = "acknowledged",
	[LEDGER_STATEMENT] = "statement",
};

static const char *word(const char *const *words, size_t n, size_t at)
{
	return at < n ? words[at] : NULL;
}

/* What is said of the keys that withhold from everybody concerns every licensee. */
static bool is_for_everybody(const struct ledger_record *r)
{
	static const char *const said[] = {"withholding-commitment", "withholding-reveal", "withholding-lost"};
	const char *statement = NULL, *licensee = NULL;
	bool found = false;

	if (r->kind != LEDGER_STATEMENT || r->licensee)
		return false;
	json_t *text = json_loadb(r->data.p, r->data.len, 0, NULL);

	if (json_unpack(text, "{s:s, s:s}", "statement", &statement, "licensee", &licensee) == 0)
		for (size_t i = 0; i < ARRAY_LEN(said); i++)
			found = found || (strcmp(statement, said[i]) == 0 && strcmp(licensee, "everybody") == 0);
	json_decref(text);
	return found;
}

/* Another licensee's is as if there were none; so is what else is nobody's. */
static enum err load(struct call *c, uint64_t *ret_index, struct ledger_record *ret)
{
	struct ledger_record r;
	uint64_t index;

	if (!parse_u64(arg_str(c, "index"), INT64_MAX, &index))
		return ERR_NOT_FOUND;
	if (!c->core->ledger)
		return ERR_UNAVAILABLE;
	TRY(ledger_read(c->core->ledger, c->arena, index, &r));
	if (r.licensee != c->licence->licensee && !is_for_everybody(&r))
		return ERR_NOT_FOUND;
	*ret_index = index;
	*ret = r;
	return OK;
}

static void write_items(const struct ledger_record *r, struct jw *j)
{
	jw_key(j, "items");
	jw_array(j);
	for (size_t i = 0; i < r->n_items; i++) {
		jw_object(j);
		jw_kv_id(j, "id", r->items[i].id);
		jw_kv_int(j, "version", r->items[i].version);
		jw_kv_int(j, "fingerprint", r->items[i].fingerprint);
		jw_kv_bool(j, "charged", r->items[i].charged);
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void write_bytes(struct call *c, const char *key, const void *p, size_t n)
{
	char *text = arena_alloc(c->arena, BASE64URL_LEN(n) + 1);

	base64url_encode(p, n, text);
	jw_kv_cstr(&c->json, key, text);
}

/* The bytes that were hashed, and the salt; null once the salts of that time were destroyed. */
static enum err write_opening(struct call *c, uint64_t index)
{
	unsigned char salt[RECEIPT_SALT_LEN];
	struct buf bytes;

	buf_init(&bytes, RECORD_MAX);
	enum err err = ledger_opening(c->core->ledger, index, salt, &bytes);
	if (err == OK) {
		write_bytes(c, "salt", salt, sizeof(salt));
		write_bytes(c, "record", bytes.p, bytes.len);
	} else if (err == ERR_GONE) {
		jw_kv_null(&c->json, "salt");
		jw_kv_null(&c->json, "record");
		err = OK;
	}
	buf_release(&bytes);
	return err;
}

static enum err show(struct call *c)
{
	struct ledger_record r;
	struct jw *j = &c->json;
	uint64_t index;

	TRY(load(c, &index, &r));
	jw_object(j);
	jw_key(j, "data");
	jw_object(j);
	jw_kv_int(j, "index", (int64_t)index);
	jw_kv_cstr(j, "kind", word(kinds, ARRAY_LEN(kinds), r.kind));
	jw_kv_cstr(j, "endpoint", word(endpoints, ARRAY_LEN(endpoints), r.endpoint));
	jw_kv_time(j, "time", r.time_ms);
	jw_kv_id(j, "key_id", r.key);
	jw_kv_id(j, "terms", r.terms);
	jw_kv_int(j, "cost_micro", r.cost_micro);
	write_items(&r, j);
	if (r.data.len)
		jw_kv_str(j, "text", r.data);
	TRY(write_opening(c, index));
	jw_object_end(j);
	jw_object_end(j);
	return OK;
}

const struct endpoint data_receipts[] = {
	{.method = HTTP_GET, .path = "/2/receipts/:index", .handle = show, .auth = AUTH_LICENSEE, .rate = RATE_DATA_ACCOUNT,
	 .meter = METER_FREE, .run = RUN_WORKER,
	 .params = PARAMS({.name = "index", .type = PARAM_STRING, .required = true, .max = 20, .doc = "The record's, of the caller's own, or of the keys that withhold from everybody."}),
	 .reply = "Receipt",
	 .doc = "A record of the ledger about the caller, or about what is withheld from everybody: what went out when, at which cost, and the bytes and salt that open its commitment."},
	ENDPOINTS_END};

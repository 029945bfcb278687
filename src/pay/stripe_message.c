/*
 * stripe_message.c - see stripe_message.h.
 */
#include "base/base.h"

#include "pay/stripe_message.h"

#include <jansson.h>
#include <sodium.h>

#include "base/secret.h"

#define MAC_LEN crypto_auth_hmacsha256_BYTES
#define SIGNATURES_MAX 8 /* looked at; there are two while a secret is being replaced */

/* --- the signature --- */

static void compute(struct view time, struct view body, struct view secret, unsigned char ret[MAC_LEN])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.p, secret.len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)time.p, time.len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.p, body.len);
	crypto_auth_hmacsha256_final(&state, ret);
	secret_wipe(&state, sizeof(state));
}

static bool is_near(struct view time, int64_t now_ms)
{
	int64_t seconds, now = now_ms / 1000;

	return parse_i64(time, 0, INT32_MAX * INT64_C(100), &seconds) && seconds >= now - STRIPE_TOLERANCE_S &&
	       seconds <= now + STRIPE_TOLERANCE_S;
}

/* The first of a name; pieces without "=" are passed over. */
static struct view find_time(struct view header)
{
	struct view piece;

	while (view_split(&header, ',', &piece))
		if (view_starts(piece, V("t=")))
			return view_sub(piece, 2, piece.len);
	return V("");
}

bool stripe_signed(struct view header, struct view body, struct view secret, int64_t now_ms)
{
	struct view time = find_time(header), piece;
	unsigned char mac[MAC_LEN], given[MAC_LEN];
	bool found = false;
	int looked = 0;

	if (!secret.len || !is_near(time, now_ms))
		return false;
	compute(time, body, secret, mac);
	while (looked < SIGNATURES_MAX && view_split(&header, ',', &piece)) {
		if (!view_starts(piece, V("v1=")))
			continue;
		looked++;
		if (hex_decode(view_sub(piece, 3, piece.len), given, MAC_LEN))
			found |= sodium_memcmp(mac, given, MAC_LEN) == 0;
	}
	return found;
}

/* --- the event --- */

/* Of an expandable member: its id, whether it is one or an object that has one. */
static enum err read_id(struct arena *a, const json_t *from, const char *key, struct view *ret)
{
	const json_t *value = json_object_get(from, key);

	if (json_is_object(value))
		value = json_object_get(value, "id");
	if (!json_is_string(value))
		return OK;
	struct view v = view_make(json_string_value(value), json_string_length(value));
	if (v.len > STRIPE_ID_MAX)
		return ERR_INVALID;
	/* They become references in the books. */
	for (size_t i = 0; i < v.len; i++)
		if (v.p[i] <= ' ' || v.p[i] > '~' || v.p[i] == ':')
			return ERR_INVALID;
	*ret = arena_view(a, v);
	return OK;
}

/* Event types have dots. */
static const struct {
	const char *prefix, *amount;
} amounts[] = {
	{"checkout.session.", "amount_total"},
	{"charge.dispute.", "amount"},
	{"charge.", "amount_refunded"},
};

static enum err read_amount(const json_t *object, struct stripe_event *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(amounts); i++) {
		if (!view_starts(ret->type, view_of(amounts[i].prefix)))
			continue;
		const json_t *n = json_object_get(object, amounts[i].amount);
		if (n && !json_is_integer(n) && !json_is_null(n))
			return ERR_INVALID;
		ret->amount = n ? json_integer_value(n) : 0;
		return ret->amount >= 0 ? OK : ERR_INVALID;
	}
	return OK;
}

static enum err read_object(struct arena *a, const json_t *object, struct stripe_event *ret)
{
	const char *checkout = json_string_value(json_object_get(json_object_get(object, "metadata"), "checkout"));

	TRY(read_id(a, object, "id", &ret->object));
	TRY(read_id(a, object, "payment_intent", &ret->payment_intent));
	TRY(read_id(a, object, "customer", &ret->customer));
	TRY(read_id(a, object, "currency", &ret->currency));
	TRY(read_id(a, object, "payment_status", &ret->payment_status));
	if (checkout && !parse_i64(view_of(checkout), 1, INT64_MAX, &ret->checkout))
		ret->checkout = 0;
	return read_amount(object, ret);
}

static enum err read_event(struct arena *a, const json_t *root, struct stripe_event *ret)
{
	const json_t *object = json_object_get(json_object_get(root, "data"), "object");

	TRY(read_id(a, root, "id", &ret->id));
	TRY(read_id(a, root, "type", &ret->type));
	if (!ret->id.len || !ret->type.len || !json_is_object(object))
		return ERR_INVALID;
	return read_object(a, object, ret);
}

enum err stripe_event_read(struct arena *a, struct view body, struct stripe_event *ret)
{
	struct stripe_event e = {0};
	json_t *root = json_loadb(body.p, body.len, JSON_REJECT_DUPLICATES, NULL);
	enum err err = root ? read_event(a, root, &e) : ERR_INVALID;

	json_decref(root);
	TRY(err);
	*ret = e;
	return OK;
}

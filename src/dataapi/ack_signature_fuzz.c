/*
 * ack_signature_fuzz.c - the body of POST /2/compliance/ack: whatever is taken for signed is signed for these events alone, and
 * is kept as the key and signature it was given.
 */
#include "base/base.h"
#include "dataapi/ack_signature.h"

#include <jansson.h>

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EVENTS_MAX 64
#define KEPT_LEN (8 + 64 + 1 + 128) /* "ed25519 KEY SIGNATURE" */

static struct view text_of(const json_t *body, const char *name)
{
	const json_t *v = json_object_get(body, name);

	return v ? view_make(json_string_value(v), json_string_length(v)) : V("");
}

static size_t read_events(const json_t *list, int64_t ret[EVENTS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(list) && n < EVENTS_MAX; i++) {
		const json_t *v = json_array_get(list, i);
		struct view text = view_make(json_string_value(v), json_string_length(v));

		n += text.p && parse_i64(text, 1, INT64_MAX, &ret[n]);
	}
	return n;
}

/* One signature is for one text. */
static void check_others(struct arena *a, struct ack_statement s, int64_t *events, struct view key, struct view sig)
{
	struct problem problem = {0};
	struct view kept;

	s.licensee++;
	if (ack_check_signature(a, &s, key, sig, &kept, &problem) == OK)
		BUG("signed by another licensee too");
	s.licensee--;
	if (s.n) {
		events[0] ^= 1;
		if (ack_check_signature(a, &s, key, sig, &kept, &problem) == OK)
			BUG("signed for another event too");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t events[EVENTS_MAX];
	struct ack_statement s = {.domain = V("example.org"), .licensee = 7, .events = events};
	struct problem problem = {0};
	struct view kept = V("");
	struct arena a;

	if (size > 64 * LIMIT_KIB)
		return 0;
	json_t *body = json_loadb((const char *)data, size, 0, NULL);

	if (!json_is_object(body)) {
		json_decref(body);
		return 0;
	}
	struct view key = text_of(body, "public_key"), sig = text_of(body, "signature");

	s.n = read_events(json_object_get(body, "event_ids"), events);
	if (!parse_i64(text_of(body, "up_to"), 1, INT64_MAX, &s.up_to))
		s.up_to = 0;
	arena_init(&a, LIMIT_CALL_ARENA);
	if (ack_check_signature(&a, &s, key, sig, &kept, &problem) != OK) {
		if (!problem.text[0] || kept.len)
			BUG("refused without words, or half");
	} else {
		if (kept.len != KEPT_LEN || !view_starts(kept, V("ed25519 ")))
			BUG("%.*s is kept", VIEW_ARG(kept));
		check_others(&a, s, events, key, sig);
	}
	arena_release(&a);
	json_decref(body);
	return 0;
}

/*
 * stripe_message_fuzz.c - a header, a line end, a payload: nothing is signed unless it was, ids keep to their bounds.
 */
#include "base/base.h"
#include "pay/stripe_message.h"

#include "base/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view all = view_make((const char *)data, size);
	size_t end = view_find(all, 0, '\n');
	struct view header = view_sub(all, 0, end), body = view_sub(all, end + 1, size);
	struct stripe_event e;
	struct arena a;

	/* A signature under 256 random bits is not found by trying. */
	char secret[TOKEN_LEN + 1];
	token_make(secret);
	if (stripe_signed(header, body, view_of(secret), 1700000000000))
		BUG("signed by nobody");
	arena_init(&a, 1 << 20);
	if (stripe_event_read(&a, body, &e) == OK)
		if (!e.id.len || e.id.len > STRIPE_ID_MAX || e.payment_intent.len > STRIPE_ID_MAX || e.amount < 0)
			BUG("an event without bounds");
	arena_release(&a);
	return 0;
}

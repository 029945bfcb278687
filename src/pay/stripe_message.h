/*
 * stripe_message.h - what Stripe sends to a webhook: its signature, and the few members of an event that matter here.
 * Sources: https://docs.stripe.com/webhooks#verify-manually, https://docs.stripe.com/api/events/types.
 */
#ifndef PAY_STRIPE_MESSAGE_H
#define PAY_STRIPE_MESSAGE_H

#include "base/arena.h"

#define STRIPE_TOLERANCE_S 300
#define STRIPE_ID_MAX 100 /* bytes of an id; Stripe has at most 255, and in fact under 70 */

/*
 * The Stripe-Signature header, "t=SECONDS,v1=HEX[,v1=HEX…]": one of its v1 is the HMAC-SHA-256 of "SECONDS.BODY" under the
 * endpoint's secret, and the time is at most STRIPE_TOLERANCE_S away from now. Compares in constant time.
 */
bool stripe_signed(struct view header, struct view body, struct view secret, int64_t now_ms);

/* What is absent is empty, or 0. Texts are in the arena; ids longer than STRIPE_ID_MAX are ERR_INVALID. */
struct stripe_event {
	struct view id, type;
	/* of data.object */
	struct view object, payment_intent, customer, currency, payment_status;
	int64_t checkout; /* metadata.checkout: ours */
	int64_t amount;	  /* minor units: amount_total of a session, amount_refunded of a charge, amount of a dispute */
};
enum err stripe_event_read(struct arena *a, struct view body, struct stripe_event *ret);

#endif

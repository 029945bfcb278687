/*
 * provider.h - who carries money from licensees to the operator. What a provider cannot do is NULL in its row.
 */
#ifndef PAY_PROVIDER_H
#define PAY_PROVIDER_H

#include "core/core.h"
#include "meter/journal.h"

/* What a licensee wants to pay. */
struct checkout {
	int64_t id, licensee, micro;
	struct view name; /* of the licensee */
};

struct pay_message {
	struct view body, signature;
	int64_t now; /* ms */
};

struct pay_provider {
	const char *name; /* stored: never changes */
	enum book book;
	bool (*ready)(const struct core *c); /* configured */
	/* A page where it can be paid. Waits for others: on threads that may block. */
	enum err (*checkout)(struct core *c, struct arena *a, const struct checkout *order, struct view *ret_url,
			     struct problem *problem);
	/* A page where a licensee sees what was paid. ERR_NOT_FOUND: nothing was paid there yet. */
	enum err (*portal)(struct core *c, struct arena *a, int64_t licensee, struct view *ret_url,
			   struct problem *problem);
	/* ERR_INVALID: not from the provider. ERR_UNAVAILABLE: not now, it is to be sent again. */
	enum err (*webhook)(struct core *c, struct arena *a, const struct pay_message *m, struct problem *problem);
};

extern const struct pay_provider pay_manual, pay_stripe;

/* The one that takes payments: the first that is ready; pay_manual always is. */
const struct pay_provider *pay_active(const struct core *c);

#define CHECKOUT_MIN_MICRO INT64_C(1000000)
/* Notes the order, and asks the provider. ERR_UNPROCESSABLE, ERR_NOT_FOUND (no provider has pages) with words. */
enum err checkout_start(struct core *c, struct arena *a, int64_t licensee, int64_t micro, struct view *ret_url,
			struct problem *problem);

#endif

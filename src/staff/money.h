/*
 * money.h - what the pages about the data API share.
 */
#ifndef STAFF_MONEY_H
#define STAFF_MONEY_H

#include "staff/page.h"

#define MONEY_PARAM                                                                                                    \
	{                                                                                                              \
		.name = "amount", .required = true, .max = 30, .doc = "In the server's currency: 12 or 12.50."         \
	}
/* The parameter above. ERR_UNPROCESSABLE with words. */
enum err money_read(struct call *c, int64_t *ret);

/* The page that shows a key, once. */
enum err key_token_draw(struct call *c, const struct staff_page *page, const char *token);

#endif

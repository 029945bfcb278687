/*
 * page_token.h - next_token and previous_token of lists: 'n' or 'p' and 16 hexadecimal digits, the place (a post's or a
 * follow's id) behind or before which the page begins.
 */
#ifndef DATAAPI_PAGE_TOKEN_H
#define DATAAPI_PAGE_TOKEN_H

#include "base/base.h"

#define PAGE_TOKEN_LEN 17

struct page_token {
	bool back; /* to what is newer: 'p' */
	int64_t place;
};

bool page_token_read(struct view v, struct page_token *ret); /* false: it is none that was given out */
void page_token_write(const struct page_token *t, char ret[PAGE_TOKEN_LEN + 1]);

#endif

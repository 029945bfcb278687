/*
 * items.h - the entries of a long JSON array, one after the other, from a file that is mapped and may be damaged anywhere.
 * Nothing is parsed here but where entries begin and end.
 */
#ifndef TRANSFER_ITEMS_H
#define TRANSFER_ITEMS_H

#include "base/base.h"

#define ITEM_BYTES_MAX ((size_t)1024 * 1024)

struct items {
	struct view text;
	size_t at;
	int64_t n; /* entries so far */
	bool inside;
};

struct item {
	int64_t n;	   /* from 1 */
	struct view json;  /* the entry; empty when it is wrong */
	const char *wrong; /* NULL, or why it cannot be read */
};

/*
 * key NULL: the array that follows whatever the text begins with ("window.YTD.tweets.part0 = [", as in X's archives).
 * Otherwise it is a member of that name of the object the text is. ERR_NOT_FOUND: there is no such array.
 */
enum err items_begin(struct view text, const char *key, struct items *ret);
/* False at the end. Where the text ends within an entry, that entry is wrong and the last. */
bool items_next(struct items *i, struct item *ret);

#endif

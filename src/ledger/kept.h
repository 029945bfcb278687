/*
 * kept.h - salts that outlive the key of their file: of terms and statements, by which deliveries are judged. No post is in
 * those. A file beside the segment's, "….kept": for each the index (8 bytes, big-endian) and the salt, ascending.
 */
#ifndef LEDGER_KEPT_H
#define LEDGER_KEPT_H

#include "base/base.h"
#include "base/vec.h"
#include "ledger/receipt.h"

#define KEPT_SUFFIX ".kept"

struct kept {
	uint64_t index;
	unsigned char salt[RECEIPT_SALT_LEN];
};
struct kept_list VEC(struct kept);

/* Appends to the list. Without a file nothing; ERR_CORRUPT, ERR_UNAVAILABLE. */
enum err kept_read(const char *path, struct kept_list *ret);
/* Durable on return. */
enum err kept_write(const char *path, const struct kept_list *list);
const struct kept *kept_find(const struct kept_list *list, uint64_t index); /* NULL: it is gone */

#endif

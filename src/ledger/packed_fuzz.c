/*
 * packed_fuzz.c - bytes taken for a packed segment: reading all of it, or asking it, stays within it. The head's check is
 * made right first, so that what lies behind it is reached.
 */
#include "base/base.h"
#include "ledger/packed_private.h"

#include "base/secret.h"
#include "ledger/tail_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err nothing(void *arg MAYBE_UNUSED, uint64_t index MAYBE_UNUSED, const struct ledger_record *r MAYBE_UNUSED,
			const struct ledger_item *item MAYBE_UNUSED)
{
	return OK;
}

static void read_all(struct packed *p)
{
	static unsigned char bytes[RECORD_MAX];
	struct ledger_record r;
	enum err err = packed_load_posts(p);

	for (uint32_t i = 0; i < p->head.n && err == OK; i++) {
		err = packed_record(p, i, &r);
		if (err == OK)
			err = packed_items(p, &r, p->items);
		if (err == OK && record_check(&r) == OK &&
		    record_encode(&r, record_flags(&r, true), bytes) > RECORD_MAX)
			BUG("a record beyond its limits");
	}
	for (uint64_t i = 0; p->posts && i < p->head.posts && i < 1000; i++)
		err = packed_who(p, p->posts[i], nothing, NULL);
	err = packed_who(p, p->head.min_post, nothing, NULL);
	(void)err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packed *p;

	if (size < PACKED_HEAD_LEN)
		return 0;
	unsigned char *copy = xmalloc(size);
	memcpy(copy, data, size);
	put_u64(copy + PACKED_HEAD_LEN - 8, frame_check(copy, PACKED_HEAD_LEN - 8));
	if (packed_open_bytes(view_make((const char *)copy, size), &p, NULL) == OK) {
		read_all(p);
		packed_close(p);
	}
	free(copy);
	return 0;
}

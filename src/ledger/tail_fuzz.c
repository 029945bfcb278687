/*
 * tail_fuzz.c - any bytes in a file taken for the open segment: what is read of it are records, in their order.
 */
#include "base/base.h"
#include "ledger/tail.h"

#include <sys/mman.h>
#include <unistd.h>

#include "ledger/tail_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ledger_item items[LEDGER_ITEMS_MAX];
	unsigned char head[TAIL_HEAD_LEN];
	struct ledger_record r;
	struct tail_damage damage;
	char path[64];
	unsigned flags;
	struct tail *t;
	int fd = memfd_create("tail", MFD_CLOEXEC);

	/* The head is given, so that what follows is reached. */
	tail_head(7, head);
	if (fd < 0 || size > 1 << 20 || write(fd, head, sizeof(head)) < 0 || write(fd, data, size) < 0)
		BUG("no file");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (tail_load(path, 7, 1 << 16, false, &t, &damage, NULL) == OK) {
		for (uint32_t i = 0; i < tail_count(t); i++)
			if (record_decode(tail_record(t, i), items, &r, &flags) != OK)
				BUG("what was read is no record");
		tail_free(t);
	}
	close(fd);
	return 0;
}

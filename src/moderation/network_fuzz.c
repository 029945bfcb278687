/* A network as a moderator types it; its own text must mean the same. */
#include "base/base.h"
#include "base/limits.h"
#include "moderation/ip_blocks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char once[NETWORK_TEXT], twice[NETWORK_TEXT];
	struct network n;
	struct arena a;

	arena_init(&a, LIMIT_MIB);
	if (network_read(&a, view_make((const char *)data, size), &n, once, NULL) == OK &&
	    (network_read(&a, view_of(once), &n, twice, NULL) != OK || strcmp(once, twice) != 0))
		BUG("a network that is not its own");
	arena_release(&a);
	return 0;
}

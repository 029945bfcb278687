/* A name of a server; what is read must read as itself. */
#include "base/base.h"
#include "text/domain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char once[LIMIT_DOMAIN_BYTES + 1], twice[LIMIT_DOMAIN_BYTES + 1];

	if (!domain_read(view_make((const char *)data, size), once))
		return 0;
	if (!domain_read(view_of(once), twice) || strcmp(once, twice) != 0)
		BUG("a name that is not its own");
	return 0;
}

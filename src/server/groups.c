/*
 * groups.c - the list of endpoint groups, in the order of the docs. tools/check_groups.sh fails when one is missing.
 */
#include "base/base.h"
#include "server/groups.h"

const struct endpoint_group server_groups[] = {
	{"Server", server_endpoints},
	{"Files", server_files},
	{0},
};

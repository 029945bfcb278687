/*
 * groups.c - the list of endpoint groups, in the order of the docs. tools/check_groups.sh fails when one is missing.
 */
#include "base/base.h"
#include "server/groups.h"

#include "api/groups.h"
#include "stream/stream.h"
#include "web/web.h"

const struct endpoint_group server_groups[] = {
	{"Streaming", stream_endpoints},
	{"Pages", web_front},
	{"Profiles and posts as pages", web_profiles},
	{"Logging in", web_login},
	{"Authorizing applications", web_authorize},
	{"Files", server_files},
	{"Server", server_endpoints},
	{0},
};

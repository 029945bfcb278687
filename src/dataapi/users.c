/*
 * users.c - users by id and by name (X API v2: users/lookup).
 */
#include "base/base.h"

#include "dataapi/groups.h"
#include "dataapi/lookup.h"

#define USER_LOOKUP(id, param, is_names, how)                                                                          \
	static enum err id(struct call *c)                                                                             \
	{                                                                                                              \
		static const struct lookup l = {.parameter = (param),                                                  \
						.resource = "user",                                                    \
						.users = true,                                                         \
						.names = (is_names),                                                   \
						.shape = (how),                                                        \
						.endpoint = DATA_USERS};                                               \
		return data_lookup(c, &l);                                                                             \
	}
USER_LOOKUP(by_ids, "ids", false, DATA_LIST)
USER_LOOKUP(by_id, "id", false, DATA_ONE)
USER_LOOKUP(by_usernames, "usernames", true, DATA_LIST)
USER_LOOKUP(by_username, "username", true, DATA_ONE)

#define USER_ROW .auth = AUTH_LICENSEE, .rate = RATE_DATA_LOOKUP, .meter = METER_USER_READ, .run = RUN_INLINE
#define MANY(param, looks)                                                                                                   \
	{                                                                                                              \
		.name = (param), .type = PARAM_STRING, .required = true, .max = 3200, .commas = LOOKUP_MAX,            \
		.pattern = (looks),                                                                                    \
		.doc = "At most 100, with commas between."                                                             \
	}
#define ONE(param, looks, words)                                                                                             \
	{                                                                                                              \
		.name = (param), .type = PARAM_STRING, .required = true, .max = 64, .pattern = (looks), .doc = (words) \
	}

const struct endpoint data_users[] = {
	{.method = HTTP_GET, .path = "/2/users", .handle = by_ids, USER_ROW, .params = PARAMS(MANY("ids", DATA_ID_PATTERN), DATA_USER_PARAMS),
	 .reply = "UsersAnswer", .doc = "Users by their ids."},
	{.method = HTTP_GET, .path = "/2/users/by", .handle = by_usernames, USER_ROW,
	 .params = PARAMS(MANY("usernames", DATA_USERNAME_PATTERN), DATA_USER_PARAMS), .reply = "UsersAnswer", .doc = "Users by their names."},
	{.method = HTTP_GET, .path = "/2/users/by/username/:username", .handle = by_username, USER_ROW,
	 .params = PARAMS(ONE("username", DATA_USERNAME_PATTERN, "Without @."), DATA_USER_PARAMS), .reply = "UserAnswer", .doc = "A user by name."},
	{.method = HTTP_GET, .path = "/2/users/:id", .handle = by_id, USER_ROW,
	 .params = PARAMS(ONE("id", DATA_ID_PATTERN, "Of the user."), DATA_USER_PARAMS), .reply = "UserAnswer", .doc = "A user by id."},
	ENDPOINTS_END,
};

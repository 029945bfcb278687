/*
 * lookup.h - posts and users by the ids or names a caller gives.
 */
#ifndef DATAAPI_LOOKUP_H
#define DATAAPI_LOOKUP_H

#include "dataapi/answer.h"

#define LOOKUP_MAX 100
#define DATA_ID_PATTERN "^[0-9]{1,19}$"
#define DATA_USERNAME_PATTERN "^[A-Za-z0-9_]{1,30}$"

/* What is looked up by what. */
struct lookup {
	const char *parameter; /* "ids" */
	const char *resource;  /* of what is not found: "tweet", "user" */
	bool users, names;     /* values are names, not ids */
	enum data_shape shape;
	enum data_endpoint endpoint;
};

/* The whole of an endpoint. */
enum err data_lookup(struct call *c, const struct lookup *l);
/* An id of the path; 400 when it is none. 0: a number that no id can be. */
enum err data_id(struct call *c, const char *parameter, struct view value, int64_t *ret);

#endif

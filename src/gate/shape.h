/*
 * shape.h - what an answer in JSON holds, as tables: for the OpenAPI file, out of which people make clients. A row's reply
 * names a shape; shapes name each other. A test holds real answers against them, closed.
 */
#ifndef GATE_SHAPE_H
#define GATE_SHAPE_H

#include "base/base.h"

enum member_type {
	MEMBER_TEXT,
	MEMBER_ID, /* a number in a string */
	MEMBER_INT,
	MEMBER_BOOL,
	MEMBER_TIME, /* ISO 8601, UTC */
	MEMBER_DATE,
	MEMBER_URL,
	MEMBER_SHAPE, /* another shape, `of` */
};

/* Of a member: */
#define HOW_ALWAYS 1u /* it is in every answer */
#define HOW_MANY 2u	  /* an array of it */
#define HOW_NULL 4u

struct member {
	const char *name;
	enum member_type type;
	unsigned how;
	const char *of;		    /* name of a shape */
	const char *const *choices; /* the words a text may be; NULL: any */
	const char *doc;
};

struct shape {
	const char *name;
	const struct member *members; /* ended by one without name; NULL: */
	bool (*nth)(size_t i,
		    struct member *ret); /* in place of members, where another table has them; false: behind the last */
	bool map;			 /* keys are what they come as; all values are of the first member */
};
#define MEMBERS(...) ((const struct member[]){__VA_ARGS__, {0}})

#endif

/*
 * list.h - lists of the data API in pages. A page's tokens say where it ends: "n" or "p" (the next page, or the one
 * before) and the cursor in 16 hexadecimal digits. They are opaque to callers, and hold for ever.
 */
#ifndef DATAAPI_LIST_H
#define DATAAPI_LIST_H

#include "core/page_read.h"
#include "dataapi/answer.h"
#include "dataapi/lookup.h"

struct data_list {
	/* A page of cursors and ids, newest first. *ret_on: where the one behind begins (max_id); 0: there is none. */
	enum err (*read)(struct call *c, int64_t of, const struct page *page, struct page_item *ret, size_t *ret_n,
			 int64_t *ret_on);
	bool of_user;	    /* the list is of a user, not of a post: what `id` in the path is */
	bool of_nothing;    /* there is no `id` */
	bool users;	    /* and holds users, not posts */
	bool may_be_hidden; /* people may hide it */
	enum data_endpoint endpoint;
};

/* The whole of an endpoint whose row has the parameters id, max_results and pagination_token. */
enum err data_list(struct call *c, const struct data_list *list, struct page bounds);

/* since_id, until_id, start_time and end_time of the call, as bounds of a page. */
enum err data_bounds(struct call *c, struct page *ret);
#define DATA_BOUND_PARAMS                                                                                              \
	{.name = "since_id",                                                                                           \
	 .type = PARAM_STRING,                                                                                         \
	 .max = 32,                                                                                                    \
	 .pattern = DATA_ID_PATTERN,                                                                                   \
	 .doc = "Only what is newer than this id."},                                                                   \
		{.name = "until_id",                                                                                   \
		 .type = PARAM_STRING,                                                                                 \
		 .max = 32,                                                                                            \
		 .pattern = DATA_ID_PATTERN,                                                                           \
		 .doc = "Only what is older than this id."},                                                           \
		{.name = "start_time", .type = PARAM_TIME, .doc = "Only from this time on."},                          \
	{                                                                                                              \
		.name = "end_time", .type = PARAM_TIME, .doc = "Only before this time."                                \
	}

/* What a list of posts leaves out: bits of arg_names(). */
#define DATA_EXCLUDE_REPLIES 1
#define DATA_EXCLUDE_RETWEETS 2
extern const char *const data_excluded[];
#define DATA_EXCLUDE_PARAM                                                                                             \
	{                                                                                                              \
		.name = "exclude", .type = PARAM_NAMES, .choices = data_excluded, .doc = "What is left out."           \
	}

#define DATA_PAGE_PARAMS(least, most, usual)                                                                           \
	{.name = "id", .type = PARAM_STRING, .max = 32, .required = true, .pattern = DATA_ID_PATTERN, .doc = "Whose."}, \
		{.name = "max_results", .type = PARAM_INT, .min = (least), .max = (most), .fallback = (usual),         \
		 .doc = "How many."},                                                                                  \
	{                                                                                                              \
		.name = "pagination_token", .type = PARAM_STRING, .max = 64, .doc = "next_token or previous_token of another page." \
	}

#endif

/*
 * answer.h - what endpoints of the data API have in common: which members are asked for, what is not there, paying for
 * what goes out, and "unchanged". Shapes: X API v2.
 */
#ifndef DATAAPI_ANSWER_H
#define DATAAPI_ANSWER_H

#include "gate/call.h"
#include "licensed/xanswer.h"

/* Parameters of rows that answer posts, and of those that answer users. Both spellings of tweets are X's. */
#define DATA_NAMES(param_name, list, words)                                                                            \
	{                                                                                                              \
		.name = (param_name), .type = PARAM_NAMES, .nth = data_name_##list, .doc = words ", with commas between." \
	}
#define DATA_COMMON_PARAMS                                                                                             \
	DATA_NAMES("tweet.fields", tweet, "Members of posts"), DATA_NAMES("post.fields", tweet, "The same"),           \
		DATA_NAMES("user.fields", user, "Members of users")
#define DATA_EXPANDED "What is referred to and shall be included"
#define DATA_USER_PARAMS DATA_COMMON_PARAMS, DATA_NAMES("expansions", user_expansion, DATA_EXPANDED)
#define DATA_POST_PARAMS                                                                                               \
	DATA_COMMON_PARAMS, DATA_NAMES("expansions", expansion, DATA_EXPANDED),                                        \
		DATA_NAMES("media.fields", media, "Members of media"), DATA_NAMES("poll.fields", poll, "Members of polls"), \
		DATA_NAMES("place.fields", place, "Members of places, of which there are none")

/* The i-th name of these lists; NULL: behind the last. */
const char *data_name_tweet(size_t i);
const char *data_name_user(size_t i);
const char *data_name_media(size_t i);
const char *data_name_poll(size_t i);
const char *data_name_place(size_t i);
const char *data_name_expansion(size_t i);
const char *data_name_user_expansion(size_t i);

/* An answer that is being made. */
struct data_answer {
	struct xanswer x;
	bool users;	   /* users are asked for, not posts */
	bool unchanged;	   /* data_pay found that the caller has it: 304, nothing is to be written */
	struct buf errors; /* objects of "errors", with commas between */
};

/* Reads the lists of members. Whatever it returns, data_end() is owed. */
enum err data_begin(struct call *c, struct data_answer *a, bool users);
void data_end(struct data_answer *a);

/*
 * "Not Found Error": the same words whether it never was, is gone, is private, or is not licensed. parameter: "ids",
 * "id", "usernames", …; resource: "tweet" or "user".
 */
void data_missing(struct data_answer *a, const char *resource, const char *parameter, struct view value);

/*
 * Reserves and records what was chosen, all or (cut) as much as the caller's plan allows. With If-None-Match of the same
 * answer nothing is paid, and *unchanged is set. `more` goes into the ETag: what else the answer says.
 */
enum err data_pay(struct call *c, struct data_answer *a, enum data_endpoint endpoint, bool cut, uint64_t more);

/* "errors": […], when there are any. */
void data_write_errors(struct call *c, const struct data_answer *a);

/* "data": … (one object, or a list), "includes", "errors", in an object that stays open when `open`. */
enum data_shape { DATA_ONE, DATA_LIST };
void data_write(struct call *c, struct data_answer *a, enum data_shape shape, bool open);

#endif

/*
 * err.h - one error type for the whole program. gate/reply.c maps it to HTTP, cli/ maps it to exit codes.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* An error may not be dropped. gcc knows this of functions only; clang, which builds the fuzzers, of a type. */
#ifdef __clang__
#define ERR_NOT_DROPPED __attribute__((warn_unused_result))
#else
#define ERR_NOT_DROPPED
#endif

enum ERR_NOT_DROPPED err {
	OK = 0,
	ERR_INVALID,	   /* malformed request: 400 */
	ERR_UNAUTHORIZED,  /* no or bad credentials: 401 */
	ERR_PAYMENT,	   /* 402 */
	ERR_FORBIDDEN,	   /* known, but not allowed: 403 */
	ERR_NOT_FOUND,	   /* absent, or not visible to this viewer: 404 */
	ERR_METHOD,	   /* 405 */
	ERR_TIMEOUT,	   /* the client was too slow: 408 */
	ERR_CONFLICT,	   /* 409 */
	ERR_GONE,	   /* 410 */
	ERR_TOO_LARGE,	   /* over a named limit: 413 */
	ERR_UNPROCESSABLE, /* understood, but breaks a rule: 422 */
	ERR_TOO_MANY,	   /* rate limit: 429 */
	ERR_INTERNAL,	   /* 500 */
	ERR_BUSY,	   /* a queue is full: 503 with Retry-After */
	ERR_UNAVAILABLE,   /* the database is away: 503 with Retry-After */
	ERR_NO_SPACE,	   /* disk full: 507 */
	ERR_CORRUPT,	   /* stored data is not what was written: 500 */
	ERR_COUNT
};

/* The words that go with an error, for the person who caused it. text is empty when the error says enough. */
struct problem {
	enum err err;
	char text[256];
};

/* Fills *ret (may be NULL) and returns err, so that it can stand behind `return`. Truncates long text. */
enum err fail(struct problem *ret, enum err err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* A short lower-case English name: "not found". Never NULL. */
const char *err_name(enum err err);

#endif

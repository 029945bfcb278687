/*
 * err.c - names of errors, and the two ways of ending: an answer with words for the client, or an abort of ours.
 */
#include "base/base.h"
#include "base/err.h"

static const char *const names[ERR_COUNT] = {
	[OK] = "ok",
	[ERR_INVALID] = "invalid request",
	[ERR_UNAUTHORIZED] = "unauthorized",
	[ERR_PAYMENT] = "payment required",
	[ERR_FORBIDDEN] = "forbidden",
	[ERR_NOT_FOUND] = "not found",
	[ERR_METHOD] = "method not allowed",
	[ERR_TIMEOUT] = "request timeout",
	[ERR_CONFLICT] = "conflict",
	[ERR_GONE] = "gone",
	[ERR_TOO_LARGE] = "too large",
	[ERR_UNPROCESSABLE] = "unprocessable",
	[ERR_TOO_MANY] = "too many requests",
	[ERR_INTERNAL] = "internal error",
	[ERR_BUSY] = "busy",
	[ERR_UNAVAILABLE] = "unavailable",
	[ERR_NO_SPACE] = "no space left",
	[ERR_CORRUPT] = "corrupt data",
};

const char *err_name(enum err err)
{
	if ((size_t)err >= ARRAY_LEN(names) || !names[err])
		return "unknown error";
	return names[err];
}

enum err fail(struct problem *ret, enum err err, const char *fmt, ...)
{
	if (!ret)
		return err;
	ret->err = err;
	va_list ap;
	va_start(ap, fmt);
	if (vsnprintf(ret->text, sizeof(ret->text), fmt, ap) < 0)
		ret->text[0] = '\0';
	va_end(ap);
	return err;
}

void bug_at(const char *file, int line, const char *fmt, ...)
{
	fprintf(stderr, "bug at %s:%d: ", file, line);
	va_list ap;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

/*
 * base.h - the first include of every source file: standard headers, attributes, banned functions and the error
 * type. Anything that is not needed by nearly every file does not belong here.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"
#include "base/err.h"
#include "base/view.h"

#define WARN_UNUSED __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define PRINTF_LIKE(fmt_arg, first_arg) __attribute__((format(printf, fmt_arg, first_arg), nonnull(fmt_arg)))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define MAYBE_UNUSED __attribute__((unused))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A mistake of ours: says where and aborts. Never reached by anything a client can send. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
NORETURN void bug_at(const char *file, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Returns from the caller with the error of EXPR, if it has one. The one macro that returns; see docs/design/c.md. */
#define TRY(expr)                                                                                                      \
	do {                                                                                                           \
		enum err try_err = (expr);                                                                             \
		if (try_err != OK)                                                                                     \
			return try_err;                                                                                \
	} while (0)

/* malloc family that never returns NULL: aborts when memory is exhausted. xcalloc checks n * size for overflow. */
void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *xrealloc(void *p, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *s) __attribute__((malloc, returns_nonnull));

#endif

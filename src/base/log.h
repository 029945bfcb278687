/*
 * log.h - structured log: text on a terminal, one JSON object a line otherwise. A line is one write(2).
 * Secrets never reach it: there is no field kind that prints one.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };
enum log_format { LOG_AUTO, LOG_TEXT, LOG_JSON };

struct log_field {
	const char *key;
	enum { LOG_END, LOG_STR, LOG_INT } kind;
	struct view str;
	int64_t num;
};
#define F_STR(k, v) ((struct log_field){.key = (k), .kind = LOG_STR, .str = (v)})
#define F_INT(k, n) ((struct log_field){.key = (k), .kind = LOG_INT, .num = (int64_t)(n)})

void log_setup(int fd, enum log_level level, enum log_format format); /* default: stderr, info, auto */
bool log_level_parse(struct view v, enum log_level *ret);
/* fields ends with a LOG_END (zero) entry. Use the macros. */
void log_write(enum log_level level, const char *message, const struct log_field *fields);
#define LOG_AT(level, msg, ...) log_write((level), (msg), (const struct log_field[]){__VA_ARGS__ __VA_OPT__(,) {0}})
#define log_debug(msg, ...) LOG_AT(LOG_LEVEL_DEBUG, msg __VA_OPT__(,) __VA_ARGS__)
#define log_info(msg, ...) LOG_AT(LOG_LEVEL_INFO, msg __VA_OPT__(,) __VA_ARGS__)
#define log_warn(msg, ...) LOG_AT(LOG_LEVEL_WARN, msg __VA_OPT__(,) __VA_ARGS__)
#define log_error(msg, ...) LOG_AT(LOG_LEVEL_ERROR, msg __VA_OPT__(,) __VA_ARGS__)

#endif

/*
 * words.h - what the forms of new announcements and rules (words.c) and of those there are (word.c) have in common.
 */
#ifndef STAFF_WORDS_H
#define STAFF_WORDS_H

#include "base/limits.h"
#include "core/rules.h"
#include "staff/form.h"

#define WORDS_ANNOUNCING PERMISSION_MANAGE_ANNOUNCEMENTS
#define WORDS_RULING PERMISSION_MANAGE_RULES
#define WORDS_DAY(n, what) {.name = n, .max = 40, .doc = what}
#define ANNOUNCEMENT_PARAMS                                                                                            \
	{.name = "text", .required = true, .max = 64 * LIMIT_KIB, .doc = "The words."},                                \
		WORDS_DAY("starts_at", "When what it is about begins."),                                               \
		WORDS_DAY("ends_at", "When it is not shown any more.")
#define RULE_PARAMS                                                                                                    \
	{.name = "text", .required = true, .max = 16 * LIMIT_KIB, .doc = "The rule."},                                 \
	{                                                                                                              \
		.name = "hint", .max = 16 * LIMIT_KIB, .doc = "What is meant."                                         \
	}

/* In the order of the parameters. */
extern const struct staff_field announcement_fields[], rule_fields[];

/* A day as date fields send it; empty: 0. */
enum err words_day(struct call *c, const char *name, int64_t *ret);
/* ERR_NOT_FOUND */
enum err words_rule(struct call *c, int64_t id, struct rule *ret);
/* Into the record of what moderators do, which calls a text by how it begins. */
enum err words_note(struct call *c, const char *action, const char *kind, int64_t id, struct view text);

#endif

/*
 * blocks.h - what the forms of new blocks (blocks.c) and of those there are (block.c) have in common.
 */
#ifndef STAFF_BLOCKS_H
#define STAFF_BLOCKS_H

#include "base/limits.h"
#include "staff/form.h"

#define DAYS_MAX 36500
#define COMMENT(n, what) {.name = n, .max = LIMIT_BLOCK_COMMENT_BYTES, .doc = (what)}
#define FLAG(n, what) {.name = n, .type = PARAM_BOOL, .doc = (what)}

/* How, and why. */
#define SERVER_BLOCK_PARAMS                                                                                            \
	{.name = "severity", .type = PARAM_CHOICE, .choices = block_severities, .doc = "How it is treated."},          \
		FLAG("reject_media", "Take no media from there."),                                                     \
		FLAG("reject_reports", "Take no reports from there."),                                                 \
		FLAG("obfuscate", "Tell everybody only a part of its name."),                                          \
		COMMENT("private_comment", "Why, for moderators."), COMMENT("public_comment", "Why, for everybody.")
#define NETWORK_BLOCK_PARAMS                                                                                           \
	{.name = "severity", .type = PARAM_CHOICE, .choices = ip_severities, .doc = "How it is blocked."},             \
		COMMENT("comment", "Why."),                                                                            \
	{                                                                                                              \
		.name = "days", .type = PARAM_INT, .min = 0, .max = DAYS_MAX, .doc = "How long; 0: it never ends."     \
	}

/* The first is what is blocked, the others follow the parameters. */
extern const struct staff_field server_block_fields[], network_block_fields[];

#endif

/*
 * options.h - the command line of one command, read by its table: --name VALUE, --name=VALUE, --switch, and operands
 * in any order; -- ends options; a name of one letter takes one dash (-n 20). Values are C strings of argv.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/base.h"

#define OPTIONS_MAX 16
#define OPERANDS_MAX 40

struct option_row {
	const char *name;  /* without the dashes; NULL ends the table */
	const char *value; /* what stands behind it in the help: "FILE"; NULL: a switch */
	const char *doc;
};
#define OPTIONS(...) ((const struct option_row[]){__VA_ARGS__, {0}})

struct options {
	const struct option_row *rows[2];   /* the command's own, and those of every command */
	const char *values[2][OPTIONS_MAX]; /* "" for a switch that is given */
	const char *operands[OPERANDS_MAX];
	size_t n_operands;
};

/*
 * own and common may be NULL. ERR_INVALID names what is wrong and what is there instead. More operands than OPERANDS_MAX,
 * an option given twice, a switch with a value: wrong too.
 */
enum err options_parse(struct options *o, const struct option_row *own, const struct option_row *common, int argc,
		       char *const *argv, struct problem *problem);

/* NULL when not given; BUG when the command has no such option. */
const char *option_text(const struct options *o, const char *name);
bool option_given(const struct options *o, const char *name);

#endif

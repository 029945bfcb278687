/*
 * licensees.h - what the commands about data plans share.
 */
#ifndef CLI_LICENSEES_H
#define CLI_LICENSEES_H

#include "base/json.h"
#include "cli/cli.h"

/* In the record of what moderators do, the command line is nobody. */
#define BY_COMMAND_LINE ((struct account_id){0})

/* As cli_open, and the plans that come with kicau are there. False after saying so. */
bool licensees_open(struct cli *cli);
/* By name or id. False after saying so. */
bool licensees_find(struct cli *cli, const char *name, int64_t *ret);
/* The same, and `everybody` is WITHHOLD_EVERYBODY. */
bool licensees_find_party(struct cli *cli, const char *name, int64_t *ret);
/* licensees_open, and whom --licensee names; 0 without it: all. */
bool licensees_open_of(struct cli *cli, int64_t *ret);

/* One line of JSON on standard output: begins, and is written and released by the end. */
struct json_line {
	struct buf out;
	struct jw j;
};
void json_line_begin(struct json_line *line);
void json_line_end(struct json_line *line);

/* A moment for people, or "-" for none. ret has room for CLOCK_ISO_LEN + 1. */
const char *moment(int64_t ms, char ret[]);

#endif

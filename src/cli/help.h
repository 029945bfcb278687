/*
 * help.h - the command tables in words.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

void help_command(FILE *f, const struct command *c, const struct option_row *common);
/* For words that name no command: the commands that begin so, or all. */
void help_unknown(FILE *f, int argc, char *const *argv);

#endif

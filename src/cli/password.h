/*
 * password.h - passwords the command line is given or makes.
 */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

#include "cli/cli.h"

/* From standard input with --password-stdin, else made up: then *ret_made. In the arena. False after saying so. */
bool password_obtain(struct cli *cli, struct view *ret, bool *ret_made);
/* 20 letters and digits, 119 bits. In the arena. */
struct view password_make(struct arena *a);

#endif

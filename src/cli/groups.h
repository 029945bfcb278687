/*
 * groups.h - the command tables, one array for each file. Listed in commands.c.
 */
#ifndef CLI_GROUPS_H
#define CLI_GROUPS_H

#include "cli/cli.h"

extern const struct command command_serve[];
extern const struct command command_init[];
extern const struct command command_account[];
extern const struct command command_moderation[];
extern const struct command command_token[];
extern const struct command command_announce[];
extern const struct command command_document[];
extern const struct command command_emoji[];
extern const struct command command_invite[];
extern const struct command command_plan[];
extern const struct command command_licensee[];
extern const struct command command_key[];
extern const struct command command_ledger_prove[];
extern const struct command command_ledger_salts[];
extern const struct command command_media[];
extern const struct command command_routes[];
extern const struct command command_config[];
extern const struct command command_doctor[];
extern const struct command command_backup[];
extern const struct command command_restore[];
extern const struct command command_transfer[];
extern const struct command command_invoice[];
extern const struct command command_payment[];
extern const struct command command_books[];
extern const struct command command_ledger[];
extern const struct command command_trace_leak[];
extern const struct command command_trace_sample[];
extern const struct command command_trace_model[];
extern const struct command command_withhold[];
extern const struct command command_help[];

#endif

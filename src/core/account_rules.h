/*
 * account_rules.h - checks shared by account_create.c and account_login.c; nobody else's business.
 */
#ifndef CORE_ACCOUNT_RULES_H
#define CORE_ACCOUNT_RULES_H

#include "core/accounts.h"

void check_email(struct view email, struct field_errors *e);
void check_password(struct view password, struct field_errors *e);
enum err check_email_free(struct db *db, struct view key, struct account_id but, struct field_errors *e);
struct view lower_key(struct arena *a, struct view v); /* ASCII */

#endif

/*
 * second_factor.h - a code beside the password: from an authenticator app (base/otp.h), or one of ten to write down.
 * A code is taken once: no replay within its half minute. Ten wrong ones in an hour, and none is looked at for the
 * rest of it.
 */
#ifndef CORE_SECOND_FACTOR_H
#define CORE_SECOND_FACTOR_H

#include "base/otp.h"
#include "core/core.h"

#define RECOVERY_CODES 10
#define RECOVERY_CODE_LEN 19 /* "abcd-efgh-ijkl-mnop" */
#define SECOND_FACTOR_FAILURES 10
#define SECOND_FACTOR_WINDOW_MS ((int64_t)3600 * 1000)

struct recovery_codes {
	char v[RECOVERY_CODES][RECOVERY_CODE_LEN + 1];
};

struct second_factor {
	bool on;
	int64_t recovery_left;
};
enum err second_factor_load(struct db *db, struct account_id who, struct second_factor *ret);

/* A new secret, in base32, that counts once second_factor_enable() has seen a code of it. ERR_CONFLICT: it is on. */
enum err second_factor_begin(struct core *c, struct account_id who, char ret[OTP_BASE32_LEN + 1]);
/* The secret being set up; ERR_NOT_FOUND: none is. */
enum err second_factor_pending(struct db *db, struct account_id who, char ret[OTP_BASE32_LEN + 1]);
/* ERR_UNAUTHORIZED: not a code of it. The recovery codes are shown once. */
enum err second_factor_enable(struct core *c, struct account_id who, struct view code, struct recovery_codes *ret);
enum err second_factor_disable(struct core *c, struct account_id who);
/* New codes to write down; those before end. */
enum err second_factor_renew(struct core *c, struct account_id who, struct recovery_codes *ret);

/* ERR_UNAUTHORIZED: wrong, or used before. ERR_TOO_MANY. *ret_recovery: it was one to write down. */
enum err second_factor_check(struct core *c, struct account_id who, struct view code, bool *ret_recovery);

#endif

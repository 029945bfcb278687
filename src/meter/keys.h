/*
 * keys.h - keys of licensees in the database. A key belongs to an app, an app to a project. Its token is shown once;
 * what is kept is a digest and the last characters. How many apps and keys there may be, the plan says.
 */
#ifndef METER_KEYS_H
#define METER_KEYS_H

#include "core/core.h"
#include "meter/key_token.h"

#define DATA_NAME_MAX 64 /* bytes of a project's or app's name */
#define DATA_NAME_USUAL "default"
#define KEY_OVERLAP_MAX_MS ((int64_t)30 * 24 * 3600 * 1000)

struct data_key {
	int64_t id, licensee, app, project;
	struct view licensee_name, app_name, project_name, hint;
	int64_t created_ms, expires_ms, revoked_ms, last_used_ms; /* 0: never */
};

/* Newest first, older than `before` (0: from the newest), of one licensee (0: all), revoked ones too. */
enum err keys_load(struct db *db, struct arena *a, int64_t licensee, int64_t before, size_t max, struct data_key *ret,
		   size_t *ret_n);
enum err key_load(struct db *db, struct arena *a, int64_t id, struct data_key *ret);

struct new_key {
	int64_t licensee;
	struct view project, app; /* made when missing; empty: DATA_NAME_USUAL */
	int64_t expires_ms;	  /* 0: never */
};
/* ERR_NOT_FOUND: the licensee. ERR_UNPROCESSABLE, ERR_FORBIDDEN (the plan has no room) with words. */
enum err key_create(struct core *c, struct account_id by, const struct new_key *new, char ret_token[KEY_TOKEN_LEN + 1],
		    int64_t *ret_id, struct problem *problem);
/*
 * A new key of the same app and with the same expiry; the old one ends after overlap_ms (0: now), or before when it
 * would have anyway. Old keys may make it twice as many as the plan allows, for that time. ERR_NOT_FOUND: no such key,
 * or it does not hold any more.
 */
enum err key_rotate(struct core *c, struct account_id by, int64_t id, int64_t overlap_ms,
		    char ret_token[KEY_TOKEN_LEN + 1], int64_t *ret_id, struct problem *problem);
/* At once; other processes notice within a second. ERR_NOT_FOUND; OK when it is revoked already. */
enum err key_revoke(struct core *c, struct account_id by, int64_t id);

#endif

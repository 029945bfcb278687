/*
 * licensee_store.h - who takes data: licensees in the database, and which plan each has.
 */
#ifndef METER_LICENSEE_STORE_H
#define METER_LICENSEE_STORE_H

#include "meter/plan.h"

#define LICENSEE_NAME_MAX 128 /* bytes */
#define LICENSEE_EMAIL_MAX 254

struct licensee {
	int64_t id;
	struct view name, email;
	int64_t suspended_ms, created_ms; /* suspended_ms 0: is not */
	struct plan plan;
	int64_t plan_since_ms;
	bool waits;   /* its plan is by approval, and nobody has approved yet */
	int64_t keys; /* that are valid */
};

/* Newest first, older than `before` (0: from the newest), at most max. */
enum err licensees_load(struct db *db, struct arena *a, int64_t before, size_t max, struct licensee *ret,
			size_t *ret_n);
enum err licensee_load(struct db *db, struct arena *a, int64_t id, struct licensee *ret);
/* By name, or by id in digits. ERR_NOT_FOUND with words. */
enum err licensee_find(struct db *db, struct view name, int64_t *ret_id, struct problem *problem);

struct new_licensee {
	struct view name, email, plan;
	struct account_id account; /* that asks for itself, and has none yet (ERR_CONFLICT); 0: none does */
	bool unapproved;	   /* nobody who may has looked at it: where the plan is by approval, it waits */
};
/* ERR_UNPROCESSABLE, ERR_NOT_FOUND (the plan), ERR_CONFLICT (the name) with words. */
enum err licensee_create(struct core *c, struct account_id by, const struct new_licensee *new, int64_t *ret_id,
			 struct problem *problem);
/* What an account has asked for. ERR_NOT_FOUND. */
enum err licensee_of_account(struct db *db, struct account_id account, int64_t *ret_id);
/* Lets in who waits; its plan begins now. OK when it does not wait. ERR_NOT_FOUND. */
enum err licensee_approve(struct core *c, struct account_id by, int64_t id);
/* The plan's newest version, from now on. Who gives it approves. */
enum err licensee_set_plan(struct core *c, struct account_id by, int64_t id, struct view plan, struct problem *problem);
/* Suspended: its keys are refused, until it is restored. ERR_NOT_FOUND. */
enum err licensee_suspend(struct core *c, struct account_id by, int64_t id, bool suspended);

/* Inside a store_write: others that change this licensee's rows wait. ERR_NOT_FOUND. */
enum err licensee_hold(struct db *tx, int64_t id);
/* The plan it has now. */
enum err licensee_plan(struct db *db, int64_t id, struct plan *ret);

#endif

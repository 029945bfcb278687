/*
 * plan_store.h - versions of plans in the database. A version is never changed: its text is what a licensee agreed to,
 * and its digest stands in the ledger.
 */
#ifndef METER_PLAN_STORE_H
#define METER_PLAN_STORE_H

#include "base/secret.h"
#include "meter/plan.h"

#define PLANS_MAX 200

/* The plans that come with the program, for each name that has no version yet. Quick when there is nothing to do. */
enum err plans_install(struct core *c);

/* The newest version of each plan, by name, at most PLANS_MAX. */
enum err plans_load(struct db *db, struct arena *a, struct plan **ret, size_t *ret_n);
/* The newest version of one; ERR_NOT_FOUND with words. */
enum err plan_find(struct db *db, struct view name, struct plan *ret, struct problem *problem);
enum err plan_find_version(struct db *db, struct view name, int version, struct plan *ret, struct problem *problem);
/* What a plan is changed from: its newest version, or the least there is when nobody has described it yet. */
enum err plan_begin(struct db *db, struct view name, struct plan *ret, struct problem *problem);
/* By plans.id: the terms of a ledger record. *ret_digest (may be NULL): SHA-256 of its text. */
enum err plan_load(struct db *db, int64_t id, struct plan *ret, struct digest *ret_digest);

/* What `terms` holds: reads the text of a row. ERR_CORRUPT. */
enum err plan_of_row(struct view name, int64_t id, int64_t version, struct view terms, struct plan *ret);

/*
 * The plan's next version, which its holders have from now on. version and id of *p are not looked at; *ret (may be p)
 * has the new ones. by: for the record of what moderators do (0: the command line), as everywhere in meter/. A plan that says what its newest version says makes no new one.
 */
enum err plan_save(struct core *c, struct account_id by, const struct plan *p, struct plan *ret,
		   struct problem *problem);

#endif

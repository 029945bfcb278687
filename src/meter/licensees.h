/*
 * licensees.h - who holds which key, and what that allows, kept in memory: a call under a key asks no database.
 */
#ifndef METER_LICENSEES_H
#define METER_LICENSEES_H

#include "meter/plan.h"
#include "meter/withhold_keys.h"

/* What a key stands for. One is never changed: a change makes a new one, holders of the old give it back. */
struct licence {
	int64_t key, app, project, licensee;
	char licensee_name[129], project_name[65], app_name[65];
	struct plan plan;
	int64_t plan_since_ms;	       /* when the plan began */
	int64_t expires_ms;	       /* of the key; 0: never */
	bool suspended;		       /* the licensee is: 403 */
	bool waits;		       /* for approval: 403 */
	struct withhold_set *withhold; /* what is withheld from the licensee */
};

struct licences;
struct licences *licences_new(struct core *c);
void licences_free(struct licences *l);
/*
 * The licence of a bearer token. ERR_UNAUTHORIZED: no such key, or it is revoked or expired (the problem says which).
 * *ret is borrowed until licence_put().
 */
enum err licence_get(struct licences *l, struct db *db, struct view token, const struct licence **ret,
		     struct problem *problem);
void licence_put(const struct licence *l);
/* Why nothing goes out under it now, in words for the licensee; NULL: it does. */
const char *licence_refusal(const struct licence *l);
/* Something of a licensee, its keys or its plan changed: what is kept is forgotten. Other processes notice in a second. */
void licences_forget(struct licences *l);

#endif

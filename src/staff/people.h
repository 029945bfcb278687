/*
 * people.h - accounts in tables for moderators, and what is done to one.
 */
#ifndef STAFF_PEOPLE_H
#define STAFF_PEOPLE_H

#include "staff/page.h"

extern const struct view role_words[]; /* marked, by enum role */
struct person;
struct view person_state(const struct person *p); /* marked words */
bool person_waits(const struct person *p);

/* What moderators do to an account, with their fields; in the order of enum person_act. */
enum person_act {
	PERSON_APPROVE,
	PERSON_REJECT,
	PERSON_ENABLE,
	PERSON_UNSENSITIVE,
	PERSON_UNSILENCE,
	PERSON_UNSUSPEND,
	PERSON_REMOVE,
	PERSON_ACT,
	PERSON_ACTS
};
extern const struct staff_act person_acts[];
/* Which of them make sense: bits. */
unsigned person_acts_of(const struct person *p);

#endif

/*
 * staff.h - pages for those who run the server: endpoints under /admin, one array for each file. Listed in server/groups.c.
 */
#ifndef STAFF_STAFF_H
#define STAFF_STAFF_H

#include "gate/endpoint.h"

extern const struct endpoint staff_dashboard[]; /* how the server fares */
extern const struct endpoint staff_record[];	/* what moderators did */
extern const struct endpoint staff_people[];	/* accounts, and who waits to be let in */
extern const struct endpoint staff_person[];	/* one account */
extern const struct endpoint staff_people_acts[];
extern const struct endpoint staff_reports[]; /* and one of them */
extern const struct endpoint staff_appeals[];
extern const struct endpoint staff_blocks[]; /* servers, mail providers, mail addresses, networks */
extern const struct endpoint staff_block[];  /* one of them */
extern const struct endpoint staff_allows[]; /* servers that are allowed */
extern const struct endpoint staff_words[];  /* announcements, rules, longer texts */
extern const struct endpoint staff_word[];   /* one announcement, one rule */
extern const struct endpoint staff_emojis[];
extern const struct endpoint staff_trends[]; /* and hashtags */
extern const struct endpoint staff_tag[];    /* one of them */
extern const struct endpoint staff_licensees[];
extern const struct endpoint staff_unacknowledged[];
extern const struct endpoint staff_usage[]; /* what they took */
extern const struct endpoint staff_keys[];
extern const struct endpoint staff_plans[];
extern const struct endpoint staff_invoices[]; /* and the books */
extern const struct endpoint staff_books[];    /* the check of them */
extern const struct endpoint staff_ledger[];

#endif

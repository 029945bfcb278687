/*
 * facts.h - what is known of one thing, as a list of names and values; and accounts as cells and values.
 */
#ifndef STAFF_FACTS_H
#define STAFF_FACTS_H

#include "staff/table.h"

struct account;

void facts_begin(struct html *h);
void fact_draw(struct call *c, struct html *h, struct view words, enum cell_kind kind, const struct cell *cell);
void facts_end(struct html *h);

/*
 * "@name" of an account, leading to what moderators see of it where who looks may see that, else to its profile. Nobody
 * (0): empty. One that is not there any more: its number.
 */
struct cell account_cell(struct call *c, struct account_id id);
/* A link to this account's page for moderators, by its name. */
struct cell person_cell(struct call *c, struct account_id id, struct view username, struct view domain);
#define TEXT_CELL(v) ((struct cell){.text = (v)})
#define NUMBER_CELL(x) ((struct cell){.n = (x)})
/* "yes", or nothing. */
struct cell flag_cell(bool on);

#endif

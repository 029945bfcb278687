/*
 * people.h - lists of accounts, and what one does with an account: one form, in which the button says what.
 */
#ifndef WEB_PEOPLE_H
#define WEB_PEOPLE_H

#include "core/accounts.h"
#include "core/graph.h"
#include "web/page.h"

/* Follow, and behind "More" the rest; nothing for oneself or for nobody. */
void draw_account_actions(struct call *c, struct html *h, const struct account *a, const struct relationship *r);

/* Accounts, each with the button that fits; gone and suspended ones are left out. */
enum err draw_people(struct call *c, struct html *h, const struct account_id *ids, size_t n, struct view empty);

/* The same, each with a button so that they are not suggested again. */
enum err draw_suggested(struct call *c, struct html *h, const struct account_id *ids, size_t n, struct view empty);

/* The ways between one's own lists of people: requests, mutes, blocks. */
void draw_own_tabs(struct call *c, struct html *h);

/* One button of a form to /act/account/:id. Marked words. */
void draw_account_act(struct call *c, struct html *h, struct account_id id, const char *act, struct view words,
		      const char *class_name);

#endif

/*
 * account_view.h - an account as a line beside something else, and as the head of its own page.
 */
#ifndef WEB_ACCOUNT_VIEW_H
#define WEB_ACCOUNT_VIEW_H

#include "core/accounts.h"
#include "core/graph.h"
#include "web/page.h"

struct view account_path(struct call *c, const struct account *a);	  /* "/@name", "/@name@elsewhere" */
struct view account_handle(struct call *c, const struct account *a);	  /* "@name", "@name@elsewhere" */
struct view account_handle_full(struct call *c, const struct account *a); /* always with the server */
struct view account_shown_name(const struct account *a);		  /* the user name where no other was chosen */
struct view account_avatar(struct call *c, const struct account *a);	  /* path */

void draw_avatar(struct call *c, struct html *h, const struct account *a, int size);
void draw_account_line(struct call *c, struct html *h, const struct account *a);
/* moved_to NULL: has not moved. relation: with who is logged in; NULL: nobody is. */
void draw_account_head(struct call *c, struct html *h, const struct account *a, const struct account *moved_to,
		       const struct relationship *relation);

/* featured.c: hashtags and accounts that it recommends on its profile, and who follows it of those the reader follows. */
enum err draw_featured(struct call *c, struct html *h, const struct account *a);

#endif

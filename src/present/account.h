/*
 * account.h - Account and its larger forms (docs: entities/Account, entities/Profile, entities/Role). Plain accounts:
 * present.h.
 */
#ifndef PRESENT_ACCOUNT_H
#define PRESENT_ACCOUNT_H

#include "core/accounts.h"
#include "core/graph.h"
#include "present/present.h"

/* For cards_set_renderers(). */
enum err account_card_render(struct core *c, struct db *db, struct arena *a, struct account_id id,
			     struct account_card **ret);
struct cached *account_card_posted(const struct cached *old, const void *event);

/* How the JSON of an account_card ends for a viewer: whether they may put them into a collection. Constant. */
struct view present_account_end(const struct viewer *v, struct account_id id, bool featurable);

/* Account, also of somebody suspended, whose texts and pictures are left out: for moderators, and for who was suspended. */
enum err present_account_any(const struct present *p, struct account_id id, struct jw *j);
void present_role(const struct present *p, enum role role, struct jw *j);
/* URL of the avatar that does not move. Into the arena. */
struct view present_avatar_url(const struct present *p, const struct account *a);

enum err present_credential_account(const struct present *p, struct account_id id, struct jw *j);
/* PartialAccountWithAvatar (docs: methods/grouped_notifications). */
enum err present_partial_account(const struct present *p, struct account_id id, struct jw *j);
enum err present_profile(const struct present *p, struct account_id id, struct jw *j);
/* [MutedAccount] of GRAPH_MUTES. */
enum err present_muted_accounts(const struct present *p, const struct graph_entry *entries, size_t n, struct jw *j);

#endif

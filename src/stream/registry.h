/*
 * registry.h - who listens to what. One lock around small tables, held for look-ups only: what is found carries
 * references, and is judged and sent to behind the lock.
 */
#ifndef STREAM_REGISTRY_H
#define STREAM_REGISTRY_H

#include "base/vec.h"
#include "stream/channel.h"
#include "stream/listener.h"

struct registry;
struct registry *registry_new(size_t streams_max);
void registry_free(struct registry *r); /* nobody is registered any more; NULL-safe */

/*
 * Takes a reference. address: who it is when nobody is logged in. ERR_BUSY: streams_max are open, or registry_close()d;
 * ERR_TOO_MANY: LIMIT_STREAMS_ACCOUNT of this account or address.
 */
enum err registry_add(struct registry *r, struct listener *l, struct view address, struct problem *problem);
void registry_remove(struct registry *r, struct listener *l); /* with all subscriptions; idempotent */
size_t registry_count(struct registry *r);
void registry_close(struct registry *r); /* nobody is added from now on */

/*
 * Having it already is OK, and so is not having it. ERR_TOO_MANY: LIMIT_STREAM_SUBSCRIPTIONS; ERR_BUSY: of all
 * streams LIMIT_STREAMS_SUBSCRIPTIONS; ERR_GONE: not registered.
 */
enum err registry_subscribe(struct registry *r, struct listener *l, const struct subscription *s,
			    struct problem *problem);
void registry_unsubscribe(struct registry *r, struct listener *l, const struct subscription *s);

/* One channel of one listener. Labels live in the arena given. */
struct target {
	struct listener *l; /* a reference */
	enum channel channel;
	struct view label;
};
struct targets VEC(struct target);
void targets_drop(struct targets *t);

/* Look-ups append to out. */
bool registry_has_account(struct registry *r, struct account_id account);
void registry_find_account(struct registry *r, struct account_id account, enum channel channel, struct targets *out);
/* Everybody who is logged in and listens. */
struct registry_accounts VEC(int64_t);
void registry_accounts(struct registry *r, struct registry_accounts *out);
/* Of everybody who is logged in. */
void registry_find_everybody(struct registry *r, enum channel channel, struct targets *out);
void registry_find_list(struct registry *r, int64_t list, struct arena *a, struct targets *out);
bool registry_has_public(struct registry *r);
/* Those that take a public post of here or elsewhere. media: those for media only as well. */
void registry_find_public(struct registry *r, bool local, bool media, struct targets *out);
bool registry_has_tags(struct registry *r);
void registry_find_tag(struct registry *r, struct view tag, bool local, struct arena *a, struct targets *out);
void registry_find_all_tags(struct registry *r, bool local, struct arena *a, struct targets *out);

void registry_end_all(struct registry *r, enum end why);
/* END_REVOKED. token 0: all of the account. account 0: a token of an application alone. */
void registry_end_token(struct registry *r, struct account_id account, int64_t token);
void registry_push_all(struct registry *r, enum transport t, struct frame *f);

#endif

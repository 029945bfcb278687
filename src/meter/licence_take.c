/*
 * licence_take.c - see licence_take.h.
 */
#include "base/base.h"

#include "meter/licence_take.h"

#include "core/accounts.h"

enum err licence_taken(struct db *db, struct arena *a, struct account_id who, struct licensee *ret)
{
	int64_t id;

	TRY(licensee_of_account(db, who, &id));
	return licensee_load(db, a, id, ret);
}

enum err licence_take(struct core *c, struct db *db, struct arena *a, struct account_id who, struct view name,
		      struct view plan, struct problem *problem)
{
	struct new_licensee new = {.name = name, .plan = plan, .account = who, .unapproved = true};
	struct user user;
	int64_t id;

	if (!c->config.licence_sign_up)
		return fail(problem, ERR_FORBIDDEN, "licences are given by the people who run this server: ask %s",
			    c->config.contact_email);
	TRY(user_load(db, a, who, &user));
	new.email = user.email;
	return licensee_create(c, who, &new, &id, problem);
}

enum err licence_key_create(struct core *c, struct db *db, struct arena *a, struct account_id who,
			    const struct new_key *new, char ret_token[KEY_TOKEN_LEN + 1], int64_t *ret_id,
			    struct problem *problem)
{
	struct new_key key = *new;
	struct licensee l;

	TRY(licence_taken(db, a, who, &l));
	key.licensee = l.id;
	return key_create(c, who, &key, ret_token, ret_id, problem);
}

enum err licence_key_revoke(struct core *c, struct db *db, struct arena *a, struct account_id who, int64_t id)
{
	struct licensee l;
	struct data_key k;

	TRY(licence_taken(db, a, who, &l));
	TRY(key_load(db, a, id, &k));
	return k.licensee == l.id ? key_revoke(c, who, id) : ERR_NOT_FOUND;
}

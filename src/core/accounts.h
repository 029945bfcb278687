/*
 * accounts.h - accounts: reading them, making local ones, changing profiles and passwords, checking a login. The rules
 * of names, addresses and passwords are Mastodon's. Functions that take a struct core and no tx run one store_write
 * and announce behind it.
 */
#ifndef CORE_ACCOUNTS_H
#define CORE_ACCOUNTS_H

#include "core/core.h"
#include "core/events.h"
#include "core/post.h"
#include "core/sessions.h"

/* One account with its counts; texts live in the arena it was loaded into. */
struct account {
	struct account_id id, moved_to; /* moved_to.v 0: has not moved */
	struct view username, domain;	/* domain is empty for accounts of this server */
	struct view uri, url, display_name, note, note_html, actor_type;
	struct view fields;				       /* JSON: [{"name","value","html","verified_at"}] */
	struct view avatar, avatar_static, avatar_description; /* file keys, empty for the default picture */
	struct view header, header_static, header_description;
	bool locked, bot, group, discoverable, indexable, hide_collections, noindex, suspended, silenced, sensitized;
	int64_t created_at, updated_at;
	int64_t posts, followers, following, last_post_at; /* last_post_at 0: never */
};
static inline bool account_is_local(const struct account *a)
{
	return a->domain.len == 0;
}

/* Whether search engines may have its pages: its owner lets everybody search its posts. */
static inline bool account_searchable(const struct account *a)
{
	return account_is_local(a) && a->indexable && !a->noindex && !a->silenced;
}

/* What only the owner sees; only accounts of this server have one. */
struct user {
	struct account_id id;
	struct view email, locale, default_language; /* default_language empty: the locale's */
	enum role role;
	enum visibility default_visibility;
	enum quote_policy default_quote_policy;
	bool default_sensitive, approved, disabled;
	int64_t confirmed_at, created_at, last_active_at;
	int64_t follow_requests; /* waiting for an answer */
};

/* ERR_NOT_FOUND when there is none. Suspended accounts are found: callers look at ->suspended. */
enum err account_load(struct db *db, struct arena *a, struct account_id id, struct account *ret);
enum err user_load(struct db *db, struct arena *a, struct account_id id, struct user *ret);
/* By name without case; domain empty: of this server. */
enum err account_find_name(struct db *db, struct view username, struct view domain, struct account_id *ret);
/* "alice", "@alice", "alice@our.domain", "alice@elsewhere". */
enum err account_find_acct(struct core *c, struct db *db, struct view acct, struct account_id *ret);
/* By profile page or ActivityPub id. */
enum err account_find_url(struct core *c, struct db *db, struct view url, struct account_id *ret);
/* ERR_NOT_FOUND also when suspended. For a login form: by mail address. */
enum err account_find_email(struct db *db, struct view email, struct account_id *ret);

const char *role_name(enum role r); /* "user", "moderator", "admin", "owner" */
bool role_parse(struct view v, enum role *ret);

/* Refusals by field, as Mastodon's POST /api/v1/accounts lists them in "details". All strings are constants. */
struct field_error {
	const char *field, *code, *words; /* "username", "ERR_TAKEN", "has already been taken" */
};
struct field_errors {
	size_t n;
	struct field_error v[12];
};
void field_errors_add(struct field_errors *e, const char *field, const char *code, const char *words);
/* "Validation failed: Username has already been taken, Email can't be blank" */
struct view field_errors_text(const struct field_errors *e, struct arena *a);

struct new_account {
	struct view username;			  /* [A-Za-z0-9_]{1,LIMIT_USERNAME}, unique without case */
	struct view email;			  /* unique without case */
	struct view password;			  /* LIMIT_PASSWORD_MIN…MAX; hashed here: never on an HTTP loop */
	struct view display_name, locale, reason; /* may be empty; locale empty: "en" */
	struct view invite;			  /* a code to use up; may be empty */
	struct view ip;				  /* where they sign up from; empty: not known */
	int64_t app_id;				  /* that they sign up with; 0: none */
	enum role role;
	bool reserved_ok; /* the command line may take "admin" */
	bool approved, confirmed;
	bool tell_staff; /* somebody signed up by themselves */
	bool bot, locked, discoverable;
	int64_t created_at; /* 0: now */
};
/*
 * *errors (not NULL, begins as {0}) may hold refusals already: then nothing is made, and those found here are added.
 * ERR_UNPROCESSABLE when there are any.
 */
enum err account_create(struct core *c, struct arena *a, const struct new_account *na, struct account_id *ret,
			struct field_errors *errors);

/*
 * A change of profile and defaults: only what has_… names is changed. Words of refusal: "Validation failed: …".
 * field_names/field_values: all fields, at most LIMIT_FIELDS; blank ones are left out.
 */
struct profile_change {
	bool has_display_name, has_note, has_fields, has_avatar, has_header, has_locked, has_bot, has_discoverable,
		has_indexable, has_hide_collections, has_privacy, has_sensitive, has_language, has_avatar_description,
		has_header_description, has_quote_policy;
	struct view display_name, note;
	struct view field_names[4], field_values[4];
	size_t n_fields;
	struct view avatar, avatar_static, header, header_static; /* file keys; empty takes the picture away */
	struct view avatar_description, header_description;
	bool locked, bot, discoverable, indexable, hide_collections, sensitive;
	enum visibility privacy;
	enum quote_policy quote_policy;
	struct view language; /* empty: the locale's */
};
enum err account_update(struct core *c, struct db *db, struct arena *a, struct account_id id,
			const struct profile_change *change, struct problem *problem);

/*
 * Name or mail address with password. ERR_UNAUTHORIZED when they do not fit, after the same effort whether the name
 * exists or not; ERR_FORBIDDEN with words when they fit but the account may not log in. Slow: never on an HTTP loop.
 */
#define ACCOUNT_CLOSED "Your login is currently disabled"
#define ACCOUNT_UNCONFIRMED "Your login is missing a confirmed e-mail address"
enum err account_login(struct core *c, struct db *db, struct arena *a, struct view name, struct view password,
		       struct account_id *ret, struct problem *problem);
/* For those who have shown otherwise who they are: ERR_FORBIDDEN as above. */
enum err account_may_login(struct db *db, struct account_id id, struct problem *problem);
/* Before something grave: ERR_UNAUTHORIZED when it is not theirs. Slow. */
enum err account_check_password(struct db *db, struct account_id id, struct view password);
/* The same without the question whether they may log in: for who appeals against that. */
enum err account_know(struct db *db, struct arena *a, struct view name, struct view password, struct account_id *ret,
		      struct problem *problem);
/* Also revokes all tokens and sessions. ERR_UNPROCESSABLE: too short or too long. Slow. */
enum err account_set_password(struct core *c, struct account_id id, struct view password, struct problem *problem);
enum err account_set_role(struct core *c, struct account_id id, enum role role);
enum err account_set_email(struct core *c, struct arena *a, struct account_id id, struct view email,
			   struct field_errors *errors);
enum err account_confirm(struct core *c, struct account_id id);

/*
 * By the secret of a link that was sent by mail. ERR_NOT_FOUND: unknown, used, too old, or sent to what is not the
 * account's address any more. A new password confirms the address too, and revokes as account_set_password does.
 */
enum err account_confirm_by_link(struct core *c, struct db *db, struct arena *a, struct view secret,
				 struct account_id *ret);
enum err account_reset_by_link(struct core *c, struct db *db, struct arena *a, struct view secret, struct view password,
			       struct problem *problem);

/* Accounts whose names have words that begin like those of text: followed ones first, then by followers. */
struct account_query {
	struct view text;
	struct account_id viewer; /* 0: nobody */
	bool following;		  /* only whom the viewer follows */
	size_t limit, offset;
};
enum err account_search(struct db *db, struct arena *a, const struct account_query *q, struct account_id *ret,
			size_t *ret_n);
/* Indexes the words of an account's names for account_search. Inside a store_write. */
enum err account_index_words(struct db *tx, struct account_id id, struct view username, struct view display_name);

#endif

/*
 * accounts.c - finding and reading accounts. Making them is account_create.c, changing them account_update.c and
 * account_login.c.
 */
#include "base/base.h"

#include "core/accounts.h"

#include "base/limits.h"
#include "text/segment.h"
#include "text/utf8.h"

SQL(account_by_id,
    "SELECT a.id, a.username, a.domain, a.uri, a.url, a.display_name, a.note, a.note_html, a.fields, a.avatar, "
    "a.avatar_static, a.avatar_description, a.header, a.header_static, a.header_description, a.actor_type, a.locked, "
    "a.discoverable, a.indexable, a.hide_collections, a.noindex, a.moved_to, a.created_at, a.updated_at, "
    "a.suspended_at, a.silenced_at, c.posts, c.followers, c.following, c.last_post_at, a.sensitized_at "
    "FROM accounts a LEFT JOIN account_counts c ON c.account_id = a.id WHERE a.id = $1");
SQL(user_by_id, "SELECT u.email, u.role, u.locale, u.default_visibility, u.default_sensitive, u.default_language, "
		"u.confirmed_at, u.approved, u.disabled, u.created_at, u.last_active_at, "
		"(SELECT COUNT(*) FROM follow_requests f WHERE f.account_id = u.account_id), u.default_quote_policy "
		"FROM users u WHERE u.account_id = $1");
SQL(account_by_name, "SELECT id FROM accounts WHERE username_key = $1 AND domain = $2");
SQL(account_by_uri, "SELECT id FROM accounts WHERE uri = $1");
SQL(account_by_email, "SELECT u.account_id FROM users u JOIN accounts a ON a.id = u.account_id "
		      "WHERE u.email_key = $1 AND a.suspended_at IS NULL");
SQL(accounts_by_words,
    "SELECT f.id FROM (SELECT w.account_id AS id FROM account_words w WHERE w.word >= $1 AND w.word < $2 LIMIT 4000) f "
    "JOIN accounts a ON a.id = f.id LEFT JOIN account_counts c ON c.account_id = f.id "
    "LEFT JOIN following m ON m.account_id = $5 AND m.target_id = f.id "
    "WHERE a.suspended_at IS NULL AND (a.silenced_at IS NULL OR m.target_id IS NOT NULL OR a.id = $5) "
    "AND NOT EXISTS (SELECT 1 FROM users u WHERE u.account_id = f.id "
    "AND (u.approved = 0 OR u.confirmed_at IS NULL)) AND EXISTS (SELECT 1 FROM account_words x WHERE x.account_id = "
    "f.id "
    "AND x.word >= $3 AND x.word < $4) AND ($6 = 0 OR m.target_id IS NOT NULL) "
    "GROUP BY f.id, m.target_id, c.followers "
    "ORDER BY CASE WHEN m.target_id IS NULL THEN 1 ELSE 0 END, c.followers DESC, f.id LIMIT $7 OFFSET $8");

SQL(account_words_delete, "DELETE FROM account_words WHERE account_id = $1");
SQL(account_words_insert, "INSERT INTO account_words (word, account_id) VALUES ($1, $2) "
			  "ON CONFLICT (word, account_id) DO NOTHING");

#define WORDS_MAX 16 /* of one account's names */

static const char *const role_names[] = {
	[ROLE_USER] = "user", [ROLE_MODERATOR] = "moderator", [ROLE_ADMIN] = "admin", [ROLE_OWNER] = "owner"};

const char *role_name(enum role r) { return role_names[r]; }

bool role_parse(struct view v, enum role *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(role_names); i++) {
		if (view_is(v, role_names[i])) {
			*ret = (enum role)i;
			return true;
		}
	}
	return false;
}

static void read_texts(const struct rows *r, struct arena *a, struct account *ret)
{
	struct view *const texts[] = {
		&ret->username, &ret->domain, &ret->uri, &ret->url, &ret->display_name, &ret->note, &ret->note_html,
		&ret->fields, &ret->avatar, &ret->avatar_static, &ret->avatar_description, &ret->header,
		&ret->header_static, &ret->header_description, &ret->actor_type};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = row_copy(r, (int)i + 1, a);
}

static void read_account(const struct rows *r, struct arena *a, struct account *ret)
{
	ret->id.v = row_int(r, 0);
	read_texts(r, a, ret);
	ret->bot = view_is(ret->actor_type, "Service") || view_is(ret->actor_type, "Application");
	ret->group = view_is(ret->actor_type, "Group");
	ret->locked = row_int(r, 16);
	ret->discoverable = row_int(r, 17);
	ret->indexable = row_int(r, 18);
	ret->hide_collections = row_int(r, 19);
	ret->noindex = row_int(r, 20);
	ret->moved_to.v = row_int(r, 21);
	ret->created_at = row_int(r, 22);
	ret->updated_at = row_int(r, 23);
	ret->suspended = !row_is_null(r, 24);
	ret->silenced = !row_is_null(r, 25);
	ret->posts = row_int(r, 26);
	ret->followers = row_int(r, 27);
	ret->following = row_int(r, 28);
	ret->last_post_at = row_int(r, 29);
	ret->sensitized = !row_is_null(r, 30);
}

enum err account_load(struct db *db, struct arena *a, struct account_id id, struct account *ret)
{
	struct account account = {0};
	struct rows r;
	db_query(db, &r, &account_by_id, BINDS(B_INT(id.v)));
	if (rows_next(&r))
		read_account(&r, a, &account);
	TRY(rows_end(&r));
	if (account.id.v == 0)
		return ERR_NOT_FOUND;
	*ret = account;
	return OK;
}

enum err user_load(struct db *db, struct arena *a, struct account_id id, struct user *ret)
{
	struct user u = {0};
	struct rows r;
	bool known = true;
	db_query(db, &r, &user_by_id, BINDS(B_INT(id.v)));
	if (rows_next(&r)) {
		u.id = id;
		u.email = row_copy(&r, 0, a);
		known = role_parse(row_text(&r, 1), &u.role);
		u.locale = row_copy(&r, 2, a);
		u.default_visibility = (enum visibility)row_int(&r, 3);
		u.default_sensitive = row_int(&r, 4);
		u.default_language = row_copy(&r, 5, a);
		u.confirmed_at = row_int(&r, 6);
		u.approved = row_int(&r, 7);
		u.disabled = row_int(&r, 8);
		u.created_at = row_int(&r, 9);
		u.last_active_at = row_int(&r, 10);
		u.follow_requests = row_int(&r, 11);
		u.default_quote_policy = (enum quote_policy)row_int(&r, 12);
	}
	TRY(rows_end(&r));
	if (u.id.v == 0)
		return ERR_NOT_FOUND;
	if (!known)
		return ERR_CORRUPT;
	*ret = u;
	return OK;
}

/* ASCII lower case into a fixed buffer; false when it does not fit and so can be nobody's. */
static bool lower(struct view v, char *buf, size_t cap, struct view *ret)
{
	if (v.len == 0 || v.len > cap)
		return false;
	for (size_t i = 0; i < v.len; i++)
		buf[i] = ascii_lower(v.p[i]);
	*ret = view_make(buf, v.len);
	return true;
}

enum err account_find_name(struct db *db, struct view username, struct view domain, struct account_id *ret)
{
	char name[256], host[256];
	struct view name_key, host_key = V("");
	if (!lower(username, name, sizeof(name), &name_key) || !utf8_valid(username))
		return ERR_NOT_FOUND;
	if (domain.len > 0 && (!lower(domain, host, sizeof(host), &host_key) || !utf8_valid(domain)))
		return ERR_NOT_FOUND;
	return db_int(db, &account_by_name, BINDS(B_TEXT(name_key), B_TEXT(host_key)), &ret->v);
}

enum err account_find_acct(struct core *c, struct db *db, struct view acct, struct account_id *ret)
{
	acct = view_trim(acct);
	if (view_starts(acct, V("@")))
		acct = view_sub(acct, 1, acct.len);
	size_t at = view_find(acct, 0, '@');
	struct view domain = view_sub(acct, at + 1, acct.len);
	if (view_eq_nocase(domain, view_of(c->config.domain)))
		domain = V("");
	return account_find_name(db, view_sub(acct, 0, at), domain, ret);
}

enum err account_find_url(struct core *c, struct db *db, struct view url, struct account_id *ret)
{
	struct view base = view_of(c->config.base_url);
	if (url.len > 2048 || !utf8_valid(url))
		return ERR_NOT_FOUND;
	if (view_starts(url, base)) {
		struct view rest = view_sub(url, base.len, url.len);
		if (view_starts(rest, V("/@")))
			return account_find_acct(c, db, view_sub(rest, 2, rest.len), ret);
	}
	return db_int(db, &account_by_uri, BINDS(B_TEXT(url)), &ret->v);
}

enum err account_find_email(struct db *db, struct view email, struct account_id *ret)
{
	char buf[320];
	struct view key;
	if (!lower(email, buf, sizeof(buf), &key) || !utf8_valid(email))
		return ERR_NOT_FOUND;
	return db_int(db, &account_by_email, BINDS(B_TEXT(key)), &ret->v);
}

/* "wor" → the range of all words that begin so; U+10FFFF is behind every character a token has. */
struct range {
	struct view from, to;
};
static struct range prefix_range(struct arena *a, struct view token)
{
	return (struct range){token, arena_printf(a, "%.*s\xf4\x8f\xbf\xbf", VIEW_ARG(token))};
}

enum err account_search(struct db *db, struct arena *a, const struct account_query *q, struct account_id *ret,
			size_t *ret_n)
{
	struct buf tokens CLEANUP(buf_release);
	buf_init(&tokens, 4 * LIMIT_KIB);
	size_t n = 0;
	if (segment(&tokens, view_sub(q->text, 0, 512)) != OK || tokens.len == 0) {
		*ret_n = 0;
		return OK;
	}
	struct view rest = buf_view(&tokens), first = {0}, last = {0}, token;
	while (view_split(&rest, ' ', &token)) {
		first = first.len > 0 ? first : token;
		last = token;
	}
	struct range one = prefix_range(a, first), two = prefix_range(a, last);
	struct rows r;
	db_query(db, &r, &accounts_by_words,
		 BINDS(B_TEXT(one.from), B_TEXT(one.to), B_TEXT(two.from), B_TEXT(two.to), B_INT(q->viewer.v),
		       B_INT(q->following), B_INT(q->limit), B_INT(q->offset)));
	while (n < q->limit && rows_next(&r))
		ret[n++].v = row_int(&r, 0);
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

enum err account_index_words(struct db *tx, struct account_id id, struct view username, struct view display_name)
{
	struct buf tokens CLEANUP(buf_release);
	buf_init(&tokens, 16 * LIMIT_KIB);
	TRY(db_exec(tx, &account_words_delete, BINDS(B_INT(id.v)), NULL));
	TRY(segment(&tokens, username));
	buf_add_c(&tokens, ' ');
	TRY(segment(&tokens, display_name));
	struct view rest = buf_view(&tokens), word;
	for (size_t n = 0; n < WORDS_MAX && view_split(&rest, ' ', &word); n++)
		if (word.len > 0)
			TRY(db_exec(tx, &account_words_insert, BINDS(B_TEXT(word), B_INT(id.v)), NULL));
	return buf_err(&tokens);
}

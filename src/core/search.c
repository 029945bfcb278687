/*
 * search.c - see search.h. Which kinds a query is looked up among follows Mastodon: "#tag" is no account, "@name" no
 * post, and a URL is at most one thing.
 */
#include "base/base.h"

#include "core/search.h"

#include "core/accounts.h"
#include "core/admitted.h"
#include "core/post_load.h"
#include "core/search_posts.h"
#include "core/tags.h"
#include "core/visibility.h"

#define URL_BYTES 2048

static bool has(struct view v, char c)
{
	return view_find(v, 0, c) < v.len;
}

static bool wants_accounts(const struct search_query *q, struct view text)
{
	return q->accounts && !view_starts(text, V("#")) && !(has(text, '@') && has(text, ' '));
}

static bool wants_posts(const struct search_query *q, struct view text)
{
	bool one_name = (view_starts(text, V("#")) || has(text, '@')) && !has(text, ' ') && !has(text, ':');

	return q->posts && q->viewer->account.v && !one_name;
}

static bool wants_tags(const struct search_query *q, struct view text)
{
	return q->tags && !has(text, '@');
}

/* An exact handle needs its '@' somewhere, so that a word does not always answer the account of that name first. */
static enum err exact_account(struct core *c, struct db *db, const struct search_query *q, struct account_id *ret)
{
	struct view text = view_trim(q->text);
	struct account_id id;

	if (q->offset || !has(text, '@') || has(text, ' '))
		return ERR_NOT_FOUND;
	TRY(account_find_acct(c, db, text, &id));
	TRY(account_admitted(c, db, id));
	if (q->following && !idset_has(&q->viewer->following, (uint64_t)id.v))
		return ERR_NOT_FOUND;
	*ret = id;
	return OK;
}

enum err search_accounts(struct core *c, struct db *db, struct arena *a, const struct search_query *q,
			 struct search_result *ret)
{
	struct account_id *ids = ARENA_ARRAY(a, q->limit + 2, struct account_id), exact = {0};
	struct view text = view_trim(q->text);
	size_t at = view_find(text, 1, '@'), n = 0, found;
	enum err err = exact_account(c, db, q, &exact);

	if (err && err != ERR_NOT_FOUND)
		return err;
	if (!err)
		ids[n++] = exact;
	struct account_query words = {
		.text = view_sub(text, 0, at),
		.viewer = q->viewer->account,
		.following = q->following,
		.limit = q->limit,
		.offset = q->offset,
	};
	TRY(account_search(db, a, &words, ids + n, &found));
	for (size_t i = 0, first = n; i < found; i++)
		if (!account_eq(ids[first + i], exact))
			ids[n++] = ids[first + i];
	ret->accounts = ids;
	ret->n_accounts = n < q->limit ? n : q->limit;
	return OK;
}

static bool is_url(struct view v)
{
	return view_starts(v, V("https://")) || view_starts(v, V("http://"));
}

static enum err post_at(struct core *c, struct db *db, struct arena *a, struct viewer *v, struct view url,
			struct post_id *ret)
{
	struct post_meta meta;
	struct post_id id;

	TRY(post_find_url(db, url, &id));
	TRY(post_load_meta(c, db, a, id, &meta));
	if (!visible_to(v, &meta))
		return ERR_NOT_FOUND;
	*ret = id;
	return OK;
}

static enum err resolve(struct core *c, struct db *db, struct arena *a, const struct search_query *q, struct view url,
			struct search_result *ret)
{
	struct account_id *account = ARENA_NEW(a, struct account_id);
	struct post_id *post = ARENA_NEW(a, struct post_id);
	enum err err = url.len > URL_BYTES ? ERR_NOT_FOUND : post_at(c, db, a, q->viewer, url, post);

	if (!err && q->posts) {
		ret->posts = post;
		ret->n_posts = 1;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	err = account_find_url(c, db, url, account);
	if (!err)
		err = account_admitted(c, db, *account);
	if (!err && q->accounts) {
		ret->accounts = account;
		ret->n_accounts = 1;
	}
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err search(struct core *c, struct db *db, struct arena *a, const struct search_query *q, struct search_result *ret)
{
	struct view text = view_trim(q->text);
	struct search_result found = {0};

	if (text.len && q->limit && q->resolve && is_url(text)) {
		if (!q->offset)
			TRY(resolve(c, db, a, q, text, &found));
	} else if (text.len && q->limit) {
		if (wants_accounts(q, text))
			TRY(search_accounts(c, db, a, q, &found));
		if (wants_posts(q, text))
			TRY(search_posts(c, db, a, q, &found));
		if (wants_tags(q, text)) {
			struct view *tags = ARENA_ARRAY(a, q->limit, struct view);

			TRY(tags_find(db, a, text, q->limit, q->offset, tags, &found.n_tags));
			found.tags = tags;
		}
	}
	*ret = found;
	return OK;
}

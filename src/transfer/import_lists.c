/*
 * import_lists.c - see import_lists.h. What a row does is what the account itself could do over the API: the same rules,
 * the same limits, the same notifications.
 */
#include "base/base.h"

#include "transfer/import_lists.h"

#include "base/limits.h"
#include "base/map.h"
#include "core/graph.h"
#include "core/lists.h"
#include "core/post_lists.h"
#include "core/posts.h"
#include "core/user_domains.h"
#include "text/domain.h"
#include "text/lang.h"
#include "transfer/import_private.h"

SQL(import_is_member, "SELECT 1 FROM list_accounts WHERE list_id = $1 AND account_id = $2");
SQL(import_empty_list, "SELECT account_id FROM list_accounts WHERE list_id = $1 LIMIT $2");

/* What the network refuses is said in the report; what is wrong with us stops the step. */
static enum err refusal(struct list_import *w, enum err err)
{
	switch (err) {
	case ERR_NOT_FOUND:
		return fail(&w->problem, ERR_UNPROCESSABLE, "that cannot be done with this account");
	case ERR_FORBIDDEN:
		return w->problem.text[0] ? ERR_UNPROCESSABLE
					  : fail(&w->problem, ERR_UNPROCESSABLE,
						 "one of the two blocks the other, "
						 "or it has moved");
	default:
		return err;
	}
}

static enum err identify_account(struct list_import *w, struct arena *a, uint64_t *ret)
{
	struct account_id id;

	TRY(list_account(w, a, &id));
	*ret = (uint64_t)id.v;
	return OK;
}

/* Undoes all ties of a list but those to keep. */
static enum err clear_ties(struct list_import *w, enum graph_list list, const struct idset *keep,
			   enum err (*undo)(struct core *c, struct account_id who, struct account_id target))
{
	struct graph_entry found[LIMIT_PAGE_ACCOUNTS];
	struct page page = {.limit = LIMIT_PAGE_ACCOUNTS};
	size_t n;

	do {
		TRY(graph_page(w->db, list, w->i->account, &page, found, &n));
		for (size_t i = 0; i < n; i++)
			if (!idset_has(keep, (uint64_t)found[i].account.v))
				TRY(undo(w->core, w->i->account, found[i].account));
		page.max_id = n ? found[n - 1].cursor : 0;
	} while (n == page.limit);
	return OK;
}

/* ---- follows ---- */

/* Codes that are known, with commas between; others are left out. */
static struct view languages_of(struct list_import *w, struct arena *a)
{
	struct view given = list_field(w, COLUMN_LANGUAGES), one;
	char *text = arena_alloc(a, LIMIT_FOLLOW_LANGUAGES * (LANG_BYTES + 1));
	size_t len = 0;

	for (int n = 0; n < LIMIT_FOLLOW_LANGUAGES && view_split(&given, ',', &one);) {
		char code[LANG_BYTES];

		if (!lang_normalise(view_trim(one), code))
			continue;
		len += (size_t)snprintf(text + len, LANG_BYTES + 1, "%s%s", len ? "," : "", code);
		n++;
	}
	return view_make(text, len);
}

static enum err take_follow(struct list_import *w, struct arena *a)
{
	struct follow_options o = {.has_boosts = w->place[COLUMN_BOOSTS] >= 0,
				   .boosts = list_flag(w, COLUMN_BOOSTS, true),
				   .has_notify = w->place[COLUMN_NOTIFY] >= 0,
				   .notify = list_flag(w, COLUMN_NOTIFY, false),
				   .has_languages = w->place[COLUMN_LANGUAGES] >= 0,
				   .languages = languages_of(w, a)};
	struct account_id target;

	TRY(list_account(w, a, &target));
	return refusal(w, graph_follow(w->core, w->i->account, target, &o, &w->problem));
}

static enum err clear_follows(struct list_import *w, const struct idset *keep)
{
	return clear_ties(w, GRAPH_FOLLOWING, keep, graph_unfollow);
}

/* ---- blocks and mutes ---- */

static enum err take_block(struct list_import *w, struct arena *a)
{
	struct account_id target;

	TRY(list_account(w, a, &target));
	if (account_eq(target, w->i->account))
		return refusal(w, ERR_NOT_FOUND);
	return refusal(w, graph_block(w->core, w->i->account, target));
}

static enum err clear_blocks(struct list_import *w, const struct idset *keep)
{
	return clear_ties(w, GRAPH_BLOCKS, keep, graph_unblock);
}

static enum err take_mute(struct list_import *w, struct arena *a)
{
	struct account_id target;

	TRY(list_account(w, a, &target));
	if (account_eq(target, w->i->account))
		return refusal(w, ERR_NOT_FOUND);
	return refusal(w, graph_mute(w->core, w->i->account, target, list_flag(w, COLUMN_HIDE, true), 0));
}

static enum err clear_mutes(struct list_import *w, const struct idset *keep)
{
	return clear_ties(w, GRAPH_MUTES, keep, graph_unmute);
}

/* ---- servers ---- */

static enum err take_domain(struct list_import *w, struct arena *a)
{
	(void)a;
	return user_domain_block(w->core, w->i->account, list_field(w, COLUMN_DOMAIN), &w->problem);
}

static enum err identify_domain(struct list_import *w, struct arena *a, uint64_t *ret)
{
	char name[LIMIT_DOMAIN_BYTES + 1];

	(void)a;
	if (!domain_read(list_field(w, COLUMN_DOMAIN), name))
		return fail(&w->problem, ERR_UNPROCESSABLE, "it is not the name of a server");
	*ret = hash_bytes(view_of(name));
	return OK;
}

static enum err clear_domains(struct list_import *w, const struct idset *keep)
{
	struct page page = {.limit = LIMIT_PAGE_ACCOUNTS};
	struct user_domain found[LIMIT_PAGE_ACCOUNTS];
	size_t n;

	do {
		TRY(user_domains_page(w->db, w->arena, w->i->account, &page, found, &n));
		for (size_t i = 0; i < n; i++)
			if (!idset_has(keep, hash_bytes(found[i].domain)))
				TRY(user_domain_unblock(w->core, w->i->account, found[i].domain));
		page.max_id = n ? found[n - 1].id : 0;
	} while (n == page.limit);
	return OK;
}

/* ---- bookmarks ---- */

static enum err take_bookmark(struct list_import *w, struct arena *a)
{
	struct post_id post;

	TRY(list_post(w, a, &post));
	return refusal(w, post_bookmark(w->core, w->db, a, w->i->account, post, true));
}

static enum err identify_post(struct list_import *w, struct arena *a, uint64_t *ret)
{
	struct post_id post;

	TRY(list_post(w, a, &post));
	*ret = (uint64_t)post.v;
	return OK;
}

static enum err clear_bookmarks(struct list_import *w, const struct idset *keep)
{
	struct page_item found[LIMIT_PAGE_POSTS];
	struct page page = {.limit = LIMIT_PAGE_POSTS};
	size_t n;

	do {
		TRY(account_bookmarks(w->db, w->i->account, &page, found, &n));
		for (size_t i = 0; i < n; i++) {
			struct post_id post = {found[i].id};

			if (!idset_has(keep, (uint64_t)post.v))
				TRY(post_bookmark(w->core, w->db, w->arena, w->i->account, post, false));
		}
		page.max_id = n ? found[n - 1].cursor : 0;
	} while (n == page.limit);
	return OK;
}

/* ---- lists ---- */

static enum err find_list(struct list_import *w, struct arena *a, bool make, struct list *ret)
{
	struct list *lists = ARENA_ARRAY(a, LIMIT_LISTS, struct list);
	struct view title = list_field(w, COLUMN_LIST);
	size_t n = 0;

	if (!title.len)
		return fail(&w->problem, ERR_UNPROCESSABLE, "there is no list in it");
	TRY(lists_load(w->db, a, w->i->account, (struct account_id){0}, lists, &n));
	for (size_t i = 0; i < n; i++) {
		if (!view_eq(lists[i].title, title))
			continue;
		*ret = lists[i];
		return OK;
	}
	if (!make)
		return ERR_NOT_FOUND;
	*ret = (struct list){.title = title, .replies = REPLIES_LIST};
	return list_create(w->core, w->i->account, ret, &w->problem);
}

/* Mastodon follows whom one puts on a list. */
static enum err take_member(struct list_import *w, struct arena *a)
{
	const struct follow_options as_it_is = {0};
	struct account_id target;
	struct list list;
	int64_t one;

	TRY(list_account(w, a, &target));
	TRY(find_list(w, a, true, &list));
	enum err err = db_int(w->db, &import_is_member, BINDS(B_INT(list.id), B_INT(target.v)), &one);
	if (err != ERR_NOT_FOUND)
		return err ? err : ERR_CONFLICT;
	if (!account_eq(target, w->i->account) && !idset_has(&w->viewer->following, (uint64_t)target.v))
		TRY(refusal(w, graph_follow(w->core, w->i->account, target, &as_it_is, &w->problem)));
	return refusal(w, list_add(w->core, w->i->account, list.id, &target, 1, &w->problem));
}

static enum err identify_list(struct list_import *w, struct arena *a, uint64_t *ret)
{
	struct list list;
	enum err err = find_list(w, a, false, &list);

	if (err == ERR_NOT_FOUND) { /* it will be made */
		*ret = 1;
		return OK;
	}
	TRY(err);
	*ret = (uint64_t)list.id;
	return OK;
}

static enum err empty_list(struct list_import *w, int64_t list)
{
	struct account_id members[LIMIT_PAGE_ACCOUNTS];
	size_t n;

	do {
		struct rows r;

		n = 0;
		db_query(w->db, &r, &import_empty_list, BINDS(B_INT(list), B_INT(LIMIT_PAGE_ACCOUNTS)));
		while (n < LIMIT_PAGE_ACCOUNTS && rows_next(&r))
			members[n++].v = row_int(&r, 0);
		TRY(rows_end(&r));
		if (n)
			TRY(list_remove(w->core, w->i->account, list, members, n));
	} while (n == LIMIT_PAGE_ACCOUNTS);
	return OK;
}

/* Lists that are not in the file go; those that are lose their members, who come back with the rows. */
static enum err clear_lists(struct list_import *w, const struct idset *keep)
{
	struct list lists[LIMIT_LISTS];
	size_t n = 0;

	TRY(lists_load(w->db, w->arena, w->i->account, (struct account_id){0}, lists, &n));
	for (size_t i = 0; i < n; i++)
		TRY(idset_has(keep, (uint64_t)lists[i].id) ? empty_list(w, lists[i].id)
							   : list_delete(w->core, w->i->account, lists[i].id));
	return OK;
}

#define KIND(fn, ...)                                                                                                  \
	enum err fn(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,                  \
		    struct problem *problem)                                                                           \
	{                                                                                                              \
		static const struct list_kind kind = __VA_ARGS__;                                                      \
		return list_step(c, db, a, i, &kind, ret_more, problem);                                               \
	}
KIND(import_follows, {{COLUMN_ACCT}, 1, take_follow, identify_account, clear_follows})
KIND(import_blocks, {{COLUMN_ACCT}, 1, take_block, identify_account, clear_blocks})
KIND(import_mutes, {{COLUMN_ACCT}, 1, take_mute, identify_account, clear_mutes})
KIND(import_domains, {{COLUMN_DOMAIN}, 1, take_domain, identify_domain, clear_domains})
KIND(import_bookmarks, {{COLUMN_URI}, 1, take_bookmark, identify_post, clear_bookmarks})
KIND(import_lists, {{COLUMN_LIST, COLUMN_ACCT}, 2, take_member, identify_list, clear_lists})

/*
 * list.c - see list.h.
 */
#include "base/base.h"

#include "dataapi/list.h"

#include "base/id.h"
#include "dataapi/lookup.h"
#include "dataapi/page_token.h"

#define ROUNDS 8 /* what may not go out may be most of a list; then a page is short, with a next one */

const char *const data_excluded[] = {"replies", "retweets", NULL};

struct reading {
	const struct data_list *list;
	struct data_answer answer;
	int64_t of;
	struct page page;
	bool paged;	  /* a token was given */
	int64_t *cursors; /* of what was added */
	size_t wanted, n;
	int64_t on; /* where the next page begins; 0: there is none */
};

/* since_id and until_id are not in the page themselves; start_time is, end_time is not. The narrower bound holds. */
enum err data_bounds(struct call *c, struct page *ret)
{
	struct page page = {0};

	if (arg_given(c, "since_id"))
		TRY(data_id(c, "since_id", arg_str(c, "since_id"), &page.since_id));
	if (arg_given(c, "until_id"))
		TRY(data_id(c, "until_id", arg_str(c, "until_id"), &page.max_id));
	if (arg_given(c, "start_time") && id_at(arg_int(c, "start_time")) - 1 > page.since_id)
		page.since_id = id_at(arg_int(c, "start_time")) - 1;
	if (arg_given(c, "end_time") && (!page.max_id || id_at(arg_int(c, "end_time")) < page.max_id))
		page.max_id = id_at(arg_int(c, "end_time"));
	*ret = page;
	return OK;
}

static bool read_token(struct view text, struct page *page)
{
	struct page_token t;

	if (!page_token_read(text, &t))
		return false;
	if (t.back)
		page->min_id = t.place;
	else if (!page->max_id || t.place < page->max_id)
		page->max_id = t.place;
	return true;
}

static void write_token(struct jw *j, const char *key, bool back, int64_t place)
{
	char text[PAGE_TOKEN_LEN + 1];

	page_token_write(&(struct page_token){back, place}, text);
	jw_kv_cstr(j, key, text);
}

static enum err add(struct reading *r, const struct page_item *item)
{
	struct xanswer *x = &r->answer.x;
	size_t before = r->list->users ? x->users.n : x->n_data;
	enum err err = r->list->users ? xanswer_add_user(x, (struct account_id){item->id})
				      : xanswer_add_post(x, (struct post_id){item->id});

	if (err == OK && (r->list->users ? x->users.n : x->n_data) > before)
		r->cursors[r->n++] = item->cursor;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err read_round(struct call *c, struct reading *r)
{
	struct page_item *items = ARENA_ARRAY(c->arena, r->page.limit, struct page_item);
	size_t n = 0;

	TRY(r->list->read(c, r->of, &r->page, items, &n, &r->on));
	for (size_t i = 0; i < n; i++)
		TRY(add(r, &items[i]));
	return OK;
}

static enum err read_down(struct call *c, struct reading *r)
{
	for (size_t round = 0; round < ROUNDS && r->n < r->wanted; round++) {
		r->page.limit = r->wanted - r->n;
		TRY(read_round(c, r));
		if (!r->on)
			break;
		r->page.max_id = r->on;
	}
	return OK;
}

static enum err may_go(struct reading *r, const struct page_item *item, bool *ret)
{
	struct xanswer *x = &r->answer.x;
	struct ledger_item unused;
	struct xpost *post = NULL;
	struct xuser *user = NULL;
	enum err err = r->list->users
			       ? xuser_get(x->core, x->db, (struct account_id){item->id}, x->licence, &user, &unused)
			       : xpost_get(x->core, x->db, (struct post_id){item->id}, x->licence, &post, &unused);

	xpost_put(post);
	xuser_put(user);
	*ret = err == OK;
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Oldest first: what goes out is found before it is added, in the order of pages. */
static enum err read_up(struct call *c, struct reading *r)
{
	struct page_item *kept = ARENA_ARRAY(c->arena, r->wanted, struct page_item);
	size_t n_kept = 0, n = r->wanted;
	int64_t before = r->page.min_id;

	for (size_t round = 0; round < ROUNDS && n_kept < r->wanted && n == r->page.limit; round++) {
		struct page_item *items = ARENA_ARRAY(c->arena, r->page.limit, struct page_item);

		TRY(r->list->read(c, r->of, &r->page, items, &n, &r->on));
		for (size_t i = n; i > 0 && n_kept < r->wanted; i--) {
			bool may;

			TRY(may_go(r, &items[i - 1], &may));
			if (may)
				kept[n_kept++] = items[i - 1];
			r->page.min_id = items[i - 1].cursor;
		}
	}
	while (n_kept > 0)
		TRY(add(r, &kept[--n_kept]));
	r->on = before + 1; /* the page that this one stands before */
	return OK;
}

static enum err read_page(struct call *c, struct reading *r)
{
	r->page.limit = r->wanted;
	return page_upward(&r->page) ? read_up(c, r) : read_down(c, r);
}

/* Timelines and searches. To quotes of a post X gives neither the ids at their ends nor a way back. */
static bool spans_time(const struct data_list *list)
{
	return !list->users && (list->of_user || list->of_nothing);
}

static void write_meta(struct jw *j, const struct reading *r, size_t n)
{
	jw_key(j, "meta");
	jw_object(j);
	jw_kv_int(j, "result_count", (int64_t)n);
	if (n && spans_time(r->list)) {
		jw_kv_id(j, "newest_id", xanswer_post(&r->answer.x, 0)->meta.id.v);
		jw_kv_id(j, "oldest_id", xanswer_post(&r->answer.x, n - 1)->meta.id.v);
	}
	if (r->on)
		write_token(j, "next_token", false, r->on);
	if (r->paged && n && (r->list->users || spans_time(r->list)))
		write_token(j, "previous_token", true, r->cursors[0]);
	jw_object_end(j);
}

static enum err answer(struct call *c, struct reading *r)
{
	struct data_answer *a = &r->answer;

	TRY(read_page(c, r));
	TRY(data_pay(c, a, r->list->endpoint, true, (uint64_t)r->on));
	if (a->unchanged)
		return OK;
	size_t n = r->list->users ? a->x.granted_users : a->x.n_data;
	if (n < r->n) /* cut: the next page begins with what was not paid */
		r->on = n ? r->cursors[n - 1] : r->cursors[0] + 1;
	data_write(c, a, DATA_LIST, true);
	write_meta(&c->json, r, n);
	jw_object_end(&c->json);
	return OK;
}

/* Whose list it is, judged as if it were asked for. */
static enum err judge_owner(struct call *c, const struct reading *r, bool *ret_hidden)
{
	struct ledger_item item;
	struct xuser *user;
	struct xpost *post;

	*ret_hidden = false;
	if (r->list->of_nothing)
		return OK;
	if (!r->of)
		return ERR_NOT_FOUND;
	if (!r->list->of_user) {
		TRY(xpost_get(c->core, c->db, (struct post_id){r->of}, c->licence, &post, &item));
		xpost_put(post);
		return OK;
	}
	TRY(xuser_get(c->core, c->db, (struct account_id){r->of}, c->licence, &user, &item));
	*ret_hidden = r->list->may_be_hidden && user->hides_follows;
	xuser_put(user);
	return OK;
}

static enum err read_args(struct call *c, struct reading *r)
{
	struct view token = arg_str(c, "pagination_token");

	if (r->list->of_nothing && arg_given(c, "next_token"))
		token = arg_str(c, "next_token");
	if (!r->list->of_nothing)
		TRY(data_id(c, "id", arg_str(c, "id"), &r->of));
	r->wanted = (size_t)arg_int(c, "max_results");
	r->cursors = ARENA_ARRAY(c->arena, r->wanted, int64_t);
	r->paged = token.len > 0;
	if (r->paged && !read_token(token, &r->page))
		return call_wrong(c, "pagination_token", token,
				  "The `pagination_token` query parameter value [%.*s] is not valid", VIEW_ARG(token));
	return OK;
}

static enum err run(struct call *c, struct reading *r)
{
	bool hidden = false;

	TRY(read_args(c, r));
	enum err err = judge_owner(c, r, &hidden);
	if (err == OK && hidden)
		r->wanted = 0;
	if (err != ERR_NOT_FOUND)
		return err == OK ? answer(c, r) : err;
	data_missing(&r->answer, r->list->of_user ? "user" : "tweet", "id", arg_str(c, "id"));
	data_write(c, &r->answer, DATA_LIST, false);
	return OK;
}

enum err data_list(struct call *c, const struct data_list *list, struct page bounds)
{
	struct reading r = {.list = list, .page = bounds};
	enum err err = data_begin(c, &r.answer, list->users);

	if (err == OK)
		err = run(c, &r);
	data_end(&r.answer);
	return err;
}

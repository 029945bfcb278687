/*
 * quote.c - what reading would cost: so many reads, posts and users by their ids, or a whole call. Ours, X has none. It is
 * free, and says no more of what is not there than a lookup does: private, gone, withheld and never there are one.
 */
#include "base/base.h"

#include "base/limits.h"
#include "dataapi/groups.h"
#include "dataapi/lookup.h"
#include "licensed/xuser.h"

#define READS_MAX 1000000000
#define IDS_MAX 1000 /* of posts, and of users */
#define TARGET_MAX 8192

/* ---- so many reads ---- */

static enum err quote_count(struct call *c, enum ledger_kind kind, int64_t n, struct call_quote *q)
{
	struct meter_cost cost = {0};
	bool posts = kind == LEDGER_POSTS;

	if (!n || q->refused)
		return OK;
	enum err err =
		meter_quote(c->core->meter, c->db, c->licence, kind, (size_t)n, q->micro, &cost, &q->why, &q->problem);
	*(posts ? &q->posts : &q->users) = (uint32_t)n;
	q->refused = err == ERR_PAYMENT;
	if (err != OK)
		return q->refused ? OK : err;
	*(posts ? &q->posts_charged : &q->users_charged) = cost.charged;
	q->micro += cost.micro;
	return OK;
}

static enum err quote_counts(struct call *c, struct call_quote *q)
{
	TRY(quote_count(c, LEDGER_POSTS, arg_int(c, "posts"), q));
	return quote_count(c, LEDGER_USERS, arg_int(c, "users"), q);
}

/* ---- by their ids ---- */

struct id_list {
	const char *parameter, *resource;
	enum ledger_kind kind;
};
static const struct id_list post_ids = {"post_ids", "tweet", LEDGER_POSTS},
			    user_ids = {"user_ids", "user", LEDGER_USERS};

/* ERR_NOT_FOUND: it would not go out, whyever. */
static enum err find_item(struct call *c, const struct id_list *l, int64_t id, struct ledger_item *ret)
{
	struct xpost *post = NULL;
	struct xuser *user = NULL;
	enum err err = l->kind == LEDGER_POSTS
			       ? xpost_get(c->core, c->db, (struct post_id){id}, c->licence, &post, ret)
			       : xuser_get(c->core, c->db, (struct account_id){id}, c->licence, &user, ret);

	xpost_put(post);
	xuser_put(user);
	return err;
}

static bool is_among(const struct ledger_item *items, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (items[i].id == id)
			return true;
	return false;
}

static enum err quote_ids(struct call *c, const struct id_list *l, struct data_answer *a, struct call_quote *q)
{
	const struct view *texts;
	size_t given = arg_strings(c, l->parameter, &texts), n = 0;
	struct ledger_item *items = ARENA_ARRAY(c->arena, given + 1, struct ledger_item);

	if (given > IDS_MAX)
		return call_wrong(c, l->parameter, V(""), "`%s` has %zu ids, at most %d are looked at", l->parameter,
				  given, IDS_MAX);
	for (size_t i = 0; i < given; i++) {
		int64_t id;

		TRY(data_id(c, l->parameter, texts[i], &id));
		enum err err = !id			? ERR_NOT_FOUND
			       : is_among(items, n, id) ? ERR_CONFLICT
							: find_item(c, l, id, &items[n]);
		if (err == ERR_NOT_FOUND)
			data_missing(a, l->resource, l->parameter, texts[i]);
		else if (err == OK)
			n++;
		else if (err != ERR_CONFLICT)
			return err;
	}
	return call_quote_items(c, q, l->kind, items, n);
}

/* ---- the answer ---- */

static void write_refusal(const struct call_quote *q, struct jw *j)
{
	jw_key(j, "refusal");
	if (!q->refused && !q->cut) {
		jw_null(j);
		return;
	}
	jw_object(j);
	jw_kv_cstr(j, "what", q->why.what);
	jw_kv_cstr(j, "detail", q->problem.text);
	jw_kv_int(j, "limit", q->why.limit);
	jw_kv_int(j, "used", q->why.used);
	jw_kv_time(j, "reset", q->why.reset_ms);
	jw_object_end(j);
}

static void kv_number(struct jw *j, const char *key, bool known, int64_t n)
{
	jw_key(j, key);
	if (known)
		jw_int(j, n);
	else
		jw_null(j);
}

static void write_quote(struct call *c, const struct call_quote *q, const struct meter_cost *now)
{
	struct jw *j = &c->json;

	jw_key(j, "data");
	jw_object(j);
	jw_kv_int(j, "posts", q->posts);
	jw_kv_int(j, "users", q->users);
	jw_kv_int(j, "posts_charged", q->posts_charged);
	jw_kv_int(j, "users_charged", q->users_charged);
	jw_kv_bool(j, "allowed", !q->refused);
	jw_kv_bool(j, "cut", q->cut);
	jw_kv_int(j, "cost_micro", q->micro);
	kv_number(j, "balance_micro", c->licence->plan.prepaid, now->balance_micro);
	kv_number(j, "month_remaining", now->month_left >= 0, now->month_left);
	write_refusal(q, j);
	jw_object_end(j);
}

/* One of three ways to ask. */
static enum err ask(struct call *c, struct data_answer *a, struct call_quote *q)
{
	bool counts = arg_given(c, "posts") || arg_given(c, "users");
	bool ids = arg_given(c, "post_ids") || arg_given(c, "user_ids"), path = arg_given(c, "path");

	if (counts + ids + path > 1 || (arg_given(c, "method") && !path))
		return call_fail(
			c, ERR_INVALID,
			"the body has numbers (posts, users), ids (post_ids, user_ids) or a call (method, path), "
			"one of these");
	if (path)
		return call_quote(c, arg_str(c, "path"), q);
	if (!ids)
		return quote_counts(c, q);
	TRY(quote_ids(c, &post_ids, a, q));
	return quote_ids(c, &user_ids, a, q);
}

static enum err answer(struct call *c, struct data_answer *a)
{
	struct call_quote q = {0};
	struct meter_cost now = {0};
	struct meter_refusal why = {0};

	if (!c->core->meter)
		return ERR_UNAVAILABLE;
	TRY(ask(c, a, &q));
	TRY(meter_quote(c->core->meter, c->db, c->licence, LEDGER_POSTS, 0, 0, &now, &why, &c->problem));
	jw_object(&c->json);
	write_quote(c, &q, &now);
	data_write_errors(c, a);
	jw_object_end(&c->json);
	return OK;
}

static enum err quote(struct call *c)
{
	struct data_answer a = {.errors = {.max = LIMIT_MIB}};
	enum err err = answer(c, &a);

	buf_release(&a.errors);
	return err;
}

static const char *const methods[] = {"GET", NULL};

#define READS(param, what)                                                                                             \
	{                                                                                                              \
		.name = (param), .type = PARAM_INT, .max = READS_MAX,                                                  \
		.doc = "How many " what " that were not read today before."                                            \
	}
#define IDS(param, what)                                                                                               \
	{                                                                                                              \
		.name = (param), .type = PARAM_STRINGS, .max = 32, .pattern = DATA_ID_PATTERN,                         \
		.doc = "Or these " what ", at most 1000."                                                              \
	}

const struct endpoint data_quote[] = {
	{.method = HTTP_POST, .path = "/2/quote", .handle = quote, .auth = AUTH_LICENSEE, .rate = RATE_DATA_ACCOUNT,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(READS("posts", "posts"), READS("users", "users"), IDS("post_ids", "posts"), IDS("user_ids", "users"),
			  {.name = "path", .type = PARAM_STRING, .max = TARGET_MAX,
			   .doc = "Or a call: \"/2/tweets?ids=1,2,3&expansions=author_id\". It counts against its own rate limit, too."},
			  {.name = "method", .type = PARAM_CHOICE, .choices = methods, .doc = "Of the call."}),
	 .reply = "Quote",
	 .doc = "What reading would cost now, to the last read: what was paid today is free. Reserves nothing, and is free."},
	ENDPOINTS_END};

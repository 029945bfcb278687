/*
 * answer.c - see answer.h.
 */
#include "base/base.h"

#include "dataapi/answer.h"

#include "base/limits.h"

#define NOT_FOUND_TYPE "https://api.x.com/2/problems/resource-not-found"

static const struct {
	const char *parameter;
	enum xlist list, of_users;
	bool posts_only;
} name_lists[] = {
	{"tweet.fields", XLIST_TWEET, XLIST_TWEET, false},
	{"post.fields", XLIST_TWEET, XLIST_TWEET, false},
	{"user.fields", XLIST_USER, XLIST_USER, false},
	{"media.fields", XLIST_MEDIA, XLIST_MEDIA, true},
	{"poll.fields", XLIST_POLL, XLIST_POLL, true},
	{"place.fields", XLIST_PLACE, XLIST_PLACE, true},
	{"expansions", XLIST_EXPANSIONS, XLIST_USER_EXPANSIONS, false},
};

#define NAMES_OF(name, list)                                                                                           \
	const char *data_name_##name(size_t i)                                                                         \
	{                                                                                                              \
		return xfields_name(list, i);                                                                          \
	}
NAMES_OF(tweet, XLIST_TWEET)
NAMES_OF(user, XLIST_USER)
NAMES_OF(media, XLIST_MEDIA)
NAMES_OF(poll, XLIST_POLL)
NAMES_OF(place, XLIST_PLACE)
NAMES_OF(expansion, XLIST_EXPANSIONS)
NAMES_OF(user_expansion, XLIST_USER_EXPANSIONS)

static enum err wrong_name(struct call *c, const char *parameter, enum xlist list, struct view value)
{
	struct buf CLEANUP(buf_release) names = {.max = 16 * LIMIT_KIB};

	xfields_names(list, &names);
	return call_wrong(c, parameter, value, "The `%s` query parameter value [%.*s] is not one of %.*s", parameter,
			  VIEW_ARG(value), VIEW_ARG(buf_view(&names)));
}

static enum err read_fields(struct call *c, bool users, struct xfields *ret)
{
	struct view unknown;

	*ret = xfields_none();
	for (size_t i = 0; i < ARRAY_LEN(name_lists); i++) {
		const char *parameter = name_lists[i].parameter;
		enum xlist list = users ? name_lists[i].of_users : name_lists[i].list;

		if (users && name_lists[i].posts_only)
			continue;
		if (arg_given(c, parameter) && xfields_add(ret, list, arg_str(c, parameter), &unknown) != OK)
			return wrong_name(c, parameter, list, unknown);
	}
	return OK;
}

enum err data_begin(struct call *c, struct data_answer *a, bool users)
{
	struct xfields fields;

	*a = (struct data_answer){.users = users, .errors = {.max = LIMIT_MIB}};
	TRY(read_fields(c, users, &fields));
	xanswer_begin(&a->x, c->core, c->db, c->arena, c->licence, &fields);
	return OK;
}

void data_end(struct data_answer *a)
{
	xanswer_end(&a->x);
	buf_release(&a->errors);
}

void data_missing(struct data_answer *a, const char *resource, const char *parameter, struct view value)
{
	struct jw j = jw_to(&a->errors);
	char words[256];

	snprintf(words, sizeof(words), "Could not find %s with %s: [%.*s].", resource, parameter, VIEW_ARG(value));
	j.comma = a->errors.len > 0;
	jw_object(&j);
	jw_kv_str(&j, "value", value);
	jw_kv_cstr(&j, "detail", words);
	jw_kv_cstr(&j, "title", "Not Found Error");
	jw_kv_cstr(&j, "resource_type", resource);
	jw_kv_cstr(&j, "parameter", parameter);
	jw_kv_str(&j, "resource_id", value);
	jw_kv_cstr(&j, "type", NOT_FOUND_TYPE);
	jw_object_end(&j);
}

/* ---- paying ---- */

/* RFC 9110 13.1.2: a list, weak comparison; "*" is not for answers that are paid for. */
static bool among(struct view list, struct view tag)
{
	struct view piece;

	while (view_split(&list, ',', &piece)) {
		piece = view_trim(piece);
		if (view_starts(piece, V("W/")))
			piece = view_sub(piece, 2, piece.len);
		if (view_eq(piece, tag))
			return true;
	}
	return false;
}

static struct view etag(struct call *c, const struct data_answer *a, uint64_t more)
{
	return arena_printf(c->arena, "\"%016" PRIx64 "%" PRIx64 "\"", xanswer_stamp(&a->x), more);
}

static enum err pay_kind(struct call *c, enum data_endpoint endpoint, enum ledger_kind kind, struct ledger_item *items,
			 size_t n, bool cut, size_t *ret_granted)
{
	*ret_granted = 0;
	return n ? call_deliver(c, endpoint, kind, items, n, cut, ret_granted) : OK;
}

enum err data_pay(struct call *c, struct data_answer *a, enum data_endpoint endpoint, bool cut, uint64_t more)
{
	struct view known = http_header(c->x, "If-None-Match");
	size_t n_posts, n_users, posts, users;

	if (known.len) {
		TRY(xanswer_close_whole(&a->x));
		struct view now = etag(c, a, more);
		if (among(known, now)) {
			call_header(c, "ETag", now);
			a->unchanged = true;
			c->status = 304;
			return OK;
		}
	}
	struct ledger_item *post_items = xanswer_posts(&a->x, &n_posts), *user_items = xanswer_users(&a->x, &n_users);
	TRY(pay_kind(c, endpoint, LEDGER_USERS, user_items, n_users, cut, &users));
	TRY(pay_kind(c, endpoint, LEDGER_POSTS, post_items, n_posts, cut, &posts));
	TRY(xanswer_close(&a->x, posts, users));
	call_header(c, "ETag", etag(c, a, more));
	return OK;
}

/* ---- writing ---- */

static void write_data(struct data_answer *a, enum data_shape shape, struct jw *j)
{
	size_t n = a->users ? a->x.granted_users : a->x.n_data;

	if (!n)
		return;
	jw_key(j, "data");
	if (shape == DATA_LIST && a->users)
		xanswer_write_users(&a->x, j);
	else if (shape == DATA_LIST)
		xanswer_write_posts(&a->x, j);
	else if (a->users)
		xanswer_write_user(&a->x, j);
	else
		xanswer_write_post(&a->x, j);
}

static void add_missing_references(struct data_answer *a)
{
	for (size_t i = 0; i < a->x.n_missing; i++) {
		char id[24];

		snprintf(id, sizeof(id), "%" PRId64, a->x.missing[i].id);
		data_missing(a, "tweet", a->x.missing[i].parameter, view_of(id));
	}
}

void data_write_errors(struct call *c, const struct data_answer *a)
{
	if (!a->errors.len)
		return;
	jw_key(&c->json, "errors");
	jw_array(&c->json);
	jw_raw(&c->json, buf_view(&a->errors));
	jw_array_end(&c->json);
}

void data_write(struct call *c, struct data_answer *a, enum data_shape shape, bool open)
{
	struct jw *j = &c->json;

	add_missing_references(a);
	jw_object(j);
	write_data(a, shape, j);
	xanswer_write_includes(&a->x, j);
	data_write_errors(c, a);
	if (!open)
		jw_object_end(j);
}

/*
 * collections.c - accounts that somebody recommends together (Mastodon: methods/collections).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/collections.h"
#include "present/collection.h"

#define PAGE_MAX 80

/* {"collection": …} */
static enum err answer_wrapped(struct call *c, const struct collection *col)
{
	struct present p = call_presenter(c);

	jw_object(&c->json);
	jw_key(&c->json, "collection");
	TRY(present_collection(&p, col, &c->json));
	jw_object_end(&c->json);
	return OK;
}

/* {"collections": […]} and the pages beside this one. */
static enum err answer_page(struct call *c, struct collection_query q)
{
	struct present p = call_presenter(c);
	struct collection *list = ARENA_ARRAY(c->arena, PAGE_MAX + 1, struct collection);
	size_t n = 0, limit = (size_t)arg_int(c, "limit");

	q.limit = limit + 1;
	q.offset = (size_t)arg_int(c, "offset");
	TRY(collections_load(c->db, c->arena, &q, list, &n));
	call_link_offset(c, q.offset, limit, n > limit);
	jw_object(&c->json);
	jw_key(&c->json, "collections");
	jw_array(&c->json);
	for (size_t i = 0; i < n && i < limit; i++)
		TRY(present_collection(&p, &list[i], &c->json));
	jw_array_end(&c->json);
	jw_object_end(&c->json);
	return OK;
}

static enum err answer_no_page(struct call *c)
{
	jw_object(&c->json);
	jw_key(&c->json, "collections");
	TRY(answer_none(c));
	jw_object_end(&c->json);
	return OK;
}

/* --- reading --- */

static bool blocks_viewer(const struct call *c, struct account_id who)
{
	return idset_has(&c->viewer->blocked_by, (uint64_t)who.v);
}

static enum err of_account(struct call *c)
{
	struct account_id whose = arg_account(c, "id");

	if (blocks_viewer(c, whose))
		return answer_no_page(c);
	return answer_page(c,
			   (struct collection_query){.owner = whose, .listed = !account_eq(whose, c->viewer->account)});
}

static enum err with_account(struct call *c)
{
	struct account_id who = arg_account(c, "id");

	if (!account_eq(who, c->auth.account))
		return ERR_FORBIDDEN;
	return answer_page(c, (struct collection_query){.member = who});
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);
	struct collection col;

	TRY(collection_load(c->db, c->arena, arg_id(c, "id"), &col));
	if (blocks_viewer(c, col.owner))
		return ERR_FORBIDDEN;
	return present_collection_with_accounts(&p, &col, &c->json);
}

/* --- one's own --- */

static enum err load_own(struct call *c, struct collection *ret)
{
	struct collection col;

	TRY(collection_load(c->db, c->arena, arg_id(c, "id"), &col));
	if (!account_eq(col.owner, c->auth.account))
		return ERR_FORBIDDEN;
	*ret = col;
	return OK;
}

static void read_fields(struct call *c, struct collection *col)
{
	const struct {
		const char *name;
		struct view *to;
	} texts[] = {{"name", &col->name},
		     {"description", &col->description},
		     {"language", &col->language},
		     {"tag_name", &col->tag}};
	const struct {
		const char *name;
		bool *to;
	} flags[] = {{"sensitive", &col->sensitive}, {"discoverable", &col->discoverable}};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (arg_given(c, texts[i].name))
			*texts[i].to = arg_str(c, texts[i].name);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (arg_given(c, flags[i].name))
			*flags[i].to = arg_bool(c, flags[i].name);
}

static enum err create(struct call *c)
{
	struct collection col = {.owner = c->auth.account};
	const int64_t *ids;
	size_t n = arg_ids(c, "account_ids[]", &ids);
	struct account_id *members = ARENA_ARRAY(c->arena, n, struct account_id);

	for (size_t i = 0; i < n; i++)
		members[i].v = ids[i];
	read_fields(c, &col);
	TRY(collection_create(c->core, c->db, c->arena, &col, members, n, &c->problem));
	return answer_wrapped(c, &col);
}

static enum err update(struct call *c)
{
	struct collection col;

	TRY(load_own(c, &col));
	read_fields(c, &col);
	TRY(collection_update(c->core, c->arena, &col, &c->problem));
	return answer_wrapped(c, &col);
}

static enum err delete_one(struct call *c)
{
	struct collection col;

	TRY(load_own(c, &col));
	TRY(collection_delete(c->core, col.owner, col.id));
	return answer_empty(c);
}

static enum err add(struct call *c)
{
	struct collection col;
	struct collection_item item;

	TRY(load_own(c, &col));
	if (!arg_given(c, "account_id"))
		return call_fail(c, ERR_UNPROCESSABLE, "`account_id` parameter is missing");
	TRY(collection_add(c->core, c->db, &col, arg_account(c, "account_id"), &item, &c->problem));
	jw_object(&c->json);
	jw_key(&c->json, "collection_item");
	present_collection_item(&item, &c->json);
	jw_object_end(&c->json);
	return OK;
}

static enum err remove_one(struct call *c)
{
	struct collection col;

	TRY(load_own(c, &col));
	TRY(collection_remove(c->core, col.owner, col.id, arg_id(c, "item")));
	return answer_empty(c);
}

static enum err leave(struct call *c)
{
	TRY(collection_leave(c->core, c->auth.account, arg_id(c, "id"), arg_id(c, "item")));
	return answer_empty(c);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of the collection."}
#define ITEM {.name = "item", .type = PARAM_ID, .required = true, .doc = "Id of the CollectionItem."}
#define NAME .name = "name", .type = PARAM_STRING, .max = 2048, .doc = "What it is called, at most 40 characters."
#define FIELDS                                                                                                         \
	{.name = "description", .type = PARAM_STRING, .max = 4096, .doc = "What it is, at most 100 characters."},      \
	{.name = "language", .type = PARAM_STRING, .max = 35, .doc = "Language of both (ISO 639)."},                   \
	{.name = "tag_name", .type = PARAM_STRING, .doc = "A hashtag that says what it is about; empty for none."},    \
	{.name = "sensitive", .type = PARAM_BOOL, .doc = "What they post may not be for everybody."},                  \
	{                                                                                                              \
		.name = "discoverable", .type = PARAM_BOOL, .doc = "Listed on one's profile, and not only known by id." \
	}
#define PAGE                                                                                                           \
	{.name = "id", .type = PARAM_ACCOUNT, .required = true, .doc = "Id of the account."},                          \
	{.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = PAGE_MAX, .fallback = 40,                 \
	 .doc = "How many."},                                                                                          \
	{                                                                                                              \
		.name = "offset", .type = PARAM_INT, .clamp = true, .min = 0, .max = 10000, .doc = "How many to skip." \
	}
#define READ                                                                                                           \
	.method = HTTP_GET, .scope = SCOPE_READ_COLLECTIONS, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE
#define WRITE                                                                                                          \
	.auth = AUTH_USER, .scope = SCOPE_WRITE_COLLECTIONS, .rate = RATE_DEFAULT, .meter = METER_FREE,                \
	.body = BODY_FIELDS, .run = RUN_WORKER
#define UPDATE                                                                                                         \
	WRITE, .path = "/api/v1/collections/:id", .handle = update, .params = PARAMS(ID, {NAME}, FIELDS),              \
	       .reply = "WrappedCollection",                                                                           \
	       .doc = "Change a collection of one's own. What is not named stays; who is in it hears of a new name or " \
		      "description."

const struct endpoint api_collections[] = {
	{READ, .path = "/api/v1/accounts/:id/collections", .handle = of_account, .auth = AUTH_OPTIONAL,
	 .params = PARAMS(PAGE), .reply = "Collections",
	 .doc = "Collections of an account, newest first; others see those that are discoverable. Pages are in the Link "
		"header."},
	{READ, .path = "/api/v1/accounts/:id/in_collections", .handle = with_account, .auth = AUTH_USER,
	 .params = PARAMS(PAGE), .reply = "Collections", .doc = "Collections one is in; of one's own account only."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/collections", .handle = create,
	 .params = PARAMS({NAME, .required = true}, FIELDS,
			  {.name = "account_ids[]", .type = PARAM_IDS, .doc = "Who is in it, at most 25."}),
	 .reply = "WrappedCollection", .doc = "Make a collection. Accounts that are not discoverable cannot be in it."},
	{READ, .path = "/api/v1/collections/:id", .handle = show, .auth = AUTH_OPTIONAL, .params = PARAMS(ID),
	 .reply = "CollectionWithAccounts", .doc = "A collection, and the accounts it names."},
	{UPDATE, .method = HTTP_PATCH},
	{UPDATE, .method = HTTP_PUT},
	{WRITE, .method = HTTP_DELETE, .path = "/api/v1/collections/:id", .handle = delete_one, .params = PARAMS(ID),
	 .reply = "{}", .doc = "Delete a collection of one's own."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/collections/:id/items", .handle = add,
	 .params = PARAMS(ID, {.name = "account_id", .type = PARAM_ACCOUNT, .doc = "Id of a discoverable account."}),
	 .reply = "WrappedCollectionItem", .doc = "Put an account into a collection of one's own; it is told."},
	{WRITE, .method = HTTP_DELETE, .path = "/api/v1/collections/:id/items/:item", .handle = remove_one,
	 .params = PARAMS(ID, ITEM), .reply = "{}", .doc = "Take an account out of a collection of one's own."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/collections/:id/items/:item/revoke", .handle = leave,
	 .params = PARAMS(ID, ITEM), .reply = "{}",
	 .doc = "Leave somebody's collection, and do not be put into it again."},
	ENDPOINTS_END};

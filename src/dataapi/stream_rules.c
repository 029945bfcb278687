/*
 * stream_rules.c - the rules of an app's filtered streams (X API v2, "Add or delete rules", "Retrieve rules"). What can be
 * taken of a call is taken, the rest is listed in errors.
 */
#include "base/base.h"
#include "dataapi/groups.h"

#include "base/clock.h"
#include "base/id.h"
#include "dataapi/lookup.h"
#include "dataapi/rule_body.h"
#include "dataapi/rule_store.h"
#include "dataapi/streams.h"
#include "gate/call.h"

#define RULES_IDS_MAX 1000
#define RULES_TOKEN_LEN 16
#define TYPE(name) "https://api.x.com/2/problems/" name

/* One rule of a call, and what became of it. */
struct change {
	struct stream_rule rule;
	bool valid, done;
	int64_t taken; /* id of the rule that has this value already */
	char why[256];
	bool by_id; /* of what is to be deleted: named by its id */
};

struct changes {
	const struct licence *licence;
	struct change *list;
	size_t n;
	int64_t now;
	int64_t too_many; /* so many were there, and these would be more than the plan allows; 0: they fit */
};

/* ---- add ---- */

static void check_rule(struct call *c, struct change *ch)
{
	struct query_limits limits = {QUERY_STREAM, (size_t)c->licence->plan.query_chars};
	const struct query *q;
	struct problem problem = {0};

	ch->valid = query_parse(c->arena, ch->rule.value, &limits, &q, &problem) == OK;
	if (ch->valid && ch->rule.tag.len > RULE_TAG_MAX) {
		ch->valid = false;
		snprintf(problem.text, sizeof(problem.text), "the tag has %zu bytes, at most %d are kept",
			 ch->rule.tag.len, RULE_TAG_MAX);
	}
	if (!ch->valid)
		snprintf(ch->why, sizeof(ch->why), "%s", problem.text);
}

static enum err read_rules(struct call *c, const json_t *list, struct changes *ret)
{
	struct named_rule *rules;

	TRY(rule_body_add(c->arena, list, &rules, &ret->n, &c->problem));
	ret->list = ARENA_ARRAY(c->arena, ret->n, struct change);
	for (size_t i = 0; i < ret->n; i++) {
		ret->list[i].rule = (struct stream_rule){id_next(), rules[i].value, rules[i].tag};
		check_rule(c, &ret->list[i]);
	}
	return OK;
}

/* Counted where it is written, so that two calls at once cannot both take the last place. */
static enum err check_room(struct db *tx, struct changes *all, size_t added)
{
	int64_t n;

	all->too_many = 0;
	if (!added)
		return OK;
	TRY(stream_rules_count(tx, all->licence, &n));
	if (n <= all->licence->plan.rules)
		return OK;
	all->too_many = n - (int64_t)added;
	return ERR_FORBIDDEN;
}

static enum err write_rules(struct db *tx, void *arg)
{
	struct changes *all = arg;
	size_t added = 0;

	TRY(stream_rules_hold(tx, all->licence));
	for (size_t i = 0; i < all->n; i++) {
		struct change *ch = &all->list[i];
		enum err err;

		ch->done = false;
		ch->taken = 0;
		if (!ch->valid)
			continue;
		err = stream_rule_add(tx, all->licence, &ch->rule, all->now, &ch->taken);
		if (err != OK && err != ERR_CONFLICT)
			return err;
		ch->done = err == OK;
		added += ch->done;
	}
	return check_room(tx, all, added);
}

static void write_rule(struct jw *j, const struct stream_rule *rule)
{
	jw_object(j);
	jw_kv_str(j, "value", rule->value);
	if (rule->tag.len)
		jw_kv_str(j, "tag", rule->tag);
	jw_kv_id(j, "id", rule->id);
	jw_object_end(j);
}

static void write_refused(struct jw *j, const struct change *ch)
{
	jw_object(j);
	jw_kv_str(j, "value", ch->rule.value);
	if (ch->taken) {
		jw_kv_id(j, "id", ch->taken);
		jw_kv_str(j, "title", V("DuplicateRule"));
		jw_kv_str(j, "type", V(TYPE("duplicate-rules")));
	} else {
		jw_key(j, "details");
		jw_array(j);
		jw_cstr(j, ch->why);
		jw_array_end(j);
		jw_kv_str(j, "title", V("UnprocessableEntity"));
		jw_kv_str(j, "type", V(TYPE("invalid-rules")));
	}
	jw_object_end(j);
}

static void write_meta(struct jw *j, const char *done, const char *not_done, size_t n_done, size_t n_not, bool adding)
{
	jw_key(j, "meta");
	jw_object(j);
	jw_kv_time(j, "sent", clock_now());
	jw_key(j, "summary");
	jw_object(j);
	jw_kv_int(j, done, (int64_t)n_done);
	jw_kv_int(j, not_done, (int64_t)n_not);
	if (adding) {
		jw_kv_int(j, "valid", (int64_t)n_done);
		jw_kv_int(j, "invalid", (int64_t)n_not);
	}
	jw_object_end(j);
	jw_object_end(j);
}

static void write_added(struct call *c, const struct changes *all)
{
	size_t done = 0;

	jw_object(&c->json);
	for (size_t i = 0; i < all->n; i++)
		done += all->list[i].done;
	if (done) {
		jw_key(&c->json, "data");
		jw_array(&c->json);
		for (size_t i = 0; i < all->n; i++)
			if (all->list[i].done)
				write_rule(&c->json, &all->list[i].rule);
		jw_array_end(&c->json);
	}
	write_meta(&c->json, "created", "not_created", done, all->n - done, true);
	if (done < all->n) {
		jw_key(&c->json, "errors");
		jw_array(&c->json);
		for (size_t i = 0; i < all->n; i++)
			if (!all->list[i].done)
				write_refused(&c->json, &all->list[i]);
		jw_array_end(&c->json);
	}
	jw_object_end(&c->json);
	c->status = done ? 201 : 200;
}

/* A try leaves nothing: what would be created is valid, and not there yet. */
static enum err try_rules(struct call *c, struct changes *all, const struct stream_rule *have, size_t n_have)
{
	size_t added = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct change *ch = &all->list[i];

		for (size_t k = 0; k < n_have && ch->valid; k++)
			if (view_eq(have[k].value, ch->rule.value))
				ch->taken = have[k].id;
		ch->done = ch->valid && !ch->taken;
		added += ch->done;
	}
	if (added == 0 || n_have + added <= (size_t)c->licence->plan.rules)
		return OK;
	all->too_many = (int64_t)n_have;
	return ERR_FORBIDDEN;
}

static enum err add_or_try(struct call *c, struct changes *all)
{
	struct stream_rule *have;
	size_t n_have;

	if (!arg_bool(c, "dry_run"))
		return store_write(c->core->store, write_rules, all);
	TRY(stream_rules_list(c->db, c->arena, c->licence, &have, &n_have));
	return try_rules(c, all, have, n_have);
}

static enum err add_rules(struct call *c, const json_t *list)
{
	struct changes all = {.licence = c->licence, .now = clock_now()};
	enum err err;

	TRY(read_rules(c, list, &all));
	err = add_or_try(c, &all);
	if (err == ERR_FORBIDDEN && all.too_many) {
		c->refusal = (struct meter_refusal){"rules", c->licence->plan.rules, all.too_many, 0};
		return call_fail(c, ERR_FORBIDDEN, "the plan \"%s\" allows %d rules, and %" PRId64 " are there",
				 c->licence->plan.name, c->licence->plan.rules, all.too_many);
	}
	TRY(err);
	if (!arg_bool(c, "dry_run"))
		data_streams_rules_changed(c->core->data_streams, c->licence->app);
	write_added(c, &all);
	return OK;
}

/* ---- delete ---- */

/* Rules to delete are named by id, or by value. */
static enum err find_named(struct call *c, const json_t *named, const struct stream_rule *have, size_t n_have,
			   struct changes *ret)
{
	struct named_rule *rules;

	TRY(rule_body_delete(c->arena, named, &rules, &ret->n, &c->problem));
	ret->list = ARENA_ARRAY(c->arena, ret->n, struct change);
	for (size_t i = 0; i < ret->n; i++) {
		struct change *ch = &ret->list[i];

		*ch = (struct change){.rule = {.id = rules[i].id, .value = rules[i].value}, .by_id = rules[i].id != 0};
		for (size_t k = 0; !ch->by_id && k < n_have; k++)
			if (view_eq(have[k].value, ch->rule.value))
				ch->rule.id = have[k].id;
	}
	return OK;
}

static enum err remove_rules(struct db *tx, void *arg)
{
	struct changes *all = arg;

	for (size_t i = 0; i < all->n; i++)
		TRY(stream_rule_delete(tx, all->licence, all->list[i].rule.id, &all->list[i].done));
	return OK;
}

/* As X says it: a wrong parameter. */
static void write_absent(struct jw *j, const struct change *ch)
{
	jw_object(j);
	jw_key(j, "errors");
	jw_array(j);
	jw_object(j);
	jw_kv_str(j, "message", V("Rule does not exist"));
	jw_key(j, "parameters");
	jw_object(j);
	jw_key(j, ch->by_id ? "ids" : "values");
	jw_array(j);
	jw_str(j, ch->rule.value);
	jw_array_end(j);
	jw_object_end(j);
	jw_object_end(j);
	jw_array_end(j);
	jw_kv_str(j, "title", V("Invalid Request"));
	jw_kv_str(j, "detail", V("One or more parameters to your request was invalid."));
	jw_kv_str(j, "type", V(TYPE("invalid-request")));
	jw_object_end(j);
}

static void write_deleted(struct call *c, const struct changes *all)
{
	size_t done = 0;

	for (size_t i = 0; i < all->n; i++)
		done += all->list[i].done;
	jw_object(&c->json);
	write_meta(&c->json, "deleted", "not_deleted", done, all->n - done, false);
	if (done < all->n) {
		jw_key(&c->json, "errors");
		jw_array(&c->json);
		for (size_t i = 0; i < all->n; i++) {
			if (all->list[i].done)
				continue;
			write_absent(&c->json, &all->list[i]);
		}
		jw_array_end(&c->json);
	}
	jw_object_end(&c->json);
}

/* A try: what would be deleted is there. */
static void try_removal(struct changes *all, const struct stream_rule *have, size_t n_have)
{
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < n_have; k++)
			all->list[i].done |= have[k].id == all->list[i].rule.id;
}

static enum err delete_these(struct call *c, struct changes *all, const struct stream_rule *have, size_t n_have)
{
	if (arg_bool(c, "dry_run")) {
		try_removal(all, have, n_have);
	} else {
		TRY(store_write(c->core->store, remove_rules, all));
		data_streams_rules_changed(c->core->data_streams, c->licence->app);
	}
	write_deleted(c, all);
	return OK;
}

static enum err delete_rules(struct call *c, const json_t *named)
{
	struct changes all = {.licence = c->licence};
	struct stream_rule *have;
	size_t n_have;

	TRY(stream_rules_list(c->db, c->arena, c->licence, &have, &n_have));
	TRY(find_named(c, named, have, n_have, &all));
	return delete_these(c, &all, have, n_have);
}

/* X's delete_all: every rule of the app. */
static enum err delete_all_rules(struct call *c)
{
	struct changes all = {.licence = c->licence};
	struct stream_rule *have;

	TRY(stream_rules_list(c->db, c->arena, c->licence, &have, &all.n));
	all.list = ARENA_ARRAY(c->arena, all.n, struct change);
	for (size_t i = 0; i < all.n; i++)
		all.list[i] = (struct change){.rule = have[i], .by_id = true};
	return delete_these(c, &all, have, all.n);
}

static enum err change_rules(struct call *c)
{
	const json_t *add = arg_tree(c, "add"), *remove = arg_tree(c, "delete");

	if (!c->core->data_streams)
		return ERR_UNAVAILABLE;
	if (arg_bool(c, "delete_all") && !add && !remove)
		return delete_all_rules(c);
	if (arg_bool(c, "delete_all"))
		return call_wrong(c, "delete_all", V("true"),
				  "`delete_all` deletes every rule, so the body names none");
	if (json_is_array(add) && !remove)
		return add_rules(c, add);
	if (json_is_object(remove) && !add)
		return delete_rules(c, remove);
	return call_fail(c, ERR_INVALID, "the body is {\"add\": [...]} or {\"delete\": {...}}, one of them");
}

/* ---- list ---- */

static bool is_asked_for(struct call *c, const struct stream_rule *rule)
{
	struct view rest = arg_str(c, "ids"), id;
	int64_t n;

	if (!rest.len)
		return true;
	while (view_split(&rest, ',', &id))
		if (parse_i64(view_trim(id), 1, INT64_MAX, &n) && n == rule->id)
			return true;
	return false;
}

/* Rules up to this id were on the pages before. 16 digits, as X has it; of its base32hex these are a part. */
static enum err read_rules_token(struct call *c, int64_t *ret)
{
	struct view text = arg_str(c, "pagination_token");
	uint64_t id = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *digits = "0123456789abcdef", *digit = memchr(digits, text.p[i], 16);

		if (!digit || text.len != RULES_TOKEN_LEN)
			return call_wrong(c, "pagination_token", text,
					  "The `pagination_token` query parameter value [%.*s] is not valid",
					  VIEW_ARG(text));
		id = id << 4 | (uint64_t)(digit - digits);
	}
	*ret = (int64_t)(id & INT64_MAX);
	return OK;
}

static enum err list_rules(struct call *c)
{
	struct stream_rule *list;
	size_t n, shown = 0, most = (size_t)arg_int(c, "max_results"), i;
	int64_t behind = 0;

	TRY(read_rules_token(c, &behind));
	TRY(stream_rules_list(c->db, c->arena, c->licence, &list, &n));
	jw_object(&c->json);
	for (i = 0; i < n && shown < most; i++) {
		if (list[i].id <= behind || !is_asked_for(c, &list[i]))
			continue;
		if (shown++ == 0) {
			jw_key(&c->json, "data");
			jw_array(&c->json);
		}
		write_rule(&c->json, &list[i]);
	}
	if (shown)
		jw_array_end(&c->json);
	jw_key(&c->json, "meta");
	jw_object(&c->json);
	jw_kv_time(&c->json, "sent", clock_now());
	jw_kv_int(&c->json, "result_count", (int64_t)shown);
	while (i < n && !is_asked_for(c, &list[i]))
		i++;
	if (i < n)
		jw_kv_str(&c->json, "next_token", arena_printf(c->arena, "%016" PRIx64, (uint64_t)list[i].id - 1));
	jw_object_end(&c->json);
	jw_object_end(&c->json);
	return OK;
}

const struct endpoint data_stream_rules[] = {
	{.method = HTTP_GET,
	 .path = "/2/tweets/search/stream/rules",
	 .handle = list_rules,
	 .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_STREAM,
	 .meter = METER_FREE,
	 .run = RUN_INLINE,
	 .kind = REPLY_JSON,
	 .params = PARAMS({.name = "ids",
			   .max = RULES_IDS_MAX * 20,
			   .commas = RULES_IDS_MAX,
			   .pattern = DATA_ID_PATTERN,
			   .doc = "Only these, with commas between."},
			  {.name = "max_results",
			   .type = PARAM_INT,
			   .min = 1,
			   .max = 1000,
			   .fallback = 1000,
			   .doc = "How many."},
			  {.name = "pagination_token",
			   .max = RULES_TOKEN_LEN,
			   .pattern = "^[0-9a-f]{16}$",
			   .doc = "next_token of the page before."}),
	 .reply = "StreamRules",
	 .doc = "The rules of the app's filtered streams."},
	{.method = HTTP_POST,
	 .path = "/2/tweets/search/stream/rules",
	 .handle = change_rules,
	 .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_STREAM,
	 .meter = METER_FREE,
	 .body = BODY_FIELDS,
	 .run = RUN_WORKER,
	 .kind = REPLY_JSON,
	 .creates = true,
	 .params = PARAMS({.name = "add", .type = PARAM_TREE, .shape = "[NewRule]", .doc = "Rules to add: [{\"value\", \"tag\"}]."},
			  {.name = "delete",
			   .type = PARAM_TREE,
			   .shape = "RulesToDelete",
			   .doc = "Rules to delete: {\"ids\": [...]} or {\"values\": [...]}."},
			  {.name = "delete_all",
			   .type = PARAM_BOOL,
			   .in_query = true,
			   .doc = "Delete every rule of the app; the body is empty then."},
			  {.name = "dry_run", .type = PARAM_BOOL, .in_query = true, .doc = "Say what would happen, and change nothing."}),
	 .reply = "StreamRules",
	 .doc = "Adds or deletes rules of the app's filtered streams."},
	ENDPOINTS_END,
};

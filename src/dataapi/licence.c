/*
 * licence.c - what a key allows, and what reading would cost: ours, X has neither.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/id.h"
#include "dataapi/groups.h"
#include "gate/call.h"
#include "meter/plan_fields.h"

#define READS_MAX 1000000000

static void write_index(struct jw *j, const char *key, int64_t index)
{
	jw_key(j, key);
	if (index >= 0)
		jw_int(j, index);
	else
		jw_null(j);
}

/* Posts that never come, at random (docs/design/withholding.md), and which records of the ledger fix them beforehand. */
static void write_withheld(const struct licence *l, struct jw *j)
{
	struct withhold_terms terms = withhold_set_terms(l->withhold, (struct post_id){id_at(clock_now())});

	jw_key(j, "withheld");
	jw_object(j);
	jw_kv_int(j, "ppm", terms.ppm);
	jw_kv_int(j, "everybody_ppm", terms.everybody_ppm);
	jw_kv_int(j, "generation", terms.generation);
	write_index(j, "ledger_index", terms.committed);
	write_index(j, "everybody_ledger_index", terms.everybody_committed);
	jw_object_end(j);
}

static enum err show(struct call *c)
{
	const struct licence *l = c->licence;
	struct jw *j = &c->json;

	jw_object(j);
	jw_key(j, "data");
	jw_object(j);
	jw_kv_id(j, "licensee_id", l->licensee);
	jw_kv_cstr(j, "licensee", l->licensee_name);
	jw_kv_id(j, "project_id", l->project);
	jw_kv_cstr(j, "project", l->project_name);
	jw_kv_id(j, "app_id", l->app);
	jw_kv_cstr(j, "app", l->app_name);
	jw_kv_id(j, "key_id", l->key);
	jw_kv_time(j, "expires_at", l->expires_ms);
	jw_kv_id(j, "terms", l->plan.id);
	jw_kv_time(j, "plan_since", l->plan_since_ms);
	jw_key(j, "plan");
	jw_object(j);
	plan_write(&l->plan, j);
	jw_object_end(j);
	write_withheld(l, j);
	jw_object_end(j);
	jw_object_end(j);
	return OK;
}

/* One kind of reads; *cost is added to. allowed becomes false when they are not to be had. */
static enum err quote_kind(struct call *c, enum ledger_kind kind, const char *param, struct meter_cost *sum,
			   bool *allowed)
{
	struct meter_cost cost = {0};
	struct meter_refusal why = {0};
	struct problem problem = {0};
	int64_t n = arg_int(c, param);

	if (!n)
		return OK;
	enum err err = meter_quote(c->core->meter, c->db, c->licence, kind, (size_t)n, &cost, &why, &problem);
	if (err == ERR_PAYMENT) {
		*allowed = false;
		c->refusal = why;
		c->problem = problem;
		return OK;
	}
	TRY(err);
	sum->micro += cost.micro;
	sum->charged += cost.charged;
	return OK;
}

static void write_refusal(struct call *c, struct jw *j)
{
	jw_key(j, "refusal");
	if (!c->refusal.what) {
		jw_null(j);
		return;
	}
	jw_object(j);
	jw_kv_cstr(j, "what", c->refusal.what);
	jw_kv_cstr(j, "detail", c->problem.text);
	jw_kv_int(j, "limit", c->refusal.limit);
	jw_kv_int(j, "used", c->refusal.used);
	jw_kv_time(j, "reset", c->refusal.reset_ms);
	jw_object_end(j);
}

static enum err quote(struct call *c)
{
	struct meter_cost sum = {0}, now = {0};
	struct meter_refusal why = {0};
	struct jw *j = &c->json;
	bool allowed = true;

	if (!c->core->meter)
		return ERR_UNAVAILABLE;
	TRY(meter_quote(c->core->meter, c->db, c->licence, LEDGER_POSTS, 0, &now, &why, &c->problem));
	TRY(quote_kind(c, LEDGER_POSTS, "posts", &sum, &allowed));
	TRY(quote_kind(c, LEDGER_USERS, "users", &sum, &allowed));
	if (allowed && c->licence->plan.prepaid && sum.micro > now.balance_micro)
		allowed = false;
	jw_object(j);
	jw_key(j, "data");
	jw_object(j);
	jw_kv_int(j, "posts", arg_int(c, "posts"));
	jw_kv_int(j, "users", arg_int(c, "users"));
	jw_kv_bool(j, "allowed", allowed);
	jw_kv_int(j, "cost_micro", sum.micro);
	jw_key(j, "balance_micro");
	if (c->licence->plan.prepaid)
		jw_int(j, now.balance_micro);
	else
		jw_null(j);
	jw_key(j, "month_remaining");
	if (now.month_left >= 0)
		jw_int(j, now.month_left);
	else
		jw_null(j);
	write_refusal(c, j);
	jw_object_end(j);
	jw_object_end(j);
	return OK;
}

#define ROW .auth = AUTH_LICENSEE, .rate = RATE_DATA_ACCOUNT, .meter = METER_FREE
#define READS(param, what)                                                                                             \
	{                                                                                                              \
		.name = (param), .type = PARAM_INT, .max = READS_MAX,                                                  \
		.doc = "How many " what " that were not read today before."                                            \
	}

const struct endpoint data_licence[] = {
	{ROW, .method = HTTP_GET, .path = "/2/licence", .handle = show, .run = RUN_INLINE, .reply = "DataLicence",
	 .doc = "What the key that asks allows: its licensee, project and app, the plan with every field, and how many of a million posts are withheld."},
	{ROW, .method = HTTP_POST, .path = "/2/quote", .handle = quote, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(READS("posts", "posts"), READS("users", "users")), .reply = "Quote",
	 .doc = "What so many reads would cost now, and whether they are to be had. Reserves nothing."},
	ENDPOINTS_END};

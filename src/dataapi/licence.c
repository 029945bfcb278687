/*
 * licence.c - what a key allows: ours, X has nothing like it.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/id.h"
#include "dataapi/groups.h"
#include "gate/call.h"
#include "meter/plan_fields.h"

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

const struct endpoint data_licence[] = {
	{.method = HTTP_GET, .path = "/2/licence", .handle = show, .auth = AUTH_LICENSEE, .rate = RATE_DATA_ACCOUNT,
	 .meter = METER_FREE, .run = RUN_INLINE, .reply = "DataLicence",
	 .doc = "What the key that asks allows: its licensee, project and app, the plan with every field, and how many of a million posts are withheld."},
	ENDPOINTS_END};

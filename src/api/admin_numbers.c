/*
 * admin_numbers.c - how the server fares, for those who see its dashboard (Mastodon: methods/admin/measures, dimensions,
 * retention).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/clock.h"
#include "core/roles.h"
#include "core/tag_rules.h"
#include "moderation/server_blocks.h"
#include "present/admin_numbers.h"

#define USUAL_DAYS 30 /* of a period of which an end is left out */

static enum err asked_period(struct call *c, struct period *ret)
{
	int64_t end = arg_given(c, "end_at") ? arg_int(c, "end_at") : clock_now();
	int64_t usual = end - (USUAL_DAYS - 1) * CLOCK_DAY_MS;
	int64_t start = arg_given(c, "start_at") ? arg_int(c, "start_at") : usual > 0 ? usual : 0;

	return period_check(start, end, ret, &c->problem);
}

/* Of keys[], those there are; each once, however often it is asked for. What nobody knows is left out. */
static size_t asked_keys(struct call *c, const char *(*name)(size_t key), size_t n_keys, size_t *ret)
{
	const struct view *words;
	size_t n_words = arg_strings(c, "keys[]", &words), n = 0;

	for (size_t i = 0; i < n_words; i++)
		for (size_t key = 0; key < n_keys; key++) {
			bool asked = !view_is(words[i], name(key));

			for (size_t k = 0; k < n && !asked; k++)
				asked = ret[k] == key;
			if (!asked)
				ret[n++] = key;
		}
	return n;
}

static enum err tag_of(struct call *c, const char *param, struct view *ret)
{
	struct tag_rules rules;

	TRY(tag_rules_load(c->db, c->arena, arg_id(c, param), &rules));
	*ret = rules.name;
	return OK;
}

/* The parameter of its own that a key has: "tag_uses[id]". */
static enum err asked_subject(struct call *c, const char *key, enum subject subject, struct view *ret)
{
	char param[64];

	*ret = V("");
	if (subject == SUBJECT_NONE)
		return OK;
	snprintf(param, sizeof(param), "%s[%s]", key, subject == SUBJECT_TAG ? "id" : "domain");
	if (!arg_given(c, param))
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: %s can't be blank", param);
	if (subject == SUBJECT_TAG)
		return tag_of(c, param, ret);
	return domain_normalise(c->arena, arg_str(c, param), ret, &c->problem);
}

static const char *measure_name(size_t key)
{
	return measure_kinds[key].name;
}

static enum err measures(struct call *c)
{
	struct measure *m = ARENA_ARRAY(c->arena, 1, struct measure);
	size_t keys[MEASURES], n = asked_keys(c, measure_name, MEASURES, keys);
	struct period p;

	TRY(asked_period(c, &p));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		enum measure_key key = (enum measure_key)keys[i];
		struct view subject;

		TRY(asked_subject(c, measure_kinds[key].name, measure_kinds[key].subject, &subject));
		TRY(measure_read(c->db, key, &p, subject, m));
		present_measure(key, &p, m, &c->json);
	}
	jw_array_end(&c->json);
	return OK;
}

static const char *dimension_name(size_t key)
{
	return dimension_kinds[key].name;
}

static enum err dimensions(struct call *c)
{
	struct dimension_item items[LIMIT_DIMENSION];
	size_t keys[DIMENSIONS], n = asked_keys(c, dimension_name, DIMENSIONS, keys), n_items;
	struct period p;

	TRY(asked_period(c, &p));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		enum dimension_key key = (enum dimension_key)keys[i];
		struct view subject;

		TRY(asked_subject(c, dimension_kinds[key].name, dimension_kinds[key].subject, &subject));
		TRY(dimension_read(c->core, c->db, c->arena, key, &p, subject, (size_t)arg_int(c, "limit"), items,
				   &n_items));
		present_dimension(key, items, n_items, &c->json);
	}
	jw_array_end(&c->json);
	return OK;
}

static enum err retention(struct call *c)
{
	struct retention_steps *steps = ARENA_ARRAY(c->arena, 1, struct retention_steps);
	struct cohort *cohort = ARENA_ARRAY(c->arena, 1, struct cohort);
	enum retention_frequency frequency =
		view_is(arg_str(c, "frequency"), "month") ? RETENTION_MONTH : RETENTION_DAY;
	struct period p;

	if (!arg_given(c, "start_at") || !arg_given(c, "end_at") || !arg_given(c, "frequency"))
		return answer_none(c);
	TRY(asked_period(c, &p));
	TRY(retention_steps(&p, frequency, steps, &c->problem));
	jw_array(&c->json);
	for (size_t i = 0; i < steps->n; i++) {
		TRY(cohort_read(c->db, steps, i, cohort));
		present_cohort(steps, frequency, i, cohort, &c->json);
	}
	jw_array_end(&c->json);
	return OK;
}

#define ROW                                                                                                            \
	.method = HTTP_POST, .auth = AUTH_USER, .scope = SCOPE_ADMIN_READ, .permissions = PERMISSION_VIEW_DASHBOARD,   \
	.rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER
#define KEYS {.name = "keys[]", .type = PARAM_STRINGS, .required = true, .doc = "What is asked for. Unknown ones are left out."}
#define START(must) {.name = "start_at", .type = PARAM_TIME, .required = must, .doc = "The first day; its time is not looked at."}
#define END(must) {.name = "end_at", .type = PARAM_TIME, .required = must, .doc = "The last day, at most 365 days later."}
#define TAG(key) {.name = key "[id]", .type = PARAM_ID, .doc = "For " key ": id of the hashtag."}
#define DOMAIN(key) {.name = key "[domain]", .type = PARAM_STRING, .max = 253, .doc = "For " key ": the other server."}

const struct endpoint api_admin_numbers[] = {
	{ROW, .path = "/api/v1/admin/measures", .handle = measures,
	 .params = PARAMS(KEYS, START(true), END(true), TAG("tag_accounts"), TAG("tag_uses"), TAG("tag_servers"),
			  DOMAIN("instance_accounts"), DOMAIN("instance_media_attachments"), DOMAIN("instance_reports"),
			  DOMAIN("instance_statuses"), DOMAIN("instance_follows"), DOMAIN("instance_followers")),
	 .reply = "[Admin::Measure]",
	 .doc = "How much there was, in all and by day: active_users, new_users, interactions, opened_reports, resolved_reports, "
		"tag_accounts, tag_uses, tag_servers, instance_accounts, instance_media_attachments, instance_reports, "
		"instance_statuses, instance_follows, instance_followers."},
	{ROW, .path = "/api/v1/admin/dimensions", .handle = dimensions,
	 .params = PARAMS(KEYS, START(false), END(false), TAG("tag_servers"), TAG("tag_languages"),
			  DOMAIN("instance_accounts"), DOMAIN("instance_languages"),
			  {.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = LIMIT_DIMENSION,
			   .fallback = 10, .doc = "How many of each."}),
	 .reply = "[Admin::Dimension]",
	 .doc = "What there is most of, in thirty days where no period is given: languages, sources, servers, space_usage, "
		"software_versions, tag_servers, tag_languages, instance_accounts, instance_languages."},
	{ROW, .path = "/api/v1/admin/retention", .handle = retention,
	 .params = PARAMS(START(false), END(false),
			  {.name = "frequency", .type = PARAM_STRING, .doc = "day or month; anything else is day."}),
	 .reply = "[Admin::Cohort]",
	 .doc = "Of those who signed up in each day or month, how many were here in it and in those after it."},
	ENDPOINTS_END};

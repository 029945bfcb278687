/*
 * usage.c - GET /2/usage/tweets: how much was read, in X API v2's shape (docs.x.com, "Usage"), where numbers of posts
 * are strings. Beside it, under "kicau", everything an invoice is made of.
 */
#include "base/base.h"

#include "base/clock.h"
#include "dataapi/groups.h"
#include "gate/call.h"
#include "meter/usage.h"

enum { RESET_DAY, APPS, PROJECT_DAYS, CAP, PROJECT, USAGE, FIELDS };
static const char *const fields[FIELDS + 1] = {
	[RESET_DAY] = "cap_reset_day", [APPS] = "daily_client_app_usage", [PROJECT_DAYS] = "daily_project_usage",
	[CAP] = "project_cap",	       [PROJECT] = "project_id",	  [USAGE] = "project_usage",
};
#define FIELDS_USUAL (1u << RESET_DAY | 1u << CAP | 1u << PROJECT | 1u << USAGE)

struct usage {
	const struct licence *licence;
	unsigned wanted; /* bits of fields */
	int64_t now;
	int32_t today, from;	/* days that are told */
	struct usage_row *rows; /* of this month, and of those days */
	size_t n;
};

static void kv_count(struct jw *j, const char *key, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, n);
	jw_kv_cstr(j, key, text);
}

static int64_t posts_of(const struct usage_row *r)
{
	return r->posts_included + r->posts_extra;
}

/* Days of one app (0: of all the project's), newest first; rows of a day stand together. How many there are. */
static size_t write_days(const struct usage *u, int64_t app, struct jw *j)
{
	size_t days = 0;

	jw_key(j, "usage");
	jw_array(j);
	for (size_t i = 0; i < u->n && u->rows[i].day >= u->from;) {
		int32_t day = u->rows[i].day;
		int64_t sum = 0;

		for (; i < u->n && u->rows[i].day == day; i++)
			if (app ? u->rows[i].app == app : u->rows[i].project == u->licence->project)
				sum += posts_of(&u->rows[i]);
		if (!sum)
			continue;
		jw_object(j);
		jw_kv_time(j, "date", day * USAGE_DAY_MS);
		kv_count(j, "usage", sum);
		jw_object_end(j);
		days++;
	}
	jw_array_end(j);
	return days;
}

static bool seen_before(const struct usage *u, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (u->rows[i].app == u->rows[at].app)
			return true;
	return false;
}

static void write_apps(const struct usage *u, struct jw *j)
{
	jw_key(j, "daily_client_app_usage");
	jw_array(j);
	for (size_t i = 0; i < u->n && u->rows[i].day >= u->from; i++) {
		if (u->rows[i].project != u->licence->project || seen_before(u, i))
			continue;
		jw_object(j);
		jw_kv_id(j, "client_app_id", u->rows[i].app);
		jw_kv_int(j, "usage_result_count", (int64_t)write_days(u, u->rows[i].app, j));
		jw_object_end(j);
	}
	jw_array_end(j);
}

/* Of the licensee, whose cap it is; of the project alone it is in the days. */
static int64_t month_posts(const struct usage *u)
{
	int32_t begin = usage_month_begin(u->now);
	int64_t sum = 0;

	for (size_t i = 0; i < u->n; i++)
		if (u->rows[i].day >= begin)
			sum += posts_of(&u->rows[i]);
	return sum;
}

static void write_data(const struct usage *u, struct jw *j)
{
	const struct plan *plan = &u->licence->plan;

	jw_key(j, "data");
	jw_object(j);
	jw_kv_int(j, "cap_reset_day", usage_month_end(u->now) - u->today);
	if (u->wanted & 1u << APPS)
		write_apps(u, j);
	if (u->wanted & 1u << PROJECT_DAYS) {
		jw_key(j, "daily_project_usage");
		jw_object(j);
		jw_kv_id(j, "project_id", u->licence->project);
		write_days(u, 0, j);
		jw_object_end(j);
	}
	if (plan->hard_stop || plan->ceiling)
		kv_count(j, "project_cap", plan->hard_stop ? plan->included : plan->ceiling);
	else
		jw_kv_null(j, "project_cap");
	jw_kv_id(j, "project_id", u->licence->project);
	kv_count(j, "project_usage", month_posts(u));
	jw_object_end(j);
}

static void write_row(const struct usage_row *r, struct jw *j)
{
	jw_object(j);
	jw_key(j, "date");
	jw_date(j, r->day * USAGE_DAY_MS);
	jw_kv_id(j, "project_id", r->project);
	jw_kv_id(j, "app_id", r->app);
	jw_kv_id(j, "terms", r->terms);
	jw_kv_str(j, "plan", r->plan);
	jw_kv_int(j, "plan_version", r->plan_version);
	jw_kv_int(j, "posts_included", r->posts_included);
	jw_kv_int(j, "posts_extra", r->posts_extra);
	jw_kv_int(j, "posts_repeated", r->posts_repeated);
	jw_kv_int(j, "users_extra", r->users_extra);
	jw_kv_int(j, "users_repeated", r->users_repeated);
	jw_kv_int(j, "answers_broken", r->answers_broken);
	jw_kv_int(j, "cost_micro", r->cost_micro);
	jw_object_end(j);
}

static void write_ours(const struct usage *u, struct jw *j)
{
	jw_key(j, "kicau");
	jw_object(j);
	jw_kv_id(j, "licensee_id", u->licence->licensee);
	jw_kv_cstr(j, "plan", u->licence->plan.name);
	jw_kv_time(j, "cap_resets_at", usage_month_end(u->now) * USAGE_DAY_MS);
	jw_key(j, "days");
	jw_array(j);
	for (size_t i = 0; i < u->n && u->rows[i].day >= u->from; i++)
		write_row(&u->rows[i], j);
	jw_array_end(j);
	jw_object_end(j);
}

static enum err show(struct call *c)
{
	struct usage u = {.licence = c->licence,
			  .wanted = FIELDS_USUAL | (unsigned)arg_names(c, "usage.fields"),
			  .now = clock_now()};
	int32_t begin = usage_month_begin(u.now);

	u.today = (int32_t)(u.now / USAGE_DAY_MS);
	u.from = u.today - (int32_t)arg_int(c, "days") + 1;
	TRY(usage_load(c->db, c->arena, c->licence->licensee, u.from < begin ? u.from : begin, &u.rows, &u.n));
	jw_object(&c->json);
	write_data(&u, &c->json);
	write_ours(&u, &c->json);
	jw_object_end(&c->json);
	return OK;
}

const struct endpoint data_usage[] = {
	{.method = HTTP_GET, .path = "/2/usage/tweets", .handle = show, .auth = AUTH_LICENSEE, .rate = RATE_DATA_ACCOUNT,
	 .meter = METER_FREE, .run = RUN_INLINE,
	 .params = PARAMS({.name = "days", .type = PARAM_INT, .min = 1, .max = USAGE_DAYS_MAX, .fallback = 7, .doc = "How many days are told, today the last."},
			  {.name = "usage.fields", .type = PARAM_NAMES, .choices = fields,
			   .doc = "Members of data besides the usual ones, with commas between."}),
	 .reply = "Usage",
	 .doc = "How many posts were read this month and on each day, up to a second ago; under kicau, each day by app and terms, "
		"as invoices count."},
	ENDPOINTS_END};

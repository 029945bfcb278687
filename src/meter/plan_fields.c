/*
 * plan_fields.c - see plan_fields.h.
 */
#include "base/base.h"

#include "meter/plan_fields.h"

#define MICRO ((int64_t)1000000)
#define MONEY_MAX ((int64_t)1000000000 * MICRO)
#define READS_MAX ((int64_t)1000000000000)
#define RATE_MAX 1000000

#define AT(member) .at = offsetof(struct plan, member), .size = sizeof(((struct plan *)NULL)->member)
#define RATE(word, kind, text)                                                                                         \
	{"rate_" word, NULL, PLAN_COUNT, AT(rates[kind]), 0, RATE_MAX, "calls in 15 minutes",                          \
	 text " 0: not at all."}

/* Printed in this order, which the digests in the ledger hold on to: append only. */
const struct plan_field plan_fields[] = {
	{"month_micro", "month", PLAN_MONEY, AT(month_micro), 0, MONEY_MAX, "micro-units", "The price of a month."},
	{"included", NULL, PLAN_COUNT, AT(included), 0, READS_MAX, "post reads", "Posts that may be read in a month without further cost."},
	{"post_micro", "post", PLAN_MONEY, AT(post_micro), 0, MONEY_MAX, "micro-units", "The price of each post read beyond what is included; of no effect with hard_stop."},
	{"user_micro", "user", PLAN_MONEY, AT(user_micro), 0, MONEY_MAX, "micro-units", "The price of each account that is asked for."},
	{"ceiling", NULL, PLAN_COUNT, AT(ceiling), 0, READS_MAX, "post reads", "Most posts that may be read in a month, included or paid for. 0: no ceiling."},
	{"hard_stop", NULL, PLAN_FLAG, AT(hard_stop), 0, 1, "", "Nothing is delivered beyond what is included."},
	{"prepaid", NULL, PLAN_FLAG, AT(prepaid), 0, 1, "", "Paid from credits that were bought before: the balance never goes below zero."},
	{"approval", NULL, PLAN_FLAG, AT(approval), 0, 1, "", "Who takes it by themselves waits until an operator has approved."},
	{"uses", NULL, PLAN_USES, AT(uses), 0, USES_ALL, "", "What the data may be used for: any of search, research, commercial, training. Only posts whose authors allow every one of them go out."},
	RATE("lookup", DATA_RATE_LOOKUP, "Looking up posts and accounts by id or name, and what hangs on them."),
	RATE("search", DATA_RATE_SEARCH, "Searches and counts."),
	RATE("timeline", DATA_RATE_TIMELINE, "An account's posts, mentions, followers and whom it follows."),
	RATE("stream", DATA_RATE_STREAM, "Connecting to a stream, changing the rules of one."),
	RATE("job", DATA_RATE_JOB, "Exports and compliance jobs."),
	RATE("account", DATA_RATE_ACCOUNT, "Usage, quotes, the licence and receipts."),
	{"apps", NULL, PLAN_COUNT, AT(apps), 1, 10000, "apps", "How many apps, over all projects."},
	{"keys", NULL, PLAN_COUNT, AT(keys), 1, 10000, "keys", "How many keys that are valid at the same time, over all apps."},
	{"streams", NULL, PLAN_COUNT, AT(streams), 0, 1000, "connections", "Streams of posts that may be open at the same time. 0: none."},
	{"rules", NULL, PLAN_COUNT, AT(rules), 0, 100000, "rules", "Rules of filtered streams."},
	{"query_chars", NULL, PLAN_COUNT, AT(query_chars), 16, 4096, "characters", "The longest query or rule."},
	{"history_days", NULL, PLAN_COUNT, AT(history_days), 0, 36500, "days", "How far back searches, exports and the cursors of streams reach. 0: to the first post."},
	{"sample", NULL, PLAN_FLAG, AT(sample), 0, 1, "", "The stream of one in a hundred posts."},
	{"firehose", NULL, PLAN_FLAG, AT(firehose), 0, 1, "", "The stream of all posts."},
	{"exports", NULL, PLAN_FLAG, AT(exports), 0, 1, "", "Exports into files."},
	{"metrics", NULL, PLAN_FLAG, AT(metrics), 0, 1, "", "Answers hold public_metrics: how often a post was liked, replied to, shared."},
	{0},
};

static const struct {
	const char *word;
	enum data_use bit;
} use_words[] = {
	{"search", USE_SEARCH},
	{"research", USE_RESEARCH},
	{"commercial", USE_COMMERCIAL},
	{"training", USE_TRAINING},
};

const char *const data_rate_names[DATA_RATES] = {
	[DATA_RATE_LOOKUP] = "lookup", [DATA_RATE_SEARCH] = "search", [DATA_RATE_TIMELINE] = "timeline",
	[DATA_RATE_STREAM] = "stream", [DATA_RATE_JOB] = "job",	      [DATA_RATE_ACCOUNT] = "account",
};

/* --- words --- */

uint32_t data_use_by_name(struct view word)
{
	for (size_t i = 0; i < ARRAY_LEN(use_words); i++)
		if (view_is(word, use_words[i].word))
			return use_words[i].bit;
	return 0;
}

void data_uses_write(uint32_t uses, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < ARRAY_LEN(use_words); i++)
		if (uses & use_words[i].bit)
			jw_cstr(j, use_words[i].word);
	jw_array_end(j);
}

bool plan_name_valid(struct view name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return name.len > 0 && name.len < sizeof(((struct plan *)NULL)->name);
}

/* --- money --- */

bool money_parse(struct view v, int64_t *ret_micro)
{
	size_t point = view_find(v, 0, '.');
	struct view places = view_sub(v, point + 1, v.len);
	int64_t units, micro = 0;

	if (!parse_i64(view_sub(v, 0, point), 0, MONEY_MAX / MICRO, &units))
		return false;
	if (point < v.len) {
		if (places.len > 6 || !parse_i64(places, 0, MICRO - 1, &micro) || places.p[0] == '-')
			return false;
		for (size_t i = places.len; i < 6; i++)
			micro *= 10;
	}
	*ret_micro = units * MICRO + micro;
	return true;
}

void money_print(int64_t micro, char ret[MONEY_LEN])
{
	uint64_t m = micro < 0 ? -(uint64_t)micro : (uint64_t)micro;
	int n = snprintf(ret, MONEY_LEN, "%s%" PRIu64 ".%06" PRIu64, micro < 0 ? "-" : "", m / (uint64_t)MICRO,
			 m % (uint64_t)MICRO);

	while (ret[n - 1] == '0')
		ret[--n] = '\0';
	if (ret[n - 1] == '.')
		ret[n - 1] = '\0';
}

/* --- one field --- */

const struct plan_field *plan_field_find(struct view name)
{
	for (const struct plan_field *f = plan_fields; f->name; f++)
		if (view_is(name, f->name) || (f->in_units && view_is(name, f->in_units)))
			return f;
	return NULL;
}

int64_t plan_field_get(const struct plan *p, const struct plan_field *f)
{
	const char *at = (const char *)p + f->at;
	int64_t wide;
	int32_t narrow;
	bool flag;

	switch (f->size) {
	case sizeof(wide):
		memcpy(&wide, at, sizeof(wide));
		return wide;
	case sizeof(narrow):
		memcpy(&narrow, at, sizeof(narrow));
		return narrow;
	default:
		memcpy(&flag, at, sizeof(flag));
		return flag;
	}
}

enum err plan_field_put(struct plan *p, const struct plan_field *f, int64_t value, struct problem *problem)
{
	char *at = (char *)p + f->at;
	int32_t narrow = (int32_t)value;
	bool flag = value != 0;

	if (value < f->min || value > f->max)
		return fail(problem, ERR_UNPROCESSABLE, "%s is a number from %" PRId64 " to %" PRId64, f->name, f->min,
			    f->max);
	switch (f->size) {
	case sizeof(value):
		memcpy(at, &value, sizeof(value));
		break;
	case sizeof(narrow):
		memcpy(at, &narrow, sizeof(narrow));
		break;
	default:
		memcpy(at, &flag, sizeof(flag));
	}
	return OK;
}

/* A word of a list of uses; *uses gets it. */
static enum err add_use(struct view word, int64_t *uses, struct problem *problem)
{
	uint32_t use = data_use_by_name(word);

	if (!use)
		return fail(problem, ERR_UNPROCESSABLE,
			    "\"%.*s\" is no use; there are search, research, commercial, training",
			    VIEW_ARG(view_sub(word, 0, 40)));
	*uses |= use;
	return OK;
}

static enum err parse_units(const struct plan_field *f, struct view text, int64_t *ret, struct problem *problem)
{
	return money_parse(text, ret)
		       ? OK
		       : fail(problem, ERR_UNPROCESSABLE, "%s is an amount such as 100 or 0.005, not \"%.*s\"",
			      f->in_units, VIEW_ARG(view_sub(text, 0, 40)));
}

static enum err parse_count(const struct plan_field *f, struct view text, int64_t *ret, struct problem *problem)
{
	return parse_i64(text, INT64_MIN, INT64_MAX, ret)
		       ? OK
		       : fail(problem, ERR_UNPROCESSABLE,
			      "%s is a number from %" PRId64 " to %" PRId64 ", not \"%.*s\"", f->name, f->min, f->max,
			      VIEW_ARG(view_sub(text, 0, 40)));
}

static enum err read_text(const struct plan_field *f, bool in_units, struct view text, int64_t *ret,
			  struct problem *problem)
{
	struct view word;
	bool flag;

	switch (f->type) {
	case PLAN_MONEY:
		return in_units ? parse_units(f, text, ret, problem) : parse_count(f, text, ret, problem);
	case PLAN_COUNT:
		return parse_count(f, text, ret, problem);
	case PLAN_FLAG:
		if (view_is(text, "yes") || view_is(text, "no")) {
			*ret = view_is(text, "yes");
			return OK;
		}
		if (!text.len || !parse_bool(text, &flag))
			return fail(problem, ERR_UNPROCESSABLE, "%s is yes or no, not \"%.*s\"", f->name,
				    VIEW_ARG(view_sub(text, 0, 40)));
		*ret = flag;
		return OK;
	case PLAN_USES:
		*ret = 0;
		while (view_split(&text, ',', &word))
			TRY(add_use(view_trim(word), ret, problem));
		return OK;
	}
	return ERR_INTERNAL;
}

enum err plan_assign(struct plan *p, struct view assignment, struct problem *problem)
{
	size_t equals = view_find(assignment, 0, '=');
	struct view name = view_sub(assignment, 0, equals), text = view_sub(assignment, equals + 1, assignment.len);
	const struct plan_field *f = plan_field_find(name);
	int64_t value = 0;

	if (equals == assignment.len)
		return fail(problem, ERR_UNPROCESSABLE, "\"%.*s\" is not written FIELD=VALUE",
			    VIEW_ARG(view_sub(assignment, 0, 60)));
	if (!f)
		return fail(problem, ERR_UNPROCESSABLE, "a plan has no field \"%.*s\"",
			    VIEW_ARG(view_sub(name, 0, 60)));
	TRY(read_text(f, !view_is(name, f->name), text, &value, problem));
	return plan_field_put(p, f, value, problem);
}

static struct view show_uses(uint32_t uses, struct arena *a)
{
	struct view text = V("");

	for (size_t i = 0; i < ARRAY_LEN(use_words); i++)
		if (uses & use_words[i].bit)
			text = arena_printf(a, "%.*s%s%s", VIEW_ARG(text), text.len ? ", " : "", use_words[i].word);
	return text.len ? text : V("none");
}

struct view plan_field_show(const struct plan *p, const struct plan_field *f, struct arena *a)
{
	int64_t value = plan_field_get(p, f);
	char money[MONEY_LEN];

	switch (f->type) {
	case PLAN_MONEY:
		money_print(value, money);
		return arena_view(a, view_of(money));
	case PLAN_COUNT:
		return arena_printf(a, "%" PRId64, value);
	case PLAN_FLAG:
		return value ? V("yes") : V("no");
	case PLAN_USES:
		return show_uses((uint32_t)value, a);
	}
	return V("");
}

/* --- whole plans --- */

static enum err read_member(const struct plan_field *f, const json_t *value, int64_t *ret, struct problem *problem)
{
	size_t i;
	const json_t *word;

	*ret = 0;
	if (f->type == PLAN_FLAG && json_is_boolean(value)) {
		*ret = json_is_true(value);
	} else if (f->type == PLAN_USES && json_is_array(value)) {
		json_array_foreach (value, i, word)
			TRY(add_use(view_of(json_string_value(word)), ret, problem));
	} else if ((f->type == PLAN_MONEY || f->type == PLAN_COUNT) && json_is_integer(value)) {
		*ret = json_integer_value(value);
	} else {
		return fail(problem, ERR_UNPROCESSABLE, "%s is not %s", f->name,
			    f->type == PLAN_FLAG   ? "true or false"
			    : f->type == PLAN_USES ? "a list of uses"
						   : "a whole number");
	}
	return OK;
}

enum err plan_read(const json_t *object, struct plan *p, struct problem *problem)
{
	struct plan read = *p;
	const char *name;
	json_t *value;

	if (!json_is_object(object))
		return fail(problem, ERR_UNPROCESSABLE, "a plan is an object");
	json_object_foreach ((json_t *)object, name, value) {
		const struct plan_field *f = plan_field_find(view_of(name));
		int64_t number;

		if (strcmp(name, "name") == 0 || strcmp(name, "version") == 0)
			continue;
		if (!f || strcmp(f->name, name) != 0)
			return fail(problem, ERR_UNPROCESSABLE, "a plan has no field \"%.60s\"", name);
		TRY(read_member(f, value, &number, problem));
		TRY(plan_field_put(&read, f, number, problem));
	}
	*p = read;
	return OK;
}

void plan_write(const struct plan *p, struct jw *j)
{
	jw_kv_cstr(j, "name", p->name);
	jw_kv_int(j, "version", p->version);
	for (const struct plan_field *f = plan_fields; f->name; f++) {
		int64_t value = plan_field_get(p, f);

		jw_key(j, f->name);
		if (f->type == PLAN_FLAG)
			jw_bool(j, value != 0);
		else if (f->type == PLAN_USES)
			data_uses_write((uint32_t)value, j);
		else
			jw_int(j, value);
	}
}

enum err plan_check(const struct plan *p, struct problem *problem)
{
	if (!plan_name_valid(view_of(p->name)))
		return fail(problem, ERR_UNPROCESSABLE, "a plan's name is 1 to 32 of a-z, 0-9 and -");
	if (!p->uses)
		return fail(problem, ERR_UNPROCESSABLE, "uses is empty: a plan is for at least one use");
	if (p->ceiling && p->ceiling < p->included)
		return fail(problem, ERR_UNPROCESSABLE, "ceiling is below what is included");
	if (p->hard_stop && !p->included)
		return fail(problem, ERR_UNPROCESSABLE, "hard_stop with nothing included lets nobody read");
	if ((p->sample || p->firehose) && !p->streams)
		return fail(problem, ERR_UNPROCESSABLE, "sample and firehose need streams");
	return OK;
}

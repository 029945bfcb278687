/*
 * plan_defaults.c - prices and windows are those that X has published: basic and pro of 2023, pay-per-use of 2026.
 */
#include "base/base.h"

#include "meter/plan_defaults.h"

#define UNITS(n) ((int64_t)(n)*1000000)
#define RATES(lookup, search, timeline, stream, job, account)                                                          \
	{                                                                                                              \
		[DATA_RATE_LOOKUP] = (lookup), [DATA_RATE_SEARCH] = (search), [DATA_RATE_TIMELINE] = (timeline),       \
		[DATA_RATE_STREAM] = (stream), [DATA_RATE_JOB] = (job), [DATA_RATE_ACCOUNT] = (account)                \
	}

/* Each may connect to the compliance stream and make compliance jobs: stream and job are 0 nowhere. */
const struct plan plan_defaults[] = {
	{.name = "free", .included = 1500, .hard_stop = true, .uses = USE_SEARCH, .rates = RATES(75, 60, 75, 15, 15, 75),
	 .apps = 1, .keys = 2, .query_chars = 512, .history_days = 7, .metrics = true},
	{.name = "basic", .month_micro = UNITS(100), .included = 10000, .hard_stop = true, .uses = USE_COMMERCIAL,
	 .rates = RATES(300, 60, 300, 25, 25, 150), .apps = 2, .keys = 4, .query_chars = 512, .history_days = 7, .metrics = true},
	{.name = "pro", .month_micro = UNITS(5000), .included = 1000000, .hard_stop = true, .uses = USE_COMMERCIAL,
	 .rates = RATES(3500, 450, 1500, 50, 150, 450), .apps = 3, .keys = 12, .streams = 1, .rules = 1000, .query_chars = 1024,
	 .sample = true, .exports = true, .metrics = true},
	{.name = "enterprise", .month_micro = UNITS(42000), .included = 50000000, .post_micro = 1000, .approval = true,
	 .uses = USE_COMMERCIAL, .rates = RATES(10000, 3000, 10000, 150, 450, 900), .apps = 20, .keys = 100, .streams = 8,
	 .rules = 25000, .query_chars = 4096, .sample = true, .firehose = true, .exports = true, .metrics = true},
	{.name = "research", .included = 1000000, .hard_stop = true, .approval = true, .uses = USE_RESEARCH,
	 .rates = RATES(900, 300, 900, 50, 50, 150), .apps = 1, .keys = 4, .streams = 1, .rules = 1000, .query_chars = 1024,
	 .sample = true, .exports = true, .metrics = true},
	{.name = "pay-per-use", .post_micro = 5000, .user_micro = 10000, .ceiling = 3000000, .prepaid = true,
	 .uses = USE_COMMERCIAL, .rates = RATES(3500, 450, 10000, 50, 150, 450), .apps = 3, .keys = 12, .streams = 1,
	 .rules = 1000, .query_chars = 1024, .sample = true, .exports = true, .metrics = true},
};
const size_t plan_defaults_n = ARRAY_LEN(plan_defaults);

/*
 * plan.h - what a licensee pays, and for how much of what. Plans are data: rows of JSON, versions of which are never
 * changed. docs/plans.md explains each member.
 */
#ifndef METER_PLAN_H
#define METER_PLAN_H

#include "core/core.h"

/* What a copy of the data may be used for. An author allows each; a plan is for some. Stored bits: append only. */
enum data_use { USE_SEARCH = 1, USE_RESEARCH = 2, USE_COMMERCIAL = 4, USE_TRAINING = 8 };
#define USES_ALL 15u

/* Windows of 15 minutes are counted by these. Names in plan_fields.c; append only. */
enum data_rate {
	DATA_RATE_LOOKUP,   /* /2/tweets, /2/users and what hangs on them */
	DATA_RATE_SEARCH,   /* search and counts */
	DATA_RATE_TIMELINE, /* a user's tweets and mentions, followers, following */
	DATA_RATE_STREAM,   /* connecting to a stream, changing rules */
	DATA_RATE_JOB,	    /* exports, compliance jobs */
	DATA_RATE_ACCOUNT,  /* usage, quotes, receipts */
	DATA_RATES
};

struct plan {
	int64_t id;  /* of this version */
	int version; /* 1, 2, … */
	char name[33];
	int64_t month_micro;	   /* a month's price */
	int64_t included;	   /* post reads a month without further cost */
	int64_t post_micro;	   /* for each read beyond; only when !hard_stop */
	int64_t user_micro;	   /* for each user read */
	int64_t ceiling;	   /* post reads a month, included or not; 0: none */
	bool hard_stop;		   /* nothing beyond what is included */
	bool prepaid;		   /* paid from credits: the balance is never below 0 */
	bool approval;		   /* an operator gives it, nobody takes it by themselves */
	uint32_t uses;		   /* enum data_use: every one of them must be allowed by the author */
	int64_t rates[DATA_RATES]; /* calls in 15 minutes; 0: not at all */
	int apps, keys;		   /* how many */
	int streams;		   /* connections at once; 0: none */
	int rules;		   /* of filtered streams */
	int query_chars;	   /* 512, 1024, 4096 */
	int history_days;	   /* how far searches, exports and cursors of streams reach back; 0: all */
	bool sample, firehose, exports;
	bool metrics; /* public_metrics are in its answers */
};

#endif

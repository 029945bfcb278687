/*
 * kinds.c - the lists of job kinds and of periodic tasks.
 */
#include "base/base.h"
#include "server/groups.h"

#include "jobs/cleanup.h"
#include "jobs/relay.h"
#include "media/media.h"

#define MINUTE 60
#define HOUR 3600

const struct job_kind server_job_kinds[] = {
	{.name = RELAY_KIND, .run = relay_run},
	{.name = media_job, .run = media_job_run, .attempts = 4},
	{0},
};

const struct job_period server_job_periods[] = {
	{"mutes that end", 1, cleanup_mutes},
	{"idempotency keys", 10 * MINUTE, cleanup_idempotency},
	{"sessions that end", HOUR, cleanup_sessions},
	{"authorization codes", 10 * MINUTE, cleanup_codes},
	{"pictures never posted", 10 * MINUTE, media_sweep},
	{0},
};

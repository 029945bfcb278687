/*
 * kinds.c - the lists of job kinds and of periodic tasks.
 */
#include "base/base.h"
#include "server/groups.h"

#include "core/account_delete.h"
#include "core/accounts.h"
#include "core/activity.h"
#include "core/census.h"
#include "core/challenges.h"
#include "core/leaving.h"
#include "core/login_history.h"
#include "core/mail_queue.h"
#include "core/polls.h"
#include "core/post_notify.h"
#include "core/post_rest.h"
#include "core/previews.h"
#include "core/push.h"
#include "core/scheduled.h"
#include "core/timelines.h"
#include "core/trends.h"
#include "jobs/cleanup.h"
#include "jobs/relay.h"
#include "links/fetch.h"
#include "media/media.h"
#include "media/media_job.h"
#include "media/pictures.h"
#include "push/push.h"
#include "transfer/archive.h"
#include "transfer/import.h"

#define MINUTE 60
#define HOUR 3600

static enum err close_polls(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)a;
	return polls_close_due(c, db, now);
}

static enum err sweep_timelines(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)db, (void)a;
	timelines_sweep(c, now);
	return OK;
}

#define CHORE(name, chore)                                                                                             \
	static enum err name(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *p)   \
	{                                                                                                              \
		return chore_run(c, db, a, &(chore), payload, p);                                                      \
	}
CHORE(delete_post, post_rest_chore)
CHORE(delete_account_rows, account_delete_chore)

/* Begun by the command line, and not finished there. */
static enum err delete_account(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *p)
{
	struct account account;
	struct account_id id;

	if (parse_i64(payload, 1, INT64_MAX, &id.v) && account_load(db, a, id, &account) == OK)
		media_drop_pictures(c, &account);
	return delete_account_rows(c, db, a, payload, p);
}

const struct job_kind server_job_kinds[] = {
	{.name = RELAY_KIND, .run = relay_run},
	{.name = POST_NOTIFY_KIND, .run = post_notify_job},
	{.name = POST_REST_KIND, .run = delete_post},
	{.name = ACCOUNT_DELETE_KIND, .run = delete_account},
	{.name = ARCHIVE_JOB, .run = archive_job_run, .attempts = 100},
	{.name = IMPORT_JOB, .run = import_job_run},
	{.name = PUSH_KIND, .start = push_job_start, .gone = push_task_gone, .attempts = 9, .forgotten = true},
	{.name = PREVIEW_KIND, .run = link_fetch_job, .attempts = 3, .forgotten = true},
	{.name = media_job, .run = media_job_run, .attempts = 4},
	{.name = media_film_job, .run = media_film_job_run, .attempts = 4},
	{0},
};

const struct job_period server_job_periods[] = {
	{"polls that end", 1, close_polls},
	{"scheduled posts", 1, scheduled_post_due},
	{"people and posts of a large server", 10 * MINUTE, census_count},
	{"weeks of activity", 10 * MINUTE, activity_count},
	{"mutes that end", 1, cleanup_mutes},
	{"idempotency keys", 10 * MINUTE, cleanup_idempotency},
	{"sessions that end", HOUR, cleanup_sessions},
	{"authorization codes", 10 * MINUTE, cleanup_codes},
	{"media nobody posted", 10 * MINUTE, media_sweep},
	{"archives that expire", 10 * MINUTE, archive_sweep},
	{"imports nobody goes on with", 10 * MINUTE, import_sweep},
	{"logins nobody finishes", 10 * MINUTE, challenge_sweep},
	{"history of logins", HOUR, login_history_sweep},
	{"accounts whose owners have left", HOUR, leaving_sweep},
	{"links of mails that end", 10 * MINUTE, link_sweep},
	{"timelines nobody reads", HOUR, sweep_timelines},
	{"trends", 1, trends_refresh},
	{"links that led to nothing", HOUR, previews_sweep},
	{0},
};

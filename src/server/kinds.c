/*
 * kinds.c - the lists of job kinds, of periodic tasks, and of who writes letters that mail/ does not know.
 */
#include "base/base.h"
#include "server/groups.h"

#include "core/account_delete.h"
#include "core/accounts.h"
#include "core/active_days.h"
#include "core/activity.h"
#include "core/census.h"
#include "core/challenges.h"
#include "core/known_browsers.h"
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
#include "dataapi/jobs_run.h"
#include "jobs/cleanup.h"
#include "jobs/relay.h"
#include "links/fetch.h"
#include "links/unused.h"
#include "links/picture_cache.h"
#include "media/media.h"
#include "media/media_job.h"
#include "media/pictures.h"
#include "meter/day_book.h"
#include "meter/invoice_letter.h"
#include "meter/invoices.h"
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

/* In this order: a month is invoiced when its last day is booked. Without the meter nobody knows what is still to be counted. */
static enum err close_books(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	if (!c->meter)
		return OK;
	TRY(days_book(c, db, a, now));
	return invoices_due(c, db, a, now);
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
	{.name = DATA_JOB_KIND, .run = data_job_run, .attempts = 100},
	{.name = PREVIEW_KIND, .run = link_fetch_job, .attempts = 3, .forgotten = true},
	{.name = media_job, .run = media_job_run, .attempts = 4},
	{.name = media_film_job, .run = media_film_job_run, .attempts = 4},
	{0},
};

const struct job_period server_job_periods[] = {
	{"polls that end", 1, close_polls},
	{"scheduled posts", 1, scheduled_post_due},
	{"people and posts of a large server", 10 * MINUTE, census_count},
	{"days of who was here", HOUR, active_days_sweep},
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
	{"browsers nobody logs in with", HOUR, browsers_sweep},
	{"accounts whose owners have left", HOUR, leaving_sweep},
	{"links of mails that end", 10 * MINUTE, link_sweep},
	{"timelines nobody reads", HOUR, sweep_timelines},
	{"trends", 1, trends_refresh},
	{"jobs of licensees that expire", 10 * MINUTE, data_job_sweep},
	{"days and months of licensees that are over", 10 * MINUTE, close_books},
	{"links that led to nothing", HOUR, previews_sweep},
	{"cards that no post has", 24 * HOUR, unused_cards_sweep},
	{"pictures of other sites", 10 * MINUTE, picture_cache_sweep},
	{0},
};

const struct letter_writer server_letter_writers[] = {
	{MAIL_INVOICE, invoice_letter},
	{0},
};

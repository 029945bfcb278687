/*
 * dashboard.c - /admin: how the server fares. What needs somebody stands first.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "core/census.h"
#include "core/mail_queue.h"
#include "core/roles.h"
#include "jobs/jobs.h"
#include "meter/amount.h"
#include "moderation/dimensions.h"
#include "moderation/measures.h"
#include "moderation/people.h"
#include "moderation/reports.h"
#include "moderation/warnings.h"
#include "staff/cell.h"
#include "staff/chart.h"
#include "staff/pages.h"
#include "staff/staff.h"

#include <sys/statvfs.h>

#define DAYS 30
#define SHOWN 8	   /* of a list of the most */
#define COUNTED 200 /* what waits is counted no further */

static const struct {
	struct view todo, people, accounts, active, posts, storage, free, queue, jobs, jobs_failed, mail, mail_failed,
		workers, errors, since_start, streams, last_days, languages, sources, versions, more;
} words = {
	.todo = N_("Waits for somebody"),
	.people = N_("People and posts"),
	.accounts = N_("Accounts"),
	.active = N_("Here in the last 30 days"),
	.posts = N_("Posts"),
	.storage = N_("Storage"),
	.free = N_("Free on the disk"),
	.queue = N_("Work that waits"),
	.jobs = N_("Jobs"),
	.jobs_failed = N_("Jobs given up"),
	.mail = N_("Letters"),
	.mail_failed = N_("Letters given up"),
	.workers = N_("Calls in the queue"),
	.streams = N_("Open streams"),
	.errors = N_("Errors"),
	.since_start = N_("Since the server started."),
	.last_days = N_("The last 30 days"),
	.languages = N_("Languages of posts"),
	.sources = N_("Apps that posts came from"),
	.versions = N_("Software"),
	.more = N_("more than %s"),
};

/* ---- cards of figures ---- */

static void begin_card(struct call *c, struct html *h, struct view title)
{
	html_tag(h, "section", A("class", V("card")));
	html_elem(h, "h2", page_say(c, title));
}

static void begin_figures(struct html *h)
{
	html_tag(h, "dl", A("class", V("tally")));
}

/* path empty: none. bad: it wants to be looked at. */
static void draw_figure(struct call *c, struct html *h, struct view what, struct view value, struct view path, bool bad)
{
	html_tag(h, "div", A("class", bad ? V("bad") : V("")));
	html_open(h, "dt");
	if (path.len)
		html_elem(h, "a", page_say(c, what), A("href", path));
	else
		html_text(h, page_say(c, what));
	html_close(h, "dt");
	html_elem(h, "dd", value);
	html_close(h, "div");
}

static struct view count(struct call *c, int64_t n)
{
	char text[AMOUNT_MAX];

	count_said(page_tongue(c), n, text);
	return arena_view(c->arena, view_of(text));
}

static void draw_count(struct call *c, struct html *h, struct view what, int64_t n, bool bad)
{
	draw_figure(c, h, what, count(c, n), V(""), bad && n > 0);
}

static void end_figures(struct html *h)
{
	html_close(h, "dl");
}

static void end_card(struct html *h)
{
	html_close(h, "section");
}

/* ---- what waits ---- */

static enum err count_reports(struct call *c, size_t *ret)
{
	const struct report_filter open = {0};
	struct report *list = ARENA_ARRAY(c->arena, COUNTED, struct report);

	return reports_page(c->db, c->arena, &open, &(struct page){.limit = COUNTED}, list, ret);
}

static enum err count_sign_ups(struct call *c, size_t *ret)
{
	const struct people_filter waiting = {.state = PEOPLE_PENDING, .any_role = true};
	struct person *list = ARENA_ARRAY(c->arena, COUNTED, struct person);

	return people_page(c->db, c->arena, &waiting, &(struct page){.limit = COUNTED}, list, ret, &c->problem);
}

static enum err count_appeals(struct call *c, size_t *ret)
{
	struct appeal *list = ARENA_ARRAY(c->arena, COUNTED, struct appeal);

	return appeals_page(c->db, c->arena, &(struct page){.limit = COUNTED}, list, ret);
}

static enum err draw_waiting(struct call *c, struct html *h)
{
	static const struct {
		const struct staff_page *page;
		struct view what;
		enum err (*count)(struct call *c, size_t *ret);
	} queues[] = {{&page_reports, N_("Open reports"), count_reports},
		      {&page_sign_ups, N_("Sign-ups"), count_sign_ups},
		      {&page_appeals, N_("Appeals"), count_appeals}};

	begin_card(c, h, words.todo);
	begin_figures(h);
	for (size_t i = 0; i < ARRAY_LEN(queues); i++) {
		size_t n = 0;

		if (!staff_may(c, queues[i].page->row))
			continue;
		TRY(queues[i].count(c, &n));
		struct view said = arena_printf(c->arena, "%zu", n);
		if (n == COUNTED)
			said = PAGE_SAY_WITH(c, words.more, said);
		draw_figure(c, h, queues[i].what, said, view_of(queues[i].page->row->path), n > 0);
	}
	end_figures(h);
	end_card(h);
	return OK;
}

static enum err draw_census(struct call *c, struct html *h)
{
	struct census census;

	TRY(census_read(c->core, c->db, &census));
	begin_card(c, h, words.people);
	begin_figures(h);
	draw_count(c, h, words.accounts, census.people, false);
	draw_count(c, h, words.active, census.active, false);
	draw_count(c, h, words.posts, census.posts, false);
	draw_count(c, h, words.streams, metric_get(METRIC_STREAMS_OPEN), false);
	end_figures(h);
	end_card(h);
	return OK;
}

/* What the operating system would still give; a tenth of the disk is little. */
static void draw_free(struct call *c, struct html *h)
{
	struct statvfs disk;

	if (statvfs(c->core->config.data_dir, &disk) != 0)
		return;
	draw_figure(c, h, words.free, cell_bytes(c, (int64_t)(disk.f_bavail * disk.f_frsize)), V(""),
		    disk.f_bavail < disk.f_blocks / 10);
}

static enum err draw_storage(struct call *c, struct html *h, const struct period *p)
{
	struct dimension_item items[SHOWN];
	size_t n = 0;

	TRY(dimension_read(c->core, c->db, c->arena, DIMENSION_SPACE_USAGE, p, V(""), SHOWN, items, &n));
	begin_card(c, h, words.storage);
	begin_figures(h);
	for (size_t i = 0; i < n; i++)
		draw_figure(c, h, items[i].human, cell_bytes(c, items[i].n), V(""), false);
	draw_free(c, h);
	end_figures(h);
	end_card(h);
	return OK;
}

static enum err draw_queue(struct call *c, struct html *h)
{
	int64_t jobs, jobs_failed, mail, mail_failed;

	TRY(jobs_count(c->db, &jobs, &jobs_failed));
	TRY(mail_count(c->db, &mail, &mail_failed));
	begin_card(c, h, words.queue);
	begin_figures(h);
	draw_count(c, h, words.jobs, jobs, false);
	draw_count(c, h, words.jobs_failed, jobs_failed, true);
	draw_count(c, h, words.mail, mail, false);
	draw_count(c, h, words.mail_failed, mail_failed, true);
	draw_count(c, h, words.workers, metric_get(METRIC_QUEUE_WORKERS), false);
	end_figures(h);
	end_card(h);
	return OK;
}

static void draw_errors(struct call *c, struct html *h)
{
	static const struct {
		struct view what;
		enum metric metric;
	} errors[] = {{N_("Answers with an error of ours"), METRIC_HTTP_5XX},
		      {N_("Errors of the database"), METRIC_DB_ERRORS},
		      {N_("Media that could not be converted"), METRIC_MEDIA_FAILED},
		      {N_("Push messages that failed"), METRIC_PUSHES_FAILED},
		      {N_("Calls turned away, the queue was full"), METRIC_QUEUE_FULL},
		      {N_("Calls over the limit"), METRIC_RATE_LIMITED}};

	begin_card(c, h, words.errors);
	html_elem(h, "p", page_say(c, words.since_start), A("class", V("hint")));
	begin_figures(h);
	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		draw_count(c, h, errors[i].what, metric_get(errors[i].metric), true);
	end_figures(h);
	end_card(h);
}

/* ---- what there is most of ---- */

static enum err draw_most(struct call *c, struct html *h, struct view title, enum dimension_key key,
			  const struct period *p)
{
	struct dimension_item items[SHOWN];
	size_t n = 0;

	TRY(dimension_read(c->core, c->db, c->arena, key, p, V(""), SHOWN, items, &n));
	if (!n)
		return OK;
	begin_card(c, h, title);
	begin_figures(h);
	for (size_t i = 0; i < n; i++)
		draw_figure(c, h, items[i].human, items[i].text.len ? items[i].text : count(c, items[i].n), V(""),
			    false);
	end_figures(h);
	end_card(h);
	return OK;
}

/* ---- by day ---- */

static enum err draw_days(struct call *c, struct html *h, const struct period *p)
{
	static const struct {
		enum measure_key key;
		struct view title;
		bool last_only; /* the same person counts on each day */
	} shown[] = {{MEASURE_ACTIVE_USERS, N_("People here today"), true},
		     {MEASURE_NEW_USERS, N_("New accounts")},
		     {MEASURE_INTERACTIONS, N_("Favourites, boosts and answers")},
		     {MEASURE_OPENED_REPORTS, N_("New reports")}};
	struct measure *m = ARENA_ARRAY(c->arena, 1, struct measure);
	struct view labels[DAYS];
	size_t n = period_days(p);

	for (size_t i = 0; i < n; i++) {
		char iso[CLOCK_ISO_LEN + 1];

		clock_iso(p->from + (int64_t)i * CLOCK_DAY_MS, iso);
		labels[i] = arena_view(c->arena, view_make(iso, 10));
	}
	html_elem(h, "h2", page_say(c, words.last_days));
	html_tag(h, "div", A("class", V("cards")));
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		TRY(measure_read(c->db, shown[i].key, p, V(""), m));
		chart_draw(c, h,
			   &(struct chart){.title = shown[i].title,
					   .kind = CELL_NUMBER,
					   .values = m->days,
					   .labels = labels,
					   .n = n,
					   .last_only = shown[i].last_only});
	}
	html_close(h, "div");
	return OK;
}

static enum err draw(struct call *c, struct html *h)
{
	int64_t now = clock_now();
	struct period p;

	TRY(period_check(now - (DAYS - 1) * CLOCK_DAY_MS, now, &p, &c->problem));
	html_tag(h, "div", A("class", V("cards")));
	TRY(draw_waiting(c, h));
	TRY(draw_census(c, h));
	TRY(draw_storage(c, h, &p));
	TRY(draw_queue(c, h));
	draw_errors(c, h);
	TRY(draw_most(c, h, words.languages, DIMENSION_LANGUAGES, &p));
	TRY(draw_most(c, h, words.sources, DIMENSION_SOURCES, &p));
	TRY(draw_most(c, h, words.versions, DIMENSION_SOFTWARE_VERSIONS, &p));
	html_close(h, "div");
	return draw_days(c, h, &p);
}

const struct endpoint staff_dashboard[] = {
	{STAFF_GET("/admin", PERMISSION_VIEW_DASHBOARD), .doc = "How the server fares, for moderators and operators."},
	ENDPOINTS_END,
};

const struct staff_page page_dashboard = {
	.row = &staff_dashboard[0], .title = N_("Overview"), .section = SECTION_OVERVIEW, .draw = draw};

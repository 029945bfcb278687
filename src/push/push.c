/*
 * push.c - one push from its job to the verdict on what the service answered.
 */
#include "base/base.h"
#include "push/push.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/metrics.h"
#include "core/events.h"
#include "core/filters.h"
#include "core/vapid.h"
#include "core/viewer.h"
#include "jobs/jobs.h"
#include "net/net.h"
#include "present/push.h"
#include "push/turnstile.h"
#include "push/voucher.h"
#include "text/url.h"

#define LIFE_MS ((int64_t)48 * 3600 * 1000) /* of a push: also how long a service keeps it for a phone that is off */
#define ANSWER_MS 10000
#define RETRY_AFTER_MAX_S 3600
#define ENDING_MS 1000
#define ORIGIN_MAX 300

/* Of the lane's 256 jobs, under way or waiting, a service has half at most, an account less than a tenth. */
static const struct turnstile_limits of_service = {.at_once = 16, .at_most = 64, .held = 64};
static const struct turnstile_limits of_account = {.at_once = 8, .at_most = 16, .held = 8};

struct push {
	struct core *core;
	struct turnstile *services, *accounts;
	pthread_mutex_t lock;
	struct vouchers *vouchers; /* NULL until the first push */
};

/* One on its way; ends in answered(), or before. */
struct sending {
	struct visitor visitor; /* first, so that it is this */
	struct push *push;
	struct job *job;
	struct account_id account;
	uint64_t service;	       /* its host */
	bool has_account, has_service; /* has been let in there */
};

/* ---- begin and end ---- */

static enum err make_vouchers(struct core *c, struct vouchers **ret)
{
	const struct core_config *config = &c->config;
	struct vapid_pair pair;
	char subject[400];

	TRY(vapid_load(c->store, &pair));
	if (config->contact_email[0])
		snprintf(subject, sizeof(subject), "mailto:%s", config->contact_email);
	else
		snprintf(subject, sizeof(subject), "%s", config->base_url);
	enum err err = vouchers_new(&pair, subject, ret);
	secret_wipe(&pair, sizeof(pair));
	return err;
}

static void wake(void *arg, const struct event *ev)
{
	struct core *c = arg;

	if (ev->pushed)
		jobs_wake(c->jobs);
}

/* Stays as it is once it is there. */
static enum err vouchers_of(struct push *p, struct vouchers **ret)
{
	enum err err = OK;

	pthread_mutex_lock(&p->lock);
	if (!p->vouchers) {
		err = make_vouchers(p->core, &p->vouchers);
		if (err != OK)
			log_error("nothing is pushed: the key for Web Push cannot be used",
				  F_STR("error", view_of(err_name(err))));
	}
	*ret = p->vouchers;
	pthread_mutex_unlock(&p->lock);
	return err;
}

struct push *push_start(struct core *c)
{
	struct push *p = xcalloc(1, sizeof(*p));

	*p = (struct push){.core = c,
			   .lock = PTHREAD_MUTEX_INITIALIZER,
			   .services = turnstile_new(of_service),
			   .accounts = turnstile_new(of_account)};
	c->push = p;
	events_subscribe(c->events, wake, c);
	return p;
}

/* ---- room for one ---- */

/* Names are the same in either case (RFC 4343). */
static uint64_t service_of(const struct url *url)
{
	struct buf host CLEANUP(buf_release);

	buf_init(&host, ORIGIN_MAX);
	return hash_bytes(url_host_lower(&host, url->host) == OK ? buf_view(&host) : url->host);
}

/* Nothing of s may be looked at behind HELD: another thread may have it already. */
static enum admission let_in(struct sending *s, int64_t *ret_wait_ms)
{
	int64_t now = clock_now();
	enum admission a;

	if (!s->has_account) {
		a = turnstile_enter(s->push->accounts, (uint64_t)s->account.v, &s->visitor, now, ret_wait_ms);
		if (a != ADMITTED)
			return a;
		s->has_account = true;
	}
	a = turnstile_enter(s->push->services, s->service, &s->visitor, now, ret_wait_ms);
	if (a == ADMITTED)
		s->has_service = true;
	return a;
}

static void resume_for_account(struct visitor *list)
{
	while (list) {
		struct sending *s = (struct sending *)(void *)list;

		list = list->next;
		s->has_account = true;
		job_resume(s->job);
	}
}

static void resume_for_service(struct visitor *list)
{
	while (list) {
		struct sending *s = (struct sending *)(void *)list;

		list = list->next;
		s->has_service = true;
		job_resume(s->job);
	}
}

static void leave_account(const struct sending *s, enum visit visit)
{
	int64_t none;

	if (s->has_account)
		resume_for_account(
			turnstile_leave(s->push->accounts, (uint64_t)s->account.v, visit, 0, clock_now(), &none));
}

/* Those that waited before a service or, at the end, for their account. */
static void send_away(struct visitor *list, int64_t wait_ms)
{
	while (list) {
		struct sending *s = (struct sending *)(void *)list;

		list = list->next;
		leave_account(s, VISIT_UNKNOWN);
		job_put_off(s->job, wait_ms);
		free(s);
	}
}

/* Frees it. Others may go on now. */
static void leave(struct sending *s, enum visit visit, int64_t rest_ms)
{
	struct visitor *others = NULL;
	int64_t wait_ms = 0;

	if (s->has_service)
		others = turnstile_leave(s->push->services, s->service, visit, rest_ms, clock_now(), &wait_ms);
	leave_account(s, visit == VISIT_GOOD ? VISIT_GOOD : VISIT_UNKNOWN);
	free(s);
	if (wait_ms)
		send_away(others, wait_ms);
	else
		resume_for_service(others);
}

void push_drain(struct push *p)
{
	if (!p)
		return;
	send_away(turnstile_close(p->accounts), ENDING_MS);
	send_away(turnstile_close(p->services), ENDING_MS);
}

void push_stop(struct push *p)
{
	if (!p)
		return;
	p->core->push = NULL;
	turnstile_free(p->services);
	turnstile_free(p->accounts);
	vouchers_free(p->vouchers);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* ---- the answer ---- */

/*
 * Statuses that say something else than their first digit: RFC 8030 7.3, 8.4; RFC 9110 15.5.9, 15.5.14. Like Mastodon,
 * any other 4xx means that the subscription is not good any more.
 */
static enum err verdict_of(int status)
{
	switch (status) {
	case 408:
	case 429:
		return ERR_UNAVAILABLE;
	case 413:
		return ERR_NOT_FOUND; /* this one will never fit; the next may */
	default:
		return status / 100 == 2 ? OK : status / 100 == 4 ? ERR_GONE : ERR_UNAVAILABLE;
	}
}

static int64_t retry_ms(const struct net_reply *reply)
{
	int64_t s = reply->retry_after_s;

	return (s < 0 ? 0 : s > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : s) * 1000;
}

static void end_with_status(struct sending *s, const struct net_reply *reply)
{
	enum err err = verdict_of(reply->status);
	bool bad = err == ERR_UNAVAILABLE;
	struct job *job = s->job;
	char why[64];

	snprintf(why, sizeof(why), "the push service answered %d", reply->status);
	metric_add(err == OK ? METRIC_PUSHES_SENT : METRIC_PUSHES_FAILED, 1);
	if (err == ERR_GONE)
		log_info("a push subscription is removed: its service refuses it", F_INT("account", s->account.v),
			 F_INT("status", reply->status));
	leave(s, bad ? VISIT_BAD : VISIT_GOOD, bad ? retry_ms(reply) : 0);
	job_end(job, &(struct job_result){err, view_of(why), bad ? retry_ms(reply) : 0});
}

/* On the net's thread. Where it went is a secret of the app's, so no log has it. */
static void answered(void *arg, const struct net_reply *reply)
{
	struct sending *s = arg;
	struct job *job = s->job;

	if (reply->err == OK) {
		end_with_status(s, reply);
	} else if (reply->err == ERR_BUSY) {
		leave(s, VISIT_UNKNOWN, 0);
		job_put_off(job, ENDING_MS);
	} else {
		metric_add(METRIC_PUSHES_FAILED, 1);
		leave(s, VISIT_BAD, 0);
		job_end(job, &(struct job_result){.err = reply->err, .why = view_of(reply->why)});
	}
}

/* ---- the request ---- */

/* What vouchers are made for (RFC 6454 6.2). */
static enum err origin_of(const struct url *url, struct buf *out)
{
	buf_add_str(out, url->secure ? "https://" : "http://");
	if (url->host_is_ip6)
		buf_add_c(out, '[');
	TRY(url_host_lower(out, url->host));
	if (url->host_is_ip6)
		buf_add_c(out, ']');
	if (url->port != (url->secure ? 443 : 80))
		buf_printf(out, ":%u", url->port);
	return buf_err(out);
}

static struct view encoded(struct arena *a, const unsigned char *bytes, size_t n)
{
	char *text = arena_alloc(a, BASE64URL_LEN(n) + 1);

	base64url_encode(bytes, n, text);
	return view_of(text);
}

/* RFC 8292 3; the draft says the same in two headers of its own. */
static enum err add_authorization(struct push *p, struct arena *a, const struct url *url, bool standard,
				  const struct ece_sender *from, struct net_header headers[3])
{
	char voucher[VOUCHER_MAX];
	struct vouchers *vouchers;
	struct buf origin CLEANUP(buf_release);

	buf_init(&origin, ORIGIN_MAX);
	TRY(origin_of(url, &origin));
	TRY(vouchers_of(p, &vouchers));
	TRY(voucher_for(vouchers, buf_view(&origin), clock_now(), voucher));
	const char *key = vouchers_key(vouchers);
	if (standard) {
		headers[0] = (struct net_header){"Authorization", arena_printf(a, "vapid t=%s, k=%s", voucher, key)};
		return OK;
	}
	headers[0] = (struct net_header){"Authorization", arena_printf(a, "WebPush %s", voucher)};
	headers[1] = (struct net_header){
		"Crypto-Key",
		arena_printf(a, "dh=%.*s;p256ecdsa=%s", VIEW_ARG(encoded(a, from->point, sizeof(from->point))), key)};
	headers[2] = (struct net_header){
		"Encryption", arena_printf(a, "salt=%.*s", VIEW_ARG(encoded(a, from->salt, sizeof(from->salt))))};
	return OK;
}

struct message {
	const struct push_subscription *subscription;
	const struct url *url;
	int64_t ttl_s;
	struct view plain;
};

static enum err make_request(struct push *p, struct arena *a, const struct message *m, struct net_request *ret)
{
	enum ece_coding coding = m->subscription->standard ? ECE_AES128GCM : ECE_AESGCM;
	struct ece_receiver to;
	struct ece_sender from;
	struct buf sealed CLEANUP(buf_release);

	buf_init(&sealed, ECE_MESSAGE_MAX);
	if (!ece_receiver_parse(m->subscription->p256dh, m->subscription->auth, &to))
		return ERR_CORRUPT;
	TRY(ece_sender_make(&from));
	TRY(ece_encrypt(coding, &to, &from, m->plain, &sealed));
	*ret = (struct net_request){
		.method = NET_POST,
		.url = m->subscription->endpoint,
		.headers = {{"TTL", arena_printf(a, "%" PRId64, m->ttl_s)},
			    {"Urgency", V("normal")},
			    {"Content-Type", V("application/octet-stream")},
			    {"Content-Encoding", view_of(ece_coding_name(coding))}},
		.body = arena_view(a, buf_view(&sealed)),
		.ms = ANSWER_MS,
		.cut = true,
		.https_only = true,
	};
	enum err err = add_authorization(p, a, m->url, m->subscription->standard, &from, &ret->headers[4]);
	secret_wipe(&from, sizeof(from));
	return err;
}

/* ---- the job ---- */

/* ERR_NOT_FOUND: it would not be shown by now, or is old. */
static enum err load_notification(struct db *db, const struct push_task *t, struct notification *ret, int64_t *ret_ttl)
{
	TRY(notification_shown(db, t->account, t->notification, ret));
	*ret_ttl = (ret->created_at + LIFE_MS - clock_now()) / 1000;
	return *ret_ttl > 0 ? OK : ERR_NOT_FOUND;
}

static enum err write_plain(struct core *c, struct db *db, struct arena *a, const struct push_subscription *s,
			    const struct notification *n, struct view *ret)
{
	struct present p = {.core = c, .db = db, .arena = a, .context = FILTER_NOTIFICATIONS};
	struct buf out CLEANUP(buf_release);

	buf_init(&out, 2 * ECE_MESSAGE_MAX);
	TRY(viewer_get(c, db, s->account, &p.viewer));
	enum err err = present_push(&p, s, n, ECE_PLAIN_MAX, &out);
	viewer_put(p.viewer);
	TRY(err);
	*ret = arena_view(a, buf_view(&out));
	return OK;
}

struct target {
	struct push_task task;
	struct push_subscription subscription;
	struct url url;
};

static enum err find_target(struct db *db, struct arena *a, struct view payload, struct target *ret,
			    struct problem *problem)
{
	if (!push_task_parse(payload, &ret->task))
		return fail(problem, ERR_CORRUPT, "the task cannot be read");
	TRY(push_task_subscription(db, a, &ret->task, &ret->subscription));
	return url_parse(ret->subscription.endpoint, &ret->url) ? OK : ERR_GONE;
}

static enum err send(struct core *c, struct db *db, struct arena *a, const struct target *t, struct sending *s)
{
	struct message m = {.subscription = &t->subscription, .url = &t->url};
	struct net_request rq;
	struct notification n;

	TRY(load_notification(db, &t->task, &n, &m.ttl_s));
	TRY(write_plain(c, db, a, &t->subscription, &n, &m.plain));
	TRY(make_request(c->push, a, &m, &rq));
	return net_start(c->net, &rq, answered, s);
}

static struct sending *sending_of(struct push *p, const struct target *t, struct job *job)
{
	struct sending *s = *job_baggage(job);

	if (s)
		return s;
	s = xcalloc(1, sizeof(*s));
	*s = (struct sending){.push = p, .job = job, .account = t->task.account, .service = service_of(&t->url)};
	*job_baggage(job) = s;
	return s;
}

/* Runs again for a job that was held, when something has made room for it. */
enum err push_job_start(struct core *c, struct db *db, struct arena *a, struct view payload, struct job *job,
			struct problem *problem)
{
	struct sending *s = *job_baggage(job);
	struct target t;
	int64_t wait_ms = ENDING_MS;

	if (!c->push || !c->net)
		return fail(problem, ERR_UNAVAILABLE, "nothing is pushed here");
	enum err err = find_target(db, a, payload, &t, problem);
	if (err == OK) {
		s = sending_of(c->push, &t, job);
		enum admission admission = s->has_service ? ADMITTED : let_in(s, &wait_ms);
		if (admission == HELD)
			return OK;
		err = admission == ADMITTED ? send(c, db, a, &t, s) : ERR_BUSY;
	}
	if (err == OK)
		return OK;
	if (s)
		leave(s, VISIT_UNKNOWN, 0);
	if (err != ERR_BUSY)
		return err;
	job_put_off(job, wait_ms);
	return OK;
}

/*
 * boot.c - the order of things: every part is started by its own small step and stopped by the one beside it.
 */
#include "base/base.h"
#include "server/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "core/events.h"
#include "gate/gate.h"
#include "jobs/jobs.h"
#include "licensed/consent.h"
#include "media/files.h"
#include "moderation/sign_ups.h"
#include "net/net.h"
#include "present/present.h"
#include "push/push.h"
#include "server/data_side.h"
#include "server/groups.h"
#include "server/settings.h"
#include "server/signals.h"
#include "stream/stream.h"
#include "web/kept.h"
#include "web/web.h"

#define FILES_BESIDE_CONNECTIONS (256 + NET_TRANSFERS_MAX) /* database, log, media being sent, … */

const char *boot_domain(const struct config *config)
{
	const char *scheme = strstr(config->v.base_url, "://");

	return scheme ? scheme + 3 : config->v.base_url;
}

/* ---- the data directory ---- */

enum err boot_data_dir(const struct config *config, struct problem *problem)
{
	const char *dir = config->v.data_dir;
	struct stat st;

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return fail(problem, ERR_UNAVAILABLE,
			    "the data directory %s cannot be made: %s; name another with --data", dir, strerror(errno));
	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
		return fail(problem, ERR_INVALID, "%s is not a directory; name another with --data", dir);
	if (access(dir, R_OK | W_OK | X_OK) != 0)
		return fail(problem, ERR_FORBIDDEN,
			    "%s may not be written by this user; see `ls -ld %s`, or name another with --data", dir,
			    dir);
	return OK;
}

/* A lock of the open file, so that it goes with the process however that ends. */
static struct flock whole_file(void)
{
	return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

static int open_lock(const struct config *config, int flags)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/lock", config->v.data_dir);
	return open(path, flags | O_CLOEXEC, 0600);
}

/* The process id in the lock file, for words only. */
static int64_t lock_holder(int fd)
{
	char text[24];
	ssize_t n = pread(fd, text, sizeof(text), 0);
	int64_t pid = 0;

	if (n <= 0 || !parse_i64(view_trim(view_make(text, (size_t)n)), 1, INT32_MAX, &pid))
		return 0;
	return pid;
}

enum err boot_lock(const struct config *config, int *ret_fd, struct problem *problem)
{
	int fd = open_lock(config, O_RDWR | O_CREAT);
	struct flock lock = whole_file();
	char pid[24];

	if (fd < 0)
		return fail(problem, ERR_UNAVAILABLE, "%s/lock cannot be opened: %s", config->v.data_dir,
			    strerror(errno));
	if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		int64_t holder = lock_holder(fd);
		close(fd);
		return fail(problem, ERR_CONFLICT, "kicau already serves %s (process %" PRId64 "); stop it first",
			    config->v.data_dir, holder);
	}
	int n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n)
		log_warn("the lock file does not say which process holds it");
	*ret_fd = fd;
	return OK;
}

bool boot_is_running(const struct config *config)
{
	int fd = open_lock(config, O_RDONLY);
	struct flock lock = whole_file();

	if (fd < 0)
		return false;
	bool held = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
	close(fd);
	return held;
}

/* ---- store and core ---- */

static void database_url(const struct config *config, char *ret, size_t cap)
{
	if (strcmp(config->v.database, "sqlite") == 0)
		snprintf(ret, cap, "sqlite:%s/kicau.db", config->v.data_dir);
	else
		snprintf(ret, cap, "%s", config->v.database);
}

enum err boot_store(const struct config *config, bool read_only, struct store **ret, struct problem *problem)
{
	char url[4096];
	struct store_config sc = {
		.url = url,
		.sqlite_cache_kib = (size_t)config->v.sqlite_cache_kib,
		.queue_max = (size_t)config->v.queue_max,
		.read_only = read_only,
	};

	database_url(config, url, sizeof(url));
	return store_open(&sc, ret, problem);
}

enum err boot_restore(const struct config *config, const char *file, struct problem *problem)
{
	char url[4096];

	database_url(config, url, sizeof(url));
	return store_restore(url, file, problem);
}

enum err boot_core(const struct config *config, struct store *store, struct core **ret, struct problem *problem)
{
	const struct config_values *v = &config->v;
	struct core_config cc = {
		.base_url = v->base_url,
		.domain = boot_domain(config),
		.title = v->title,
		.description = v->description,
		.contact_email = v->contact_email,
		.data_dir = v->data_dir,
		.languages = v->languages,
		.post_chars = v->post_chars,
		.poll_min_seconds = v->poll_min_seconds,
		.registrations = v->registrations == REGISTRATIONS_OPEN,
		.approval = v->registration_approval,
		.invites_by_all = v->invites == INVITES_EVERYONE,
		.min_age = v->min_age,
		.mail = v->smtp_server[0] != 0,
		.password_grant = v->password_grant,
		.public_timelines_need_login = v->public_timelines_need_login,
		.link_previews = v->link_previews,
		.remote_media_bytes = (size_t)v->remote_media_mb * LIMIT_MIB,
		.link_delay_seconds = v->link_delay_seconds,
		.trends_without_review = v->trends_without_review,
		.trends_seconds = v->trends_seconds,
		.timelines_bytes = (size_t)v->timelines_mb * LIMIT_MIB,
		.cards_bytes = (size_t)v->cards_mb * LIMIT_MIB,
		.viewers_bytes = (size_t)v->viewers_mb * LIMIT_MIB,
		.withhold_ppm = (uint32_t)v->withhold_ppm,
		.withhold_everybody_ppm = (uint32_t)v->withhold_everybody_ppm,
		.merge_followers = v->merge_followers,
		.active_days = v->active_days,
		.currency = v->currency,
		.seller = v->seller,
		.licence_sign_up = v->licence_sign_up,
		.stripe_key = v->stripe_key,
		.stripe_webhook_secret = v->stripe_webhook_secret,
		.stripe_api = v->stripe_api,
	};

	(void)uses_parse(view_of(v->data_uses), &cc.data_uses);
	(void)uses_parse(view_of(v->data_uses_default), &cc.data_uses_default);
	TRY(core_open(&cc, store, ret, problem));
	present_init(*ret);
	sign_up_set_guard(*ret, &moderation_guard);
	return OK;
}

void boot_smtp(const struct config *config, struct arena *a, struct smtp_config *ret)
{
	const struct config_values *v = &config->v;
	const char *domain = boot_domain(config);

	*ret = (struct smtp_config){
		.server = v->smtp_server,
		.port = v->smtp_port,
		.security = (enum smtp_security)v->smtp_security,
		.user = v->smtp_user,
		.password = v->smtp_password,
		.from = v->smtp_from[0] ? v->smtp_from : v->contact_email,
		.ca_file = v->smtp_ca,
	};
	if (!ret->from[0])
		ret->from = arena_printf(a, "kicau@%.*s", (int)strcspn(domain, ":"), domain).p;
}

/* Accounts carry the address they were made under; changing it later breaks every link to them. */
static void remember_base_url(struct server *s)
{
	const char *now = s->config->v.base_url;
	struct arena a;
	struct view before;

	arena_init(&a, LIMIT_MIB);
	if (setting_get(store_db(s->store), &a, SETTING_BASE_URL, &before) == OK && !view_is(before, now))
		log_warn("base_url has changed; links to what was made before still name the old one",
			 F_STR("before", before), F_STR("now", view_of(now)));
	arena_release(&a);
	if (setting_put(s->store, SETTING_BASE_URL, view_of(now)) != OK)
		log_warn("base_url could not be remembered for the command line");
}

/* ---- serving ---- */

static unsigned cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (unsigned)n : 1;
}

/* Most workers wait for the disk, and a commit takes along as many writes as wait for it. */
static size_t worker_count(const struct config *config)
{
	unsigned some = 24 * cores();

	return config->v.workers ? (size_t)config->v.workers : some < 32 ? 32 : some > 256 ? 256 : some;
}

/* Raises the limit on open files as far as it goes, or is needed; answers what it is then. */
static rlim_t raise_files(rlim_t wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return wanted;
	if (limit.rlim_cur < wanted) {
		rlim_t before = limit.rlim_cur;
		limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			limit.rlim_cur = before;
	}
	return limit.rlim_cur;
}

/* As many connections as the limit on open files leaves room for. */
static unsigned connection_count(const struct config *config)
{
	rlim_t wanted = (rlim_t)config->v.connections_max + FILES_BESIDE_CONNECTIONS, have = raise_files(wanted);

	if (have >= wanted)
		return (unsigned)config->v.connections_max;
	rlim_t room = have > 2 * FILES_BESIDE_CONNECTIONS ? have - FILES_BESIDE_CONNECTIONS : have / 2;
	log_warn("connections_max is lowered to the limit on open files (ulimit -n)", F_INT("connections", room),
		 F_INT("open_files", have));
	return (unsigned)room;
}

static void start_net(struct server *s)
{
	const struct net_config nc = {
		.user_agent = s->user_agent,
		.private_addresses = s->config->v.private_addresses,
	};

	snprintf(s->user_agent, sizeof(s->user_agent), "kicau/%s (+%s/)", KICAU_VERSION, s->config->v.base_url);
	s->core->net = s->net = net_open(&nc);
}

static enum err start_gate(struct server *s, struct problem *problem)
{
	const struct gate_config gc = {
		.workers = worker_count(s->config),
		.queue_max = (size_t)s->config->v.queue_max,
		.rate_limits = s->config->v.rate_limits,
		.access_log = s->config->v.access_log,
		.server = s,
		.html_error = web_error,
	};

	return gate_open(s->core, server_groups, &gc, &s->gate, problem);
}

static enum err start_http(struct server *s, struct problem *problem)
{
	const struct config_values *v = &s->config->v;
	const struct http_server_config hc = {
		.listen = view_of(v->listen),
		.loops = (unsigned)v->http_loops,
		.connections_max = s->connections,
		.connections_per_ip = (unsigned)v->connections_per_ip,
		.idle_seconds = (unsigned)v->idle_seconds,
		.request_seconds = (unsigned)v->request_seconds,
		.trusted_proxies = v->trusted_proxies,
	};

	return http_server_start(&hc, gate_app(s->gate), &s->http, problem);
}

static enum err start_mailer(struct server *s, struct problem *problem)
{
	struct smtp_config smtp;

	arena_init(&s->arena, LIMIT_MIB);
	boot_smtp(s->config, &s->arena, &smtp);
	return mailer_start(s->core, &smtp, server_letter_writers, &s->mailer, problem);
}

static enum err start(struct server *s, struct problem *problem)
{
	TRY(boot_data_dir(s->config, problem));
	TRY(boot_lock(s->config, &s->lock_fd, problem));
	s->connections = connection_count(s->config);
	TRY(files_init(s->config->v.data_dir, problem));
	files_clean_temp(s->config->v.data_dir);
	TRY(boot_store(s->config, false, &s->store, problem));
	remember_base_url(s);
	TRY(boot_core(s->config, s->store, &s->core, problem));
	s->core->kept = kept_new(s->core, LIMIT_KEPT_PAGES);
	TRY(data_side_open(s->core, s->config, &s->data_side, problem));
	start_net(s);
	s->push = push_start(s->core);
	s->jobs = jobs_start(s->core, server_job_kinds, server_job_periods);
	TRY(start_mailer(s, problem));
	TRY(stream_start(s->core, &s->stream, problem));
	TRY(start_gate(s, problem));
	return start_http(s, problem);
}

/* Streams first, as they would not end by themselves; then answers, then what those need. Every step does nothing where start() did not come so far. */
static void stop(struct server *s)
{
	stream_drain(s->stream);
	data_side_drain(s->data_side);
	if (s->http)
		http_server_drain(s->http);
	http_server_stop(s->http);
	gate_close(s->gate);
	net_stop(s->net); /* jobs wait for it */
	push_drain(s->push);
	jobs_stop(s->jobs);
	push_stop(s->push);
	mailer_stop(s->mailer);
	arena_release(&s->arena);
	net_close(s->net);
	stream_stop(s->stream);
	data_side_close(s->data_side);
	if (s->core)
		kept_free(s->core->kept);
	core_close(s->core);
	if (s->store)
		store_thread_done(s->store);
	store_close(s->store);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
}

enum err boot_serve(const struct config *config, struct problem *problem)
{
	struct server s = {.config = config, .lock_fd = -1};

	signals_block();
	enum err err = start(&s, problem);
	if (err == OK) {
		/* What only the start needed goes back to the system. */
		store_thread_done(s.store);
		malloc_trim(0);
		log_info("kicau serves", F_STR("url", view_of(config->v.base_url)),
			 F_STR("listen", view_of(config->v.listen)), F_STR("data", view_of(config->v.data_dir)));
		signals_wait();
		log_info("ending: no new requests, finishing what is under way");
	}
	stop(&s);
	if (err == OK)
		log_info("ended");
	return err;
}

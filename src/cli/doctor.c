/*
 * doctor.c - `kicau doctor`: one line for each thing that can be wrong with an installation, and what to do about it.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "core/mail_queue.h"
#include "jobs/jobs.h"
#include "media/av.h"
#include "media/image.h"
#include "media/process.h"
#include "meter/invoices.h"
#include "net/net.h"
#include "server/boot.h"
#include "store/migrate.h"

#define FREE_WARN_MIB 1024
#define FREE_FAIL_MIB 100
#define MISSING_SHOWN 3

SQL(doctor_media, "SELECT id, file FROM media WHERE file <> '' AND id > $1 ORDER BY id LIMIT 500");
SQL(doctor_owners, "SELECT COUNT(*) FROM users WHERE role = 'owner' AND disabled = 0");

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

struct checkup {
	struct cli *cli;
	unsigned warnings, failures;
};

static void say(struct checkup *d, enum verdict v, const char *what, const char *fmt, ...) PRINTF_LIKE(4, 5);
static void say(struct checkup *d, enum verdict v, const char *what, const char *fmt, ...)
{
	static const char *const words[] = {"ok", "warn", "fail"};
	static const enum tone tones[] = {TONE_GOOD, TONE_WARN, TONE_BAD};
	va_list args;

	d->warnings += v == VERDICT_WARN;
	d->failures += v == VERDICT_FAIL;
	terminal_print(stdout, tones[v], words[v], 5);
	printf("%-20s ", what);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

static bool check_data_dir(struct checkup *d)
{
	const char *dir = d->cli->config.v.data_dir;
	struct stat st;

	if (stat(dir, &st) != 0) {
		say(d, VERDICT_FAIL, "data directory", "%s: %s; make it with `kicau init` or name another with --data",
		    dir, strerror(errno));
		return false;
	}
	if (!S_ISDIR(st.st_mode) || access(dir, R_OK | W_OK | X_OK) != 0) {
		say(d, VERDICT_FAIL, "data directory", "%s is not a directory this user may write", dir);
		return false;
	}
	if (st.st_mode & 077)
		say(d, VERDICT_WARN, "data directory", "%s can be read by other users; `chmod 700 %s`", dir, dir);
	else
		say(d, VERDICT_OK, "data directory", "%s, for its owner alone", dir);
	return true;
}

static void check_disk(struct checkup *d)
{
	struct statvfs fs;

	if (statvfs(d->cli->config.v.data_dir, &fs) != 0) {
		say(d, VERDICT_WARN, "free disk", "cannot be measured: %s", strerror(errno));
		return;
	}
	uint64_t mib = (uint64_t)fs.f_bavail * fs.f_frsize / LIMIT_MIB;
	enum verdict v = mib < FREE_FAIL_MIB ? VERDICT_FAIL : mib < FREE_WARN_MIB ? VERDICT_WARN : VERDICT_OK;
	say(d, v, "free disk", "%" PRIu64 " MiB%s", mib,
	    v == VERDICT_OK ? "" : "; make room, or posts will be refused");
}

static void check_settings(struct checkup *d)
{
	const struct config_values *v = &d->cli->config.v;
	struct stat st;
	const struct {
		bool bad;
		const char *words;
	} switches[] = {
		{v->password_grant, "password_grant is on: applications may ask people for their password"},
		{!v->rate_limits, "rate_limits is off: nothing slows down an attacker"},
		{v->private_addresses,
		 "private_addresses is on: people can have the server ask machines of its own network"},
		{v->metrics == METRICS_ON, "metrics is on: everybody can read /metrics; local is enough for most"},
		{v->registrations == REGISTRATIONS_OPEN && !v->registration_approval,
		 "registrations is open and registration_approval off: anybody can post at once"},
		{view_starts(view_of(v->base_url), V("http://")) &&
			 !view_starts(view_of(v->base_url), V("http://localhost")) &&
			 !view_starts(view_of(v->base_url), V("http://127.")),
		 "base_url is not https: passwords cross the network in the clear"},
		{v->log_level == LOG_LEVEL_DEBUG, "log_level is debug: far more is logged than needed"},
	};
	unsigned before = d->warnings;

	for (size_t i = 0; i < ARRAY_LEN(switches); i++)
		if (switches[i].bad)
			say(d, VERDICT_WARN, "settings", "%s", switches[i].words);
	if (d->cli->config.file && stat(d->cli->config.file, &st) == 0 && st.st_mode & 077)
		say(d, VERDICT_WARN, "settings", "%s can be read by other users; `chmod 600 %s`", d->cli->config.file,
		    d->cli->config.file);
	const char *stray = config_stray_variable();
	if (stray)
		say(d, VERDICT_WARN, "settings", "KICAU_%.*s in the environment is no setting",
		    (int)strcspn(stray, "="), stray);
	if (d->warnings == before)
		say(d, VERDICT_OK, "settings", "none that weaken the server");
}

static void check_server(struct checkup *d)
{
	say(d, VERDICT_OK, "server", boot_is_running(&d->cli->config) ? "runs" : "does not run");
}

/* True when the rest can look into the database. */
static bool check_database(struct checkup *d)
{
	struct cli *cli = d->cli;
	int64_t have = 0, want = 0;

	for (const struct embedded *e = embedded_schema; e->name; e++)
		(void)parse_i64(view_sub(view_of(e->name), 0, 4), 0, 9999, &want);
	if (boot_store(&cli->config, true, &cli->store, &cli->problem) != OK) {
		say(d, VERDICT_FAIL, "database", "cannot be opened: %s", cli->problem.text);
		return false;
	}
	enum err err = migrate_version(store_db(cli->store), &have);
	if (err != OK) {
		say(d, VERDICT_FAIL, "database", "cannot be read (%s); restore a backup", err_name(err));
		return false;
	}
	if (have == 0) {
		say(d, VERDICT_FAIL, "database", "holds no network; `kicau init` makes it");
		return false;
	}
	if (have != want)
		say(d, have < want ? VERDICT_WARN : VERDICT_FAIL, "schema",
		    "version %" PRId64 ", this program's is %" PRId64 "%s", have, want,
		    have < want ? "; `kicau serve` brings it forward" : "; use a newer kicau");
	else
		say(d, VERDICT_OK, "schema", "version %" PRId64, have);
	if (store_check(cli->store, &cli->problem) != OK)
		say(d, VERDICT_FAIL, "database", "is damaged: %s; restore a backup", cli->problem.text);
	else
		say(d, VERDICT_OK, "database", "%s, sound", store_is_server(cli->store) ? "PostgreSQL" : "SQLite");
	return have == want;
}

static void check_owner(struct checkup *d)
{
	int64_t n = 0;

	if (db_int(store_db(d->cli->store), &doctor_owners, NO_BINDS, &n) != OK || n == 0)
		say(d, VERDICT_WARN, "owner", "nobody owns this server; `kicau account set-role NAME owner`");
	else
		say(d, VERDICT_OK, "owner", "%" PRId64 " account%s", n, n == 1 ? "" : "s");
}

static void check_jobs(struct checkup *d)
{
	int64_t waiting = 0, failed = 0;

	if (jobs_count(store_db(d->cli->store), &waiting, &failed) != OK)
		say(d, VERDICT_FAIL, "jobs", "cannot be counted");
	else if (failed)
		say(d, VERDICT_WARN, "jobs", "%" PRId64 " have failed for good, %" PRId64 " wait; the log says why",
		    failed, waiting);
	else
		say(d, VERDICT_OK, "jobs", "%" PRId64 " wait", waiting);
}

/* Whether the mail server takes us, and what could not be sent. */
static void check_mail(struct checkup *d)
{
	struct problem problem = {0};
	struct smtp_config smtp;
	int64_t waiting = 0, given_up = 0;

	boot_smtp(&d->cli->config, &d->cli->arena, &smtp);
	if (!smtp.server[0]) {
		say(d, VERDICT_OK, "mail", "none: smtp_server is not set, and addresses are taken as confirmed");
		return;
	}
	bool usable = smtp_open() == OK;
	if (!usable || smtp_check(&smtp, &problem) != OK)
		say(d, VERDICT_FAIL, "mail", "%s:%" PRId64 " does not take it: %s; see smtp_server and its neighbours",
		    smtp.server, smtp.port, problem.text);
	else
		say(d, VERDICT_OK, "mail", "%s:%" PRId64 " takes it, from %s", smtp.server, smtp.port, smtp.from);
	if (usable)
		smtp_close();
	if (mail_count(store_db(d->cli->store), &waiting, &given_up) != OK)
		say(d, VERDICT_FAIL, "mail queue", "cannot be counted");
	else if (given_up)
		say(d, VERDICT_WARN, "mail queue", "%" PRId64 " given up, %" PRId64 " wait; the log says why", given_up,
		    waiting);
	else
		say(d, VERDICT_OK, "mail queue", "%" PRId64 " wait", waiting);
}

struct media_count {
	uint64_t seen, missing;
	char shown[MISSING_SHOWN][128];
};

static enum err count_page(struct checkup *d, int64_t *after, struct media_count *m)
{
	struct rows r;
	char path[4096];

	db_query(store_db(d->cli->store), &r, &doctor_media, BINDS(B_INT(*after)));
	while (rows_next(&r)) {
		struct view key = row_text(&r, 1);

		*after = row_int(&r, 0);
		m->seen++;
		snprintf(path, sizeof(path), "%s/media/%.*s", d->cli->config.v.data_dir, VIEW_ARG(key));
		if (access(path, R_OK) == 0)
			continue;
		if (m->missing < MISSING_SHOWN)
			snprintf(m->shown[m->missing], sizeof(m->shown[0]), "%.*s", VIEW_ARG(key));
		m->missing++;
	}
	return rows_end(&r);
}

static void check_media(struct checkup *d)
{
	struct media_count m = {0};
	struct progress progress;
	uint64_t before;
	int64_t after = 0;

	progress_start(&progress, "looking for media files");
	do {
		before = m.seen;
		if (count_page(d, &after, &m) != OK) {
			say(d, VERDICT_FAIL, "media", "the table cannot be read");
			return;
		}
		progress_at(&progress, m.seen, 0, "files");
	} while (m.seen > before);
	progress_end(&progress);
	if (m.missing)
		say(d, VERDICT_FAIL, "media", "%" PRIu64 " of %" PRIu64 " files are gone: %s%s%s; restore a backup",
		    m.missing, m.seen, m.shown[0], m.missing > 1 ? ", " : "", m.shown[1]);
	else
		say(d, VERDICT_OK, "media", "%" PRIu64 " files, all there", m.seen);
}

/* The programs of ours that it starts. */
static void check_program(struct checkup *d, const char *what, const char *program, const char *loss)
{
	char path[4096];

	if (process_beside(program, path, sizeof(path)))
		say(d, VERDICT_OK, what, "%s", path);
	else
		say(d, VERDICT_FAIL, what, "%s is not there: no %s; `make install` puts it in place", program, loss);
}

static void check_ffmpeg(struct checkup *d)
{
	static const char *const programs[] = {"ffmpeg", "ffprobe"};
	bool there = true;

	for (size_t i = 0; i < ARRAY_LEN(programs); i++)
		there &= process_in_path(programs[i]);
	if (there)
		say(d, VERDICT_OK, "ffmpeg", "ffmpeg and ffprobe are in PATH");
	else
		say(d, VERDICT_FAIL, "ffmpeg",
		    "is not in PATH: no film, sound or animation can be uploaded; install ffmpeg");
}

static void check_certificates(struct checkup *d)
{
	const char *file = net_certificates();

	if (access(file, R_OK) == 0)
		say(d, VERDICT_OK, "certificates", "%s", file);
	else
		say(d, VERDICT_WARN, "certificates",
		    "there are none to check other servers by: nothing is pushed; `apt install ca-certificates`");
}

static int run_doctor(struct cli *cli)
{
	struct checkup d = {.cli = cli};

	if (!cli_config(cli))
		return EXIT_FAILED;
	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR, LOG_AUTO);
	check_settings(&d);
	check_program(&d, "images", IMAGE_PROGRAM, "picture can be uploaded");
	check_program(&d, "films", AV_PROGRAM, "film or sound can be uploaded");
	check_program(&d, "invoices", PDF_PROGRAM, "invoice can be had as PDF, or mailed");
	check_ffmpeg(&d);
	check_certificates(&d);
	if (check_data_dir(&d)) {
		check_disk(&d);
		check_server(&d);
		if (check_database(&d)) {
			check_owner(&d);
			check_jobs(&d);
			check_mail(&d);
			check_media(&d);
		}
	}
	if (d.failures || d.warnings)
		printf("%u failed, %u to look at\n", d.failures, d.warnings);
	return d.failures || d.warnings ? EXIT_ATTENTION : EXIT_DONE;
}

const struct command command_doctor[] = {
	{"doctor", "", OPTIONS({"listen", "ADDR:PORT", "as serve takes it"}), run_doctor,
	 "Look for what is wrong with this installation",
	 "Prints a line for each check: ok, warn or fail. Ends with 3 when something needs attention. Changes nothing, and "
	 "works while the server runs."},
	COMMANDS_END,
};

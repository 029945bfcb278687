/*
 * restore.c - `kicau restore FILE`. Everything is unpacked and checked beside the place it goes to; only then are
 * things moved. What stood there before (--force) is kept, never deleted.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/archive.h"
#include "ledger/archive.h"
#include "ledger/file.h"
#include "ledger/segments.h"
#include "ledger/verify.h"
#include "server/boot.h"

#define KEY_FILE_MAX 4096

/* kicau's own files and folders in a data directory, which make it not empty. */
static const char *const ours[] = {"kicau.db", "kicau.db-wal", "kicau.db-shm", "kicau.db-ballast", "media"};

static const char *path_in(struct cli *cli, const char *folder, const char *name)
{
	return arena_printf(&cli->arena, "%s/%s", folder, name).p;
}

static bool holds_anything(struct cli *cli)
{
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (access(path_in(cli, cli->config.v.data_dir, ours[i]), F_OK) == 0)
			return true;
	return false;
}

/* Moves what is there into DATA/replaced-TIME. */
static enum err set_aside(struct cli *cli)
{
	const char *data = cli->config.v.data_dir;
	const char *aside = arena_printf(&cli->arena, "%s/replaced-%" PRId64, data, clock_now()).p;

	if (mkdir(aside, 0700) != 0)
		return fail(&cli->problem, ERR_INTERNAL, "%s cannot be made: %s", aside, strerror(errno));
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (rename(path_in(cli, data, ours[i]), path_in(cli, aside, ours[i])) != 0 && errno != ENOENT)
			return fail(&cli->problem, ERR_INTERNAL, "%s/%s cannot be moved: %s", data, ours[i],
				    strerror(errno));
	printf("what was there is now in %s\n", aside);
	return OK;
}

static bool wants_sqlite(const struct cli *cli)
{
	return view_starts(view_of(cli->config.v.database), V("sqlite"));
}

/* The backup's database has to be of the kind the settings ask for. */
static enum err check_about(struct cli *cli, const char *folder)
{
	json_t *about = json_load_file(path_in(cli, folder, ARCHIVE_ABOUT), 0, NULL);
	const char *kind = json_string_value(json_object_get(about, "database"));
	int64_t format = json_integer_value(json_object_get(about, "format"));
	const char *wanted = wants_sqlite(cli) ? "sqlite" : "postgresql";
	enum err err = OK;

	if (format != ARCHIVE_FORMAT)
		err = fail(&cli->problem, ERR_CONFLICT, "the backup has format %" PRId64 ", this program reads %d",
			   format, ARCHIVE_FORMAT);
	else if (!kind || strcmp(kind, wanted) != 0)
		err = fail(&cli->problem, ERR_CONFLICT, "the backup is of a %s database, the setting database says %s",
			   kind ? kind : "?", wanted);
	json_decref(about);
	return err;
}

/* --- the ledger: an older one never takes the place of a newer one, which would sign a second history --- */

static void tell_finding(void *arg, const struct ledger_finding *f)
{
	struct problem *problem = arg;

	if (!problem->text[0])
		(void)fail(problem, ERR_CORRUPT, "the ledger in the backup is damaged: %s", f->what);
}

static const char *archive_of(const struct cli *cli)
{
	return cli->config.v.ledger_archive[0] ? cli->config.v.ledger_archive : NULL;
}

/* A backup has old files with it, except where nobody said where they are. */
static const char *archive_for(const struct cli *cli, const char *restored)
{
	return segments_archived(restored) ? archive_of(cli) : NULL;
}

/* Every byte of it is looked at before anything is put in place. */
static enum err check_ledger(struct cli *cli, const char *ledger)
{
	struct ledger_verified v;
	struct problem found = {0};
	enum err err = ledger_verify(ledger, archive_for(cli, ledger), tell_finding, &found, &v, &cli->problem);

	if (err == ERR_CORRUPT && found.text[0])
		return fail(&cli->problem, err, "%s", found.text);
	TRY(err);
	printf("the ledger has %" PRIu64 " records with %" PRIu64 " post reads: all is as it was signed\n", v.records,
	       v.reads);
	return OK;
}

static bool same_key(struct cli *cli, const char *one, const char *other)
{
	struct buf CLEANUP(buf_release) a = {.max = KEY_FILE_MAX};
	struct buf CLEANUP(buf_release) b = {.max = KEY_FILE_MAX};

	return file_read(path_in(cli, one, "key.public"), &a) == OK &&
	       file_read(path_in(cli, other, "key.public"), &b) == OK && view_eq(buf_view(&a), buf_view(&b));
}

static bool is_as_new(struct cli *cli, const char *there, const char *restored)
{
	struct ledger_status here, mine;
	struct problem ignored = {0};

	return same_key(cli, there, restored) && ledger_status(there, archive_of(cli), &here, &ignored) == OK &&
	       ledger_status(restored, archive_for(cli, restored), &mine, &ignored) == OK && here.size >= mine.size;
}

static enum err put_ledger(struct cli *cli, const char *restored)
{
	const char *there = path_in(cli, cli->config.v.data_dir, ARCHIVE_LEDGER);
	const char *aside = arena_printf(&cli->arena, "%s.replaced-%" PRId64, there, clock_now()).p;

	if (access(restored, F_OK) != 0)
		return OK;
	if (access(there, F_OK) == 0 && is_as_new(cli, there, restored)) {
		printf("%s is as new as the backup's or newer, and stays\n", there);
		return OK;
	}
	if (rename(there, aside) == 0)
		printf("the ledger that was there is now %s\n", aside);
	else if (errno != ENOENT)
		return fail(&cli->problem, ERR_INTERNAL, "%s cannot be moved: %s", there, strerror(errno));
	if (rename(restored, there) != 0)
		return fail(&cli->problem, ERR_INTERNAL, "the ledger cannot be moved to %s: %s", there,
			    strerror(errno));
	return OK;
}

static enum err put_in_place(struct cli *cli, const char *folder)
{
	const char *data = cli->config.v.data_dir, *conf = path_in(cli, data, ARCHIVE_CONF);

	TRY(boot_restore(&cli->config, path_in(cli, folder, ARCHIVE_DATABASE), &cli->problem));
	if (rename(path_in(cli, folder, ARCHIVE_MEDIA), path_in(cli, data, ARCHIVE_MEDIA)) != 0 && errno != ENOENT)
		return fail(&cli->problem, ERR_INTERNAL, "the media cannot be moved to %s: %s", data, strerror(errno));
	TRY(put_ledger(cli, path_in(cli, folder, ARCHIVE_LEDGER)));
	if (access(conf, F_OK) == 0)
		printf("%s is left as it is\n", conf);
	else if (rename(path_in(cli, folder, ARCHIVE_CONF), conf) != 0 && errno != ENOENT)
		return fail(&cli->problem, ERR_INTERNAL, "%s cannot be made: %s", conf, strerror(errno));
	return OK;
}

static enum err restore_into(struct cli *cli, const char *folder, uint64_t *ret_files)
{
	const char *ledger = path_in(cli, folder, ARCHIVE_LEDGER);

	TRY(archive_unpack(cli->options.operands[0], folder, ret_files, &cli->problem));
	TRY(check_about(cli, folder));
	if (access(ledger, F_OK) == 0)
		TRY(check_ledger(cli, ledger));
	if (holds_anything(cli))
		TRY(set_aside(cli));
	return put_in_place(cli, folder);
}

static enum err restore(struct cli *cli, uint64_t *ret_files)
{
	int lock_fd;

	TRY(boot_data_dir(&cli->config, &cli->problem));
	if (holds_anything(cli) && !option_given(&cli->options, "force"))
		return fail(&cli->problem, ERR_CONFLICT,
			    "%s holds a network already; name another with --data, or --force", cli->config.v.data_dir);
	TRY(boot_lock(&cli->config, &lock_fd, &cli->problem));
	char *folder = arena_cstr(&cli->arena, view_of(path_in(cli, cli->config.v.data_dir, ".restore-XXXXXX")));
	enum err err = mkdtemp(folder) ? OK
				       : fail(&cli->problem, ERR_INTERNAL, "%s cannot be written: %s",
					      cli->config.v.data_dir, strerror(errno));
	if (err == OK) {
		err = restore_into(cli, folder, ret_files);
		remove_folder(folder);
	}
	close(lock_fd);
	return err;
}

static int run_restore(struct cli *cli)
{
	uint64_t files = 0;

	if (!cli_config(cli))
		return EXIT_FAILED;
	enum err err = restore(cli, &files);
	if (err != OK)
		return cli_fail_err(cli, err, "restore");
	printf("restored %" PRIu64 " files into %s; `kicau doctor` looks at them\n", files, cli->config.v.data_dir);
	return EXIT_DONE;
}

const struct command command_restore[] = {
	{"restore", "FILE", OPTIONS({"force", NULL, "also where there is a network already; that one is kept beside it"}),
	 run_restore, "Bring back what `kicau backup` wrote",
	 "Checks every file against its SHA-256 sum, and the ledger against what was signed, before anything is put in place. The server must not run. A PostgreSQL "
	 "database has to be empty. A ledger that is there and is as new as the backup's, or newer, stays."},
	COMMANDS_END,
};

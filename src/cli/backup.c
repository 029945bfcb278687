/*
 * backup.c - `kicau backup FILE`, while the server runs. The database is copied first: every file it names exists then,
 * and files are never changed, only added and (with their post) removed.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/archive.h"
#include "ledger/archive.h"
#include "ledger/copy.h"
#include "ledger/segments.h"
#include "meter/meter.h"
#include "server/boot.h"

static enum err add_about(struct cli *cli, struct packer *p)
{
	struct buf about;
	struct jw j = jw_to(&about);

	buf_init(&about, 64 * LIMIT_KIB);
	jw_object(&j);
	jw_kv_int(&j, "format", ARCHIVE_FORMAT);
	jw_kv_cstr(&j, "kicau", KICAU_VERSION);
	jw_kv_cstr(&j, "database", store_is_server(cli->store) ? "postgresql" : "sqlite");
	jw_kv_cstr(&j, "base_url", cli->config.v.base_url);
	jw_kv_time(&j, "made_at", clock_now());
	jw_object_end(&j);
	buf_add_c(&about, '\n');
	enum err err = packer_add_bytes(p, ARCHIVE_ABOUT, buf_view(&about), &cli->problem);
	buf_release(&about);
	return err;
}

/* folder: a temporary one in the data directory, where there is room for the database and nobody else can look. */
static enum err add_database(struct cli *cli, struct packer *p, const char *folder, struct progress *progress)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/database", folder);
	TRY(store_backup(cli->store, path, &cli->problem));
	return packer_add_file(p, ARCHIVE_DATABASE, path, progress, &cli->problem);
}

static enum err add_conf(struct cli *cli, struct packer *p)
{
	if (!cli->config.file)
		return OK;
	return packer_add_file(p, ARCHIVE_CONF, cli->config.file, NULL, &cli->problem);
}

static enum err add_tree_file(struct cli *cli, struct packer *p, const FTSENT *e, const char *name_of_root, size_t base,
			      struct progress *progress)
{
	char name[4096];

	if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR)
		return fail(&cli->problem, ERR_INTERNAL, "%s cannot be read: %s", e->fts_path, strerror(e->fts_errno));
	if (e->fts_info != FTS_F || e->fts_name[0] == '.')
		return OK;
	snprintf(name, sizeof(name), "%s/%s", name_of_root, e->fts_path + base);
	enum err err = packer_add_file(p, name, e->fts_path, progress, &cli->problem);
	return err == ERR_NOT_FOUND ? OK : err; /* its post was deleted meanwhile */
}

static enum err add_tree(struct cli *cli, struct packer *p, char *root, const char *name, struct progress *progress)
{
	char *const roots[] = {root, NULL};
	enum err err = OK;

	if (access(root, F_OK) != 0)
		return OK;
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!tree)
		return fail(&cli->problem, ERR_INTERNAL, "%s cannot be read: %s", root, strerror(errno));
	for (FTSENT *e; err == OK && (e = fts_read(tree));)
		err = add_tree_file(cli, p, e, name, strlen(root) + 1, progress);
	fts_close(tree);
	return err;
}

static char *path_in_data(struct cli *cli, const char *name)
{
	return arena_cstr(&cli->arena, arena_printf(&cli->arena, "%s/%s", cli->config.v.data_dir, name));
}

/* The database was copied before, so the ledger is at least as new: whatever that counts is in it. */
static enum err check_ledger(struct cli *cli, const char *copy)
{
	const char *archive = cli->config.v.ledger_archive;
	struct ledger_status status;
	uint64_t counted;

	TRY(meter_counted(store_db(cli->store), &counted));
	TRY(ledger_status(copy, archive[0] ? archive : NULL, &status, &cli->problem));
	if (status.size < counted)
		return fail(&cli->problem, ERR_CORRUPT,
			    "the ledger has %" PRIu64 " records, and the database counts %" PRIu64, status.size,
			    counted);
	return OK;
}

static bool is_archived_name(struct view name)
{
	static const char *const suffixes[] = {PACKED_SUFFIX, SALT_SUFFIX, KEPT_SUFFIX};

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (view_ends(name, view_of(suffixes[i])))
			return true;
	return false;
}

/* Files that were moved away stand among the others again. copy: those that are not moved, which are packed already. */
static enum err add_archived(struct cli *cli, struct packer *p, const char *copy, struct progress *progress)
{
	const char *archive = cli->config.v.ledger_archive;
	char from[FILE_PATH_MAX], here[FILE_PATH_MAX], name[FILE_PATH_MAX];
	enum err err = OK;
	DIR *d = archive[0] ? opendir(archive) : NULL;

	if (archive[0] && !d)
		return fail(&cli->problem, ERR_UNAVAILABLE, "%s cannot be read: %s", archive, strerror(errno));
	for (const struct dirent *e; d && err == OK && (e = readdir(d));) {
		if (!is_archived_name(view_of(e->d_name)))
			continue;
		err = file_path(archive, e->d_name, from);
		if (err == OK)
			err = file_path(copy, e->d_name, here);
		if (err == OK)
			err = file_path(ARCHIVE_LEDGER, e->d_name, name);
		if (err == OK && access(here, F_OK) != 0)
			err = packer_add_file(p, name, from, progress, &cli->problem);
	}
	if (d)
		closedir(d);
	return err;
}

/* With the archive's files among them, none is elsewhere. */
static enum err forget_archive(struct cli *cli, const char *copy)
{
	char path[FILE_PATH_MAX];

	TRY(file_path(copy, ARCHIVED_FILE, path));
	if (access(path, F_OK) != 0)
		return OK;
	if (cli->config.v.ledger_archive[0])
		return unlink(path) == 0 ? OK : ERR_UNAVAILABLE;
	fprintf(stderr, "kicau: old files of the ledger were moved away, and the setting ledger_archive does not say "
			"where: they are "
			"not in this backup\n");
	return OK;
}

/* From a second set of names, so that nothing is packed or removed under our hands. */
static enum err add_ledger(struct cli *cli, struct packer *p, struct progress *progress)
{
	char *dir = path_in_data(cli, ARCHIVE_LEDGER), *copy = path_in_data(cli, ARCHIVE_LEDGER "/.backup-XXXXXX");

	if (access(dir, F_OK) != 0)
		return OK; /* nothing was ever for sale */
	if (!mkdtemp(copy))
		return fail(&cli->problem, ERR_INTERNAL, "%s cannot be written: %s", dir, strerror(errno));
	enum err err = ledger_copy(dir, copy, &cli->problem);
	if (err == OK)
		err = check_ledger(cli, copy);
	if (err == OK)
		err = forget_archive(cli, copy);
	if (err == OK)
		err = add_tree(cli, p, copy, ARCHIVE_LEDGER, progress);
	if (err == OK)
		err = add_archived(cli, p, copy, progress);
	remove_folder(copy);
	return err;
}

static enum err pack_all(struct cli *cli, struct packer *p, const char *folder)
{
	struct progress progress;

	progress_start(&progress, "backing up");
	TRY(add_about(cli, p));
	TRY(add_database(cli, p, folder, &progress));
	TRY(add_conf(cli, p));
	TRY(add_tree(cli, p, path_in_data(cli, ARCHIVE_MEDIA), ARCHIVE_MEDIA, &progress));
	TRY(add_ledger(cli, p, &progress));
	progress_end(&progress);
	return OK;
}

static int run_backup(struct cli *cli)
{
	const char *file = cli->options.operands[0];
	struct packer *p;

	if (access(file, F_OK) == 0 && !option_given(&cli->options, "force"))
		return cli_fail(cli, "%s exists; name another file, or replace it with --force", file);
	if (!cli_config(cli))
		return EXIT_FAILED;
	if (boot_store(&cli->config, true, &cli->store, &cli->problem) != OK)
		return cli_fail_err(cli, ERR_UNAVAILABLE, "open the database");
	char *folder = arena_cstr(&cli->arena, arena_printf(&cli->arena, "%s/.backup-XXXXXX", cli->config.v.data_dir));
	if (!mkdtemp(folder))
		return cli_fail(cli, "%s cannot be written: %s", cli->config.v.data_dir, strerror(errno));
	enum err err = packer_open(file, &p, &cli->problem);
	if (err == OK) {
		err = pack_all(cli, p, folder);
		uint64_t files = packer_files(p), mib = packer_bytes(p) >> 20;
		if (err == OK)
			err = packer_finish(p, &cli->problem);
		else
			packer_abandon(p);
		if (err == OK)
			printf("%s: %" PRIu64 " files, %" PRIu64 " MiB\n", file, files, mib);
	}
	remove_folder(folder);
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "make the backup");
}

const struct command command_backup[] = {
	{"backup", "FILE", OPTIONS({"force", NULL, "replace FILE when it exists"}), run_backup,
	 "Write everything into one file",
	 "A tar file with the database, the media, the ledger, the settings and their SHA-256 sums; compressed when FILE ends in .gz or "
	 ".zst. The server may run meanwhile. Keep the file secret: it holds everything people wrote."},
	COMMANDS_END,
};

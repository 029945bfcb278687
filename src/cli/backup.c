/*
 * backup.c - `kicau backup FILE`, while the server runs. The database is copied first: every file it names exists then,
 * and files are never changed, only added and (with their post) removed.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <errno.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/archive.h"
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

static enum err add_media_file(struct cli *cli, struct packer *p, const FTSENT *e, size_t base,
			       struct progress *progress)
{
	char name[4096];

	if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR)
		return fail(&cli->problem, ERR_INTERNAL, "%s cannot be read: %s", e->fts_path, strerror(e->fts_errno));
	if (e->fts_info != FTS_F || e->fts_name[0] == '.')
		return OK;
	snprintf(name, sizeof(name), ARCHIVE_MEDIA "/%s", e->fts_path + base);
	enum err err = packer_add_file(p, name, e->fts_path, progress, &cli->problem);
	return err == ERR_NOT_FOUND ? OK : err; /* its post was deleted meanwhile */
}

static enum err add_media(struct cli *cli, struct packer *p, struct progress *progress)
{
	char *root = arena_cstr(&cli->arena, arena_printf(&cli->arena, "%s/media", cli->config.v.data_dir));
	char *const roots[] = {root, NULL};
	enum err err = OK;

	if (access(root, F_OK) != 0)
		return OK;
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!tree)
		return fail(&cli->problem, ERR_INTERNAL, "%s cannot be read: %s", root, strerror(errno));
	for (FTSENT *e; err == OK && (e = fts_read(tree));)
		err = add_media_file(cli, p, e, strlen(root) + 1, progress);
	fts_close(tree);
	return err;
}

static enum err pack(struct cli *cli, struct packer *p, const char *folder)
{
	struct progress progress;

	progress_start(&progress, "backing up");
	TRY(add_about(cli, p));
	TRY(add_database(cli, p, folder, &progress));
	TRY(add_conf(cli, p));
	TRY(add_media(cli, p, &progress));
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
		err = pack(cli, p, folder);
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
	 "A tar file with the database, the media, the settings and their SHA-256 sums; compressed when FILE ends in .gz or "
	 ".zst. The server may run meanwhile. Keep the file secret: it holds everything people wrote."},
	COMMANDS_END,
};

/*
 * backup_sqlite.c - a copy of the SQLite database while others write to it (SQLite's online backup), a copy back, and
 * the check of the file.
 */
#include "base/base.h"
#include "store/driver_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/migrate.h"

#define LIMIT_PATH ((size_t)4096)

static enum err failed(sqlite3 *h, int rc, const char *doing, const char *path, struct problem *problem)
{
	return fail(problem, sqlite_err(h, rc), "cannot %s %.100s: %.100s", doing, path,
		    h ? sqlite3_errmsg(h) : sqlite3_errstr(rc));
}

static enum err sync_path(const char *path, int flags, struct problem *problem)
{
	int fd = open(path, flags | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);
	int e = errno;

	if (fd >= 0)
		close(fd);
	return rc == 0 ? OK
		       : fail(problem, e == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE, "cannot write %.100s: %s", path,
			      strerror(e));
}

static enum err sync_folder_of(const char *path, struct problem *problem)
{
	const char *slash = strrchr(path, '/');
	char folder[LIMIT_PATH];

	if (!slash)
		return sync_path(".", O_RDONLY | O_DIRECTORY, problem);
	snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path), path);
	return sync_path(folder, O_RDONLY | O_DIRECTORY, problem);
}

/* All pages in one step: the source is a snapshot, so writers go on, and need not be waited for. */
static enum err copy_pages(sqlite3 *from, sqlite3 *to, const char *to_path, struct problem *problem)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc, step;

	if (!b)
		return failed(to, sqlite3_errcode(to), "write", to_path, problem);
	step = sqlite3_backup_step(b, -1);
	rc = sqlite3_backup_finish(b);
	if (step != SQLITE_DONE)
		return failed(to, rc != SQLITE_OK ? rc : step, "write", to_path, problem);
	/* One file, without a log beside it. */
	rc = sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
	return rc == SQLITE_OK ? OK : failed(to, rc, "write", to_path, problem);
}

/* First complaint of the check into problem; OK when there is none. */
static enum err check_pages(sqlite3 *h, const char *pragma, struct problem *problem)
{
	sqlite3_stmt *st = NULL;
	enum err err = OK;
	int rc = sqlite3_prepare_v2(h, pragma, -1, &st, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc != SQLITE_ROW)
		err = failed(h, rc == SQLITE_DONE ? SQLITE_CORRUPT : rc, "check", "the database", problem);
	else if (!view_is(view_of((const char *)sqlite3_column_text(st, 0)), "ok"))
		err = fail(problem, ERR_CORRUPT, "the database is damaged: %.200s", sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	return err;
}

static enum err copy_to_new(sqlite3 *from, const char *path, struct problem *problem)
{
	sqlite3 *to = NULL;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	enum err err;
	int rc;

	if (fd < 0)
		return fail(problem, errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE, "cannot write %.100s: %s", path,
			    strerror(errno));
	close(fd);
	rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);
	err = rc == SQLITE_OK ? copy_pages(from, to, path, problem) : failed(to, rc, "write", path, problem);
	if (err == OK)
		err = check_pages(to, "PRAGMA quick_check(1)", problem);
	sqlite3_close(to);
	return err != OK ? err : sync_path(path, O_RDONLY, problem);
}

/* The copy appears under its name only when it is whole, and durable. */
static enum err copy_to(sqlite3 *from, const char *path, struct problem *problem)
{
	char part[LIMIT_PATH];
	enum err err;

	if ((size_t)snprintf(part, sizeof(part), "%s.part", path) >= sizeof(part))
		return fail(problem, ERR_INVALID, "the path is too long");
	err = copy_to_new(from, part, problem);
	if (err == OK && rename(part, path) != 0)
		err = fail(problem, ERR_UNAVAILABLE, "cannot write %.100s: %s", path, strerror(errno));
	if (err != OK) {
		unlink(part);
		return err;
	}
	return sync_folder_of(path, problem);
}

enum err sqlite_backup(struct store *s, const char *file, struct problem *problem)
{
	struct db *db = store_db(s);

	TRY(sqlite_connect(db, problem));
	return copy_to(((struct sqlite_db *)db)->h, file, problem);
}

/* A log that is left of another database would be taken for this one's. */
static enum err must_not_exist(const char *path, struct problem *problem)
{
	static const char *const suffixes[] = {"", "-wal", "-journal"};
	char name[LIMIT_PATH];

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		if ((size_t)snprintf(name, sizeof(name), "%s%s", path, suffixes[i]) >= sizeof(name))
			return fail(problem, ERR_INVALID, "the path is too long");
		if (access(name, F_OK) == 0)
			return fail(problem, ERR_CONFLICT, "%.120s exists: move it away first, with its -wal and -shm",
				    name);
	}
	return OK;
}

enum err sqlite_restore(const char *path, const char *file, struct problem *problem)
{
	sqlite3 *from = NULL;
	enum err err;
	int rc;

	TRY(must_not_exist(path, problem));
	if (access(file, R_OK) != 0)
		return fail(problem, ERR_NOT_FOUND, "cannot read %.180s: %s", file, strerror(errno));
	rc = sqlite3_open_v2(file, &from, SQLITE_OPEN_READONLY, NULL);
	err = rc == SQLITE_OK ? copy_to(from, path, problem) : failed(from, rc, "read", file, problem);
	sqlite3_close(from);
	return err;
}

enum err sqlite_check(struct store *s, struct problem *problem)
{
	struct db *db = store_db(s);

	TRY(sqlite_connect(db, problem));
	return check_pages(((struct sqlite_db *)db)->h, "PRAGMA integrity_check(1)", problem);
}

/*
 * backup_pgsql.c - backup, restore and check of PostgreSQL, by its own programs pg_dump and pg_restore. They get the
 * address and the password through the environment: a command line can be read by everybody on the machine.
 */
#include "base/base.h"
#include "store/driver_pgsql.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"
#include "store/migrate.h"

#define LIMIT_COMPLAINT ((size_t)64 * 1024)
#define LIMIT_SETTING ((size_t)4096)
#define LIMIT_PATH ((size_t)4096)

static const struct sql checksums = {"pgsql_checksum_failures",
				     "SELECT COALESCE(SUM(checksum_failures), 0) FROM pg_stat_database"};

struct environment VEC(char *);

static bool is_set(const PQconninfoOption *options, const char *setting)
{
	for (const PQconninfoOption *o = options; o->keyword; o++) {
		size_t n = o->envvar ? strlen(o->envvar) : 0;

		if (n && o->val && strncmp(setting, o->envvar, n) == 0 && setting[n] == '=')
			return true;
	}
	return false;
}

/* Ours, with what the URL says in place of PGHOST and the rest. */
static enum err environment_of(const char *url, struct environment *ret, struct problem *problem)
{
	char *message = NULL;
	PQconninfoOption *options = PQconninfoParse(url, &message);

	if (!options) {
		enum err err = fail(problem, ERR_INVALID, "database: %s", message ? message : "bad address");

		PQfreemem(message);
		return err;
	}
	for (char **e = environ; *e; e++)
		if (!is_set(options, *e))
			VEC_PUSH(ret, xstrdup(*e));
	for (const PQconninfoOption *o = options; o->keyword; o++) {
		struct buf setting;

		if (!o->envvar || !o->val)
			continue;
		buf_init(&setting, LIMIT_SETTING);
		buf_printf(&setting, "%s=%s", o->envvar, o->val);
		VEC_PUSH(ret, buf_detach(&setting));
	}
	VEC_PUSH(ret, NULL);
	PQconninfoFree(options);
	return OK;
}

static void release(struct environment *e)
{
	for (size_t i = 0; i < e->n; i++)
		free(e->v[i]);
	VEC_FREE(e);
}

/* What the program wrote to stderr, up to the limit; the rest is read and dropped, so that it does not block. */
static void read_complaint(int fd, struct buf *out)
{
	char piece[4096];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			buf_add(out, view_make(piece, (size_t)n));
}

static enum err start(const char *program, char *const *argv, char *const *envp, int complaint, pid_t *ret_pid,
		      struct problem *problem)
{
	posix_spawn_file_actions_t actions;
	int e;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, complaint, STDERR_FILENO);
	e = posix_spawnp(ret_pid, program, &actions, NULL, argv, envp);
	posix_spawn_file_actions_destroy(&actions);
	if (e == ENOENT)
		return fail(problem, ERR_UNAVAILABLE, "%s is not installed (Debian: apt install postgresql-client)",
			    program);
	return e == 0 ? OK : fail(problem, ERR_UNAVAILABLE, "cannot start %s: %s", program, strerror(e));
}

/* Its exit status is the answer; *ret_complaint its stderr. */
static enum err run(const char *url, char *const *argv, struct problem *problem)
{
	struct environment env = {0};
	struct buf complaint;
	int fds[2], status = -1;
	pid_t pid;
	enum err err;

	err = environment_of(url, &env, problem);
	if (err == OK && pipe2(fds, O_CLOEXEC) != 0)
		err = fail(problem, ERR_UNAVAILABLE, "cannot make a pipe: %s", strerror(errno));
	if (err != OK) {
		release(&env);
		return err;
	}
	buf_init(&complaint, LIMIT_COMPLAINT);
	err = start(argv[0], argv, env.v, fds[1], &pid, problem);
	close(fds[1]);
	if (err == OK) {
		read_complaint(fds[0], &complaint);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			err = fail(problem, ERR_UNAVAILABLE, "%.*s",
				   VIEW_ARG(view_trim(view_sub(buf_view(&complaint), 0, 250))));
	}
	close(fds[0]);
	buf_release(&complaint);
	release(&env);
	return err;
}

/* Made here, for its mode: it holds addresses and digests of passwords. */
static enum err make_private(const char *path, struct problem *problem)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return fail(problem, errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE, "cannot write %.100s: %s", path,
			    strerror(errno));
	close(fd);
	return OK;
}

enum err pgsql_backup(struct store *s, const char *file, struct problem *problem)
{
	char part[LIMIT_PATH], to[LIMIT_PATH];
	char *const argv[] = {"pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password", to, NULL};
	enum err err;

	if ((size_t)snprintf(part, sizeof(part), "%s.part", file) >= sizeof(part) ||
	    (size_t)snprintf(to, sizeof(to), "--file=%s", part) >= sizeof(to))
		return fail(problem, ERR_INVALID, "the path is too long");
	err = make_private(part, problem);
	if (err == OK)
		err = run(s->target, argv, problem);
	if (err == OK && rename(part, file) != 0)
		err = fail(problem, ERR_UNAVAILABLE, "cannot write %.100s: %s", file, strerror(errno));
	if (err != OK)
		unlink(part);
	return err;
}

/* A database that holds a network already is left alone. */
static enum err must_be_empty(const char *url, struct problem *problem)
{
	struct store_config config = {.url = url, .read_only = true};
	struct store *s;
	int64_t version = 0;
	enum err err;

	TRY(store_open(&config, &s, problem));
	err = migrate_version(store_db(s), &version);
	store_close(s);
	if (err == OK && version > 0)
		return fail(problem, ERR_CONFLICT, "the database holds a network already: restore into an empty one");
	return err;
}

enum err pgsql_restore(const char *url, const char *file, struct problem *problem)
{
	char name[LIMIT_PATH] = "--dbname=";
	char from[LIMIT_PATH];
	char *const argv[] = {"pg_restore",
			      "--no-owner",
			      "--no-privileges",
			      "--single-transaction",
			      "--exit-on-error",
			      "--no-password",
			      name,
			      from,
			      NULL};
	PQconninfoOption *options;

	if (access(file, R_OK) != 0)
		return fail(problem, ERR_NOT_FOUND, "cannot read %.180s: %s", file, strerror(errno));
	if ((size_t)snprintf(from, sizeof(from), "%s", file) >= sizeof(from))
		return fail(problem, ERR_INVALID, "the path is too long");
	TRY(must_be_empty(url, problem));
	options = PQconninfoParse(url, NULL);
	for (const PQconninfoOption *o = options; o && o->keyword; o++)
		if (o->val && view_is(view_of(o->keyword), "dbname"))
			snprintf(name, sizeof(name), "--dbname=%s", o->val);
	PQconninfoFree(options);
	return run(url, argv, problem);
}

enum err pgsql_check(struct store *s, struct problem *problem)
{
	int64_t failures;
	enum err err = db_int(store_db(s), &checksums, NO_BINDS, &failures);

	if (err != OK)
		return fail(problem, err, "the database does not answer: %s", err_name(err));
	if (failures > 0)
		return fail(problem, ERR_CORRUPT, "the server has met %" PRId64 " damaged pages (checksum failures)",
			    failures);
	return OK;
}

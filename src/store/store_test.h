/*
 * store_test.h - the same case on both databases: a throw-away SQLite file, and on the PostgreSQL of KICAU_TEST_PG
 * (tests/lib/pg.sh) a database of this process, emptied for each case. Include in one test program
 * only.
 */
#ifndef STORE_STORE_TEST_H
#define STORE_STORE_TEST_H

#include "base/base.h"
#include "store/dialect.h"
#include "store/driver.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>
#include <unistd.h>

/* Not SQL(): what these name exists only here, so they are not prepared with all others. */
#define TEST_SQL(id, sql_text) static const struct sql id = {#id, sql_text}

#define T_TABLE "CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0, s TEXT) /*CLUSTERED*/"

struct fixture {
	bool server;
	char dir[64], url[512];
	struct store *s;
};

MAYBE_UNUSED static bool is_server(void *const *state)
{
	return strcmp(*state, "pgsql") == 0;
}

/* The database of this process. */
MAYBE_UNUSED static const char *own_name(void)
{
	static char name[32];

	snprintf(name, sizeof(name), "kicau_test_%d", (int)getpid());
	return name;
}

/* On a database of the cluster, by name. */
MAYBE_UNUSED static PGconn *admin(const char *dbname)
{
	const char *const keys[] = {"dbname", "dbname", NULL};
	const char *values[] = {getenv("KICAU_TEST_PG"), dbname, NULL};
	PGconn *conn = PQconnectdbParams(keys, values, 1);

	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	return conn;
}

MAYBE_UNUSED static void admin_run(PGconn *conn, const char *sql)
{
	PGresult *res = PQexec(conn, sql);

	if (PQresultStatus(res) != PGRES_COMMAND_OK && PQresultStatus(res) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	PQclear(res);
}

MAYBE_UNUSED static void drop_own(void)
{
	char sql[128];
	PGconn *conn = admin("postgres");

	snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)", own_name());
	admin_run(conn, "SET client_min_messages = warning");
	admin_run(conn, sql);
	PQfinish(conn);
}

MAYBE_UNUSED static void create_own(void)
{
	static bool registered;
	char sql[128];
	PGconn *conn;

	drop_own();
	conn = admin("postgres");
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s", own_name());
	admin_run(conn, sql);
	PQfinish(conn);
	if (!registered)
		atexit(drop_own);
	registered = true;
}

MAYBE_UNUSED static void make_empty(struct fixture *f, void *const *state)
{
	const char *url = getenv("KICAU_TEST_PG");

	*f = (struct fixture){.server = is_server(state)};
	if (f->server && !url) {
		print_message("NOT TESTED on PostgreSQL: KICAU_TEST_PG is not set (tests/lib/pg.sh)\n");
		skip();
	}
	snprintf(f->dir, sizeof(f->dir), "/tmp/kicau-store-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	if (!f->server) {
		snprintf(f->url, sizeof(f->url), "sqlite:%s/test.db", f->dir);
		return;
	}
	create_own();
	snprintf(f->url, sizeof(f->url), "%s%cdbname=%s", url, strchr(url, '?') ? '&' : '?', own_name());
}

MAYBE_UNUSED static void reopen(struct fixture *f)
{
	struct store_config config = {.url = f->url};
	struct problem problem = {0};

	store_close(f->s);
	f->s = NULL;
	if (store_open(&config, &f->s, &problem) != OK)
		fail_msg("%s", problem.text);
}

/* One statement, in schema files' dialect. */
MAYBE_UNUSED static void run_script(struct fixture *f, const char *text)
{
	const struct driver *driver = f->s->driver;
	struct db *db = driver->db_new(f->s, true);
	struct problem problem = {0};
	struct buf sql;

	buf_init(&sql, LIMIT_SQL_BYTES);
	sql_schema(view_of(text), &driver->words, &sql);
	assert_int_equal(driver->connect(db, NULL), OK);
	if (driver->script(db, sql.p, &problem) != OK)
		fail_msg("%s: %s", text, problem.text);
	driver->db_free(db);
	buf_release(&sql);
}

/* An open store with the table t. */
MAYBE_UNUSED static void make(struct fixture *f, void *const *state)
{
	make_empty(f, state);
	reopen(f);
	run_script(f, T_TABLE);
}

static int remove_one(const char *path, const struct stat *st MAYBE_UNUSED, int type MAYBE_UNUSED,
		      struct FTW *ftw MAYBE_UNUSED)
{
	return remove(path);
}

MAYBE_UNUSED static void unmake(struct fixture *f)
{
	store_close(f->s);
	nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

#define SQLITE(fn)                                                                                                     \
	{                                                                                                              \
#fn " (sqlite)", (fn), NULL, NULL, "sqlite"                                                            \
	}
#define PGSQL(fn)                                                                                                      \
	{                                                                                                              \
#fn " (pgsql)", (fn), NULL, NULL, "pgsql"                                                              \
	}
#define BOTH(fn) SQLITE(fn), PGSQL(fn)

#endif

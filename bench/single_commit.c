/*
 * single_commit.c - what durable posting would cost without group commit: plain SQLite, one INSERT for each
 * transaction, WAL and synchronous=FULL, rows as long as those of the posts that bench/post.lua makes, one table
 * without a second index.
 *
 *   single_commit DIR SECONDS   prints inserts a second
 */
#include "base/base.h"

#include <sqlite3.h>
#include <unistd.h>

#include "base/clock.h"

#define SETUP                                                                                                          \
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"                                                            \
	"CREATE TABLE post (id INTEGER PRIMARY KEY, account_id INTEGER, thread_id INTEGER, visibility INTEGER,"        \
	" uri TEXT, url TEXT, text TEXT, html TEXT, created_at INTEGER)"
#define INSERT "INSERT INTO post VALUES (?1, ?2, ?1, 0, ?3, ?4, ?5, ?6, ?2)"

/* Bytes of uri, url, text and html of one such post. */
static const int lengths[] = {74, 62, 200, 460};

static void bind_row(sqlite3_stmt *st, int64_t id)
{
	char bytes[512];

	sqlite3_bind_int64(st, 1, id);
	sqlite3_bind_int64(st, 2, id);
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		for (int k = 0; k < lengths[i]; k++)
			bytes[k] = (char)('a' + (id + k) % 26);
		sqlite3_bind_text(st, (int)i + 3, bytes, lengths[i], SQLITE_TRANSIENT);
	}
}

static int64_t insert_for(sqlite3 *h, double seconds)
{
	sqlite3_stmt *st;
	int64_t n = 0, until = clock_mono_ns() + (int64_t)(seconds * 1e9), id = clock_now() << 16;

	if (sqlite3_prepare_v2(h, INSERT, -1, &st, NULL) != SQLITE_OK)
		return 0;
	for (; clock_mono_ns() < until; n++) {
		bind_row(st, id + n);
		if (sqlite3_step(st) != SQLITE_DONE)
			BUG("an insert failed: %s", sqlite3_errmsg(h));
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
	return n;
}

int main(int argc, char **argv)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	char path[4096], file[4200];
	double seconds;
	sqlite3 *h;

	if (argc != 3 || !parse_double(view_of(argv[2]), &seconds)) {
		fputs("usage: single_commit DIR SECONDS\n", stderr);
		return 2;
	}
	snprintf(path, sizeof(path), "%s/single_commit.db", argv[1]);
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		snprintf(file, sizeof(file), "%s%s", path, suffixes[i]);
		unlink(file);
	}
	if (sqlite3_open(path, &h) != SQLITE_OK || sqlite3_exec(h, SETUP, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "single_commit: %s\n", sqlite3_errmsg(h));
		return 1;
	}
	int64_t began = clock_mono_ns(), n = insert_for(h, seconds);
	printf("%.1f\n", (double)n * 1e9 / (double)(clock_mono_ns() - began));
	sqlite3_close(h);
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		snprintf(file, sizeof(file), "%s%s", path, suffixes[i]);
		unlink(file);
	}
	return 0;
}

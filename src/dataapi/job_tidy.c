/*
 * job_tidy.c - files of jobs that no row knows: a server that dies between a file and its row leaves one. Looked for when a
 * server starts, before anything is made: then whatever no row names is nobody's.
 */
#include "base/base.h"
#include "dataapi/job_store.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "base/log.h"
#include "base/map.h"

SQL(job_tidy_jobs, "SELECT id FROM data_jobs");
SQL(job_tidy_files, "SELECT job_id, name FROM data_job_files");

static void know(struct strmap *known, int64_t id, struct view name)
{
	char text[256];

	snprintf(text, sizeof(text), "%" PRId64 ".%.*s", id, VIEW_ARG(name));
	strmap_put(known, view_of(text), known);
}

static enum err read_known(struct db *db, struct strmap *known)
{
	struct rows r;

	db_query(db, &r, &job_tidy_jobs, NO_BINDS);
	while (rows_next(&r)) {
		know(known, row_int(&r, 0), V(JOB_IDS_FILE));
		know(known, row_int(&r, 0), V(JOB_RESULT_FILE));
	}
	TRY(rows_end(&r));
	db_query(db, &r, &job_tidy_files, NO_BINDS);
	while (rows_next(&r))
		know(known, row_int(&r, 0), row_text(&r, 1));
	return rows_end(&r);
}

/* "ID.name": nothing else is touched. */
static bool is_of_a_job(struct view name)
{
	size_t dot = view_find(name, 0, '.');
	int64_t id;

	return dot < name.len && parse_i64(view_sub(name, 0, dot), 1, INT64_MAX, &id);
}

static int64_t remove_unknown(DIR *dir, const struct strmap *known)
{
	const struct dirent *entry;
	int64_t n = 0;

	while ((entry = readdir(dir))) {
		struct view name = view_of(entry->d_name);

		if (is_of_a_job(name) && !strmap_get(known, name))
			n += unlinkat(dirfd(dir), entry->d_name, 0) == 0;
	}
	return n;
}

enum err data_job_tidy(struct core *c, struct db *db)
{
	char path[4096];
	struct strmap known;
	int64_t n = 0;

	snprintf(path, sizeof(path), "%s/jobs", c->config.data_dir);
	DIR *dir = opendir(path);

	if (!dir)
		return errno == ENOENT ? OK : ERR_UNAVAILABLE;
	strmap_init(&known);
	enum err err = read_known(db, &known);

	if (err == OK)
		n = remove_unknown(dir, &known);
	strmap_release(&known);
	closedir(dir);
	if (n)
		log_info("files of jobs that were not finished were removed", F_INT("files", n));
	return err;
}

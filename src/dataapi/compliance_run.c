/*
 * compliance_run.c - compares a list of ids with what may be held, and writes a line for each that has to go (X API v2,
 * "Batch compliance"). An id that never was a post, or is one that is nobody's business, is "deleted" like one that was.
 */
#include "base/base.h"
#include "dataapi/jobs_run.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "base/limits.h"
#include "core/post.h"
#include "dataapi/compliance_lines.h"
#include "licensed/withhold.h"
#include "licensed/xuser.h"

#define LINE_MAX_BYTES 64
#define CHUNK 65536

struct comparing {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct data_job *job;
	const struct licence *licence;
	FILE *in, *out;
	int64_t began_ns;
};

/* Why a licensee may not hold it; NULL: it may. Of what it never received it learns no more than that it may not. */
static enum err judge_post(struct comparing *w, int64_t id, const char **ret)
{
	struct post_meta m;
	bool received;
	struct xpost *post;
	struct ledger_item item;
	enum err err = xpost_get(w->core, w->db, (struct post_id){id}, w->licence, &post, &item);

	*ret = NULL;
	if (err == OK)
		xpost_put(post);
	if (err != ERR_NOT_FOUND)
		return err;
	*ret = "deleted";
	if (withheld_from(w->licence, (struct post_id){id}))
		return OK;
	err = post_load_meta(w->core, w->db, w->arena, (struct post_id){id}, &m);
	if (err == OK && withheld_from(w->licence, m.boost_of))
		return OK;
	if (err != OK || m.visibility != VISIBILITY_PUBLIC)
		return err == ERR_NOT_FOUND ? OK : err;
	TRY(compliance_received(w->core, w->licence->licensee, m.id, &received));
	if (received)
		*ret = m.author_suspended ? "suspended" : "protected";
	return OK;
}

static enum err judge_user(struct comparing *w, int64_t id, const char **ret)
{
	struct xuser *user;
	struct ledger_item item;
	enum err err = xuser_get(w->core, w->db, (struct account_id){id}, w->licence, &user, &item);

	*ret = NULL;
	if (err == OK)
		xuser_put(user);
	if (err != ERR_NOT_FOUND)
		return err;
	*ret = "deleted";
	return OK;
}

static enum err compare(struct comparing *w, int64_t id)
{
	char text[256];
	struct buf line;
	struct jw j;
	const char *reason;

	TRY(w->job->kind == DATA_JOB_USERS ? judge_user(w, id, &reason) : judge_post(w, id, &reason));
	arena_reset(w->arena);
	if (!reason)
		return OK;
	buf_init(&line, sizeof(text));
	j = jw_to(&line);
	jw_object(&j);
	jw_kv_id(&j, "id", id);
	jw_kv_cstr(&j, "action", "delete");
	jw_kv_time(&j, "created_at", id_time(id));
	jw_kv_cstr(&j, "reason", reason);
	jw_object_end(&j);
	buf_add(&line, V("\n"));
	bool written = fwrite(line.p, 1, line.len, w->out) == line.len;

	buf_release(&line);
	w->job->done++;
	return written ? OK : errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE;
}

static bool is_late(const struct comparing *w)
{
	return clock_mono_ns() - w->began_ns > JOB_SLICE_MS * INT64_C(1000000);
}

/* place is an offset in the list. What is no id is passed over, as X does. */
static enum err compare_all(struct comparing *w, bool *ret_more)
{
	char line[LINE_MAX_BYTES];
	int64_t id;

	if (fseek(w->in, (long)w->job->place, SEEK_SET) != 0)
		return ERR_UNAVAILABLE;
	while (fgets(line, sizeof(line), w->in)) {
		if (parse_i64(view_trim(view_of(line)), 1, INT64_MAX, &id))
			TRY(compare(w, id));
		w->job->place = ftell(w->in);
		if (is_late(w)) {
			*ret_more = true;
			break;
		}
	}
	if (ferror(w->in) || fflush(w->out) != 0 || fsync(fileno(w->out)) != 0)
		return errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE;
	return OK;
}

static FILE *open_file(struct core *c, int64_t id, const char *name, const char *mode)
{
	char path[4096];

	return data_job_path(c, id, name, path, sizeof(path)) == OK ? fopen(path, mode) : NULL;
}

enum err compliance_run(struct core *c, struct db *db, struct arena *a, struct data_job *job, const struct licence *l,
			bool *ret_more)
{
	struct arena per_id;
	struct comparing w = {.core = c,
			      .db = db,
			      .arena = &per_id,
			      .job = job,
			      .licence = l,
			      .in = open_file(c, job->id, JOB_IDS_FILE, "r"),
			      .out = open_file(c, job->id, JOB_RESULT_FILE, job->place ? "a" : "w"),
			      .began_ns = clock_mono_ns()};
	enum err err = w.in ? ERR_UNAVAILABLE : ERR_NOT_FOUND;

	(void)a;
	arena_init(&per_id, LIMIT_CALL_ARENA);
	if (w.in && w.out)
		err = compare_all(&w, ret_more);
	if (w.in)
		fclose(w.in);
	if (w.out && fclose(w.out) != 0 && err == OK)
		err = ERR_UNAVAILABLE;
	arena_release(&per_id);
	return err;
}

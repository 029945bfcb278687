/*
 * export_sieve.c - see export_sieve.h. Whatever a line names goes before the one judge: its post, what that refers to, and
 * the accounts beside it. A line is one answer, rendered together; it is left out whole when one of them may not go.
 */
#include "base/base.h"
#include "dataapi/export_sieve.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <zstd.h>

#include "base/limits.h"
#include "core/compliance.h"
#include "licensed/xuser.h"

#define LINE_MAX_BYTES (4 * LIMIT_MIB)

SQL(export_newest_event, "SELECT COALESCE(MAX(seq), 0) FROM compliance_events");

enum err export_judgement(struct core *c, struct db *db, const struct licence *l, char ret[EXPORT_JUDGED_MAX])
{
	int64_t settled, newest;

	TRY(compliance_present(c->store, db, &settled));
	TRY(db_int(db, &export_newest_event, NULL, 0, &newest));
	ret[0] = 0;
	if (newest == settled)
		snprintf(ret, EXPORT_JUDGED_MAX, "%" PRId64 " %u %u %u", newest, c->config.data_uses,
			 c->config.data_uses_default, l->plan.uses);
	return OK;
}

struct sieve {
	struct core *core;
	struct db *db;
	const struct licence *licence;
	struct export_file *to;
	struct data_job_file *info;
};

/* ---- one line ---- */

static int64_t id_of(const json_t *object)
{
	int64_t id = 0;
	const json_t *text = json_object_get(object, "id");

	parse_i64(view_make(json_string_value(text), json_string_length(text)), 1, INT64_MAX, &id);
	return id;
}

static enum err judge_post(const struct sieve *s, int64_t id)
{
	struct ledger_item unused;
	struct xpost *post;

	TRY(xpost_get(s->core, s->db, (struct post_id){id}, s->licence, &post, &unused));
	xpost_put(post);
	return OK;
}

static enum err judge_user(const struct sieve *s, int64_t id)
{
	struct ledger_item unused;
	struct xuser *user;

	TRY(xuser_get(s->core, s->db, (struct account_id){id}, s->licence, &user, &unused));
	xuser_put(user);
	return OK;
}

static enum err judge_all(const struct sieve *s, const json_t *list,
			  enum err (*judge)(const struct sieve *s, int64_t id))
{
	for (size_t i = 0; i < json_array_size(list); i++)
		TRY(judge(s, id_of(json_array_get(list, i))));
	return OK;
}

static enum err judge_line(const struct sieve *s, const json_t *line)
{
	const json_t *includes = json_object_get(line, "includes");

	TRY(judge_post(s, id_of(json_object_get(line, "data"))));
	TRY(judge_all(s, json_object_get(includes, "tweets"), judge_post));
	return judge_all(s, json_object_get(includes, "users"), judge_user);
}

static enum err keep(struct sieve *s, int64_t id, struct view text)
{
	struct data_job_file *f = s->info;

	f->lines++;
	f->first_id = f->first_id ? f->first_id : id;
	f->last_id = id;
	return s->to ? export_file_write(s->to, text) : OK;
}

static enum err take_line(struct sieve *s, struct view text)
{
	json_t *line = json_loadb(text.p, text.len, 0, NULL);
	enum err err;

	if (!line)
		return ERR_CORRUPT;
	err = judge_line(s, line);
	if (err == OK)
		err = keep(s, id_of(json_object_get(line, "data")), text);
	else if (err == ERR_NOT_FOUND)
		s->info->left_out++;
	json_decref(line);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* ---- all of them ---- */

/* The whole lines at the beginning of `text`, which keeps what is behind them. */
static enum err take_lines(struct sieve *s, struct buf *text)
{
	struct view all = buf_view(text);
	size_t at = 0, end;

	while ((end = view_find(all, at, '\n')) < all.len) {
		TRY(take_line(s, view_sub(all, at, end + 1 - at)));
		at = end + 1;
	}
	if (at) {
		memmove(text->p, text->p + at, text->len - at);
		text->len -= at;
	}
	return OK;
}

static enum err unpack(struct sieve *s, ZSTD_DCtx *zstd, ZSTD_inBuffer *in, struct buf *text)
{
	while (in->pos < in->size) {
		size_t room = ZSTD_DStreamOutSize();
		ZSTD_outBuffer out = {buf_reserve(text, room), room, 0};

		if (!out.dst || ZSTD_isError(ZSTD_decompressStream(zstd, &out, in)))
			return ERR_CORRUPT;
		buf_grow(text, out.pos);
		TRY(take_lines(s, text));
	}
	return OK;
}

static enum err read_all(struct sieve *s, FILE *file, struct buf *text)
{
	ZSTD_DCtx *zstd = ZSTD_createDCtx();
	char *packed = xmalloc(ZSTD_DStreamInSize());
	enum err err = zstd ? OK : ERR_UNAVAILABLE;
	size_t n;

	while (err == OK && (n = fread(packed, 1, ZSTD_DStreamInSize(), file)) > 0)
		err = unpack(s, zstd, &(ZSTD_inBuffer){packed, n, 0}, text);
	if (err == OK && ferror(file))
		err = ERR_UNAVAILABLE;
	free(packed);
	ZSTD_freeDCtx(zstd);
	return err == OK && text->len ? ERR_CORRUPT : err;
}

enum err export_sieve(struct core *c, struct db *db, const struct licence *l, const char *path, struct export_file *to,
		      struct data_job_file *ret)
{
	struct sieve s = {c, db, l, to, ret};
	struct buf text;
	FILE *file = fopen(path, "re");

	if (!file)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE;
	buf_init(&text, LINE_MAX_BYTES);
	ret->lines = ret->first_id = ret->last_id = 0;
	enum err err = read_all(&s, file, &text);
	buf_release(&text);
	fclose(file);
	return err;
}

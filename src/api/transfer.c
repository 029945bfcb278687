/*
 * transfer.c - one's lists as files, and files to be taken in. Mastodon has pages for these and no API; the paths and
 * shapes are kicau's own. A file may come in pieces, so that a large one goes through a small request.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "present/transfer.h"
#include "transfer/export.h"

#define PROBLEMS_MAX 500

static const char *const modes[] = {"merge", "overwrite", NULL};

/* ---- exports ---- */

static enum err show_export(struct call *c)
{
	const struct export_kind *kind = export_of_file(arg_str(c, "file"));
	uint64_t size;
	int fd;

	if (!kind)
		return ERR_NOT_FOUND;
	TRY(export_open(c->core, c->db, c->auth.account, kind, &fd, &size));
	call_header(c, "Cache-Control", V("private, no-store"));
	call_header(c, "Content-Disposition", arena_printf(c->arena, "attachment; filename=\"%s\"", kind->file));
	return call_file(c, fd, size, kind->type, false);
}

/* ---- imports ---- */

static enum err show_import_id(struct call *c, int64_t id)
{
	struct import i;

	TRY(import_load(c->db, c->arena, c->auth.account, id, &i));
	present_import(&i, &c->json);
	return OK;
}

static enum err receive(struct call *c, int64_t id, int64_t at)
{
	struct upload file;

	if (!arg_file(c, "file", &file))
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: File can't be blank");
	TRY(import_send(c->core, c->db, c->auth.account, id, at, file.data, &c->problem));
	if (!arg_bool(c, "more"))
		TRY(import_sent(c->core, c->auth.account, id, 0));
	return show_import_id(c, id);
}

static enum err create_import(struct call *c)
{
	const struct import_kind *kind = import_kind_find(arg_str(c, "kind"));
	int64_t id;

	if (!kind)
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: Kind is not included in the list");
	TRY(import_create(c->core, c->auth.account, kind, arg_choice(c, "mode") == 1, &id, &c->problem));
	enum err err = receive(c, id, 0);
	if (err && import_delete(c->core, c->auth.account, id) != OK)
		return err; /* swept later */
	return err;
}

static enum err add_piece(struct call *c) { return receive(c, arg_id(c, "id"), arg_int(c, "offset")); }

static enum err show_imports(struct call *c)
{
	struct import *list = ARENA_ARRAY(c->arena, LIMIT_IMPORTS, struct import);
	size_t n = 0;

	TRY(imports_load(c->db, c->arena, c->auth.account, list, &n));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		present_import(&list[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err show_import(struct call *c) { return show_import_id(c, arg_id(c, "id")); }

static enum err show_problems(struct call *c)
{
	size_t limit = (size_t)arg_int(c, "limit"), n = 0;
	struct import_problem *list = ARENA_ARRAY(c->arena, limit, struct import_problem);
	struct import i;

	TRY(import_load(c->db, c->arena, c->auth.account, arg_id(c, "id"), &i));
	TRY(import_problems(c->db, c->arena, i.id, arg_id(c, "after"), limit, list, &n));
	jw_array(&c->json);
	for (size_t k = 0; k < n; k++)
		present_import_problem(&list[k], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err delete_import(struct call *c)
{
	TRY(import_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

/* ---- archives ---- */

static enum err show_archive_id(struct call *c, int64_t id)
{
	struct account_archive a;

	TRY(archive_load(c->db, c->arena, c->auth.account, id, &a));
	present_archive(&a, c->core->config.base_url, &c->json);
	return OK;
}

static enum err create_archive(struct call *c)
{
	int64_t id;

	TRY(archive_request(c->core, c->auth.account, &id, &c->problem));
	return show_archive_id(c, id);
}

static enum err show_archives(struct call *c)
{
	struct account_archive list[LIMIT_ARCHIVES];
	size_t n = 0;

	TRY(archives_load(c->db, c->arena, c->auth.account, list, &n));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		present_archive(&list[i], c->core->config.base_url, &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err show_archive(struct call *c) { return show_archive_id(c, arg_id(c, "id")); }

static enum err show_archive_file(struct call *c)
{
	uint64_t size;
	int fd;

	TRY(archive_open(c->core, c->db, c->auth.account, arg_id(c, "id"), &fd, &size));
	call_header(c, "Cache-Control", V("private, no-store"));
	call_header(c, "Content-Disposition",
		    arena_printf(c->arena, "attachment; filename=\"archive-%" PRId64 ".zip\"", arg_id(c, "id")));
	return call_file(c, fd, size, "application/zip", true);
}

static enum err delete_archive(struct call *c)
{
	TRY(archive_delete(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

#define READ .method = HTTP_GET, .auth = AUTH_USER, .scope = SCOPE_READ, .rate = RATE_DEFAULT, .meter = METER_FREE
#define WRITE .auth = AUTH_USER, .scope = SCOPE_WRITE, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER
#define ID                                                                                                             \
	{                                                                                                              \
		.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of an import of one's own."               \
	}
#define ARCHIVE_ID                                                                                                     \
	{                                                                                                              \
		.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of an archive of one's own."              \
	}
#define PIECE                                                                                                          \
	{.name = "file", .type = PARAM_FILE, .required = true, .doc = "The file, or a piece of it."},                  \
	{                                                                                                              \
		.name = "more", .type = PARAM_BOOL, .doc = "More pieces follow: it is not begun with yet."             \
	}

const struct endpoint api_transfer[] = {
	{READ, .path = "/api/kicau/v1/exports/:file", .handle = show_export, .run = RUN_WORKER, .kind = REPLY_OTHER,
	 .params = PARAMS({.name = "file",
			   .max = 64,
			   .doc = "follows.csv, followers.csv, blocks.csv, mutes.csv, domain_blocks.csv, filters.json, "
				  "bookmarks.csv or lists.csv."}),
	 .reply = "File", .doc = "One of one's lists, as Mastodon exports it."},
	{READ, .path = "/api/kicau/v1/imports", .handle = show_imports, .run = RUN_INLINE, .reply = "[Import]",
	 .doc = "One's imports, newest first."},
	{WRITE, .method = HTTP_POST, .path = "/api/kicau/v1/imports", .handle = create_import, .body = BODY_UPLOAD,
	 .params = PARAMS({.name = "kind",
			   .type = PARAM_STRING,
			   .required = true,
			   .max = 64,
			   .doc = "follows, blocks, mutes, domain_blocks, bookmarks or lists: a CSV as Mastodon "
				  "exports it; filters: a JSON as it does; mastodon or twitter: an archive."},
			  {.name = "mode",
			   .type = PARAM_CHOICE,
			   .choices = modes,
			   .doc = "merge adds; overwrite also takes away what is not in the file."},
			  PIECE),
	 .reply = "Import", .doc = "Take in a file. It is done behind the answer; ask again how far it is."},
	{READ, .path = "/api/kicau/v1/imports/:id", .handle = show_import, .run = RUN_INLINE, .params = PARAMS(ID),
	 .reply = "Import", .doc = "How far an import is."},
	{READ, .path = "/api/kicau/v1/imports/:id/problems", .handle = show_problems, .run = RUN_INLINE,
	 .params = PARAMS(ID, {.name = "after", .type = PARAM_ID, .doc = "Only those behind this id."},
			  {.name = "limit",
			   .type = PARAM_INT,
			   .clamp = true,
			   .min = 1,
			   .max = PROBLEMS_MAX,
			   .fallback = 100,
			   .doc = "How many."}),
	 .reply = "[ImportProblem]",
	 .doc = "What could not be taken, or not whole, and why; in the order of the file."},
	{WRITE, .method = HTTP_POST, .path = "/api/kicau/v1/imports/:id/pieces", .handle = add_piece,
	 .body = BODY_UPLOAD,
	 .params = PARAMS(ID,
			  {.name = "offset",
			   .type = PARAM_INT,
			   .required = true,
			   .max = INT64_MAX,
			   .doc = "Where the piece belongs: how many bytes were sent before. Another number is 409, "
				  "and says the right one."},
			  PIECE),
	 .reply = "Import", .doc = "The next piece of a file."},
	{WRITE, .method = HTTP_DELETE, .path = "/api/kicau/v1/imports/:id", .handle = delete_import,
	 .params = PARAMS(ID), .reply = "{}",
	 .doc = "Forget an import, and stop it where it is. What it has brought stays."},
	{READ, .path = "/api/kicau/v1/archives", .handle = show_archives, .run = RUN_INLINE, .reply = "[Archive]",
	 .doc = "Archives of one's account that can be downloaded, or will be."},
	{WRITE, .method = HTTP_POST, .path = "/api/kicau/v1/archives", .handle = create_archive, .reply = "Archive",
	 .doc = "Have an archive of one's account made, laid out as Mastodon's. At most one in seven days."},
	{READ, .path = "/api/kicau/v1/archives/:id", .handle = show_archive, .run = RUN_INLINE,
	 .params = PARAMS(ARCHIVE_ID), .reply = "Archive", .doc = "Whether an archive is ready."},
	{READ, .path = "/api/kicau/v1/archives/:id/file", .handle = show_archive_file, .run = RUN_WORKER,
	 .kind = REPLY_OTHER, .params = PARAMS(ARCHIVE_ID), .reply = "File",
	 .doc = "The archive, a zip file. With Range requests."},
	{WRITE, .method = HTTP_DELETE, .path = "/api/kicau/v1/archives/:id", .handle = delete_archive,
	 .params = PARAMS(ARCHIVE_ID), .reply = "{}", .doc = "Remove an archive before it expires."},
	ENDPOINTS_END};

/*
 * transfer.c - see transfer.h.
 */
#include "base/base.h"

#include "present/transfer.h"

static const char *const import_states[] = {
	[IMPORT_SENDING] = "sending",
	[IMPORT_RUNNING] = "running",
	[IMPORT_FINISHED] = "finished",
	[IMPORT_FAILED] = "failed",
};

static void text_or_null(struct jw *j, const char *key, struct view v)
{
	if (v.len)
		jw_kv_str(j, key, v);
	else
		jw_kv_null(j, key);
}

void present_import(const struct import *i, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", i->id);
	jw_kv_cstr(j, "kind", i->kind->name);
	jw_kv_cstr(j, "mode", i->overwrite ? "overwrite" : "merge");
	jw_kv_cstr(j, "state", import_states[i->state]);
	jw_kv_int(j, "bytes", i->bytes);
	jw_kv_int(j, "total", i->total);
	jw_kv_int(j, "done", i->done);
	jw_kv_int(j, "taken", i->taken);
	jw_kv_int(j, "known", i->known);
	jw_kv_int(j, "refused", i->refused);
	jw_kv_int(j, "problems", i->problems);
	text_or_null(j, "error", i->error);
	jw_kv_time(j, "created_at", i->created_at);
	jw_kv_time(j, "updated_at", i->updated_at);
	jw_object_end(j);
}

void present_import_problem(const struct import_problem *p, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", p->n);
	jw_kv_str(j, "place", p->place);
	jw_kv_str(j, "item", p->item);
	jw_kv_str(j, "words", p->words);
	jw_object_end(j);
}

static const char *const archive_states[] = {
	[ARCHIVE_MAKING] = "making",
	[ARCHIVE_READY] = "ready",
	[ARCHIVE_FAILED] = "failed",
};

void present_archive(const struct account_archive *a, const char *base_url, struct jw *j)
{
	char url[2048];

	snprintf(url, sizeof(url), "%s/api/kicau/v1/archives/%" PRId64 "/file", base_url, a->id);
	jw_object(j);
	jw_kv_id(j, "id", a->id);
	jw_kv_cstr(j, "state", archive_states[a->state]);
	jw_kv_int(j, "bytes", a->bytes);
	jw_kv_int(j, "posts", a->posts);
	text_or_null(j, "url", a->state == ARCHIVE_READY ? view_of(url) : V(""));
	text_or_null(j, "error", a->error);
	jw_kv_time(j, "created_at", a->created_at);
	jw_kv_time(j, "expires_at", a->expires_at);
	jw_object_end(j);
}

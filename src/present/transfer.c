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

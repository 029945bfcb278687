/*
 * export_ask.h - what an export is of: which posts, and which of their members. Kept with the job as JSON.
 */
#ifndef DATAAPI_EXPORT_ASK_H
#define DATAAPI_EXPORT_ASK_H

#include "base/buf.h"
#include "licensed/xfields.h"
#include "query/query.h"

struct export_ask {
	int64_t from_id, to_id; /* both excluded */
	struct view query;	/* empty: all */
	struct xfields fields;
};

void export_ask_write(const struct export_ask *ask, struct buf *out);
/* The query's text is copied into the arena. ERR_CORRUPT. */
enum err export_ask_read(struct arena *a, struct view json, struct export_ask *ret);

#endif

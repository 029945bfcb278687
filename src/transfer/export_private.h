/*
 * export_private.h - what the files export*.c share.
 */
#ifndef TRANSFER_EXPORT_PRIVATE_H
#define TRANSFER_EXPORT_PRIVATE_H

#include "core/post.h"
#include "core/viewer.h"
#include "transfer/export.h"

struct export_job {
	struct core *core;
	struct db *db;
	struct account_id who;
	FILE *to;
};

/* The address of a post they may see by now, else empty: others would only tell that there is such a post. */
enum err export_post_uri(struct export_job *e, struct arena *a, const struct viewer *v, struct post_id id,
			 struct view *ret);
enum err export_filters(struct export_job *e);

#endif

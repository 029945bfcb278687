/*
 * media_job.h - the jobs that convert what was uploaded: pictures beside other work, films and sounds in a lane of their
 * own, because they take minutes.
 */
#ifndef MEDIA_MEDIA_JOB_H
#define MEDIA_MEDIA_JOB_H

#include "core/core.h"

/* Inside a store_write. */
enum err media_job_add(struct db *tx, int64_t id, bool film);

/* Converts here and now what is still to be converted, whatever it is. ERR_NOT_FOUND: it is done, or gone. */
enum err media_convert_now(struct core *c, struct db *db, int64_t id, struct problem *problem);

/* Registered in server/kinds.c. */
extern const char media_job[], media_film_job[];
enum err media_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);
enum err media_film_job_run(struct core *c, struct db *db, struct arena *a, struct view payload,
			    struct problem *problem);

#endif

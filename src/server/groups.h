/*
 * groups.h - every endpoint of the program.
 */
#ifndef SERVER_GROUPS_H
#define SERVER_GROUPS_H

#include "gate/endpoint.h"
#include "jobs/jobs.h"
#include "mail/letter.h"

extern const struct endpoint_group server_groups[]; /* ended by an entry without name */
extern const struct endpoint server_endpoints[];    /* health.c: health, metrics, OpenAPI */
extern const struct endpoint server_files[];	    /* files.c: media and assets */

extern const struct job_kind server_job_kinds[]; /* kinds.c */
extern const struct job_period server_job_periods[];
extern const struct letter_writer server_letter_writers[];

#endif

/*
 * groups.h - the endpoint tables of dataapi/, one array for each resource file. Listed in server/groups.c.
 */
#ifndef DATAAPI_GROUPS_H
#define DATAAPI_GROUPS_H

#include "gate/endpoint.h"
#include "gate/shape.h"

extern const struct endpoint data_usage[];
extern const struct endpoint data_licence[];
extern const struct endpoint data_quote[];
extern const struct endpoint data_receipts[];
extern const struct endpoint data_app_token[];
extern const struct endpoint data_tweets[];
extern const struct endpoint data_users[];
extern const struct endpoint data_timelines[];
extern const struct endpoint data_follows[];
extern const struct endpoint data_search[];
extern const struct endpoint data_stream_posts[];
extern const struct endpoint data_stream_rules[];
extern const struct endpoint data_compliance_acks[];
extern const struct endpoint data_compliance_jobs[];
extern const struct endpoint data_exports[];
extern const struct endpoint data_invoices[];

/* What their answers hold. */
extern const struct shape data_shapes[];

#endif

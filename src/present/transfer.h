/*
 * transfer.h - imports and archives as JSON. These are kicau's own shapes: Mastodon has no such API.
 */
#ifndef PRESENT_TRANSFER_H
#define PRESENT_TRANSFER_H

#include "base/json.h"
#include "transfer/archive.h"
#include "transfer/import.h"

void present_import(const struct import *i, struct jw *j);
void present_import_problem(const struct import_problem *p, struct jw *j);
/* base_url: of this server, for the address of one that is ready. */
void present_archive(const struct account_archive *a, const char *base_url, struct jw *j);

#endif

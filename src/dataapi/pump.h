/*
 * pump.h - makes the batches of streams: reads on, drops what may not go out, renders lines, and has them recorded.
 */
#ifndef DATAAPI_PUMP_H
#define DATAAPI_PUMP_H

#include "dataapi/feed.h"
#include "dataapi/reader.h"

/* One round for one reader. True when it may go on at once. */
bool pump_reader(struct core *c, struct db *db, struct feed *f, struct arena *a, struct reader *r);

#endif

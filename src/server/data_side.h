/*
 * data_side.h - starting and ending what sells the data: plans and licences, the ledger, the meter, the streams.
 *
 * On a full disk there is no ledger to begin with. Then people go on reading, licensees are told 503, and a thread tries
 * every few seconds whether there is room; core->ledger and core->meter are set when there is.
 */
#ifndef SERVER_DATA_SIDE_H
#define SERVER_DATA_SIDE_H

#include "core/core.h"
#include "server/config.h"

struct data_side;

/* config lives longer. *ret is set before anything is opened, so that data_side_close() ends it after an error too. */
enum err data_side_open(struct core *c, const struct config *config, struct data_side **ret, struct problem *problem);
/* Ends the streams. Before HTTP is stopped. */
void data_side_drain(struct data_side *d);
/* Behind HTTP: charges what was handed over last, and commits it. NULL-safe, as the one above. */
void data_side_close(struct data_side *d);

#endif

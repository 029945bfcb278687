/*
 * ledger_print.h - what the ledger says, for people or as one JSON object a line.
 */
#ifndef CLI_LEDGER_PRINT_H
#define CLI_LEDGER_PRINT_H

#include "base/base.h"
#include "cli/ledger_names.h"
#include "ledger/archive.h"
#include "ledger/ledger.h"
#include "ledger/verify.h"

void ledger_print_status(const struct ledger_status *s, bool json);
/* broken: indexes of those whose answer broke off, so that they are not charged. */
void ledger_print_receivers(const struct ledger_receiver *all, size_t n, const struct idset *broken,
			    struct ledger_names *names, bool json);
void ledger_print_record_head(void);
void ledger_print_record(uint64_t index, const struct ledger_record *r, struct ledger_names *names, bool json);
void ledger_print_finding(const struct ledger_finding *f, bool json);
void ledger_print_verified(const struct ledger_verified *v, bool json);

#endif

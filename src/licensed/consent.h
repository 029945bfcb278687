/*
 * consent.h - what people let their public posts be licensed for. Two must agree: the operator, whose published terms
 * name the uses that are for sale at all (`data_uses`), and the author, who has chosen among them, or has not
 * (`data_uses_default` then). What is stored is the choice; what holds is consent_holds().
 */
#ifndef LICENSED_CONSENT_H
#define LICENSED_CONSENT_H

#include "core/core.h"
#include "meter/plan.h"

/* Names of the uses, in the order of their bits: "search", "research", "commercial", "training". */
#define USES 4
extern const char *const use_names[USES + 1];
/* "search,training" → bits; empty: 0. False: a name that is none. */
bool uses_parse(struct view list, uint32_t *ret);

struct consent {
	bool chosen;	    /* by the author; otherwise the default holds */
	uint32_t uses;	    /* that the author allows, whatever the operator sells today */
	int64_t changed_at; /* ms; 0: never */
};
enum err consent_load(struct core *c, struct db *db, struct account_id who, struct consent *ret);
/* Whoever keeps something of it is told by EVENT_ACCOUNT_LICENCE, when what holds has changed. */
enum err consent_set(struct core *c, struct account_id who, uint32_t uses);

/* The uses that hold for an author. */
uint32_t consent_holds(const struct core *c, const struct consent *consent);

#endif

/*
 * answers.h - plans, licensees, their keys and those of withholding as JSON, for the administrators' API and the command line alike.
 */
#ifndef METER_ANSWERS_H
#define METER_ANSWERS_H

#include "base/json.h"
#include "meter/keys.h"
#include "meter/licensee_store.h"
#include "meter/withhold_keys.h"

void plan_answer(const struct plan *p, struct jw *j);
void licensee_answer(const struct licensee *l, struct jw *j);
/* token: empty, or what is shown once. */
void key_answer(const struct data_key *k, struct view token, int64_t now, struct jw *j);
/* "active", "expired", "revoked" */
const char *key_state(const struct data_key *k, int64_t now);
/* A key of withholding; what it is only once it is revealed. */
void withhold_answer(const struct withhold_generation *g, int64_t now, struct jw *j);

#endif

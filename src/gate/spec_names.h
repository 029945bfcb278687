/*
 * spec_names.h - words for what rows say, shared by the documents made from them. Private to gate/.
 */
#ifndef GATE_SPEC_NAMES_H
#define GATE_SPEC_NAMES_H

#include "base/buf.h"
#include "gate/endpoint.h"

const char *spec_auth(enum auth a);
const char *spec_scope(const struct endpoint *row); /* "" without */
const char *spec_meter(enum meter_class m);
const char *spec_body(enum body_kind b);
const char *spec_run(enum run r);
const char *spec_type(enum param_type t);
bool spec_in_path(const struct endpoint *row, const struct param *p);
/* The name of the entity in "[Account]" or "Status?"; empty for "{}" and the like. */
struct view spec_entity(const char *reply);

#endif

/*
 * plan_fields.h - the members of a plan, once: what reads, prints, checks and explains plans goes through this table.
 * docs/plans.md, the parameters of the administrators' API and the command line come from it.
 */
#ifndef METER_PLAN_FIELDS_H
#define METER_PLAN_FIELDS_H

#include <jansson.h>

#include "base/json.h"
#include "meter/plan.h"

enum plan_field_type {
	PLAN_MONEY, /* micro-units of the configured currency */
	PLAN_COUNT,
	PLAN_FLAG,
	PLAN_USES, /* words of enum data_use */
};

struct plan_field {
	const char *name;
	const char *in_units; /* money: the name under which the command line takes whole units ("0.005") */
	enum plan_field_type type;
	size_t at, size; /* in struct plan */
	int64_t min, max;
	const char *unit, *doc;
};
extern const struct plan_field plan_fields[]; /* in the order they are printed; ended by a row without name */

const struct plan_field *plan_field_find(struct view name); /* NULL: there is none; in_units counts too */
int64_t plan_field_get(const struct plan *p, const struct plan_field *f);
/* ERR_UNPROCESSABLE: not within the field's range. */
enum err plan_field_put(struct plan *p, const struct plan_field *f, int64_t value, struct problem *problem);
/* "NAME=VALUE" as it is written on a command line: month=100, uses=search,research, exports=true. */
enum err plan_assign(struct plan *p, struct view assignment, struct problem *problem);
/* A field as people read it: "100", "0.005", "search, research", "yes". */
struct view plan_field_show(const struct plan *p, const struct plan_field *f, struct arena *a);

/* A JSON object; what it does not name keeps the value it has. Unknown members are refused, but for name and version. */
enum err plan_read(const json_t *object, struct plan *p, struct problem *problem);
/* Its members, name and version first: within an object of the caller's. */
void plan_write(const struct plan *p, struct jw *j);
/* What holds between fields. ERR_UNPROCESSABLE with words. */
enum err plan_check(const struct plan *p, struct problem *problem);

/* a-z, 0-9 and -, 1 to 32 of them. */
bool plan_name_valid(struct view name);
/* A use by its word: "search", "research", "commercial", "training". 0: none. */
uint32_t data_use_by_name(struct view word);
void data_uses_write(uint32_t uses, struct jw *j); /* an array of words */
extern const char *const data_rate_names[DATA_RATES];

/* Money as a decimal number of whole units. false: malformed, more than six places behind the point, too large. */
bool money_parse(struct view v, int64_t *ret_micro);
#define MONEY_LEN 28
void money_print(int64_t micro, char ret[MONEY_LEN]); /* "0.005", "-12", at least as many places as needed */

#endif

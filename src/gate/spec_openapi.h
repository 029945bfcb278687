/*
 * spec_openapi.h - parts of the OpenAPI document, each written from its tables. Private to gate/.
 */
#ifndef GATE_SPEC_OPENAPI_H
#define GATE_SPEC_OPENAPI_H

#include "base/json.h"
#include "gate/endpoint.h"
#include "gate/shape.h"
#include "gate/spec_names.h"

static inline void kv_object(struct jw *j, const char *key)
{
	jw_key(j, key);
	jw_object(j);
}

static inline void kv_ref(struct jw *j, const char *place, const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "#/components/%s/%s", place, name);
	jw_kv_cstr(j, "$ref", path);
}

/* Of the data API: answers say what they cost, errors are problems. */
bool spec_is_data(const struct endpoint *row);

/* spec_params.c: "parameters" and "requestBody" of a row; "parameters" of the components: lists of names, each once. */
void spec_parameters(const struct endpoint_group *groups, const struct endpoint *row, struct jw *j);
void spec_body_schema(const struct endpoint *row, struct jw *j);
void spec_named_parameters(const struct endpoint_group *groups, struct jw *j);

/* spec_answers.c: "responses" of a row; "headers" and "responses" of the components. */
void spec_responses(const struct endpoint *row, struct jw *j);
void spec_headers(struct jw *j);
void spec_problems(struct jw *j);
/* {"$ref": …} for "Status", "[Account]"; an open object for "{}". */
void spec_entity_schema(const char *reply, struct jw *j);

/* spec_shapes.c: a member of "schemas" for each; *ret_has: there is one of this name. */
void spec_shapes(const struct shape *shapes, struct jw *j);
bool spec_has_shape(const struct shape *shapes, struct view name);

#endif

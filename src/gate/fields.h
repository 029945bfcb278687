/*
 * fields.h - everything a request says by name: its query, and its body as JSON, form or multipart, merged. Plain names
 * are kept as they come; names with brackets and JSON become one jansson tree. What the body says goes before what
 * the query says; of one name the last counts.
 */
#ifndef GATE_FIELDS_H
#define GATE_FIELDS_H

#include <jansson.h>

#include "base/arena.h"
#include "base/base.h"
#include "gate/call.h"

struct field {
	struct view name, value;
};

struct file_field {
	struct view name;
	struct upload upload;
};

struct fields {
	struct arena *arena;
	struct field *plain;
	size_t n_plain, alloc_plain;
	struct file_field *files;
	size_t n_files, alloc_files;
	json_t *tree; /* NULL until there is something in it */
	size_t count; /* of all, at most LIMIT_PARAMS */
};

void fields_init(struct fields *f, struct arena *a);
void fields_release(struct fields *f); /* the tree */

/* ERR_INVALID: malformed, or too many. Names that are not UTF-8 are malformed. */
enum err fields_add_query(struct fields *f, struct view query, struct problem *problem);
/* Bodies of types that carry no fields are left alone, as Rails does. Values point into body. */
enum err fields_add_body(struct fields *f, struct view content_type, struct view body, struct problem *problem);

/*
 * One value as text: numbers and booleans of JSON are written out. False: absent, null, or not a single value. name
 * may have brackets ("poll[expires_in]").
 */
bool fields_text(const struct fields *f, struct view name, struct view *ret);
/* All values of name or name[]; a single one is a list of one, an object ({"0": …}) its values. False: absent. */
bool fields_list(const struct fields *f, struct view name, const struct view **ret, size_t *ret_n);
const json_t *fields_node(const struct fields *f, struct view name); /* NULL when absent or null */
const struct upload *fields_file(const struct fields *f, struct view name);

#endif

/*
 * dimensions.h - what there is most of, in a period (docs: methods/admin/dimensions, entities/Admin_Dimension).
 */
#ifndef MODERATION_DIMENSIONS_H
#define MODERATION_DIMENSIONS_H

#include "core/core.h"
#include "moderation/measures.h"

#define LIMIT_DIMENSION 100 /* items of one */

enum dimension_key {
	DIMENSION_LANGUAGES,
	DIMENSION_SOURCES,
	DIMENSION_SERVERS,
	DIMENSION_SPACE_USAGE,
	DIMENSION_SOFTWARE_VERSIONS,
	DIMENSION_TAG_SERVERS,
	DIMENSION_TAG_LANGUAGES,
	DIMENSION_INSTANCE_ACCOUNTS,
	DIMENSION_INSTANCE_LANGUAGES,
	DIMENSIONS
};
struct dimension_kind {
	const char *name;
	enum subject subject;
	bool bytes; /* that is the unit of its values */
};
extern const struct dimension_kind dimension_kinds[DIMENSIONS];

struct dimension_item {
	struct view key, human; /* human: for people to read */
	struct view text;	/* a version, or empty: then it is a number */
	int64_t n;
};
/* The most first; ret has room for limit, at most LIMIT_DIMENSION. subject as in measure_read(). */
enum err dimension_read(struct core *c, struct db *db, struct arena *a, enum dimension_key key, const struct period *p,
			struct view subject, size_t limit, struct dimension_item *ret, size_t *ret_n);

#endif

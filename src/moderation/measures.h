/*
 * measures.h - how much there was of something, in all and by day (docs: methods/admin/measures, entities/Admin_Measure).
 */
#ifndef MODERATION_MEASURES_H
#define MODERATION_MEASURES_H

#include "core/core.h"
#include "moderation/period.h"

/* Posts, favourites and uses of a hashtag are counted no further than so many of the newest in the period. */
#define MEASURE_ROWS_MAX 200000

/* What a number is about besides the server: a parameter of its own of the call, "tag_uses[id]". */
enum subject { SUBJECT_NONE, SUBJECT_TAG, SUBJECT_DOMAIN };

enum measure_key {
	MEASURE_ACTIVE_USERS,
	MEASURE_NEW_USERS,
	MEASURE_INTERACTIONS,
	MEASURE_OPENED_REPORTS,
	MEASURE_RESOLVED_REPORTS,
	MEASURE_TAG_ACCOUNTS,
	MEASURE_TAG_USES,
	MEASURE_TAG_SERVERS,
	MEASURE_INSTANCE_ACCOUNTS,
	MEASURE_INSTANCE_MEDIA,
	MEASURE_INSTANCE_REPORTS,
	MEASURE_INSTANCE_STATUSES,
	MEASURE_INSTANCE_FOLLOWS,
	MEASURE_INSTANCE_FOLLOWERS,
	MEASURES
};

struct measure_kind {
	const char *name;
	enum subject subject;
	bool bytes; /* that is its unit */
	bool ever;  /* the total is of all times, and there is none of the period before */
};
extern const struct measure_kind measure_kinds[MEASURES];

struct measure {
	int64_t total, previous;
	int64_t days[PERIOD_DAYS_MAX];
};
/* subject: the folded name of a tag, or a domain in lower case; empty where it takes none. */
enum err measure_read(struct db *db, enum measure_key key, const struct period *p, struct view subject,
		      struct measure *ret);

#endif

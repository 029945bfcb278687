/*
 * withhold.c - see withhold.h.
 */
#include "base/base.h"

#include "licensed/withhold.h"

bool withheld_from(const struct licence *licence, struct post_id post)
{
	if (!licence->withhold)
		BUG("a licence without its keys");
	return post.v && withhold_set_has(licence->withhold, post);
}

void withheld_prefetch(const struct licence *licence, struct post_id post)
{
	if (licence->withhold)
		withhold_set_prefetch(licence->withhold, post);
}

/* Ids are positive. */
struct post_id withheld_as(const struct licence *licence, struct post_id post)
{
	return withheld_from(licence, post) ? (struct post_id){-post.v} : post;
}

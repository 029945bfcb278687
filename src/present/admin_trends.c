/*
 * admin_trends.c - see admin_trends.h.
 */
#include "base/base.h"

#include "present/admin_trends.h"

#include "core/trends.h"
#include "present/tag.h"

static enum err is_new(const struct present *p, enum trend_kind kind, int64_t id, bool *ret)
{
	enum trend_review review;

	TRY(trend_review_load(p->db, kind, id, &review));
	*ret = review == TREND_NOT_REVIEWED;
	return OK;
}

enum err present_admin_tag(const struct present *p, const struct tag_rules *rules, struct jw *j)
{
	enum trend_review review;

	TRY(trend_review_load(p->db, TREND_TAG, rules->id, &review));
	TRY(present_tag(p, rules->name, j));
	jw_object_reopen(j);
	jw_kv_bool(j, "trendable", trend_is_shown(p->core, review));
	jw_kv_bool(j, "usable", rules->usable);
	jw_kv_bool(j, "requires_review", review == TREND_NOT_REVIEWED);
	jw_object_end(j);
	return OK;
}

enum err present_admin_trend_post(const struct present *p, struct post_id id, struct jw *j)
{
	bool review;

	TRY(is_new(p, TREND_POST, id.v, &review));
	TRY(present_post(p, id, j));
	jw_object_reopen(j);
	jw_kv_bool(j, "requires_review", review);
	jw_object_end(j);
	return OK;
}

enum err present_admin_trend_link(const struct present *p, int64_t id, struct jw *j)
{
	struct preview_review review;
	struct tag_use days[TAG_DAYS];
	struct preview card;

	TRY(preview_load(p->db, p->arena, id, &card));
	TRY(is_new(p, TREND_LINK, id, &review.needed));
	if (review.needed)
		TRY(is_new(p, TREND_SITE, card.site, &review.needed));
	TRY(preview_uses(p->db, id, days));
	return present_trend_link(p, &card, days, &review, j);
}

void present_admin_site(const struct preview_site *site, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", site->id);
	jw_kv_str(j, "domain", site->domain);
	jw_key(j, "trendable");
	if (site->review == TREND_NOT_REVIEWED)
		jw_null(j);
	else
		jw_bool(j, site->review == TREND_APPROVED);
	jw_kv_time(j, "reviewed_at", site->reviewed_at);
	jw_kv_null(j, "requested_review_at");
	jw_kv_bool(j, "requires_review", site->review == TREND_NOT_REVIEWED);
	jw_object_end(j);
}

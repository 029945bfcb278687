/*
 * admin_trends.h - what moderators are shown of trends: Admin::Tag, Status and Trends::Link with requires_review, and the
 * sites links lead to (docs: methods/admin/trends; the fields are those of Mastodon's serializers).
 */
#ifndef PRESENT_ADMIN_TRENDS_H
#define PRESENT_ADMIN_TRENDS_H

#include "core/preview_sites.h"
#include "core/tag_rules.h"
#include "present/preview.h"

enum err present_admin_tag(const struct present *p, const struct tag_rules *rules, struct jw *j);
enum err present_admin_trend_post(const struct present *p, struct post_id id, struct jw *j);
enum err present_admin_trend_link(const struct present *p, int64_t card, struct jw *j);
void present_admin_site(const struct preview_site *site, struct jw *j);

#endif

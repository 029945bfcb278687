/*
 * tag.c - see tag.h. Numbers are strings here, because they are in Mastodon.
 */
#include "base/base.h"

#include "present/tag.h"

#include "base/limits.h"
#include "core/accounts.h"
#include "text/url.h"

struct view present_tag_url(const struct present *p, struct view name)
{
	struct view base = view_of(p->core->config.base_url);
	struct buf CLEANUP(buf_release) out = {.max = base.len + sizeof("/tags/") + 3 * name.len};

	buf_add(&out, base);
	buf_add(&out, V("/tags/"));
	url_encode(&out, name);
	return arena_view(p->arena, buf_view(&out));
}

static void number(const struct present *p, struct jw *j, const char *key, int64_t n)
{
	jw_kv_str(j, key, arena_printf(p->arena, "%" PRIi64, n));
}

void present_uses(const struct present *p, const struct tag_use days[TAG_DAYS], struct jw *j)
{
	jw_key(j, "history");
	jw_array(j);
	for (size_t i = 0; i < TAG_DAYS; i++) {
		jw_object(j);
		number(p, j, "day", days[i].day / 1000);
		number(p, j, "uses", days[i].uses);
		number(p, j, "accounts", days[i].accounts);
		jw_object_end(j);
	}
	jw_array_end(j);
}

enum err present_tag_of(const struct present *p, const struct tag *t, struct jw *j)
{
	bool featuring = false;

	if (p->viewer->account.v)
		TRY(tag_is_featured(p->db, p->viewer->account, t->name, &featuring));
	jw_object(j);
	if (t->id)
		jw_kv_id(j, "id", t->id);
	else
		jw_kv_str(j, "id", V(""));
	jw_kv_str(j, "name", t->display);
	jw_kv_str(j, "url", present_tag_url(p, t->name));
	present_uses(p, t->days, j);
	if (p->viewer->account.v) {
		jw_kv_bool(j, "following", viewer_follows_tag(p->viewer, t->name));
		jw_kv_bool(j, "featuring", featuring);
	}
	jw_object_end(j);
	return OK;
}

enum err present_tag(const struct present *p, struct view name, struct jw *j)
{
	struct tag t;

	TRY(tag_load(p->db, p->arena, name, &t));
	return present_tag_of(p, &t, j);
}

static void featured(const struct present *p, struct view profile, const struct featured_tag *t, struct jw *j)
{
	struct buf CLEANUP(buf_release) page = {.max = profile.len + sizeof("/tagged/") + 3 * t->name.len};

	buf_add(&page, profile);
	buf_add(&page, V("/tagged/"));
	url_encode(&page, t->name);
	jw_object(j);
	jw_kv_id(j, "id", t->id);
	jw_kv_str(j, "name", t->display);
	jw_kv_str(j, "url", buf_view(&page));
	number(p, j, "statuses_count", t->posts);
	jw_key(j, "last_status_at");
	jw_date(j, t->last_post_id ? id_time(t->last_post_id) : 0);
	jw_object_end(j);
}

enum err present_featured_tag(const struct present *p, struct account_id whose, const struct featured_tag *t,
			      struct jw *j)
{
	struct account account;

	TRY(account_load(p->db, p->arena, whose, &account));
	featured(p, account.url, t, j);
	return OK;
}

enum err present_featured_tags(const struct present *p, struct account_id whose, struct jw *j)
{
	struct featured_tag tags[LIMIT_FEATURED_TAGS];
	struct account account;
	size_t n = 0;

	TRY(account_load(p->db, p->arena, whose, &account));
	TRY(featured_tags_load(p->db, p->arena, whose, tags, &n));
	jw_array(j);
	for (size_t i = 0; i < n; i++)
		featured(p, account.url, &tags[i], j);
	jw_array_end(j);
	return OK;
}

/*
 * status_answer.c
 */
#include "base/base.h"

#include "api/status_answer.h"

#include "core/page.h"

enum err answer_changed_post(struct call *c, struct post_id id)
{
	struct present p = call_presenter(c);
	enum err err;

	TRY(viewer_get(c->core, c->db, c->auth.account, &p.viewer));
	err = present_post(&p, id, &c->json);
	viewer_put(p.viewer);
	return err;
}

enum err answer_post_page(struct call *c, const struct page *page, const struct post_id *ids, size_t n, bool listed)
{
	struct present p = call_presenter(c);

	if (n)
		call_link(c, ids[0].v, ids[n - 1].v, n < page->limit);
	return present_posts(&p, ids, n, listed, &c->json);
}

enum err answer_post_items(struct call *c, const struct page *page, const struct page_item *items, size_t n,
			   bool listed)
{
	struct present p = call_presenter(c);
	struct post_id *ids = ARENA_ARRAY(c->arena, n + 1, struct post_id);

	for (size_t i = 0; i < n; i++)
		ids[i].v = items[i].id;
	if (n)
		call_link(c, items[0].cursor, items[n - 1].cursor, n < page->limit);
	return present_posts(&p, ids, n, listed, &c->json);
}

/*
 * graph_answer.c
 */
#include "base/base.h"

#include "api/graph_answer.h"

#include "api/answer.h"
#include "base/limits.h"
#include "present/relationship.h"

enum err answer_graph_page(struct call *c, enum graph_list list, struct account_id whose, bool without_hidden)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct graph_entry entries[LIMIT_PAGE_ACCOUNTS];
	struct account_id shown[LIMIT_PAGE_ACCOUNTS];
	size_t n = 0, n_shown = 0;
	TRY(graph_page(c->db, list, whose, &page, entries, &n));
	for (size_t i = 0; i < n; i++)
		if (!without_hidden || !viewer_hides(c->viewer, entries[i].account))
			shown[n_shown++] = entries[i].account;
	if (n > 0)
		call_link(c, entries[0].cursor, entries[n - 1].cursor, n < page.limit);
	return present_accounts(&p, shown, n_shown, &c->json);
}

enum err answer_relationship(struct call *c, struct account_id other)
{
	struct relationship r;
	TRY(graph_relationships(c->db, c->arena, c->auth.account, &other, 1, &r));
	present_relationship(&r, &c->json);
	return OK;
}

/*
 * graph_answer.c
 */
#include "base/base.h"

#include "api/graph_answer.h"

#include "api/people_page.h"
#include "base/limits.h"
#include "present/relationship.h"

static enum err read_graph(struct call *c, const struct people *p, const struct page *page, struct page_item *ret,
			   size_t *ret_n)
{
	struct graph_entry entries[LIMIT_PAGE_ACCOUNTS];
	size_t n = 0;

	TRY(graph_page(c->db, (enum graph_list)p->list, (struct account_id){p->whose}, page, entries, &n));
	for (size_t i = 0; i < n; i++)
		ret[i] = (struct page_item){.id = entries[i].account.v, .cursor = entries[i].cursor};
	*ret_n = n;
	return OK;
}

enum err answer_graph_page(struct call *c, enum graph_list list, struct account_id whose, bool without_hidden)
{
	return answer_people(
		c, &(struct people){
			   .read = read_graph, .without_hidden = without_hidden, .list = (int)list, .whose = whose.v});
}

enum err answer_relationship(struct call *c, struct account_id other)
{
	struct relationship r;
	TRY(graph_relationships(c->db, c->arena, c->auth.account, &other, 1, &r));
	present_relationship(&r, &c->json);
	return OK;
}

/*
 * graph_answer.c
 */
#include "base/base.h"

#include "api/graph_answer.h"

#include "api/answer.h"
#include "base/limits.h"
#include "present/relationship.h"

#define ROUNDS 20 /* of reading, when the viewer hides nearly everybody on the list */

struct shown {
	struct graph_entry entries[LIMIT_PAGE_ACCOUNTS];
	size_t n;
};

static void keep_shown(const struct call *c, const struct graph_entry *entries, size_t n, size_t limit, bool up,
		       struct shown *s)
{
	for (size_t i = 0; i < n && s->n < limit; i++) {
		const struct graph_entry *e = &entries[up ? n - 1 - i : i];
		if (!viewer_hides(c->viewer, e->account))
			s->entries[s->n++] = *e;
	}
}

/*
 * A page without those the viewer hides, but full where the list goes on: apps take an empty page for the end. Goes
 * through the list in the direction of the page; *ret_short: it has ended.
 */
static enum err read_shown(struct call *c, enum graph_list list, struct account_id whose, struct page page,
			   struct shown *s, bool *ret_short)
{
	struct graph_entry entries[LIMIT_PAGE_ACCOUNTS];
	size_t limit = page.limit, n = limit;
	bool up = page_upward(&page);
	page.limit = ARRAY_LEN(entries);
	for (size_t round = 0; round < ROUNDS && s->n < limit && n > 0; round++) {
		TRY(graph_page(c->db, list, whose, &page, entries, &n));
		keep_shown(c, entries, n, limit, up, s);
		if (n > 0 && up)
			page.min_id = entries[0].cursor;
		else if (n > 0)
			page.max_id = entries[n - 1].cursor;
		n = n < page.limit ? 0 : n;
	}
	*ret_short = s->n < limit;
	for (size_t i = 0; up && i < s->n / 2; i++) {
		struct graph_entry swap = s->entries[i];
		s->entries[i] = s->entries[s->n - 1 - i];
		s->entries[s->n - 1 - i] = swap;
	}
	return OK;
}

enum err answer_graph_page(struct call *c, enum graph_list list, struct account_id whose, bool without_hidden)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct shown s = {.n = 0};
	struct account_id ids[LIMIT_PAGE_ACCOUNTS];
	bool is_short;
	if (without_hidden && c->viewer->hides_anybody) {
		TRY(read_shown(c, list, whose, page, &s, &is_short));
	} else {
		TRY(graph_page(c->db, list, whose, &page, s.entries, &s.n));
		is_short = s.n < page.limit;
	}
	for (size_t i = 0; i < s.n; i++)
		ids[i] = s.entries[i].account;
	if (s.n > 0)
		call_link(c, s.entries[0].cursor, s.entries[s.n - 1].cursor, is_short);
	return present_accounts(&p, ids, s.n, &c->json);
}

enum err answer_relationship(struct call *c, struct account_id other)
{
	struct relationship r;
	TRY(graph_relationships(c->db, c->arena, c->auth.account, &other, 1, &r));
	present_relationship(&r, &c->json);
	return OK;
}

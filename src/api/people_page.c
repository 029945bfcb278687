/*
 * people_page.c - see people_page.h.
 */
#include "base/base.h"

#include "api/people_page.h"

#include "api/answer.h"
#include "base/limits.h"

#define ROUNDS 20 /* of reading, when the viewer hides nearly everybody on the list */

struct shown {
	struct page_item items[LIMIT_PAGE_ACCOUNTS];
	size_t n;
};

static void keep(const struct call *c, const struct people *p, const struct page_item *items, size_t n, size_t limit,
		 bool up, struct shown *s)
{
	for (size_t i = 0; i < n && s->n < limit; i++) {
		const struct page_item *item = &items[up ? n - 1 - i : i];

		if (!p->without_hidden || !viewer_hides(c->viewer, (struct account_id){item->id}))
			s->items[s->n++] = *item;
	}
}

static void reverse(struct shown *s)
{
	for (size_t i = 0; i < s->n / 2; i++) {
		struct page_item other = s->items[i];

		s->items[i] = s->items[s->n - 1 - i];
		s->items[s->n - 1 - i] = other;
	}
}

/* Goes through the list in the direction of the page; the answer is newest first. */
static enum err fill(struct call *c, const struct people *p, struct page page, struct shown *s)
{
	struct page_item items[LIMIT_PAGE_ACCOUNTS];
	size_t limit = page.limit;
	bool up = page_upward(&page);

	for (size_t round = 0; round < ROUNDS && s->n < limit; round++) {
		size_t n = 0;

		TRY(p->read(c, p, &page, items, &n));
		keep(c, p, items, n, limit, up, s);
		if (n < page.limit)
			break;
		if (up)
			page.min_id = items[0].cursor;
		else
			page.max_id = items[n - 1].cursor;
	}
	if (up)
		reverse(s);
	return OK;
}

enum err answer_people(struct call *c, const struct people *p)
{
	struct present presenter = call_presenter(c);
	struct page page = call_page(c);
	struct account_id accounts[LIMIT_PAGE_ACCOUNTS];
	struct shown s = {.n = 0};

	TRY(fill(c, p, page, &s));
	for (size_t i = 0; i < s.n; i++)
		accounts[i].v = s.items[i].id;
	if (s.n)
		call_link(c, s.items[0].cursor, s.items[s.n - 1].cursor, s.n < page.limit);
	return present_accounts(&presenter, accounts, s.n, &c->json);
}

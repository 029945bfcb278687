/*
 * quote.c - what a call would cost: it is run like any other, but where it would be paid for it is only priced, and its
 * answer is thrown away. So a quote cannot be wrong about what is found, included, paid already or cut short.
 */
#include "base/base.h"
#include "gate/private.h"

#include "base/limits.h"

static void add_cost(struct call_quote *q, enum ledger_kind kind, size_t granted, const struct meter_cost *cost)
{
	bool posts = kind == LEDGER_POSTS;

	*(posts ? &q->posts : &q->users) += (uint32_t)granted;
	*(posts ? &q->posts_charged : &q->users_charged) += cost->charged;
	q->micro += cost->micro;
}

enum err quote_add(struct call *c, struct call_quote *q, const struct meter_ask *ask, size_t *granted)
{
	struct meter_cost cost;
	enum err err = meter_foresee(c->core->meter, c->db, ask, q->micro, granted, &cost, &q->why, &q->problem);

	if (err == OK) {
		add_cost(q, ask->kind, *granted, &cost);
		q->cut |= *granted < ask->n;
	}
	if (err == ERR_PAYMENT)
		q->refused = true;
	return err;
}

enum err call_quote_items(struct call *c, struct call_quote *q, enum ledger_kind kind, struct ledger_item *items,
			  size_t n)
{
	struct meter_ask ask = {.licence = c->licence,
				.kind = kind,
				.items = items,
				.n = n,
				.request = http_header(c->x, "Kicau-Request-Id")};
	size_t granted;
	enum err err = n && !q->refused ? quote_add(c, q, &ask, &granted) : OK;

	return err == ERR_PAYMENT ? OK : err;
}

static enum err find_row(struct call_state *cs, struct call_state *inner, struct view target)
{
	struct call *c = &cs->pub;
	size_t end = view_find(target, 0, '?');
	struct view path = view_sub(target, 0, end);
	enum err err = router_match(cs->gate->router, c->arena, HTTP_GET, path, &inner->match);

	if (err == OK)
		inner->pub.row = inner->match.route->row;
	if (err != OK || inner->pub.row->auth != AUTH_LICENSEE)
		return call_wrong(c, "path", target, "`path` [%.*s] is no GET of the data API", VIEW_ARG(path));
	if (inner->pub.row->kind != REPLY_JSON)
		return call_wrong(c, "path", target,
				  "`path` [%.*s] is a stream or a file: what it costs cannot be known before",
				  VIEW_ARG(path));
	inner->query = view_sub(target, end + 1, target.len);
	return OK;
}

static void begin(const struct call_state *cs, struct call_state *inner, struct call_quote *q)
{
	const struct call *c = &cs->pub;

	inner->gate = cs->gate;
	inner->file.fd = -1;
	inner->licensed = true;
	inner->quote = q;
	inner->pub.x = c->x;
	inner->pub.arena = c->arena;
	inner->pub.core = c->core;
	inner->pub.server = c->server;
	inner->pub.db = c->db;
	inner->pub.licence = c->licence;
	buf_init(&inner->pub.out, LIMIT_REPLY);
	inner->pub.json = jw_to(&inner->pub.out);
	fields_init(&inner->fields, c->arena);
}

/* Whatever is wrong with it is wrong with the quote. */
static enum err run(struct call_state *cs, struct call_state *inner)
{
	enum err err = call_take_rate(inner);

	if (err != OK)
		cs->rate = inner->rate;
	else if (inner->pub.row->meter != METER_FREE)
		err = call_run(inner);
	cs->pub.problem = inner->pub.problem;
	cs->pub.wrong = inner->pub.wrong;
	cs->pub.refusal = inner->pub.refusal;
	return err;
}

enum err call_quote(struct call *c, struct view target, struct call_quote *ret)
{
	struct call_state *cs = state_of(c), *inner = ARENA_NEW(c->arena, struct call_state);

	*ret = (struct call_quote){0};
	begin(cs, inner, ret);
	enum err err = find_row(cs, inner, target);

	if (err == OK)
		err = run(cs, inner);
	buf_release(&inner->pub.out);
	fields_release(&inner->fields);
	return err == ERR_PAYMENT && ret->refused ? OK : err;
}

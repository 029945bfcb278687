/*
 * dispatch.c - a request on its way through the row's policy, always in this order:
 *
 *   match → authenticate → scope → rate → meter → read body and parameters → handle → present → settle → log
 *
 * Up to rate everything happens on the loop, when the head is in, so that a stranger's body is not read in vain. The
 * rest of a RUN_WORKER row happens on the pool.
 */
#include "base/base.h"
#include "gate/private.h"

#include "base/limits.h"
#include "base/metrics.h"

/* RFC 9110 10.2.1 */
static void set_allow(struct call_state *cs)
{
	char text[64];
	size_t n = 0;
	for (enum http_method m = HTTP_GET; m < HTTP_OPTIONS; m++) {
		enum http_method row = m == HTTP_HEAD ? HTTP_GET : m;
		if (cs->match.allow & 1u << row)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s, ", http_method_name(m));
	}
	snprintf(text + n, sizeof(text) - n, "OPTIONS");
	http_set_header(cs->pub.x, "Allow", view_of(text));
}

/* What a plan leaves out is a matter of the licence; what is used up is a matter of the window. */
static enum err take_plan_rate(struct call_state *cs, enum rate_class class)
{
	struct call *c = &cs->pub;
	const struct licence *l = c->licence;
	int64_t calls = l->plan.rates[class - RATE_DATA_LOOKUP];
	if (calls == 0)
		return fail(&c->problem, ERR_FORBIDDEN, "the plan \"%s\" does not include this", l->plan.name);
	if (!cs->gate->config.rate_limits)
		return OK;
	return rate_take_plan(cs->gate->rate, class, l->app, calls, clock_now(), &cs->rate);
}

static enum err take_rate(struct call_state *cs, enum rate_class class)
{
	struct rate_caller who = {&cs->pub.auth, cs->pub.x->peer};
	if (cs->pub.licence)
		return take_plan_rate(cs, class);
	if (!cs->gate->config.rate_limits)
		return OK;
	return rate_take(cs->gate->rate, class, &who, clock_now(), &cs->rate);
}

/* From where it comes, match, authenticate, scope, rate. */
static enum err admit(struct call_state *cs)
{
	struct call *c = &cs->pub;
	if (denied_has(cs->gate->denied, c->db, c->x->peer))
		return fail(&c->problem, ERR_FORBIDDEN, "Forbidden");
	enum err err = router_match(cs->gate->router, c->arena, c->x->method, c->x->path, &cs->match);
	if (err != OK) {
		if (err == ERR_METHOD)
			set_allow(cs);
		TRY(take_rate(cs, RATE_DEFAULT));
		if (reply_is_page(cs))
			TRY(auth_cookie(cs));
		return err;
	}
	c->row = cs->match.route->row;
	err = auth_check(cs);
	/* A bad token counts against the address, or guessing would be free. */
	enum err limited = take_rate(cs, c->row->rate);
	return err != OK ? err : limited;
}

static struct call_state *call_begin(struct gate *g, struct http_exchange *x)
{
	struct call_state *cs = ARENA_NEW(&x->arena, struct call_state);
	struct call *c = &cs->pub;
	x->user = cs;
	cs->gate = g;
	cs->file.fd = -1;
	cs->cors = cors_open(x->path);
	cs->query = x->query;
	cs->licensed = view_starts(x->path, V("/2/"));
	c->x = x;
	c->arena = &x->arena;
	c->core = g->core;
	c->server = g->config.server;
	c->viewer = viewer_nobody();
	c->db = store_db(g->core->store);
	buf_init(&c->out, LIMIT_REPLY);
	c->json = jw_to(&c->out);
	fields_init(&cs->fields, c->arena);
	cs->early = admit(cs);
	return cs;
}

static size_t body_limit(void *ctx, struct http_exchange *x)
{
	const struct call_state *cs = call_begin(ctx, x);
	if (cs->early == OK && cs->pub.row->body == BODY_RAW)
		return LIMIT_BODY_RAW;
	bool known = cs->pub.auth.token_id || cs->pub.auth.session_id || cs->pub.licence;
	if (!known || !cs->pub.row || cs->pub.row->body == BODY_NONE)
		return LIMIT_BODY_ANON;
	return cs->pub.row->body == BODY_UPLOAD ? LIMIT_BODY_MEDIA : LIMIT_BODY;
}

/* Logging in is limited by the name that is tried, too. */
static enum err take_name_rate(struct call_state *cs)
{
	static const struct view names[] = {{"username", 8}, {"email", 5}, {"login", 5}};
	struct view name;
	if (cs->pub.row->rate != RATE_LOGIN || !cs->gate->config.rate_limits)
		return OK;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (fields_text(&cs->fields, names[i], &name) && name.len)
			return rate_take_name(cs->gate->rate, name, clock_now(), &cs->rate);
	return OK;
}

enum err call_take_rate(struct call_state *cs)
{
	return take_rate(cs, cs->pub.row->rate);
}

enum err call_run(struct call_state *cs)
{
	struct call *c = &cs->pub;
	c->db = store_db(c->core->store);
	TRY(fields_add_query(&cs->fields, cs->query, &c->problem));
	TRY(args_query_known(cs));
	if (c->row->body == BODY_FIELDS || c->row->body == BODY_UPLOAD)
		TRY(fields_add_body(&cs->fields, http_header(c->x, "Content-Type"), c->x->body, &c->problem));
	TRY(args_body_known(cs));
	TRY(csrf_check(cs));
	TRY(take_name_rate(cs));
	TRY(auth_viewer(cs));
	enum err err = args_check(cs);
	if (err == ERR_NOT_FOUND && c->row->missing)
		return c->row->missing(c);
	return err ? err : c->row->handle(c);
}

static void run(void *arg)
{
	struct call_state *cs = arg;
	struct db *db = store_db(cs->pub.core->store);
	int64_t before = db_statements(db);
	enum err err = call_run(cs);

	if (db_statements(db) != before)
		metric_add(METRIC_DB_QUERIES_ASKED, db_statements(db) - before);
	reply_finish(cs, err);
}

static void run_waiting(void *arg)
{
	struct call_state *cs = arg;
	metric_set(METRIC_QUEUE_WORKERS, (int64_t)pool_waiting(cs->gate->pool));
	run(cs);
}

static void run_on_worker(struct gate *g, struct call_state *cs)
{
	http_defer(cs->pub.x);
	if (pool_submit(g->pool, run_waiting, cs) == OK)
		return;
	metric_add(METRIC_QUEUE_FULL, 1);
	reply_finish(cs, ERR_BUSY);
}

/* OPTIONS without a row of its own: a preflight, or the question what there is. */
static void answer_options(struct call_state *cs)
{
	struct call *c = &cs->pub;
	c->status = 204;
	if (cs->cors)
		cors_preflight(c->x);
	reply_finish(cs, OK);
}

/* Answers of the data API are large, and many wait together. */
static void run_on_loop(struct call_state *cs)
{
	struct buf *out = &cs->pub.out;
	if (cs->licensed)
		out->p = http_spare_body(cs->pub.x, &out->alloc);
	run(cs);
}

static void handle(void *ctx, struct http_exchange *x)
{
	struct gate *g = ctx;
	struct call_state *cs = x->user ? x->user : call_begin(g, x);
	reply_begin(cs);
	bool options = x->method == HTTP_OPTIONS && !cs->pub.row;
	if (options && (cs->cors || cs->early == ERR_METHOD) && cs->early != ERR_TOO_MANY)
		answer_options(cs);
	else if (cs->early != OK)
		reply_finish(cs, cs->early);
	else if (cs->pub.row->kept && cs->pub.row->kept(&cs->pub))
		reply_finish(cs, OK);
	else if (cs->pub.row->run == RUN_WORKER)
		run_on_worker(g, cs);
	else
		run_on_loop(cs);
}

static void worker_ends(void *store)
{
	store_thread_done(store);
}

enum err gate_open(struct core *core, const struct endpoint_group *groups, const struct gate_config *config,
		   struct gate **ret, struct problem *problem)
{
	struct router *router;
	TRY(router_build(groups, &router, problem));
	struct gate *g = xcalloc(1, sizeof(*g));
	g->core = core;
	g->config = *config;
	g->router = router;
	g->rate = rate_new();
	g->denied = denied_new(core);
	g->pool = pool_start("worker", config->workers ? config->workers : 1, config->queue_max ? config->queue_max : 1,
			     worker_ends, core->store);
	g->app = (struct http_app){.ctx = g, .body_limit = body_limit, .handle = handle, .refusal = reply_refusal};
	*ret = g;
	return OK;
}

const struct http_app *gate_app(struct gate *g)
{
	return &g->app;
}

void gate_close(struct gate *g)
{
	if (!g)
		return;
	pool_stop(g->pool);
	rate_free(g->rate);
	denied_free(g->denied);
	router_free(g->router);
	free(g);
}

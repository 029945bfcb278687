/*
 * problem.c - errors of the data API, in X API v2's shape (docs.x.com, "Response codes and errors"): problem documents
 * (RFC 9457) whose types are the names X gave them. Three refusals are never mixed: 429 is a window, 402 is money, 403
 * is the licence; each names the limit, what is used, and when that changes.
 */
#include "base/base.h"
#include "gate/private.h"

#include "base/limits.h"

#define TYPE(name) "https://api.x.com/2/problems/" name

static const struct {
	int status; /* 0: that of the client API */
	const char *title, *type;
	const char *detail; /* NULL: that of the client API, or of the handler */
} problems[ERR_COUNT] = {
	[ERR_INVALID] = {400, "Invalid Request", TYPE("invalid-request")},
	[ERR_UNPROCESSABLE] = {400, "Invalid Request", TYPE("invalid-request")},
	[ERR_UNAUTHORIZED] = {401, "Unauthorized", "about:blank"},
	[ERR_PAYMENT] = {402, "UsageCapExceeded", TYPE("usage-capped")},
	[ERR_FORBIDDEN] = {403, "Forbidden", TYPE("client-forbidden")},
	[ERR_NOT_FOUND] = {404, "Not Found", "about:blank"},
	[ERR_METHOD] = {405, "Method Not Allowed", "about:blank"},
	[ERR_CONFLICT] = {409, "Conflict", "about:blank"},
	[ERR_GONE] = {410, "Gone", "about:blank"},
	[ERR_TOO_LARGE] = {413, "Payload Too Large", "about:blank"},
	[ERR_TOO_MANY] = {429, "Too Many Requests", "about:blank"},
	[ERR_BUSY] = {503, "Service Unavailable", "about:blank"},
	[ERR_UNAVAILABLE] = {503, "Service Unavailable", "about:blank"},
	[ERR_NO_SPACE] = {503, "Service Unavailable", "about:blank",
			  "The server's disk is full. What cannot be recorded is not delivered, and not charged; try "
			  "again later"},
};

static void limit_members(struct jw *j, int64_t limit, int64_t used, int64_t reset_ms)
{
	jw_kv_int(j, "limit", limit);
	jw_kv_int(j, "used", used);
	jw_kv_time(j, "reset", reset_ms);
}

/* Whose account it is, as X names it. */
static void payment_members(struct jw *j, const struct call *c)
{
	if (c->licence) {
		jw_kv_id(j, "account_id", c->licence->licensee);
		jw_kv_str(j, "product_name", view_of(c->licence->plan.name));
	}
	if (c->refusal.what && strcmp(c->refusal.what, "posts") == 0) {
		jw_kv_str(j, "period", V("Monthly"));
		jw_kv_str(j, "scope", V("Product"));
	}
}

/* Refusals that are more exactly known than their status says. */
static const struct special {
	enum err err;
	const char *what; /* of the refusal */
	const char *title, *type;
} specials[] = {
	{ERR_PAYMENT, "balance", "CreditsDepleted", TYPE("credits")}, /* that it is not a cap */
	{ERR_TOO_MANY, "connections", "ConnectionException", TYPE("streaming-connection")},
};

static const struct special *find_special(const struct call *c, enum err err)
{
	for (size_t i = 0; i < ARRAY_LEN(specials); i++)
		if (specials[i].err == err && c->refusal.what && strcmp(c->refusal.what, specials[i].what) == 0)
			return &specials[i];
	return NULL;
}

static void refusal_members(struct jw *j, const struct call_state *cs, enum err err)
{
	const struct call *c = &cs->pub;
	bool connections = err == ERR_TOO_MANY && c->refusal.what;

	if (connections)
		jw_kv_cstr(j, "connection_issue", "TooManyConnections");
	if (err == ERR_TOO_MANY && !connections)
		limit_members(j, cs->rate.limit, cs->rate.limit - cs->rate.remaining, cs->rate.reset_ms);
	else if (connections || err == ERR_PAYMENT || err == ERR_FORBIDDEN)
		limit_members(j, c->refusal.limit, c->refusal.used, c->refusal.reset_ms);
	if (err == ERR_PAYMENT)
		payment_members(j, c);
}

#define WRONG_ARGUMENT "One or more parameters to your request was invalid."

enum err call_wrong(struct call *c, const char *name, struct view value, const char *fmt, ...)
{
	char words[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	c->wrong.name = name;
	c->wrong.value = value;
	c->wrong.words = arena_view(c->arena, view_of(words));
	return fail(&c->problem, ERR_INVALID, "%s", WRONG_ARGUMENT);
}

/* A name may be what somebody made up. */
static void key_of(struct jw *j, const struct call *c, const char *name)
{
	struct buf CLEANUP(buf_release) escaped = {.max = LIMIT_MIB};

	jw_escape(&escaped, view_of(name));
	jw_key(j, arena_cstr(c->arena, buf_view(&escaped)));
}

static void wrong_argument(struct jw *j, const struct call *c, struct view detail)
{
	jw_key(j, "errors");
	jw_array(j);
	jw_object(j);
	if (c->wrong.name) {
		jw_key(j, "parameters");
		jw_object(j);
		key_of(j, c, c->wrong.name);
		jw_array(j);
		jw_str(j, c->wrong.value);
		jw_array_end(j);
		jw_object_end(j);
	}
	jw_kv_str(j, "message", c->wrong.name ? c->wrong.words : detail);
	jw_object_end(j);
	jw_array_end(j);
}

int problem_write(struct call_state *cs, enum err err, struct view detail)
{
	struct call *c = &cs->pub;
	bool known = problems[err].status != 0;
	const struct special *special = find_special(c, err);
	int status = known ? problems[err].status : reply_status(err);
	const char *title = known ? problems[err].title : "Internal Server Error";
	const char *type = known ? problems[err].type : "about:blank";
	struct jw j = jw_to(&c->out);

	if (problems[err].detail)
		detail = view_of(problems[err].detail);

	jw_object(&j);
	if (status == 400)
		wrong_argument(&j, c, detail);
	jw_kv_str(&j, "title", view_of(special ? special->title : title));
	jw_kv_str(&j, "detail", detail);
	jw_kv_str(&j, "type", view_of(special ? special->type : type));
	jw_kv_int(&j, "status", status);
	refusal_members(&j, cs, err);
	jw_object_end(&j);
	return status;
}

/*
 * reply.c - how a call ends: headers every answer has, errors as the clients expect them, and the bytes themselves.
 */
#include "base/base.h"
#include "gate/private.h"

#include "base/log.h"
#include "core/cache.h"
#include "text/tongue.h"

#include <unistd.h>

#define BUSY_SECONDS 5
#define JSON_TYPE "application/json; charset=utf-8"
#define PROBLEM_TYPE "application/problem+json"
#define HTML_TYPE "text/html; charset=utf-8"
#define TEXT_TYPE "text/plain; charset=utf-8"
#define TRY_AGAIN "There was a temporary problem serving your request, please try again"

/* The words are Mastodon's where it has some; `open`: words of the problem may be shown. */
static const struct {
	int status;
	bool open;
	const char *text;
} answers[ERR_COUNT] = {
	[OK] = {200, false, ""},
	[ERR_INVALID] = {400, true, "Bad request"},
	[ERR_UNAUTHORIZED] = {401, true, "The access token is invalid"},
	[ERR_PAYMENT] = {402, true, "Payment required"},
	[ERR_FORBIDDEN] = {403, true, "This action is not allowed"},
	[ERR_NOT_FOUND] = {404, true, "Record not found"},
	[ERR_METHOD] = {405, true, "Method not allowed"},
	[ERR_TIMEOUT] = {408, true, "The request took too long to arrive"},
	[ERR_CONFLICT] = {409, true, "Conflict"},
	[ERR_GONE] = {410, true, "Gone"},
	[ERR_TOO_LARGE] = {413, true, "The request is too large"},
	[ERR_UNPROCESSABLE] = {422, true, "Validation failed"},
	[ERR_TOO_MANY] = {429, true, "Too many requests"},
	[ERR_INTERNAL] = {500, false, "Something went wrong on our side"},
	[ERR_BUSY] = {503, false, TRY_AGAIN},
	[ERR_UNAVAILABLE] = {503, false, TRY_AGAIN},
	[ERR_NO_SPACE] = {507, false, "The server has no room left"},
	[ERR_CORRUPT] = {500, false, "Something went wrong on our side"},
};

int reply_status(enum err err)
{
	return answers[err].status;
}

static void json_error(struct buf *out, struct view text)
{
	struct jw j = jw_to(out);
	jw_object(&j);
	jw_kv_str(&j, "error", text);
	jw_object_end(&j);
}

/*
 * Somebody at a browser has sent a form: it is too large, or they were logged in when they began it. What is behind the
 * app's pages (their frame, their style) is not to be had here.
 */
static const char *too_large_page(struct http_exchange *x, struct buf *out)
{
	enum tongue t = tongue_accepted(http_header(x, "Accept-Language"));
	const struct view
		title = say(t, N_("Too large")),
		text = say(t,
			   N_("What was sent is larger than this server takes, or you are no longer logged in: so "
			      "little is "
			      "taken from who is not. Log in in a new tab, come back to this one, and load it again.")),
		link = say(t, N_("Log in, in a new tab"));

	buf_printf(
		out,
		"<!DOCTYPE html>\n<html lang=\"%s\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
		"content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>%.*s</title>"
		"<main><h1>%.*s</h1><p>%.*s</p><p><a href=\"/login?next=%%2Fhome\" target=\"_blank\" "
		"rel=\"noopener\">%.*s"
		"</a></p></main></html>\n",
		tongue_code(t), VIEW_ARG(title), VIEW_ARG(title), VIEW_ARG(text), VIEW_ARG(link));
	return HTML_TYPE;
}

/* Statuses below the app, in words; the rest speaks for itself. */
const char *reply_refusal(void *ctx, struct http_exchange *x, int status, struct buf *out)
{
	static const struct {
		int status;
		const char *text;
	} texts[] = {
		{400, "The request is malformed"},
		{408, "The request took too long to arrive"},
		{413, "The request is too large"},
		{414, "The address is too long"},
		{431, "The headers are too many or too long"},
		{501, "This transfer coding is not supported"},
	};
	const char *text = TRY_AGAIN;
	(void)ctx;
	struct view accept = x && status == 413 ? http_header(x, "Accept") : V("");
	if (memmem(accept.p, accept.len, "text/html", 9))
		return too_large_page(x, out);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].status == status)
			text = texts[i].text;
	json_error(out, view_of(text));
	return JSON_TYPE;
}

bool reply_is_page(const struct call_state *cs)
{
	const struct call *c = &cs->pub;
	if (c->row)
		return c->row->kind == REPLY_HTML;
	struct view accept = http_header(c->x, "Accept");
	return !cs->cors && memmem(accept.p, accept.len, "text/html", 9);
}

static void set_rate_headers(const struct call_state *cs)
{
	char text[24], when[CLOCK_ISO_LEN + 1];
	struct http_exchange *x = cs->pub.x;
	if (!cs->rate.limit || !(cs->cors || cs->licensed))
		return;
	snprintf(text, sizeof(text), "%u", cs->rate.limit);
	http_set_header(x, cs->licensed ? "x-rate-limit-limit" : "X-RateLimit-Limit", view_of(text));
	snprintf(text, sizeof(text), "%u", cs->rate.remaining);
	http_set_header(x, cs->licensed ? "x-rate-limit-remaining" : "X-RateLimit-Remaining", view_of(text));
	clock_iso(cs->rate.reset_ms, when);
	if (!cs->licensed) {
		http_set_header(x, "X-RateLimit-Reset", view_of(when));
		return;
	}
	snprintf(text, sizeof(text), "%" PRId64, cs->rate.reset_ms / 1000);
	http_set_header(x, "x-rate-limit-reset", view_of(text));
}

static void set_default(struct http_exchange *x, const char *name, struct view value)
{
	if (!http_has_header(x, name))
		http_set_header(x, name, value);
}

static void set_visitor_cookie(struct call_state *cs)
{
	bool secure = strncmp(cs->pub.core->config.base_url, "https:", 6) == 0;
	if (cs->visitor[0])
		http_set_header(cs->pub.x, "Set-Cookie",
				arena_printf(cs->pub.arena, GATE_VISITOR_COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax%s",
					     cs->visitor, secure ? "; Secure" : ""));
}

void reply_begin(struct call_state *cs)
{
	struct http_exchange *x = cs->pub.x;
	http_set_header(x, "X-Request-Id", view_of(x->id));
	http_set_header(x, "X-Content-Type-Options", V("nosniff"));
	if (cs->cors)
		cors_headers(x);
	set_rate_headers(cs);
}

/* A handler that set one of these itself knew better. */
static void set_defaults(struct call_state *cs)
{
	struct http_exchange *x = cs->pub.x;
	set_default(x, "Cache-Control", V("private, no-store"));
	if (!reply_is_page(cs))
		return;
	set_visitor_cookie(cs);
	set_default(
		x, "Content-Security-Policy",
		V("default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; script-src 'self'; "
		  "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"));
	if (!cs->pub.row || !cs->pub.row->framed)
		set_default(x, "X-Frame-Options", V("DENY"));
	set_default(x, "Referrer-Policy", V("same-origin"));
	if (x->https)
		set_default(x, "Strict-Transport-Security", V("max-age=31536000"));
}

static void set_error_headers(struct call_state *cs, enum err err)
{
	struct call *c = &cs->pub;
	char text[24];
	if (err == ERR_UNAUTHORIZED && cs->cors)
		http_set_header(c->x, "WWW-Authenticate",
				V("Bearer realm=\"kicau\", error=\"invalid_token\", "
				  "error_description=\"The access token is invalid\""));
	if (err == ERR_BUSY || err == ERR_UNAVAILABLE || err == ERR_NO_SPACE || err == ERR_TOO_MANY) {
		/* A window ends at a known time; what else there are too many of, nobody knows. */
		bool window = err == ERR_TOO_MANY && !c->refusal.what;
		int64_t seconds = window ? (cs->rate.reset_ms - clock_now()) / 1000 + 1 : BUSY_SECONDS;
		snprintf(text, sizeof(text), "%" PRId64, seconds > 0 ? seconds : 1);
		http_set_header(c->x, "Retry-After", view_of(text));
	}
}

/* Replaces what the handler may have written by the words of the error. */
static void write_error(struct call_state *cs, enum err err)
{
	struct call *c = &cs->pub;
	bool ours = answers[err].status == 500;
	if (ours)
		log_error("a request failed", F_STR("id", view_of(c->x->id)), F_STR("error", view_of(err_name(err))),
			  F_STR("route", c->row ? view_of(c->row->path) : V("")),
			  F_STR("problem", view_of(c->problem.text)));
	struct view text = view_of(answers[err].open && c->problem.text[0] ? c->problem.text : answers[err].text);
	buf_clear(&c->out);
	set_rate_headers(cs);
	c->status = answers[err].status;
	set_error_headers(cs, err);
	if (cs->licensed) {
		cs->content_type = PROBLEM_TYPE;
		c->status = problem_write(cs, err, text);
	} else if (!reply_is_page(cs)) {
		cs->content_type = JSON_TYPE;
		json_error(&c->out, text);
	} else if (cs->gate->config.html_error) {
		cs->content_type = HTML_TYPE;
		cs->gate->config.html_error(c, c->status, text);
	} else {
		cs->content_type = TEXT_TYPE;
		buf_add(&c->out, text);
	}
}

static void release(struct call_state *cs)
{
	if (cs->borrowed_viewer)
		viewer_put(cs->pub.viewer);
	cs->borrowed_viewer = false;
	if (cs->pub.licence)
		licence_put(cs->pub.licence);
	cs->pub.licence = NULL;
	fields_release(&cs->fields);
}

static void release_owner(void *owner)
{
	cached_unref(owner);
}

static void send_out(struct call_state *cs)
{
	struct call *c = &cs->pub;
	struct http_exchange *x = c->x;
	const char *type = cs->content_type;
	int status = c->status ? c->status : 200;
	size_t len = cs->has_content ? cs->content.len : c->out.len;
	if (!type && c->row && c->row->kind != REPLY_OTHER)
		type = c->row->kind == REPLY_HTML ? HTML_TYPE : JSON_TYPE;
	if (len == 0)
		type = NULL;
	access_log(cs, status, cs->file.fd >= 0 ? cs->file.size : len);
	/* From here on cs may be gone: it lives in the exchange's arena. */
	if (cs->file.fd >= 0)
		http_reply_file(x, status, cs->content_type, cs->file.fd, cs->file.size, cs->file.ranged);
	else if (cs->owner)
		http_reply_shared(x, status, type, cs->content, release_owner, cs->owner);
	else if (cs->has_content)
		http_reply_static(x, status, type, cs->content);
	else
		http_reply(x, status, type, buf_detach(&c->out), len);
}

void reply_finish(struct call_state *cs, enum err err)
{
	struct call *c = &cs->pub;
	if (err == OK && c->out.over)
		err = fail(&c->problem, ERR_INTERNAL, "the answer is over its limit");
	if (!c->licence || !deliver_wait(cs, err))
		reply_send(cs, err);
}

void reply_send(struct call_state *cs, enum err err)
{
	struct call *c = &cs->pub;
	if (c->replied) {
		if (c->row->run != RUN_INLINE)
			BUG("%s answers by itself, but runs on a worker", c->row->path);
		release(cs);
		access_log(cs, c->status, 0);
		buf_release(&c->out);
		return;
	}
	if (err != OK) {
		if (cs->file.fd >= 0)
			close(cs->file.fd);
		cs->file.fd = -1;
		cs->has_content = false;
		write_error(cs, err);
	}
	set_defaults(cs);
	release(cs);
	if (cs->file.fd >= 0 || cs->has_content)
		buf_release(&c->out);
	send_out(cs);
}

void call_header(struct call *c, const char *name, struct view value)
{
	if (!state_of(c)->quote) /* that is another's answer */
		http_set_header(c->x, name, value);
}

enum err call_redirect(struct call *c, int status, struct view location)
{
	c->status = status;
	call_header(c, "Location", location);
	return OK;
}

enum err call_fail(struct call *c, enum err err, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	c->problem.err = err;
	vsnprintf(c->problem.text, sizeof(c->problem.text), fmt, ap);
	va_end(ap);
	return err;
}

enum err call_file(struct call *c, int fd, uint64_t size, const char *content_type, bool ranged)
{
	struct call_state *cs = state_of(c);
	cs->file.fd = fd;
	cs->file.size = size;
	cs->file.ranged = ranged;
	cs->content_type = content_type;
	return OK;
}

void call_cached(struct call *c, struct view bytes, struct cached *owner)
{
	struct call_state *cs = state_of(c);
	cs->content = bytes;
	cs->has_content = true;
	cs->owner = owner;
}

enum err call_static(struct call *c, const char *content_type, struct view bytes)
{
	struct call_state *cs = state_of(c);
	cs->content = bytes;
	cs->has_content = true;
	cs->content_type = content_type;
	return OK;
}

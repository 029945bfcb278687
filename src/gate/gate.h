/*
 * gate.h - what stands between HTTP and the handlers: it matches the request to a row, makes everything the row says
 * hold, runs the handler, and answers. Its public entry: server/ opens one gate and hands its app to http/.
 */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include "base/buf.h"
#include "core/core.h"
#include "gate/call.h"
#include "gate/endpoint.h"
#include "http/http.h"

#define GATE_SESSION_COOKIE "kicau_session" /* sessions_login's value */
#define GATE_VISITOR_COOKIE "kicau_visitor" /* of browsers that are not logged in; keys their CSRF fields */
#define GATE_CSRF_FIELD "authenticity_token"

struct gate_config {
	size_t workers;	  /* threads for RUN_WORKER rows, at least 1 */
	size_t queue_max; /* calls that may wait for one; one more is answered 503 */
	bool rate_limits;
	bool access_log; /* one line at level info for each request */
	void *server;	 /* becomes call.server */
	/* Draws the page of a refusal of a REPLY_HTML row into c->out; text is for people. NULL: a plain sentence. */
	void (*html_error)(struct call *c, int status, struct view text);
};

struct gate;

/*
 * groups: an array ended by an entry without name; it and its rows live longer than the gate. A row that is
 * incomplete, a duplicate, or can never be reached is ERR_INVALID, with the row named in problem.
 */
enum err gate_open(struct core *core, const struct endpoint_group *groups, const struct gate_config *config,
		   struct gate **ret, struct problem *problem);
const struct http_app *gate_app(struct gate *g);
/* After http_server_stop, which waits for the answers of the workers. NULL-safe. */
void gate_close(struct gate *g);

/* The CSRF field of a form on an AUTH_SESSION page: hidden input GATE_CSRF_FIELD with this value (TOKEN_LEN + 1). */
void call_csrf(struct call *c, char ret[]);

/* The tables as documents. Rows with raw_path are left out of docs and OpenAPI. */
void spec_routes_text(const struct endpoint_group *groups, struct buf *out);
void spec_routes_json(const struct endpoint_group *groups, struct buf *out);
void spec_markdown(const struct endpoint_group *groups, struct buf *out);
/* shapes: of the entities that rows and parameters name; ended by one without name. */
struct shape;
void spec_openapi(const struct endpoint_group *groups, const struct shape *shapes, const char *base_url,
		  struct buf *out);

#endif

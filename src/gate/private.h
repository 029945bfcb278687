/*
 * private.h - what the files of gate/ know of a call beyond what its handler sees. Private to gate/.
 */
#ifndef GATE_PRIVATE_H
#define GATE_PRIVATE_H

#include <stdatomic.h>

#include "base/clock.h"
#include "base/pool.h"
#include "base/secret.h"
#include "gate/fields.h"
#include "gate/gate.h"
#include "gate/rate.h"
#include "gate/route.h"
#include "moderation/ip_blocks.h"

#define DELIVERIES_MAX 2 /* posts and users */

struct arg {
	const struct param *param;
	bool given;
	struct view text;
	int64_t number; /* ints, booleans, ids, times, index of a choice */
	double real;
	const struct view *texts;
	const int64_t *numbers;
	size_t n;
	const json_t *tree;
	const struct upload *file;
};

struct call_state {
	struct call pub; /* first, so that the handler's pointer is ours */
	struct gate *gate;
	struct route_match match;
	struct fields fields;
	struct arg *args;
	size_t n_args;
	struct rate_left rate;	     /* limit 0: not limited */
	struct view credential;	     /* the token; of a browser: session or visitor cookie, which keys the CSRF field */
	char visitor[TOKEN_LEN + 1]; /* a new visitor cookie, when not empty */
	enum err early;		     /* what was wrong before the body was read */
	bool cors;		     /* pages of other origins may read the answer */
	bool borrowed_viewer;	     /* viewer_put() is owed */
	struct view query;	     /* of the address */
	struct call_quote *quote;    /* quote.c: the answer is priced, and never sent; NULL */
	bool licensed;		     /* a path of the data API: errors are problem documents */
	struct delivery *deliveries[DELIVERIES_MAX];
	size_t n_deliveries;
	atomic_int undurable; /* deliveries that are not yet in the ledger */
	_Atomic(enum err) delivery_err;
	struct {
		int fd; /* call_file(): not below 0 */
		uint64_t size;
		bool ranged;
	} file;
	struct view content;  /* call_static(), call_cached() */
	struct cached *owner; /* call_cached() */
	bool has_content;
	const char *content_type;
};

struct gate {
	struct core *core;
	struct gate_config config;
	struct router *router;
	struct rate *rate;
	struct denied *denied;
	struct pool *pool;
	struct http_app app;
};

static inline struct call_state *state_of(struct call *c)
{
	return (struct call_state *)c;
}

/* auth.c: who asks, and may they? Sets pub.auth and credential; ERR_… with the words in pub.problem. */
enum err auth_check(struct call_state *cs);
enum err auth_cookie(struct call_state *cs); /* who is logged in with this browser; nobody is OK too */
enum err auth_viewer(struct call_state *cs); /* sets pub.viewer */

/* args.c: every parameter of the row, checked once. */
enum err args_check(struct call_state *cs);
/* Of the data API: ERR_INVALID, with its name in pub.wrong, for a name the row does not declare. OK for all others. */
enum err args_query_known(struct call_state *cs); /* once the query is among the fields */
enum err args_body_known(struct call_state *cs);  /* once the body is, too */

/* csrf.c: for AUTH_SESSION rows with a method that changes something. */
enum err csrf_check(struct call_state *cs);

/* cors.c */
bool cors_open(struct view path);
void cors_headers(struct http_exchange *x);
void cors_preflight(struct http_exchange *x);

/* reply.c: the headers every answer carries, also one that the handler gives by itself. */
void reply_begin(struct call_state *cs);
/* Finishes the call in every case; the exchange is gone afterwards. */
void reply_finish(struct call_state *cs, enum err err);
const char *reply_refusal(void *ctx, struct http_exchange *x, int status, struct buf *out); /* http_app.refusal */
int reply_status(enum err err);
bool reply_is_page(const struct call_state *cs); /* HTML; without a row, as the client would have it */

/* deliver.c: what a licensee pays for in an answer. */
/* True: the answer waits for the ledger; reply_send() is called later. What was delivered for an error is given back. */
bool deliver_wait(struct call_state *cs, enum err err);
void reply_send(struct call_state *cs, enum err err);
/* dispatch.c: as the row says, from its rate to its handler; the row is matched, and the caller known. */
enum err call_take_rate(struct call_state *cs);
enum err call_run(struct call_state *cs);
/* quote.c: in place of a delivery. */
enum err quote_add(struct call *c, struct call_quote *q, const struct meter_ask *ask, size_t *granted);
/* problem.c: errors of the data API. Returns the status. */
int problem_write(struct call_state *cs, enum err err, struct view detail);

/* access.c */
void access_log(const struct call_state *cs, int status, uint64_t bytes);

#endif

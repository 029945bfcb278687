/*
 * call.h - what a handler sees of one request: who asks, the checked arguments, and where the answer goes.
 *
 * A handler returns OK after writing c->out (JSON through c->json, or HTML), or an error with words in c->problem,
 * which gate/reply.c turns into the body clients expect. It never looks at tokens, scopes or limits.
 */
#ifndef GATE_CALL_H
#define GATE_CALL_H

#include <jansson.h>

#include "base/buf.h"
#include "base/json.h"
#include "core/core.h"
#include "core/sessions.h"
#include "core/viewer.h"
#include "gate/endpoint.h"
#include "http/http.h"
#include "meter/meter.h"

struct call {
	const struct endpoint *row;
	struct http_exchange *x;
	struct arena *arena; /* == &x->arena */
	struct core *core;
	struct db *db;		       /* this thread's connection */
	struct auth_info auth;	       /* token or session: account, app, scopes; zero when anonymous */
	const struct licence *licence; /* of AUTH_LICENSEE rows; NULL otherwise */
	struct viewer *viewer;	       /* who looks: never NULL, viewer->account.v == 0 is nobody */
	struct problem problem;
	struct meter_refusal refusal; /* what an ERR_PAYMENT or ERR_FORBIDDEN of an AUTH_LICENSEE row is about */
	struct {
		const char *name;
		struct view value, words;
	} wrong; /* the argument a 400 of an AUTH_LICENSEE row or a 422 of a page is about; name NULL: none */
	struct buf out;
	struct jw json;		    /* writes to out */
	int status;		    /* 0: 200 */
	struct page_record *record; /* web/kept.h: of a page that will be kept; NULL */
	uint8_t tongue;		    /* web/page.h: of the page, one more than its number, once somebody asked; 0 */
	void *server;		    /* struct server *, for server/ handlers (metrics, health) */
	enum err refused; /* of a refused_ok row: a parameter was, the words are in problem; nothing may be changed */
	bool stale;	  /* of a stale_ok row: the form may be forged, or is too old; nothing may be changed */
	bool replied;	  /* the handler has answered by http_reply…() (streams); RUN_INLINE rows only */
};

/* Arguments, by the name in the row (BUG when the row has no such parameter). Absent: empty, fallback, false, 0. */
bool arg_given(struct call *c, const char *name);
struct view arg_str(struct call *c, const char *name);
int64_t arg_int(struct call *c, const char *name);
bool arg_bool(struct call *c, const char *name);
double arg_double(struct call *c, const char *name);
int64_t arg_id(struct call *c, const char *name);
struct post_id arg_post(struct call *c, const char *name);
struct account_id arg_account(struct call *c, const char *name);
size_t arg_choice(struct call *c, const char *name);  /* index in choices */
uint64_t arg_names(struct call *c, const char *name); /* bit i: the choice i is among them */
size_t arg_strings(struct call *c, const char *name, const struct view **ret);
size_t arg_ids(struct call *c, const char *name, const int64_t **ret);
const json_t *arg_tree(struct call *c, const char *name); /* borrowed; NULL when absent */
struct upload {
	struct view data, file_name, content_type;
};
bool arg_file(struct call *c, const char *name, struct upload *ret);

/* The bearer token itself, for what has to give it back; empty without one. Lives as long as the call. */
struct view call_token(struct call *c);

/* Answer helpers. */
void call_header(struct call *c, const char *name, struct view value);
enum err call_redirect(struct call *c, int status, struct view location);
/* The body is a file, with Range requests when ranged; fd is taken over. Or bytes that live as long as the program. */
enum err call_file(struct call *c, int fd, uint64_t size, const char *content_type, bool ranged);
enum err call_static(struct call *c, const char *content_type, struct view bytes);
/* Bytes that belong to owner, whose reference is taken over; of the row's kind. */
struct cached;
void call_cached(struct call *c, struct view bytes, struct cached *owner);
enum err call_fail(struct call *c, enum err err, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* ERR_INVALID because of an argument, which the answer names with its value (the data API). */
enum err call_wrong(struct call *c, const char *name, struct view value, const char *fmt, ...) PRINTF_LIKE(4, 5);
/*
 * Link header of a page (Mastodon "pagination through HTTP headers"): next = older than `last`, prev = newer than
 * `first`, keeping the other query parameters of the request. first/last are cursor ids, not necessarily the
 * entities'. Writes nothing for an empty page; no `next` when the page is short (fewer than limit).
 */
void call_link(struct call *c, int64_t first, int64_t last, bool short_page);
/* The same of a list that is paged by how many to skip. */
void call_link_offset(struct call *c, size_t offset, size_t limit, bool more);

/*
 * What of this answer a licensee pays for: meter_deliver() for the caller's licence. The gate sends when it is
 * recorded, and settles. At most two in a call: posts and users. When it fails, return what it returned.
 */
enum err call_deliver(struct call *c, enum data_endpoint endpoint, enum ledger_kind kind, struct ledger_item *items,
		      size_t n, bool cut, size_t *granted);

/* What an answer would cost, when it is asked for now. Nothing of it is reserved, recorded or sent. */
struct call_quote {
	uint32_t posts, users;		       /* that would go out */
	uint32_t posts_charged, users_charged; /* of these; the others were paid today */
	int64_t micro;
	bool cut;		  /* there is more than may be had */
	bool refused;		  /* nothing may be had */
	struct meter_refusal why; /* of both */
	struct problem problem;	  /* the same in words */
};
/*
 * Of a GET of the data API, "/2/tweets?ids=1,2": it is run as if it had come, with its parameters and its rate limit, and
 * priced where it would be paid. ERR_INVALID: it cannot be run; else what it would have answered.
 */
enum err call_quote(struct call *c, struct view target, struct call_quote *ret);
/* Of items, each id once; added to *q. */
enum err call_quote_items(struct call *c, struct call_quote *q, enum ledger_kind kind, struct ledger_item *items,
			  size_t n);

/* The page a client asks for, from parameters max_id, since_id, min_id, limit (declare them with PAGE_PARAMS). */
struct page; /* core/page.h */
struct page call_page(struct call *c);
#define PAGE_PARAMS(default_limit, max_limit)                                                                          \
	{.name = "max_id", .type = PARAM_ID, .doc = "Only what is older than this id."},                               \
		{.name = "since_id", .type = PARAM_ID, .doc = "Only what is newer than this id."},                     \
		{.name = "min_id", .type = PARAM_ID, .doc = "The page right above this id."},                          \
	{                                                                                                              \
		.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = (max_limit),                       \
		.fallback = (default_limit), .doc = "How many."                                                        \
	}

#endif

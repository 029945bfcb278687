/*
 * endpoint.h - an endpoint is one row of data and one function. The row says everything that must hold before the
 * function runs; gate/dispatch.c makes it hold, in one fixed order:
 *
 *   match → authenticate → scope → rate → meter → read body and parameters → handle → present → settle → log
 *
 * From the rows come also `kicau routes`, docs/api.md, the OpenAPI file, and the test that walks every endpoint as
 * every kind of viewer. The zero value of every member is the closed choice: a row that says nothing is refused at boot.
 */
#ifndef GATE_ENDPOINT_H
#define GATE_ENDPOINT_H

#include "base/base.h"
#include "core/scope.h"
#include "http/http.h"

struct call;

enum auth {
	AUTH_UNSET,
	AUTH_NONE,     /* a token is not looked at */
	AUTH_OPTIONAL, /* a token is honoured; a bad one is 401 */
	AUTH_APP,      /* an app's or a user's token */
	AUTH_USER,     /* a user's token */
	AUTH_LICENSEE, /* /2/…: a licensee's key; call.licence says what it allows */
	AUTH_SESSION,  /* pages: the browser session's cookie, when there is one; unsafe methods need the CSRF field */
};

enum rate_class {
	RATE_UNSET,
	RATE_NONE,	  /* health, static files */
	RATE_DEFAULT,	  /* 300 / 5 min per token; 300 / 5 min per address when anonymous */
	RATE_MEDIA,	  /* 30 / 30 min */
	RATE_DELETE,	  /* 30 / 30 min */
	RATE_LOGIN,	  /* 25 / 5 min per address, and per account name */
	RATE_APP,	  /* 5 / 10 min per address: app registration */
	RATE_SIGN_UP,	  /* 5 / 30 min per address */
	RATE_DATA_LOOKUP, /* these, in the order of enum data_rate: as the plan says, in 15 min per app */
	RATE_DATA_SEARCH,
	RATE_DATA_TIMELINE,
	RATE_DATA_STREAM,
	RATE_DATA_JOB,
	RATE_DATA_ACCOUNT,
	RATE_COUNT
};

/* What a licensee pays for in the answer. A handler of a row that is not free hands over a delivery (call_deliver). */
enum meter_class { METER_UNSET, METER_FREE, METER_POST_READ, METER_USER_READ };

enum body_kind {
	BODY_NONE,
	BODY_FIELDS, /* JSON, urlencoded or multipart, at most LIMIT_BODY */
	BODY_UPLOAD, /* as BODY_FIELDS, with a file; at most LIMIT_BODY_MEDIA */
	BODY_RAW,    /* bytes as they come, in call.x->body; at most LIMIT_BODY_RAW, also of who is not known */
};

enum run {
	RUN_INLINE, /* a read from memory or by prepared statements: on the HTTP loop */
	RUN_WORKER, /* writes, hashing, files: on the worker pool */
};

enum reply_kind { REPLY_JSON, REPLY_HTML, REPLY_OTHER /* the handler sets the type */ };

enum param_type {
	PARAM_STRING, /* valid UTF-8, at most max bytes (0: 1024) */
	PARAM_INT,    /* min…max; without clamp a number outside is 422, with it it is brought in */
	PARAM_BOOL,
	PARAM_ID,	     /* decimal id; anything else is as if absent (query) or 404 (path) */
	PARAM_POST,	     /* id of a post the viewer may see, or the call is already 404 */
	PARAM_ACCOUNT,	     /* id of an account that exists and is not suspended, or the call is already 404 */
	PARAM_CHOICE,	     /* one of choices; another value is 422 */
	PARAM_NAMES,	     /* some of choices (at most 63), with commas between; any other value is refused */
	PARAM_STRINGS,	     /* name[] */
	PARAM_IDS,	     /* name[] */
	PARAM_BOOLS_OR_INTS, /* name[] of small integers (poll votes) */
	PARAM_TIME,	     /* ISO 8601 */
	PARAM_DOUBLE,
	PARAM_FILE,
	PARAM_TREE, /* nested: fields_attributes[0][name]; read with arg_tree() */
};

struct param {
	const char *name; /* "status", "poll[options]"; ":id" names in the path are written "id" */
	enum param_type type;
	bool required; /* absent or blank is 422 "Validation failed: …" */
	bool clamp;
	bool in_query; /* for documents: X has it in the address, also where there is a body; it is taken in both */
	int64_t min, max, fallback;
	const char *const *choices;   /* NULL-ended */
	const char *(*nth)(size_t i); /* of PARAM_NAMES in place of choices: the i-th, NULL behind the last; the handler
					 * reads the text, and refuses what is none of them */
	const char *pattern;	      /* for documents: what a string, or each piece of one, looks like */
	const char *shape;	      /* for documents: what a tree holds, "NewRule" or "[NewRule]" (gate/shape.h) */
	int commas;		      /* for documents: a string is a list with commas between, of at most so many */
	const char *doc;
};

struct endpoint {
	enum http_method method;
	const char *path; /* "/api/v1/statuses/:id/context"; a last ":rest*" takes everything behind */
	enum err (*handle)(struct call *c);
	bool (*kept)(
		struct call *c); /* REPLY_HTML: answers from memory, on the loop; false: handle() does. May be NULL */
	enum err (*missing)(
		struct call *c); /* a parameter led to nothing: what is answered then, with the parameters up to
					      * that one. NULL: 404 */
	enum auth auth;
	enum scope scope; /* SCOPE_NONE where auth does not need one */
	uint32_t
		permissions; /* of staff, core/roles.h: the role of who calls or is logged in has all of these. 0: none needed */
	enum rate_class rate;
	enum meter_class meter;
	enum body_kind body;
	enum run run;
	enum reply_kind kind;
	const struct param *params; /* ended by a row without name, or NULL */
	const char *reply;	    /* entity: "Status", "[Account]", "{}" */
	const char *doc;
	const char *type; /* for documents: of a REPLY_OTHER, "application/json", or some with commas between */
	bool endless; /* for documents: lines of JSON, for as long as the caller reads; the handler answers by itself */
	bool creates; /* for documents: it may be answered with 201 */
	bool raw_path; /* alias that only exists for old clients: left out of the docs */
	bool framed;   /* other sites may show the page in a frame */
	bool refused_ok; /* REPLY_HTML: a form with a parameter that is refused arrives with call.refused, and with all that
			    was typed, however long (to LIMIT_FORM_AGAIN together), to be drawn again */
	bool stale_ok; /* AUTH_SESSION: a form whose CSRF field does not fit arrives with call.stale, to be drawn again */
	bool waiting;	/* AUTH_USER: also who has not confirmed an address, or waits for a moderator */
	bool no_viewer; /* call.viewer stays nobody: streams, of which thousands open at once, look at posts later */
};
/* The i-th of what may be chosen; NULL: behind the last. */
static inline const char *param_choice(const struct param *p, size_t i)
{
	return p->nth ? p->nth(i) : p->choices ? p->choices[i] : NULL;
}
#define PARAMS(...) ((const struct param[]){__VA_ARGS__ __VA_OPT__(, ){0}})
#define ENDPOINTS_END                                                                                                  \
	{                                                                                                              \
		0                                                                                                      \
	}

/* Groups are listed once, in server/groups.c: an array of these ended by NULL. */
struct endpoint_group {
	const char *name; /* heading in the docs */
	const struct endpoint *rows;
};

#endif

/*
 * net.h - this server as a client: HTTP over libcurl to addresses that strangers chose. So nothing of it is without a
 * bound (bytes, headers, redirects, time), and every address is judged when it is connected to (destination.h): a name
 * that leads to a private one, at first or after a redirect, is ERR_FORBIDDEN. Proxies of the environment, cookies and
 * .netrc are not used; certificates are checked.
 *
 * One thread drives all transfers; slow ones hold up nobody. Connections are kept and used again. Thread and libraries
 * (3 MB) come with the first request.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include "base/arena.h"
#include "base/base.h"

struct net;

#define NET_TRANSFERS_MAX 512 /* at the same time; one more is ERR_BUSY */
#define NET_HEADERS_MAX 8     /* of one request */

struct net_config {
	const char *user_agent; /* lives as long as the net */
	bool private_addresses; /* for tests and development: connect to any address */
};

enum net_method { NET_GET, NET_POST };

struct net_header {
	const char *name;
	struct view value; /* no control characters: BUG */
};

struct net_request {
	enum net_method method;
	struct view url;			    /* http or https; see url_parse() */
	struct net_header headers[NET_HEADERS_MAX]; /* ended by one without name, when there is room */
	struct view body;			    /* of POST */
	int64_t ms;				    /* for all of it, and half of it to connect; 0 is a BUG */
	size_t max_bytes;   /* of the answer's body, unpacked; 0: none is kept, and there may be 64 KiB of it */
	bool cut;	    /* keep the first max_bytes of a longer body, instead of ERR_TOO_LARGE */
	unsigned redirects; /* followed at most; one more is ERR_UNAVAILABLE */
	bool https_only;    /* also after redirects */
};

/* What came of it. err OK means that there was an answer, whatever its status. */
struct net_reply {
	/*
	 * ERR_FORBIDDEN: a private address. ERR_INVALID: not a URL that may be asked. ERR_TIMEOUT. ERR_TOO_LARGE.
	 * ERR_BUSY: the server ends. ERR_UNAVAILABLE: no such name, no connection, bad certificate, broken answer.
	 */
	enum err err;
	int status; /* of the last answer, behind redirects */
	struct view body;
	bool cut;		  /* there was more */
	struct view content_type; /* as sent; empty when there was none */
	struct view url;	  /* the last one asked */
	int64_t retry_after_s;	  /* 0: not said */
	const char *why;	  /* of an error, in English, for a log: never has the URL or what was sent */
};

struct net *net_open(const struct net_config *config);
/* Ends what is under way with ERR_BUSY, and refuses more: before jobs that wait for it are stopped. NULL-safe. */
void net_stop(struct net *n);
void net_close(struct net *n); /* nobody uses it any more; NULL-safe */

/* The file with whose signatures are believed (for doctor); empty when libcurl has none. */
const char *net_certificates(void);

/* Whether URLs without TLS and with private addresses are fine here (tests, development). */
bool net_is_open(const struct net *n);

/*
 * Copies the request, returns at once. done runs once, on the net's thread: it must be short, and may not wait for
 * anything. The reply lives until it returns. When an error is returned (ERR_INVALID, ERR_BUSY), done does not
 * run.
 */
enum err net_start(struct net *n, const struct net_request *rq, void (*done)(void *arg, const struct net_reply *reply),
		   void *arg);

/*
 * The same, waiting for it: on threads that may block (jobs). The reply's texts are in the arena. Returns ret->err;
 * an answer of 404 is OK here as well. Never called on the net's thread. n NULL (the command line): ERR_UNAVAILABLE.
 */
enum err net_wait(struct net *n, struct arena *a, const struct net_request *rq, struct net_reply *ret);

#endif

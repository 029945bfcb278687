/*
 * transfer.h - one request on its way (private to net/): from struct net_request to libcurl's handle and back.
 */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include <curl/curl.h>

#include "base/buf.h"
#include "net/net.h"

struct transfer {
	CURL *easy;
	struct curl_slist *headers;
	struct buf body;
	size_t head_bytes; /* of all answers, redirects' too */
	bool keep, cut_allowed, cut, private_allowed;
	bool refused; /* an address it led to is private */
	char error[CURL_ERROR_SIZE];
	void (*done)(void *arg, const struct net_reply *reply);
	void *arg;
	struct transfer *next, *prev; /* in the list it is in, net.c's */
};

/* Copies all it needs. ERR_INVALID: the URL. */
enum err transfer_new(const struct net_config *config, const struct net_request *rq, struct transfer **ret);
void transfer_free(struct transfer *t); /* not while it is in a multi handle */

/* Calls done with what came of it. */
void transfer_finish(struct transfer *t, CURLcode code);
void transfer_cancel(struct transfer *t); /* ERR_BUSY */

#endif

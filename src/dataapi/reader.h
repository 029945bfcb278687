/*
 * reader.h - one open stream: what it wants, how far it is, and the batches that wait to be sent. Batches are made by
 * pump.c, and sent by the HTTP loop that asks for bytes.
 */
#ifndef DATAAPI_READER_H
#define DATAAPI_READER_H

#include <pthread.h>
#include <stdatomic.h>

#include "dataapi/rule_store.h"
#include "dataapi/streams.h"

#define READER_BATCHES 4 /* that wait at most; a reader whose batches wait is not read for */

/* Lines that are sent when their delivery is durable. `delivery` NULL: nothing is paid for (keep-alive, a last word). */
struct batch_out {
	struct reader *reader;
	struct delivery *delivery;
	char *text;
	size_t len, sent;
	bool ready, failed;
};

struct pump;

struct reader {
	struct reader *prev, *next; /* under its pump's lock */
	struct pump *pump;	    /* which makes its batches; streams.c */
	struct data_streams *streams;
	enum stream_kind kind;
	int partition;
	struct xfields fields;
	char *token;
	const struct licence *licence; /* the pump's, but for its numbers below, which stay */
	int64_t app, licensee;
	struct rule_set *rules; /* the pump's, of a filtered stream; NULL: to be read */
	atomic_bool rules_changed;
	int64_t place;	    /* the pump's: behind what has been looked at */
	int64_t licence_at; /* the pump's: when the licence was last asked for, monotonic ns */

	pthread_mutex_t lock; /* of what follows */
	struct batch_out batches[READER_BATCHES];
	unsigned first, n;
	bool sending; /* the first batch was handed to http, maybe not yet to the socket */
	bool closing, gone;
	int64_t moved_ns; /* when bytes were last taken */
	struct http_stream *stream;
	int references;
};

struct reader *reader_new(struct data_streams *s, const struct stream_ask *ask);
void reader_ref(struct reader *r);
void reader_unref(struct reader *r);
void reader_reply(struct reader *r, struct http_exchange *x);

/* The pump: is there room for a batch; and puts one in (text is taken over). */
bool reader_has_room(struct reader *r);
void reader_push(struct reader *r, char *text, size_t len, struct delivery *d);
/* The last words; what comes behind is not sent. */
void reader_close(struct reader *r, struct view text);
/* Its client is gone, or it is being closed. */
bool reader_has_left(struct reader *r);
/* Since when it has not taken a byte though something waits; 0: it is not slow. Monotonic ns. */
int64_t reader_stuck_since(struct reader *r);
int64_t reader_quiet_since(struct reader *r);

/* streams.c: the reader has room again, or its connection is over. */
void streams_wake(struct data_streams *s);
void streams_forget(struct data_streams *s, struct reader *r);

#endif

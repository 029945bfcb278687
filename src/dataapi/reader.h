/*
 * reader.h - one open stream: what it wants, how far it is, and the batches that wait to be sent. Batches are made by
 * pump.c, and sent by the HTTP loop that asks for bytes (reader_send.c).
 *
 * What waits is bounded: READER_BATCHES. Whoever reads slowly is not read for meanwhile, and lags behind the feed without
 * losing anything. Whoever takes nothing at all for a while is cut (reader_cut): what was not handed to the socket is
 * dropped at the end of a line, a last line says so, and the connection is closed READER_GRACE_S later at the latest,
 * whether that line could be sent or not.
 */
#ifndef DATAAPI_READER_H
#define DATAAPI_READER_H

#include <pthread.h>
#include <stdatomic.h>

#include "dataapi/line_marks.h"
#include "dataapi/rule_store.h"
#include "dataapi/streams.h"

#define READER_BATCHES 4 /* that wait at most; a reader whose batches wait is not read for */
#define READER_STUCK_S 30 /* without taking anything of what waits: it is cut */
#define READER_GRACE_S 60 /* of one that is cut, to take its last line */

/* Lines that are sent when their delivery is durable. `delivery` NULL: nothing is paid for (keep-alive, compliance). */
struct batch_out {
	struct reader *reader;
	struct delivery *delivery;
	char *text;
	size_t len, sent;
	struct line_marks marks; /* of posts; otherwise without lines */
	size_t line;		 /* the first that was not sent to its end */
	int64_t from;		 /* the place before its first line */
	uint64_t judged;	 /* reader_changes() before its posts were chosen */
	bool ready, failed;
	int64_t ready_ns; /* since when */
	bool cut;	  /* it ends before its end, and is not charged */
	bool dropped;	  /* before the ledger has answered, which will free it */
};

struct pump;

struct reader {
	struct reader *prev, *next; /* under its pump's lock */
	struct pump *pump;	    /* which makes its batches; streams.c */
	struct data_streams *streams;
	struct core *core;
	enum stream_kind kind;
	int partition;
	struct xfields fields;
	char *token;
	const struct licence *licence; /* the pump's, but for its numbers below, which stay */
	int64_t app, licensee;
	struct rule_set *rules; /* the pump's, of a filtered stream; NULL: to be read */
	atomic_bool rules_changed;
	_Atomic uint64_t uses_changed; /* how often its licence became one for other uses */
	int64_t place;		       /* the pump's: behind what has been looked at */
	int64_t until;		       /* the last place that is wanted */
	int64_t licence_at;	       /* the pump's: when the licence was last asked for, monotonic ns */

	pthread_mutex_t lock; /* of what follows */
	struct batch_out *batches[READER_BATCHES];
	unsigned first, n;
	bool goes_back; /* what waited was dropped: the pump goes on from back_to */
	int64_t back_to;
	char *last; /* the last line; NULL: none */
	size_t last_len, last_sent;
	bool closing, cut, gone;
	int64_t moved_ns; /* when bytes were last taken */
	struct http_stream *stream;
	int references;
};

struct reader *reader_new(struct data_streams *s, struct core *c, const struct stream_ask *ask);
void reader_ref(struct reader *r);
void reader_unref(struct reader *r);
void reader_reply(struct reader *r, struct http_exchange *x);

/*
 * Grows whenever something happened after which a post that was chosen before may perhaps not go out: what waits is
 * judged again then, when it is handed over.
 */
uint64_t reader_changes(const struct reader *r);

/* The pump: is there room for a batch; where it goes on; and puts one in (b's text and marks are taken over). */
bool reader_has_room(struct reader *r);
int64_t reader_place(struct reader *r);
/* False: it was not wanted any more, and the place is another. */
bool reader_push(struct reader *r, const struct batch_out *b);
/*
 * It ends, with a last line behind what waits, or (cut) in place of what waits. Once: what is said later is not.
 */
void reader_close(struct reader *r, struct view line, bool cut);
/* The same with the line that says why (reader_end.c). */
enum reader_why { READER_REVOKED, READER_SERVER_GOES, READER_SLOW, READER_UNPAID, READER_REPLACED };
void reader_end(struct reader *r, enum reader_why why, const char *detail);
/* Its client is gone, or it is being closed. */
bool reader_has_left(struct reader *r);
/* Nothing has come back of what was sent to it for some seconds. And sends something, where nothing waits, so that this shows. */
bool reader_is_unheard(struct reader *r);
void reader_probe(struct reader *r);
/* Since when it has not taken a byte though something waits that it could have; 0: it is not slow. Monotonic ns. */
int64_t reader_stuck_since(struct reader *r);
int64_t reader_quiet_since(struct reader *r);

/* Of both files: a batch that is over. Under the lock, but for one that was never in a reader. */
void batch_drop(struct batch_out *b);
void batch_end(struct batch_out *b, bool whole);

/* streams.c: the reader has room again, or its connection is over. */
void streams_wake(struct data_streams *s);
void streams_forget(struct data_streams *s, struct reader *r);
/* How often something has changed that decides what may go out. */
uint64_t streams_changes(struct data_streams *s);

#endif

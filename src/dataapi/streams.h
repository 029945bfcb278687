/*
 * streams.h - posts as they are made, to licensees: all that match rules, one in a hundred, or all in partitions; lines
 * of JSON (X API v2, "Filtered stream", "Volume streams"). A stream is read from feed.h at the reader's pace: little is
 * buffered for who is slow (reader.h), and who is cut off goes on behind the last post it has.
 */
#ifndef DATAAPI_STREAMS_H
#define DATAAPI_STREAMS_H

#include "core/core.h"
#include "http/http.h"
#include "licensed/xfields.h"
#include "meter/meter.h"

enum stream_kind {
	STREAM_FILTERED,
	STREAM_SAMPLE,
	STREAM_FIREHOSE,
	STREAM_COMPLIANCE,	/* what must be done with copies; free; its places are events' */
	STREAM_COMPLIANCE_USERS /* of these, what is about accounts */
};
#define STREAM_PARTITIONS 8 /* of the firehose; a post is in exactly one */

struct data_streams;
struct data_streams *data_streams_new(struct core *c); /* subscribes to events; threads begin with the first reader */
/* Tells all readers that the server goes, and waits a moment until they are gone. Before the HTTP server is stopped. */
void data_streams_end(struct data_streams *s);
void data_streams_close(struct data_streams *s); /* behind it; NULL-safe */

struct stream_ask {
	enum stream_kind kind;
	int partition; /* from 1, of a firehose; 0: all of them */
	int64_t after; /* place in the feed, or of the event; 0: the present */
	int64_t until; /* the last place that is wanted, behind which the stream ends; 0: it has no end */
	struct xfields fields;
	struct view token; /* the licence is asked for again while the stream lasts */
	const struct licence *licence;
};

/* How many a licence may have open at once of those that are counted with this one. */
int data_streams_most(const struct licence *l, enum stream_kind kind);

/*
 * Answers the exchange with a stream. When all are in use, one whose client has gone without a word makes room; to the others a sign of
 * life is sent, so that whoever asks again some seconds later finds those out that have gone. ERR_TOO_MANY: all of them are there. Nothing was answered then.
 */
enum err data_streams_start(struct data_streams *s, struct http_exchange *x, const struct stream_ask *ask,
			    struct problem *problem);

/* Rules of an app have changed: its streams read them anew. */
void data_streams_rules_changed(struct data_streams *s, int64_t app);

/* For metrics: how many are open. */
size_t data_streams_count(struct data_streams *s);

#endif

/*
 * metrics.h - the program's numbers, one table (metrics.c), printed in Prometheus' text format. Counters and gauges
 * are relaxed atomics; histograms have fixed bucket bounds.
 */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include "base/buf.h"

enum metric {
	METRIC_HTTP_REQUESTS, /* counter */
	METRIC_HTTP_4XX,
	METRIC_HTTP_5XX,
	METRIC_HTTP_BYTES_OUT,
	METRIC_HTTP_CONNECTIONS /* gauge */,
	METRIC_HTTP_SECONDS, /* histogram */
	METRIC_RATE_LIMITED,
	METRIC_DB_QUERIES,
	METRIC_DB_QUERIES_ASKED,
	METRIC_DB_WRITES,
	METRIC_DB_BATCHES,
	METRIC_DB_ERRORS,
	METRIC_DB_COMMIT_SECONDS, /* histogram */
	METRIC_QUEUE_WORKERS /* gauge: jobs waiting */,
	METRIC_QUEUE_FULL,
	METRIC_POSTS_CREATED,
	METRIC_DELIVERIES,
	METRIC_TIMELINES_WARM /* gauge */,
	METRIC_TIMELINE_REBUILDS,
	METRIC_CARD_HITS,
	METRIC_CARD_MISSES,
	METRIC_CARD_BYTES /* gauge */,
	METRIC_STREAMS_OPEN /* gauge */,
	METRIC_STREAM_EVENTS,
	METRIC_STREAM_DROPPED,
	METRIC_MEDIA_PROCESSED,
	METRIC_MEDIA_FAILED,
	METRIC_JOBS_DONE,
	METRIC_JOBS_FAILED,
	METRIC_PUSHES_SENT,
	METRIC_PUSHES_FAILED,
	METRIC_COUNT
};

void metric_add(enum metric m, int64_t n); /* counters and gauges; negative n only for gauges */
void metric_set(enum metric m, int64_t n); /* gauges */
int64_t metric_get(enum metric m);
void metric_observe(enum metric m, int64_t ns); /* histograms */
void metrics_write(struct buf *out);		/* with HELP and TYPE lines, plus process RSS, fds and start time */

#endif

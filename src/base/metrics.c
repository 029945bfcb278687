/*
 * metrics.c - the table of numbers and their output in Prometheus' text format, version 0.0.4.
 */
#include "base/base.h"
#include "base/metrics.h"

#include "base/clock.h"

#include <dirent.h>
#include <stdatomic.h>
#include <unistd.h>

#define NS_SECOND INT64_C(1000000000)
#define BUCKETS 14

enum kind { COUNTER, GAUGE, HISTOGRAM };

static const char *const kind_names[] = {[COUNTER] = "counter", [GAUGE] = "gauge", [HISTOGRAM] = "histogram"};

static const struct {
	const char *name, *help;
	enum kind kind;
} table[METRIC_COUNT] = {
	[METRIC_HTTP_REQUESTS] = {"kicau_http_requests_total", "HTTP requests answered.", COUNTER},
	[METRIC_HTTP_4XX] = {"kicau_http_responses_4xx_total", "Answers that blame the client.", COUNTER},
	[METRIC_HTTP_5XX] = {"kicau_http_responses_5xx_total", "Answers that blame the server.", COUNTER},
	[METRIC_HTTP_BYTES_OUT] = {"kicau_http_sent_bytes_total", "Bytes of response bodies.", COUNTER},
	[METRIC_HTTP_CONNECTIONS] = {"kicau_http_connections", "Open HTTP connections.", GAUGE},
	[METRIC_HTTP_SECONDS] = {"kicau_http_request_duration_seconds", "From request to answer.", HISTOGRAM},
	[METRIC_RATE_LIMITED] = {"kicau_rate_limited_total", "Requests refused by a rate limit.", COUNTER},
	[METRIC_DB_QUERIES] = {"kicau_db_queries_total", "Database statements run.", COUNTER},
	[METRIC_DB_QUERIES_ASKED] = {"kicau_db_queries_of_requests_total", "Of these, by the handlers of requests.",
				     COUNTER},
	[METRIC_DB_WRITES] = {"kicau_db_writes_total", "Write transactions committed.", COUNTER},
	[METRIC_DB_BATCHES] = {"kicau_db_batches_total", "Commits; each may carry several writes.", COUNTER},
	[METRIC_DB_ERRORS] = {"kicau_db_errors_total", "Database statements that failed.", COUNTER},
	[METRIC_DB_COMMIT_SECONDS] = {"kicau_db_commit_duration_seconds", "Time of one commit.", HISTOGRAM},
	[METRIC_QUEUE_WORKERS] = {"kicau_worker_queue_length", "Calls waiting for a worker.", GAUGE},
	[METRIC_QUEUE_FULL] = {"kicau_worker_queue_full_total", "Calls refused because the queue was full.", COUNTER},
	[METRIC_POSTS_CREATED] = {"kicau_posts_created_total", "Posts created.", COUNTER},
	[METRIC_DELIVERIES] = {"kicau_timeline_deliveries_total", "Posts put into timelines.", COUNTER},
	[METRIC_TIMELINES_WARM] = {"kicau_timelines_warm", "Timelines held in memory.", GAUGE},
	[METRIC_TIMELINE_REBUILDS] = {"kicau_timeline_rebuilds_total", "Timelines built from the database.", COUNTER},
	[METRIC_CARD_HITS] = {"kicau_card_cache_hits_total", "Presented posts found in the cache.", COUNTER},
	[METRIC_CARD_MISSES] = {"kicau_card_cache_misses_total", "Presented posts rendered.", COUNTER},
	[METRIC_CARD_BYTES] = {"kicau_card_cache_bytes", "Bytes of presented posts in the cache.", GAUGE},
	[METRIC_STREAMS_OPEN] = {"kicau_streams_open", "Open streaming connections.", GAUGE},
	[METRIC_STREAM_EVENTS] = {"kicau_stream_events_total", "Events queued to streams.", COUNTER},
	[METRIC_STREAM_DROPPED] = {"kicau_stream_dropped_total",
				   "Readers of streams that were cut because they did not keep up.", COUNTER},
	[METRIC_MEDIA_PROCESSED] = {"kicau_media_processed_total", "Uploads processed.", COUNTER},
	[METRIC_MEDIA_FAILED] = {"kicau_media_failed_total", "Uploads that could not be processed.", COUNTER},
	[METRIC_JOBS_DONE] = {"kicau_jobs_done_total", "Background jobs done.", COUNTER},
	[METRIC_JOBS_FAILED] = {"kicau_jobs_failed_total", "Background jobs that failed.", COUNTER},
	[METRIC_PUSHES_SENT] = {"kicau_pushes_sent_total", "Notifications a push service took.", COUNTER},
	[METRIC_PUSHES_FAILED] = {"kicau_pushes_failed_total", "Attempts to push that failed.", COUNTER},
};

/* Upper bounds, with the text that stands for them. */
static const struct {
	int64_t ns;
	const char *seconds;
} bounds[BUCKETS] = {
	{250000, "0.00025"},	    {500000, "0.0005"},	    {1000000, "0.001"},	 {2500000, "0.0025"},
	{5000000, "0.005"},	    {10000000, "0.01"},	    {25000000, "0.025"}, {50000000, "0.05"},
	{100000000, "0.1"},	    {250000000, "0.25"},    {500000000, "0.5"},	 {NS_SECOND, "1"},
	{NS_SECOND * 5 / 2, "2.5"}, {NS_SECOND * 10, "10"},
};

/* One cache line or more each, so that busy counters do not slow each other. n of a histogram is its sum in ns. */
static struct cell {
	_Alignas(64) _Atomic int64_t n;
	_Atomic int64_t bucket[BUCKETS + 1]; /* not cumulative; the last is above every bound */
} cells[METRIC_COUNT];

static int64_t started_ms;

__attribute__((constructor)) static void note_start(void)
{
	started_ms = clock_now();
}

void metric_add(enum metric m, int64_t n)
{
	atomic_fetch_add_explicit(&cells[m].n, n, memory_order_relaxed);
}

void metric_set(enum metric m, int64_t n)
{
	atomic_store_explicit(&cells[m].n, n, memory_order_relaxed);
}

int64_t metric_get(enum metric m)
{
	return atomic_load_explicit(&cells[m].n, memory_order_relaxed);
}

void metric_observe(enum metric m, int64_t ns)
{
	size_t i = 0;
	while (i < BUCKETS && ns > bounds[i].ns)
		i++;
	atomic_fetch_add_explicit(&cells[m].bucket[i], 1, memory_order_relaxed);
	metric_add(m, ns);
}

static void write_head(struct buf *out, const char *name, const char *help, enum kind kind)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind_names[kind]);
}

static void write_histogram(struct buf *out, enum metric m)
{
	const char *name = table[m].name;
	int64_t count = 0;
	for (size_t i = 0; i <= BUCKETS; i++) {
		count += atomic_load_explicit(&cells[m].bucket[i], memory_order_relaxed);
		buf_printf(out, "%s_bucket{le=\"%s\"} %" PRId64 "\n", name, i < BUCKETS ? bounds[i].seconds : "+Inf",
			   count);
	}
	int64_t sum = metric_get(m);
	buf_printf(out, "%s_sum %" PRId64 ".%09" PRId64 "\n%s_count %" PRId64 "\n", name, sum / NS_SECOND,
		   sum % NS_SECOND, name, count);
}

/* Second field of /proc/self/statm, proc(5); 0 when it cannot be read. */
static uint64_t resident_bytes(void)
{
	uint64_t pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (!f)
		return 0;
	char line[128];
	if (fgets(line, sizeof(line), f)) {
		struct view rest = view_of(line), size, resident;
		if (view_split(&rest, ' ', &size) && view_split(&rest, ' ', &resident) &&
		    !parse_u64(resident, UINT64_MAX >> 16, &pages))
			pages = 0;
	}
	fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	if (!d)
		return 0;
	uint64_t n = 0;
	for (const struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	return n - (n > 0); /* without the one that counts */
}

static void write_process(struct buf *out)
{
	write_head(out, "process_resident_memory_bytes", "Resident memory.", GAUGE);
	buf_printf(out, "process_resident_memory_bytes %" PRIu64 "\n", resident_bytes());
	write_head(out, "process_open_fds", "Open file descriptors.", GAUGE);
	buf_printf(out, "process_open_fds %" PRIu64 "\n", open_fds());
	write_head(out, "process_start_time_seconds", "Start of the process, in seconds since 1970.", GAUGE);
	buf_printf(out, "process_start_time_seconds %" PRId64 ".%03" PRId64 "\n", started_ms / 1000, started_ms % 1000);
}

void metrics_write(struct buf *out)
{
	for (size_t m = 0; m < METRIC_COUNT; m++) {
		write_head(out, table[m].name, table[m].help, table[m].kind);
		if (table[m].kind == HISTOGRAM)
			write_histogram(out, (enum metric)m);
		else
			buf_printf(out, "%s %" PRId64 "\n", table[m].name, metric_get((enum metric)m));
	}
	write_process(out);
}

/*
 * metrics_test.c
 */
#include "base/base.h"
#include "base/metrics.h"

#include <setjmp.h>
#include <cmocka.h>

static void prints_metrics(void **state MAYBE_UNUSED)
{
	struct buf b;
	buf_init(&b, 1 << 20);
	metric_add(METRIC_HTTP_REQUESTS, 3);
	metric_set(METRIC_STREAMS_OPEN, 5);
	metric_observe(METRIC_HTTP_SECONDS, 1000000);
	metric_observe(METRIC_HTTP_SECONDS, INT64_C(20000000001));
	metrics_write(&b);
	assert_int_equal(buf_err(&b), OK);
	static const char *const lines[] = {
		("# HELP kicau_http_requests_total HTTP requests answered.\n# TYPE kicau_http_requests_total counter\n"
		"kicau_http_requests_total 3\n"),
		"\nkicau_streams_open 5\n",
		"_seconds_bucket{le=\"0.0005\"} 0\n",
		"_seconds_bucket{le=\"0.001\"} 1\n",
		"_seconds_bucket{le=\"10\"} 1\n",
		"_seconds_bucket{le=\"+Inf\"} 2\n",
		"_seconds_sum 20.001000001\n",
		"_seconds_count 2\n",
		"\nprocess_resident_memory_bytes ",
		"\nprocess_open_fds ",
		"\nprocess_start_time_seconds 1",
	};
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_non_null(strstr(b.p, lines[i]));
	assert_null(strstr(b.p, "(null)"));
	assert_null(strstr(b.p, "process_resident_memory_bytes 0\n"));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(prints_metrics)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

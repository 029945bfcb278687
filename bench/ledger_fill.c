/*
 * ledger_fill.c - ledger_fill DIR COUNT: appends made-up statements to the ledger in DIR, and prints their receipts, one
 * a line. For the tests of what strangers check.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/log.h"
#include "ledger/ledger.h"

#include <unistd.h>

#define ORIGIN "example.org/.well-known/kicau-ledger"
#define PAUSE_US 1000

static void print_receipt(void *arg MAYBE_UNUSED, const struct ledger_done *done)
{
	if (done->err != OK)
		BUG("a record was not committed: %s", err_name(done->err));
	puts(done->receipt);
}

static void append(struct ledger *l, uint64_t i)
{
	char text[48];
	int n = snprintf(text, sizeof(text), "made up, number %" PRIu64, i);
	struct ledger_record r = {.kind = LEDGER_STATEMENT, .time_ms = clock_now(), .data = view_make(text, (size_t)n)};

	while (ledger_append(l, &r, print_receipt, NULL) == ERR_BUSY)
		usleep(PAUSE_US);
}

int main(int argc, char **argv)
{
	struct problem problem = {0};
	struct ledger *l;
	uint64_t n = 0;

	if (argc != 3 || !parse_u64(view_of(argv[2]), UINT32_MAX, &n) || secret_init() != OK)
		return 2;
	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR, LOG_AUTO);
	struct ledger_config config = {.dir = argv[1], .origin = ORIGIN};
	if (ledger_open(&config, &l, &problem) != OK) {
		fprintf(stderr, "ledger_fill: %s\n", problem.text);
		return 1;
	}
	for (uint64_t i = 0; i < n; i++)
		append(l, i);
	ledger_close(l);
	return fflush(stdout) == 0 ? 0 : 1;
}

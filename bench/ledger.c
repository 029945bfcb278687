/*
 * ledger.c - a mix of deliveries through the real ledger: what each costs in processor time and on the disk, and how long it
 * takes to say who received a post. BENCHMARKS.md has the mix.
 *
 *   ledger DIR READS [fingerprints]     prints {"reads_per_core_s":…,…}
 */
#include "base/base.h"

#include <math.h>
#include <sched.h>
#include <sys/stat.h>
#include <time.h>
#include <ftw.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/vec.h"
#include "ledger/ledger.h"

#define BATCH 100	 /* posts of an answer */
#define FIREHOSES 4	 /* licensees that get everything */
#define OLD_POSTS 200000 /* before the first delivery */
#define POST_GAP_MS 50
#define SETTLE_EACH 20 /* deliveries */
#define ASKED 2001	 /* posts whose receivers are asked for */
#define START_MS INT64_C(1700000000000)

static uint64_t state = 88172645463325252ULL;

/* xorshift64*: the same run every time. */
static uint64_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717ULL;
}
static double unit(void)
{
	return (double)(next() >> 11) / 9007199254740992.0;
}
static uint64_t gap_of(double mean)
{
	return 1 + (uint64_t)(-log(1 - unit()) * (mean - 1));
}

struct world {
	int64_t *posts;
	size_t n, made; /* of posts; delivered by the firehoses so far */
	struct ledger *ledger;
	struct ledger_item items[BATCH], settled[SETTLE_EACH];
	size_t n_settled;
	uint64_t records, reads;
	int64_t generating_ns; /* processor time that is not the ledger's */
};

static int64_t cpu_ns(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void make_posts(struct world *w, uint64_t reads)
{
	int64_t ms = START_MS, last = 0;

	w->n = OLD_POSTS + reads / 10 + BATCH;
	w->posts = xcalloc(w->n, sizeof(*w->posts));
	for (size_t i = 0; i < w->n; i++) {
		ms += (int64_t)(-log(1 - unit()) * POST_GAP_MS + 0.5);
		int64_t id = ms << 16;
		last = w->posts[i] = id > last ? id : last + 1;
	}
	w->made = OLD_POSTS;
}

static void append(struct world *w, const struct ledger_record *r)
{
	enum err err;

	while ((err = ledger_append(w->ledger, r, NULL, NULL)) == ERR_BUSY)
		sched_yield();
	if (err != OK)
		BUG("a record is refused: %s", err_name(err));
	w->records++;
}

static void settle(struct world *w, int64_t ms)
{
	struct ledger_record r = {.kind = LEDGER_SETTLED, .time_ms = ms, .items = w->settled, .n_items = w->n_settled};

	append(w, &r);
	w->n_settled = 0;
}

/* The posts are those n at[i]; licensee l asked. */
static void deliver(struct world *w, const size_t *at, unsigned endpoint, int64_t licensee)
{
	int64_t ms = w->posts[w->made - 1] >> 16;
	bool repeats = next() % 5 == 0;
	int64_t charged = 0;

	for (size_t i = 0; i < BATCH; i++) {
		w->items[i] = (struct ledger_item){.id = w->posts[at[i]],
						   .version = next() % 50 == 0,
						   .fingerprint = (uint16_t)next(),
						   .charged = !repeats || next() % 4};
		charged += w->items[i].charged;
	}
	struct ledger_record r = {.kind = LEDGER_POSTS,
				  .endpoint = (uint8_t)endpoint,
				  .time_ms = ms,
				  .licensee = licensee,
				  .key = 2 * licensee + (int64_t)(next() & 1),
				  .terms = 3,
				  .cost_micro = charged * 5000,
				  .request = next() % 5 ? 0 : next(),
				  .items = w->items,
				  .n_items = BATCH};
	int64_t began = cpu_ns(CLOCK_THREAD_CPUTIME_ID);
	w->settled[w->n_settled++] = (struct ledger_item){.id = (int64_t)w->records + 1, .charged = true};
	append(w, &r);
	w->reads += BATCH;
	if (w->n_settled == SETTLE_EACH)
		settle(w, ms);
	w->generating_ns -= cpu_ns(CLOCK_THREAD_CPUTIME_ID) - began;
}

/* BATCH posts backwards from `from`, so far apart in the mean. */
static void backwards(size_t from, double mean, size_t *ret)
{
	for (size_t i = 0; i < BATCH; i++) {
		uint64_t gap = gap_of(mean);
		ret[i] = from;
		from = from > gap + 1 ? from - gap : (size_t)(OLD_POSTS + BATCH - 2 * i); /* the oldest is reached */
	}
}

static int64_t somebody(void)
{
	return FIREHOSES + 1 + (int64_t)(next() % 20);
}

static void firehoses(struct world *w)
{
	size_t at[BATCH];

	for (size_t i = 0; i < BATCH; i++)
		at[i] = w->made + i;
	w->made += BATCH;
	for (int64_t l = 1; l <= FIREHOSES; l++)
		deliver(w, at, 9, l);
}

static void search(struct world *w)
{
	size_t at[BATCH];

	backwards(w->made - 1, pow(10, 1 + 2 * unit()), at);
	deliver(w, at, 6, somebody());
}

/* A post of any age: young ones far more often. */
static size_t any_post(const struct world *w)
{
	return w->made - 1 - (size_t)pow((double)(w->made - 1), unit());
}

static void timeline(struct world *w)
{
	size_t at[BATCH];

	backwards(w->made - 1 - next() % 1000, 1500, at);
	deliver(w, at, 3, somebody());
}

static void lookup_near(struct world *w)
{
	size_t at[BATCH], from = any_post(w);

	backwards(from < 1000 ? 1000 : from, 3, at);
	deliver(w, at, 1, somebody());
}

static int by_size(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static void lookup_scattered(struct world *w)
{
	size_t at[BATCH];

	for (size_t i = 0; i < BATCH; i++)
		at[i] = any_post(w);
	qsort(at, BATCH, sizeof(*at), by_size);
	for (size_t i = 1; i < BATCH; i++)
		if (at[i] <= at[i - 1])
			at[i] = at[i - 1] + 1;
	if (at[BATCH - 1] < w->n)
		deliver(w, at, 1, somebody());
}

/* A thousand reads: four firehoses, two searches, a timeline, and three lookups, half of them of scattered posts. */
static void round_of(struct world *w, size_t i)
{
	firehoses(w);
	search(w);
	search(w);
	timeline(w);
	lookup_near(w);
	lookup_scattered(w);
	if (i % 2)
		lookup_near(w);
	else
		lookup_scattered(w);
}

/* ---- what is on the disk ---- */

static struct {
	uint64_t all, allocated, packed, open, tiles, open_files;
} disk;

static int add_file(const char *path, const struct stat *st, int kind, struct FTW *where MAYBE_UNUSED)
{
	struct view v = view_of(path);
	uint64_t n = (uint64_t)st->st_size;

	if (kind != FTW_F)
		return 0;
	disk.all += n;
	disk.allocated += (uint64_t)st->st_blocks * 512;
	if (view_ends(v, V(".seg")))
		disk.packed += n;
	else if (view_ends(v, V(".log")))
		disk.open += n, disk.open_files++;
	else if (strstr(path, "/tile/"))
		disk.tiles += n;
	return 0;
}

static void look(const char *dir)
{
	memset(&disk, 0, sizeof(disk));
	nftw(dir, add_file, 16, FTW_PHYS);
}

/* Until all that is full is packed. */
static void wait_for_packer(const char *dir)
{
	for (look(dir); disk.open_files > 1; look(dir))
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

/* ---- who ---- */

static int by_ns(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double ask_who(const struct world *w, double *ret_p99, double *ret_receivers)
{
	int64_t ns[ASKED];
	struct arena a;
	size_t sum = 0;

	arena_init(&a, (size_t)256 << 20);
	for (size_t i = 0; i < ASKED; i++) {
		struct ledger_receiver *all;
		size_t n, at = OLD_POSTS + next() % (w->made - OLD_POSTS);
		int64_t began = clock_mono_ns();

		if (ledger_who(w->ledger, &a, w->posts[at], 100000, &all, &n) != OK)
			BUG("who");
		ns[i] = clock_mono_ns() - began;
		sum += n;
		arena_reset(&a);
	}
	arena_release(&a);
	qsort(ns, ASKED, sizeof(*ns), by_ns);
	*ret_p99 = (double)ns[ASKED * 99 / 100] / 1e6;
	*ret_receivers = (double)sum / ASKED;
	return (double)ns[ASKED / 2] / 1e6;
}

int main(int argc, char **argv)
{
	static struct world w;
	uint64_t reads;
	struct problem problem = {0};
	double p99, receivers;

	if (argc < 3 || !parse_u64(view_of(argv[2]), 1000000000, &reads) || secret_init() != OK)
		return 2;
	struct ledger_config config = {.dir = argv[1], .origin = "example.org/ledger", .fingerprints = argc > 3};
	make_posts(&w, reads);
	if (ledger_open(&config, &w.ledger, &problem) != OK)
		BUG("%s", problem.text);
	int64_t cpu = cpu_ns(CLOCK_PROCESS_CPUTIME_ID), main_cpu = cpu_ns(CLOCK_THREAD_CPUTIME_ID),
		wall = clock_mono_ns();
	for (size_t i = 0; w.reads < reads; i++)
		round_of(&w, i);
	w.generating_ns += cpu_ns(CLOCK_THREAD_CPUTIME_ID) - main_cpu;
	wait_for_packer(argv[1]);
	ledger_close(w.ledger);
	double seconds = (double)(cpu_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu - w.generating_ns) / 1e9;
	double waited = (double)(clock_mono_ns() - wall) / 1e9;
	look(argv[1]);
	int64_t began = clock_mono_ns();
	if (ledger_open(&config, &w.ledger, &problem) != OK)
		BUG("%s", problem.text);
	double opened = (double)(clock_mono_ns() - began) / 1e9;
	double who = ask_who(&w, &p99, &receivers), r = (double)w.reads;
	printf("{\"reads_per_core_s\": %.0f, \"seconds\": %.2f, \"bytes_per_read\": %.3f, \"allocated_per_read\": %.3f,"
	       " \"packed_per_read\": %.3f, \"tiles_per_read\": %.3f, \"open_per_read\": %.3f, \"who_ms\": %.3f,"
	       " \"who_p99_ms\": %.3f, \"receivers\": %.1f, \"open_s\": %.3f, \"reads\": %" PRIu64
	       ", \"records\": %" PRIu64 "}\n",
	       r / seconds, waited, (double)disk.all / r, (double)disk.allocated / r, (double)disk.packed / r,
	       (double)disk.tiles / r, (double)disk.open / r, who, p99, receivers, opened, w.reads, w.records);
	ledger_close(w.ledger);
	free(w.posts);
	return 0;
}

/*
 * fanout.c - deliveries a second on one core through the real engine: 100 000 active accounts of this server, follower
 * counts by a power law (rank^-0.75, mean about 75, as measured for Twitter's early graph), posts by accounts in
 * proportion to their followers' attention, a quarter of them boosts and a quarter replies to somebody else.
 *
 *   fanout [ACCOUNTS] [POSTS]     prints {"fanout_per_core_s":…,…}
 */
#include "base/base.h"

#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "base/id.h"
#include "base/secret.h"
#include "core/core.h"
#include "core/events.h"
#include "core/timelines_private.h"

#include <math.h>

static enum err load_sql(struct store *s, size_t accounts, size_t *ret_follows);

static uint64_t state = 88172645463325252ULL;

/* xorshift64*: the same run every time. */
static uint64_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717ULL;
}

SQL(bench_account, "INSERT INTO accounts (id, username, username_key, domain, uri, url, created_at, updated_at)"
		   " VALUES ($1, $2, $2, '', $2, $2, 0, 0)");
SQL(bench_user,
    "INSERT INTO users (account_id, email, email_key, password_hash, created_at) VALUES ($1, $2, $2, '', 0)");
SQL(bench_follower, "INSERT INTO followers (account_id, follower_id, id, show_boosts) VALUES ($1, $2, $3, $4)"
		    " ON CONFLICT DO NOTHING");

struct graph {
	size_t accounts, from, to, follows;
};

/* Followers of the account of this rank. */
static size_t degree(size_t rank, size_t accounts)
{
	double d = 0.19 * (double)accounts * pow((double)rank + 1, -0.75);

	return d < 1 ? 1 : (size_t)d;
}

static enum err insert_accounts(struct db *tx, void *arg)
{
	struct graph *g = arg;

	for (size_t i = g->from; i < g->to; i++) {
		char name[32];

		snprintf(name, sizeof(name), "u%zu", i);
		TRY(db_exec(tx, &bench_account, BINDS(B_INT(i + 1), B_TEXT(view_of(name))), NULL));
		TRY(db_exec(tx, &bench_user, BINDS(B_INT(i + 1), B_TEXT(view_of(name))), NULL));
	}
	return OK;
}

static enum err insert_follows(struct db *tx, void *arg)
{
	struct graph *g = arg;

	for (size_t i = g->from; i < g->to; i++)
		for (size_t k = degree(i, g->accounts); k > 0; k--) {
			size_t follower = (size_t)(next() % g->accounts);

			TRY(db_exec(tx, &bench_follower,
				    BINDS(B_INT(i + 1), B_INT(follower + 1), B_INT(k), B_INT(next() % 20 != 0)), NULL));
			g->follows++;
		}
	return OK;
}

static enum err load_sql(struct store *s, size_t accounts, size_t *ret_follows)
{
	struct graph g = {.accounts = accounts};

	for (g.from = 0; g.from < accounts; g.from = g.to) {
		g.to = g.from + 5000 < accounts ? g.from + 5000 : accounts;
		TRY(store_write(s, insert_accounts, &g));
	}
	for (g.from = 0; g.from < accounts; g.from = g.to) {
		g.to = g.from + 5000 < accounts ? g.from + 5000 : accounts;
		TRY(store_write(s, insert_follows, &g));
	}
	*ret_follows = g.follows;
	return OK;
}

/* A full ring for everybody, as if all had read today and followed for years. */
static void warm(struct timelines *t, size_t accounts)
{
	for (size_t i = 0; i < accounts; i++) {
		uint32_t index = index_make(t, (struct account_id){(int64_t)i + 1});
		struct ring *r = t->rings[index] = ring_pool_take(&t->pool);

		r->whole = true;
		r->n = LIMIT_TIMELINE_RING;
		for (int64_t k = 0; k < LIMIT_TIMELINE_RING; k++)
			r->entries[k].id = k + 1;
		t->n_rings++;
	}
}

/* An author by attention: the more followers, the more likely. */
static struct account_id author(const size_t *sum, size_t accounts)
{
	size_t want = (size_t)(next() % sum[accounts - 1]), low = 0, high = accounts - 1;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (sum[mid] > want)
			high = mid;
		else
			low = mid + 1;
	}
	return (struct account_id){(int64_t)low + 1};
}

/* This thread's processor time: a second of one core, whoever else uses the machine. */
static int64_t thread_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static size_t run(struct timelines *t, struct db *db, const size_t *sum, size_t accounts, size_t posts)
{
	size_t total = 0;
	struct post_id last = {0};
	struct account_id last_author = {0};

	for (size_t i = 0; i < posts; i++) {
		struct post_meta m = {.id = {id_next()}, .author = author(sum, accounts), .local = true};
		size_t taken = 0;

		if (i % 4 == 1)
			m.boost_of = last, m.boost_author = last_author;
		if (i % 4 == 3)
			m.reply_to = last, m.reply_to_account = last_author;
		if (fanout_push(t, db, &m, &taken) != OK)
			BUG("a delivery failed");
		total += taken;
		if (!m.boost_of.v)
			last = m.id, last_author = m.author;
	}
	return total;
}

int main(int argc, char **argv)
{
	uint64_t accounts = 100000, posts = 20000;
	char url[64];
	struct store *store;
	struct core *core;
	struct problem p = {0};
	struct core_config config = {.base_url = "http://localhost",
				     .domain = "localhost",
				     .timelines_bytes = (size_t)4 << 30,
				     .cards_bytes = 1 << 20,
				     .viewers_bytes = 1 << 20,
				     .merge_followers = 25000};
	cpu_set_t one;

	if ((argc > 1 && !parse_u64(view_of(argv[1]), 10000000, &accounts)) ||
	    (argc > 2 && !parse_u64(view_of(argv[2]), 10000000, &posts)) || secret_init())
		return 2;
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	snprintf(url, sizeof(url), "sqlite:/tmp/kicau-fanout-%d.db", (int)getpid());
	if (store_open(&(struct store_config){.url = url, .sqlite_cache_kib = 65536, .queue_max = 16}, &store, &p) ||
	    core_open(&config, store, &core, &p)) {
		fprintf(stderr, "fanout: %s\n", p.text);
		return 1;
	}
	size_t follows = 0, *sum = xcalloc(accounts, sizeof(*sum));
	if (load_sql(store, accounts, &follows))
		BUG("the graph could not be written");
	for (size_t i = 0; i < accounts; i++)
		sum[i] = degree(i, accounts) + (i ? sum[i - 1] : 0);
	warm(core->timelines, accounts);
	run(core->timelines, store_db(store), sum, accounts,
	    posts); /* audiences are loaded, rings are full of entries */
	int64_t began = thread_ns();
	size_t delivered = run(core->timelines, store_db(store), sum, accounts, posts);
	double seconds = (double)(thread_ns() - began) / 1e9;
	printf("{\"fanout_per_core_s\": %.0f, \"deliveries\": %zu, \"posts\": %" PRIu64
	       ", \"follows\": %zu, \"seconds\": %.3f}\n",
	       (double)delivered / seconds, delivered, posts, follows, seconds);
	core_close(core);
	store_thread_done(store);
	store_close(store); /* takes the log with it */
	unlink(url + strlen("sqlite:"));
	free(sum);
	return 0;
}

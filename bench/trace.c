/*
 * trace.c - many short posts in a database, the index made from it, and a leak read against them: half of its rows are posts
 * rewritten as leaks are, half are texts like them that are nobody's.
 *
 *   trace DIR POSTS ROWS     prints {"rows_per_core_s":…,…}
 *
 * A DIR that was filled before is used as it is.
 */
#include "base/base.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/secret.h"
#include "store/store.h"
#include "trace/index.h"
#include "trace/leak.h"
#include "trace/measure.h"
#include "trace/posts.h"
#include "vocabulary.h"

#define BATCH 20000
#define FIRST_ID (INT64_C(1700000000000) << 16)
#define GAP ((int64_t)3000 << 16) /* between ids */
#define WORDS_MIN 8
#define WORDS_MORE 24
#define MEASURED 2000
#define PATH_BYTES 4096

SQL(bench_post, "INSERT INTO posts (id, account_id, domain, uri, url, thread_id, visibility, text, html, created_at) "
		"VALUES ($1, 1, '', '', '', $1, 0, $2, '', 0)");
SQL(bench_text, "SELECT text FROM posts WHERE id = $1");

struct bench {
	char dir[PATH_BYTES - 16];
	struct store *store;
	uint64_t posts, rows;
	uint64_t made;
	struct buf text;
	int64_t reading_cpu_ns, index_s_ns;
};

static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void must(enum err err, const struct problem *problem)
{
	if (err != OK)
		BUG("%s: %s", err_name(err), problem->text);
}

/* ---- the posts ---- */

static void make_text(struct buf *out)
{
	buf_clear(out);
	if (seeded_chance(15))
		buf_add(out, V("@somebody "));
	vocabulary_sentences(out, WORDS_MIN + seeded_below(WORDS_MORE), NULL);
	if (seeded_chance(10))
		buf_add(out, V(" \xf0\x9f\x8c\xbb"));
	if (seeded_chance(10))
		buf_printf(out, " https://example.org/%zu", seeded_below(1000000));
}

static enum err write_batch(struct db *tx, void *arg)
{
	struct bench *b = arg;
	uint64_t end = b->made + BATCH < b->posts ? b->made + BATCH : b->posts;

	for (uint64_t i = b->made; i < end; i++) {
		make_text(&b->text);
		TRY(db_exec(tx, &bench_post, BINDS(B_INT(FIRST_ID + (int64_t)i * GAP), B_TEXT(buf_view(&b->text))),
			    NULL));
	}
	b->made = end;
	return OK;
}

static void make_posts(struct bench *b)
{
	char url[PATH_BYTES + 16], file[PATH_BYTES];
	struct problem problem = {0};

	snprintf(file, sizeof(file), "%s/leak.jsonl", b->dir); /* written last */
	if (access(file, F_OK) == 0)
		b->made = b->posts;
	snprintf(url, sizeof(url), "sqlite:%s/posts.db", b->dir);
	must(store_open(&(struct store_config){.url = url}, &b->store, &problem), &problem);
	while (b->made < b->posts)
		must(store_write(b->store, write_batch, b), &problem);
}

/* ---- the leak ---- */

static void post_text(struct bench *b, uint64_t number, struct buf *out)
{
	struct rows r;

	buf_clear(out);
	db_query(store_db(b->store), &r, &bench_text, BINDS(B_INT(FIRST_ID + (int64_t)number * GAP)));
	if (rows_next(&r))
		buf_add(out, row_text(&r, 0));
	must(rows_end(&r), &(struct problem){0});
}

static void write_row(FILE *f, uint64_t number, struct view text)
{
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_MIB};
	struct jw j = jw_to(&out);

	jw_object(&j);
	jw_kv_int(&j, "row", (int64_t)number);
	jw_kv_cstr(&j, "author_id", "109348203948203");
	jw_kv_cstr(&j, "created_at", "2026-01-02T03:04:05.000Z");
	jw_kv_cstr(&j, "lang", "en");
	jw_kv_str(&j, "text", text);
	jw_key(&j, "public_metrics");
	jw_object(&j);
	jw_kv_int(&j, "like_count", (int64_t)(number % 17));
	jw_kv_int(&j, "reply_count", (int64_t)(number % 5));
	jw_kv_int(&j, "retweet_count", (int64_t)(number % 3));
	jw_kv_int(&j, "quote_count", 0);
	jw_object_end(&j);
	jw_object_end(&j);
	buf_add_c(&out, '\n');
	fwrite(out.p, 1, out.len, f);
}

static void make_leak(struct bench *b, const char *path)
{
	struct buf CLEANUP(buf_release) other = {.max = LIMIT_MIB};

	if (access(path, F_OK) == 0)
		return;
	FILE *f = fopen(path, "we");

	if (!f)
		BUG("%s cannot be written", path);
	for (uint64_t i = 0; i < b->rows; i++) {
		if (i % 2) {
			post_text(b, seeded() % b->posts, &b->text);
			buf_clear(&other);
			rewrite(&other, buf_view(&b->text), (enum rewrite)(i / 2 % REWRITES), i);
			write_row(f, i, buf_view(&other));
		} else {
			make_text(&b->text);
			write_row(f, i, buf_view(&b->text));
		}
	}
	fclose(f);
}

/* ---- the run ---- */

static void on_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	(void)arg, (void)what, (void)done, (void)total;
}

static void on_source(void *arg, const char *name, enum leak_format format, const char *damage)
{
	struct bench *b = arg;

	(void)name, (void)format, (void)damage;
	b->index_s_ns = clock_mono_ns() - b->index_s_ns;
	b->reading_cpu_ns = cpu_ns();
}

static void on_resumed(void *arg, uint64_t rows)
{
	(void)arg, (void)rows;
}

static struct measured measure(struct bench *b, struct index_stats *ret_stats)
{
	struct matcher_texts texts = trace_texts(store_db(b->store));
	struct problem problem = {0};
	struct trace_index *index;
	struct measured m;
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/" LEAK_INDEX_FILE, b->dir);
	must(index_open(path, &index, &problem), &problem);
	*ret_stats = index_stats(index);
	must(measure_matching(index, &texts, MEASURED, 1, &m), &problem);
	index_close(index);
	return m;
}

static double peak_gb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss / 1e6; /* it counts in KiB */
}

int main(int argc, char **argv)
{
	struct bench b = {.text = {.max = LIMIT_MIB}};
	struct problem problem = {0};
	struct leak_result *result;
	struct index_stats stats;
	char leak[PATH_BYTES];

	if (argc != 4 || secret_init() != OK || !parse_u64(view_of(argv[2]), UINT32_MAX, &b.posts) ||
	    !parse_u64(view_of(argv[3]), UINT32_MAX, &b.rows)) {
		fputs("usage: trace DIR POSTS ROWS\n", stderr);
		return 2;
	}
	log_setup(STDERR_FILENO, LOG_LEVEL_WARN, LOG_AUTO);
	snprintf(b.dir, sizeof(b.dir), "%s", argv[1]);
	snprintf(leak, sizeof(leak), "%s/leak.jsonl", b.dir);
	int64_t began = clock_mono_ns();
	make_posts(&b);
	make_leak(&b, leak);
	double generating_s = (double)(clock_mono_ns() - began) / 1e9;
	b.index_s_ns = clock_mono_ns();
	must(leak_read(&(struct leak_config){.path = leak,
					     .base_url = "https://example.org",
					     .work = b.dir,
					     .anew = true,
					     .db = store_db(b.store),
					     .watch = {on_progress, on_source, on_resumed, &b}},
		       &result, &problem),
	     &problem);
	double reading_s = (double)(cpu_ns() - b.reading_cpu_ns) / 1e9, peak = peak_gb();
	struct match_counts counts = *leak_counts(result);
	leak_result_free(result);
	struct measured m = measure(&b, &stats);
	printf("{\"rows_per_core_s\":%.0f,\"index_bytes_per_post\":%.1f,\"peak_gb\":%.2f,\"index_posts_per_s\":%.0f,"
	       "\"index_s\":%.1f,\"generating_s\":%.1f,\"matched\":%" PRIu64 ",\"ambiguous\":%" PRIu64
	       ",\"recall\":%.4f,\"precision\":%.5f}\n",
	       (double)b.rows / reading_s, (double)stats.bytes / (double)stats.posts, peak,
	       (double)b.posts / ((double)b.index_s_ns / 1e9), (double)b.index_s_ns / 1e9, generating_s, counts.matched,
	       counts.ambiguous, m.recall, m.precision);
	for (size_t i = 0; i < REWRITES; i++)
		fprintf(stderr,
			"%-34s %.4f, %" PRIu64 " ambiguous, %" PRIu64 " wrong, %" PRIu64 " found that are absent\n",
			rewrite_name((enum rewrite)i), m.single_recall[i], m.by[i].ambiguous, m.by[i].wrong,
			m.by[i].false_found);
	store_thread_done(b.store);
	store_close(b.store);
	buf_release(&b.text);
	return 0;
}

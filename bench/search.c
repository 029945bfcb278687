/*
 * search.c - finding posts by a word: the store's full-text index beside LIKE over the text of every post, on the same
 * database by the same connection. Times are medians, in milliseconds.
 *
 *   search DIR WORD...   prints {"WORD": {"index_ms":…, "scan_ms":…, "scan_newest_ms":…, "index_found":…, …}, …}
 *
 * scan: every post that has the word. scan_newest: the newest 20, walking back until there are 20; index: the same 20.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/secret.h"
#include "store/search_index.h"

#define NEWEST 20
#define RUNS_MAX 201

SQL(bench_scan, "SELECT id FROM posts WHERE text LIKE $1");
SQL(bench_scan_newest, "SELECT id FROM posts WHERE text LIKE $1 ORDER BY id DESC LIMIT 20");

struct timing {
	double ms;
	size_t found;
};

struct search {
	struct db *db;
	const char *word;
};

static enum err by_index(const struct search *s, size_t *ret_found)
{
	const struct search_term term = {.phrase = view_of(s->word)};
	struct post_id found[NEWEST];

	return search_index_find(s->db, &term, 1, 0, 0, found, NEWEST, ret_found);
}

static enum err by_like(const struct search *s, const struct sql *sql, size_t *ret_found)
{
	char pattern[64];
	struct rows r;
	size_t n = 0;

	snprintf(pattern, sizeof(pattern), "%%%s%%", s->word);
	db_query(s->db, &r, sql, BINDS(B_TEXT(view_of(pattern))));
	while (rows_next(&r))
		n++;
	TRY(rows_end(&r));
	*ret_found = n;
	return OK;
}

static enum err by_scan(const struct search *s, size_t *ret_found)
{
	return by_like(s, &bench_scan, ret_found);
}
static enum err by_newest(const struct search *s, size_t *ret_found)
{
	return by_like(s, &bench_scan_newest, ret_found);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The median of runs, behind one that is not counted. */
static struct timing measure(const struct search *s, enum err (*fn)(const struct search *s, size_t *ret_found),
			     size_t runs)
{
	double ms[RUNS_MAX];
	struct timing t = {0};

	if (fn(s, &t.found) != OK)
		BUG("a search failed");
	for (size_t i = 0; i < runs; i++) {
		int64_t began = clock_mono_ns();
		if (fn(s, &t.found) != OK)
			BUG("a search failed");
		ms[i] = (double)(clock_mono_ns() - began) / 1e6;
	}
	qsort(ms, runs, sizeof(*ms), compare);
	t.ms = ms[runs / 2];
	return t;
}

static void print_word(const struct search *s, bool first)
{
	struct timing index = measure(s, by_index, RUNS_MAX), newest = measure(s, by_newest, 3),
		      scan = measure(s, by_scan, 3);

	printf("%s\"%s\": {\"index_ms\": %.4f, \"scan_ms\": %.3f, \"scan_newest_ms\": %.4f, \"index_found\": %zu, "
	       "\"scan_found\": %zu}",
	       first ? "" : ", ", s->word, index.ms, scan.ms, newest.ms, index.found, scan.found);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct store *store;
	struct problem problem = {0};
	char url[4096];

	if (argc < 3 || secret_init() != OK) {
		fputs("usage: search DIR WORD...\n", stderr);
		return 2;
	}
	snprintf(url, sizeof(url), "sqlite:%s/kicau.db", argv[1]);
	if (store_open(&(struct store_config){.url = url, .read_only = true}, &store, &problem) != OK) {
		fprintf(stderr, "search: %s\n", problem.text);
		return 1;
	}
	putchar('{');
	for (int i = 2; i < argc; i++)
		print_word(&(struct search){store_db(store), argv[i]}, i == 2);
	puts("}");
	store_thread_done(store);
	store_close(store);
	return 0;
}

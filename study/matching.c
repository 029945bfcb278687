/*
 * matching.c - are rewritten posts found, and deliveries dated? Texts and deliveries are made up; index and matcher (trace/measure.h), the ledger and
 * the dating (trace/dating.h) are the product's. matching near|dating SEED; writes one JSON object.
 */
#include "base/base.h"

#include <math.h>
#include <unistd.h>

#include "base/log.h"
#include "ledger/ledger.h"
#include "trace/dating.h"
#include "trace/measure.h"
#include "trace/normal.h"
#include "world.h"

/* ---- texts ---- */

#define POSTS 30000
#define MEASURED 4000
#define STRANGERS 4000 /* texts that are nobody's, and were never counted */
#define STRANGERS_SEED 500000
#define VOCABULARY 20000
#define TEXT_MAX ((size_t)4096)

struct library {
	int64_t id[POSTS];
	char *text[POSTS];
};

static void add_word(struct buf *out, struct chance *c)
{
	static const char *const parts[] = {"ka", "ri", "to", "men", "sa", "lu", "ber", "an", "gi", "po", "nes", "di",
					    "ya", "ul", "ti", "mor", "ke", "cu", "lam", "es", "wi", "no", "har", "ba"};
	uint64_t word = (uint64_t)pow(VOCABULARY, chance_uniform(c)), state = word * UINT64_C(0x9E3779B97F4A7C15);

	for (size_t n = 1 + (state >> 60) % 4; n > 0; n--) {
		buf_add_str(out, parts[(state >> 33) % ARRAY_LEN(parts)]);
		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	}
}

static void add_extra(struct buf *out, struct chance *c)
{
	static const char *const emoji[] = {"🙂", "🔥", "😂", "🎉", "❤️", "👍🏽", "🐦", "🌧️"};

	switch (chance_below(c, 4)) {
	case 0:
		buf_printf(out, " https://example.com/%" PRIx64, chance_next(c) >> 32);
		break;
	case 1:
		buf_add_str(out, " @");
		add_word(out, c);
		break;
	case 2:
		buf_add_str(out, " #");
		add_word(out, c);
		break;
	default:
		buf_add_c(out, ' ');
		buf_add_str(out, emoji[chance_below(c, ARRAY_LEN(emoji))]);
	}
}

#define MOST_WORDS 60

/* Of `least` to 60 words, short ones more often; a third has something else in it. */
static void add_text(struct buf *out, struct chance *c, double least)
{
	size_t n = (size_t)(least * pow(MOST_WORDS / least, chance_uniform(c)));

	for (size_t i = 0; i < n; i++) {
		buf_add_str(out, i == 0 ? "" : i % 9 == 0 ? ". " : " ");
		add_word(out, c);
		if (chance_uniform(c) < 0.4 / (double)n)
			add_extra(out, c);
	}
}

static void library_init(struct library *l, uint64_t seed, double least)
{
	struct chance c;
	struct buf text;

	chance_seed(&c, seed);
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < POSTS; i++) {
		buf_clear(&text);
		add_text(&text, &c, least);
		buf_add_c(&text, 0);
		l->id[i] = (int64_t)(i + 1) << 16;
		l->text[i] = xstrdup(text.p);
	}
	buf_release(&text);
}

static enum err load(void *arg, const int64_t *posts, size_t n, matcher_text_fn *fn, void *fn_arg)
{
	const struct library *l = arg;

	for (size_t i = 0; i < n; i++)
		TRY(fn(fn_arg, posts[i], 0, view_of(l->text[(posts[i] >> 16) - 1])));
	return OK;
}

static void must(enum err err, const char *what)
{
	if (err != OK)
		BUG("%s: %s", what, err_name(err));
}

/* ---- near duplicates ---- */

static struct trace_index *make_index(const struct library *l, const char *path)
{
	struct index_builder *b;
	struct trace_index *x;
	struct buf normal;
	uint32_t number;

	buf_init(&normal, NORMAL_MAX * 2);
	must(index_build(path, POSTS, &b, NULL), "index_build");
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < POSTS; i++) {
			buf_clear(&normal);
			must(normal_of_post(&normal, view_of(l->text[i])), "normal_of_post");
			if (pass == 0) {
				index_build_sample(b, buf_view(&normal));
				continue;
			}
			must(index_build_post(b, l->id[i], INDEX_PUBLIC, &number), "index_build_post");
			must(index_build_text(b, number, buf_view(&normal)), "index_build_text");
		}
	must(index_build_end(b, NULL), "index_build_end");
	index_build_free(b);
	buf_release(&normal);
	must(index_open(path, &x, NULL), "index_open");
	return x;
}

static enum err count_found(void *arg, const struct row_result *r)
{
	uint64_t *found = arg;

	*found += r->fate == FATE_MATCHED;
	return OK;
}

/* Rows made as posts are, and rewritten as they are, of which the index never heard: whatever is found is wrong. */
static uint64_t strangers_found(const struct trace_index *x, const struct matcher_texts *texts, uint64_t seed,
				double least)
{
	struct buf text, row;
	struct chance c;
	uint64_t found = 0;
	struct matcher *m = matcher_new(x, texts, V(""), count_found, &found);

	chance_seed(&c, STRANGERS_SEED + seed);
	buf_init(&text, TEXT_MAX);
	buf_init(&row, 4 * ROW_TEXT_MAX);
	for (uint64_t i = 0; i < STRANGERS * (uint64_t)REWRITES; i++) {
		if (i % REWRITES == 0) {
			buf_clear(&text);
			add_text(&text, &c, least);
		}
		buf_clear(&row);
		rewrite(&row, buf_view(&text), (enum rewrite)(i % REWRITES), seed);
		must(matcher_add(m, &(struct leak_row){.text = buf_view(&row)}, i), "matcher_add");
	}
	must(matcher_flush(m), "matcher_flush");
	matcher_free(m);
	buf_release(&text);
	buf_release(&row);
	return found;
}

static void measure(uint64_t seed, const char *dir, double least)
{
	static struct library l;
	struct matcher_texts texts = {load, &l};
	struct measured m;
	char path[256];

	snprintf(path, sizeof(path), "%s/index", dir);
	library_init(&l, seed, least);
	struct trace_index *x = make_index(&l, path);
	must(measure_matching(x, &texts, MEASURED, seed, &m), "measure_matching");
	printf("{\"posts\": %" PRIu64 ", \"brief\": %" PRIu64 ", \"looked_at\": %" PRIu64
	       ", \"recall\": %.6f, \"precision\": %.6f, \"by\": {",
	       m.posts, m.brief, m.looked_at, m.recall, m.precision);
	for (int i = 0; i < REWRITES; i++)
		printf("%s\"%s\": {\"rows\": %" PRIu64 ", \"right\": %" PRIu64 ", \"wrong\": %" PRIu64
		       ", \"ambiguous\": %" PRIu64 ", \"false_rows\": %" PRIu64 ", \"false_found\": %" PRIu64 "}",
		       i ? ", " : "", rewrite_name((enum rewrite)i), m.by[i].rows, m.by[i].right, m.by[i].wrong,
		       m.by[i].ambiguous, m.by[i].false_rows, m.by[i].false_found);
	printf("}, \"strangers\": {\"rows\": %d, \"found\": %" PRIu64 "}}\n", STRANGERS * REWRITES,
	       strangers_found(x, &texts, seed, least));
	index_close(x);
	unlink(path);
	for (size_t i = 0; i < POSTS; i++)
		free(l.text[i]);
}

static void near(uint64_t seed, const char *dir)
{
	measure(seed, dir, 4);
}

static void near_long(uint64_t seed, const char *dir)
{
	measure(seed, dir, 8);
}

/* ---- dating ---- */

#define START_MS INT64_C(1767225600000)
#define MINUTE_MS INT64_C(60000)
#define DAYS 3
#define TIMELINE 3000 /* posts, over the days */
#define LICENSEES 20
#define LEAKED 1000

/* Counters of a post grow as its age does, quickly at first; followers of its author about once in two hours. */
struct lives {
	struct {
		int64_t made_ms, followers;
		double popular;
		uint64_t seed;
	} post[TIMELINE];
};

static int64_t grown(uint64_t seed, double expected)
{
	struct chance c;
	double at = 0;
	int64_t n = 0;

	for (chance_seed(&c, seed);; n++) {
		at -= log1p(-chance_uniform(&c));
		if (at > expected)
			return n;
	}
}

static struct fingerprint_of counters_at(const struct lives *l, size_t post, int64_t now)
{
	double hours = (double)(now - l->post[post].made_ms) / 3600e3, likes = l->post[post].popular * log1p(hours * 2);
	uint64_t seed = l->post[post].seed;

	return (struct fingerprint_of){.post = (int64_t)(post + 1) << 16,
				       .likes = grown(seed, likes),
				       .replies = grown(seed + 1, likes / 8),
				       .boosts = grown(seed + 2, likes / 5),
				       .quotes = grown(seed + 3, likes / 40),
				       .followers = l->post[post].followers + grown(seed + 4, hours / 2)};
}

struct delivery_of {
	int64_t time_ms;
	struct fingerprint_of of;
};

/* One licensee reads what was posted in the last day and a quarter of an hour, every so often. Keeps the last delivery of each post to `kept`. */
static void read_timeline(struct ledger *ledger, const struct lives *l, const struct fingerprint_salt *salt,
			  int64_t licensee, int64_t now, struct delivery_of *kept)
{
	static struct ledger_item items[TIMELINE];
	struct ledger_record r = {.kind = LEDGER_POSTS,
				  .endpoint = 1,
				  .time_ms = now,
				  .licensee = licensee,
				  .key = licensee,
				  .terms = 1,
				  .items = items};

	for (size_t i = 0; i < TIMELINE; i++) {
		int64_t age = now - l->post[i].made_ms;
		if (age < 0 || age > 24 * 60 * MINUTE_MS ||
		    (l->post[i].seed ^ (uint64_t)licensee ^ (uint64_t)(now / MINUTE_MS)) % 4)
			continue;
		struct fingerprint_of of = counters_at(l, i, now);
		items[r.n_items++] = (struct ledger_item){.id = of.post, .fingerprint = fingerprint(salt, &of)};
		if (kept)
			kept[i] = (struct delivery_of){now, of};
	}
	if (r.n_items)
		must(ledger_append_wait(ledger, &r, NULL), "ledger_append");
}

static void make_lives(struct lives *l, struct chance *c)
{
	for (size_t i = 0; i < TIMELINE; i++) {
		l->post[i].made_ms = START_MS + (int64_t)(chance_uniform(c) * DAYS * 24 * 60) * MINUTE_MS;
		l->post[i].popular = pow(50, chance_uniform(c)) / 4;
		l->post[i].followers = (int64_t)pow(10000, chance_uniform(c));
		l->post[i].seed = chance_next(c);
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static size_t leak_rows(const struct delivery_of *kept, struct trace_match *ret, struct delivery_of *ret_truth)
{
	size_t n = 0;

	for (size_t i = 0; i < TIMELINE && n < LEAKED; i++) {
		const struct fingerprint_of *of = &kept[i].of;
		if (!kept[i].time_ms)
			continue;
		ret_truth[n] = kept[i];
		ret[n] = (struct trace_match){.post = of->post, .row = n + 1, .how = MATCH_ID};
		ret[n].counters.given = (1 << COUNTERS) - 1;
		ret[n].counters.v[COUNTER_LIKES] = of->likes;
		ret[n].counters.v[COUNTER_REPLIES] = of->replies;
		ret[n].counters.v[COUNTER_BOOSTS] = of->boosts;
		ret[n].counters.v[COUNTER_QUOTES] = of->quotes;
		ret[n].counters.v[COUNTER_FOLLOWERS] = of->followers;
		n++;
	}
	return n;
}

static void print_errors(const struct dating *d, const struct delivery_of *truth)
{
	static double off[LEAKED];
	size_t n = 0, right = 0, close = 0;

	for (size_t i = 0; i < d->looked_at; i++) {
		const struct dated_row *r = &d->rows[i];
		right += r->licensee == 1;
		if (r->licensee)
			off[n++] = fabs((double)(r->time_ms - truth[r->row - 1].time_ms)) / (double)MINUTE_MS;
	}
	if (n == 0)
		BUG("nothing was dated");
	qsort(off, n, sizeof(*off), by_value);
	while (close < n && off[close] <= 10)
		close++;
	printf("{\"rows\": %" PRIu64
	       ", \"dated\": %zu, \"right_licensee\": %zu, \"median_minutes\": %.2f, \"p75_minutes\": %.2f, "
	       "\"p90_minutes\": %.2f, \"within_10_minutes\": %.4f}\n",
	       d->looked_at, n, right, off[n / 2], off[n * 3 / 4], off[n * 9 / 10], (double)close / (double)n);
}

static void dating(uint64_t seed, const char *dir)
{
	static struct lives lives;
	static struct delivery_of kept[TIMELINE], truth[LEAKED];
	static struct trace_match rows[LEAKED];
	struct fingerprint_salt salt = {{1, 2, 3}};
	struct problem problem = {0};
	struct ledger *ledger;
	struct chance c;
	struct dating d;
	char path[256];

	chance_seed(&c, seed);
	make_lives(&lives, &c);
	snprintf(path, sizeof(path), "%s/ledger", dir);
	must(ledger_open(&(struct ledger_config){.dir = path, .origin = "example.org/study", .fingerprints = true},
			 &ledger, &problem),
	     "ledger_open");
	for (int64_t minute = 0; minute < DAYS * 24 * 60; minute++)
		for (int64_t j = 1; j <= LICENSEES; j++)
			if ((minute + j * 7) % (15 * (1 + j % 4)) == 0)
				read_timeline(ledger, &lives, &salt, j, START_MS + minute * MINUTE_MS,
					      j == 1 ? kept : NULL);
	must(dating_of(rows, leak_rows(kept, rows, truth), ledger, &salt, &d), "dating_of");
	print_errors(&d, truth);
	dating_release(&d);
	ledger_close(ledger);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(uint64_t seed, const char *dir);
	} experiments[] = {{"near", near}, {"near_long", near_long}, {"dating", dating}};
	char dir[] = "/tmp/kicau-study-XXXXXX", command[64];

	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR, LOG_AUTO);
	must(secret_init(), "secret_init");
	for (size_t i = 0; argc == 3 && i < ARRAY_LEN(experiments); i++)
		if (!strcmp(argv[1], experiments[i].name)) {
			if (!mkdtemp(dir))
				return 1;
			experiments[i].run(strtoull(argv[2], NULL, 10), dir);
			snprintf(command, sizeof(command), "rm -rf %s", dir);
			return system(command) != 0;
		}
	fprintf(stderr, "matching EXPERIMENT SEED\n");
	return 2;
}

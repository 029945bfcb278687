/*
 * seed.c - fills an empty data directory for the benchmarks: the same network every time but for the dates, which end
 * today. Beside the database it leaves tokens.txt ("TOKEN ACCOUNT_ID USERNAME" a line, announcers first) and
 * seed.json (what there is, and words to search for with the number of posts that have them).
 *
 *   seed DIR BASE_URL [ACCOUNTS] [POSTS] [FOLLOWS]
 *
 * What a live network would have besides: notifications of follows, polls, direct posts, edits, lists, blocks, and the
 * files of pictures.
 */
#include "base/base.h"

#include "seed.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "base/secret.h"
#include "vocabulary.h"

#define ANNOUNCERS 100

/* Ranks of words to search for: some 60, 2 500 and 60 000 of a million posts. */
static const struct {
	const char *name;
	size_t rank;
} searches[] = {{"rare", 49990}, {"middling", 1000}, {"common", 40}};

static bool parse_args(int argc, char **argv, struct seed *s)
{
	size_t *const numbers[] = {&s->accounts, &s->posts, &s->follows};

	if (argc < 3 || argc > 6)
		return false;
	for (int i = 3; i < argc; i++) {
		uint64_t n;

		if (!parse_u64(view_of(argv[i]), 10000000, &n) || n == 0)
			return false;
		*numbers[i - 3] = n;
	}
	s->dir = argv[1];
	return true;
}

static enum err write_facts(const struct seed *s, double seconds)
{
	char path[4096], word[16];

	snprintf(path, sizeof(path), "%s/seed.json", s->dir);
	FILE *f = fopen(path, "w");
	if (!f)
		return ERR_UNAVAILABLE;
	fprintf(f,
		"{\"base_url\": \"%s\", \"made_at\": %" PRId64
		", \"announcers\": %zu, \"accounts\": %zu, \"posts\": %zu, ",
		s->core->config.base_url, s->now, s->announcers, s->accounts, s->posts);
	fprintf(f, "\"follows\": %zu, \"seconds\": %.1f, \"words\": {", s->follows, seconds);
	for (size_t i = 0; i < ARRAY_LEN(searches); i++) {
		vocabulary_word(searches[i].rank, word);
		fprintf(f, "%s\"%s\": {\"word\": \"%s\", \"posts\": %" PRIu32 "}", i ? ", " : "", searches[i].name,
			word, s->met[searches[i].rank]);
	}
	fputs("}}\n", f);
	return fclose(f) == 0 ? OK : ERR_NO_SPACE;
}

static enum err fill(struct seed *s, int64_t began)
{
	static const struct {
		const char *name;
		enum err (*run)(struct seed *s);
	} steps[] = {
		{"people", seed_people}, {"follows", seed_follows}, {"posts", seed_posts}, {"counts", seed_counts}};

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		TRY(steps[i].run(s));
		fprintf(stderr, "seed: %s written after %.1f s\n", steps[i].name,
			(double)(clock_mono_ns() - began) / 1e9);
	}
	return write_facts(s, (double)(clock_mono_ns() - began) / 1e9);
}

static enum err open_all(const char *dir, const char *base_url, struct seed *s, struct store **ret,
			 struct problem *problem)
{
	const char *host = strstr(base_url, "://");
	const struct core_config config = {.base_url = base_url,
					   .domain = host ? host + 3 : base_url,
					   .title = "bench",
					   .timelines_bytes = 1 << 20,
					   .cards_bytes = 1 << 20,
					   .viewers_bytes = 1 << 20,
					   .merge_followers = 20000,
					   .post_chars = 500};
	char url[4096];

	snprintf(url, sizeof(url), "sqlite:%s/kicau.db", dir);
	TRY(store_open(&(struct store_config){.url = url, .sqlite_cache_kib = 512 * 1024}, ret, problem));
	return core_open(&config, *ret, &s->core, problem);
}

int main(int argc, char **argv)
{
	struct seed s = {.announcers = ANNOUNCERS, .accounts = 10000, .posts = 1000000, .follows = 2000000};
	struct problem problem = {0};
	struct store *store = NULL;
	int64_t began = clock_mono_ns();

	if (!parse_args(argc, argv, &s)) {
		fputs("usage: seed DIR BASE_URL [ACCOUNTS] [POSTS] [FOLLOWS]\n", stderr);
		return 2;
	}
	s.now = clock_now();
	s.met = xcalloc(VOCABULARY_WORDS, sizeof(*s.met));
	mkdir(s.dir, 0700);
	enum err err = secret_init();
	if (err == OK)
		err = open_all(s.dir, argv[2], &s, &store, &problem);
	if (err == OK)
		err = fill(&s, began);
	if (err != OK)
		fprintf(stderr, "seed: %s %s\n", err_name(err), problem.text);
	core_close(s.core);
	if (store)
		store_thread_done(store);
	store_close(store);
	free(s.people);
	free(s.met);
	return err == OK ? 0 : 1;
}

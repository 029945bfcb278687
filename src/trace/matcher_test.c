/* Which row is which post, and which is none. */
#include "base/base.h"
#include "trace/trace_test.h"

#include "trace/measure.h"

static const struct test_post posts[] = {
	{101, "Good morning everybody out there!", NULL},
	{102, "good morning everybody, out there", NULL},
	{103, "The heron stood in the shallow water for an hour without moving, and then it was gone. https://example.org/heron", NULL},
	{104, "Nobody told us that the bridge would be closed until the end of November; we walked.", "Nobody told us the "
	      "bridge would be closed until December. So we walked home along the river."},
	{105, NULL, NULL},
	{106, "ok", NULL},
	{107, "A recipe for lentils: onions, cumin, a bay leaf, patience, and nothing else at all. Serve with flat bread.", NULL},
	{108, "\xe4\xbb\x8a\xe5\xa4\xa9\xe7\x9a\x84\xe5\xa4\xa9\xe6\xb0\x94\xe5\xbe\x88\xe5\xa5\xbd\xef\xbc\x8c\xe6\x88\x91\xe4\xbb\xac\xe5\x8e\xbb\xe6\xb2\xb3\xe8\xbe\xb9\xe6\x95\xa3\xe6\xad\xa5\xe4\xba\x86", NULL},
};
static const int64_t delivered[] = {103, 999};

struct expected {
	struct leak_row row;
	enum row_fate fate;
	int64_t post;
	enum match_how how;
	bool id_only;
	uint32_t version;
};

struct told {
	const struct test_posts *posts;
	const struct expected *cases;
	size_t n;
};

static enum err on_result(void *arg, const struct row_result *r)
{
	struct told *t = arg;
	const struct expected *e = &t->cases[t->n];

	assert_int_equal(r->tag, t->n);
	t->n++;
	if (r->fate != e->fate)
		fail_msg("row %zu (%.40s) is %d, not %d", t->n - 1, e->row.text.p, r->fate, e->fate);
	if (r->fate != FATE_MATCHED)
		return OK;
	assert_int_equal(index_id(t->posts->index, r->post), e->post);
	assert_int_equal(r->how, e->how);
	assert_int_equal(r->id_only, e->id_only);
	assert_int_equal(r->version, e->version);
	assert_true(r->id_only ? r->similarity == 0 : r->similarity > 0.5F && r->similarity <= 1);
	return OK;
}

#define TEXT(s) .row = {.text = V(s)}

static void fates(void **state)
{
	static const struct expected cases[] = {
		{TEXT("THE HERON stood in the shallow water for an hour without moving and then it was gone"), FATE_MATCHED, 103, MATCH_TEXT, false, 0},
		{TEXT("<p>The heron stood in the shallow water for an hour, without moving, and then it was gone.</p>"), FATE_MATCHED, 103, MATCH_TEXT, false, 0},
		{TEXT("The heron stood in the shallow water for an"), FATE_MATCHED, 103, MATCH_NEAR, false, 0},
		{TEXT("As she said: the heron stood in the shallow water for an hour without moving, and then it was gone. Lovely!"), FATE_MATCHED, 103, MATCH_NEAR, false, 0},
		{TEXT("Teh heron stod in the shalow watter for an hour without movign and then it was gnoe"), FATE_MATCHED, 103, MATCH_NEAR, false, 0},
		{TEXT("Nobody told us that the bridge would be closed until the end of November; we walked."), FATE_MATCHED, 104, MATCH_TEXT, false, 0},
		{TEXT("Nobody told us the bridge would be closed until December. So we walked home along the river."), FATE_MATCHED, 104, MATCH_TEXT, false, 1},
		/* Several posts have it; too short; nobody's. */
		{TEXT("good morning everybody out there"), FATE_AMBIGUOUS, 0, 0, false, 0},
		{TEXT("Good morning everybody out there, and a fine Sunday"), FATE_AMBIGUOUS, 0, 0, false, 0},
		{TEXT("ok"), FATE_SHORT, 0, 0, false, 0},
		{TEXT("a heron"), FATE_SHORT, 0, 0, false, 0},
		{TEXT("Quite another text of somebody who was never here at all"), FATE_UNMATCHED, 0, 0, false, 0},
		{TEXT("\xe4\xbb\x8a\xe5\xa4\xa9\xe7\x9a\x84\xe5\xa4\xa9\xe6\xb0\x94\xe5\xbe\x88\xe5\xa5\xbd \xe6\x88\x91\xe4\xbb\xac\xe5\x8e\xbb\xe6\xb2\xb3\xe8\xbe\xb9"), FATE_MATCHED, 108, MATCH_NEAR, false, 0},
		/* Ids: with the text, alone, under another text, of what is gone, of a boost. */
		{.row = {.id = 107, .text = V("A recipe for lentils: onions, cumin, a bay leaf, patience")}, .fate = FATE_MATCHED, .post = 107, .how = MATCH_ID},
		{.row = {.id = 106, .text = V("OK!")}, .fate = FATE_MATCHED, .post = 106, .how = MATCH_ID},
		{.row = {.id = 107}, .fate = FATE_MATCHED, .post = 107, .how = MATCH_ID, .id_only = true},
		{.row = {.id = 107, .text = V("Another network numbers its posts like this, and has other words")}, .fate = FATE_CONFLICTING},
		{.row = {.id = 107, .text = V("The heron stood in the shallow water for an hour without moving, and then it was gone.")}, .fate = FATE_MATCHED, .post = 103, .how = MATCH_TEXT},
		{.row = {.id = 999, .text = V("whatever it was, it is not here any more")}, .fate = FATE_MATCHED, .post = 999, .how = MATCH_ID, .id_only = true},
		{.row = {.id = 105, .text = V("RT @alice: whatever")}, .fate = FATE_MATCHED, .post = 105, .how = MATCH_ID, .id_only = true},
		/* Addresses. */
		{.row = {.url = V("https://kicau.example/@alice/103")}, .fate = FATE_MATCHED, .post = 103, .how = MATCH_URL, .id_only = true},
		{.row = {.url = V("http://KICAU.example/users/42/statuses/104/activity")}, .fate = FATE_MATCHED, .post = 104, .how = MATCH_URL, .id_only = true},
		{.row = {.url = V("https://elsewhere.example/@alice/103"), .text = V("x")}, .fate = FATE_SHORT},
		{.row = {.url = V("https://kicau.example/@alice/77")}, .fate = FATE_WITHOUT_TEXT},
		{.row = {.id = 12345}, .fate = FATE_WITHOUT_TEXT},
		{.row = {.unreadable = "why"}, .fate = FATE_UNREADABLE},
	};
	struct test_posts t = {
		.v = posts, .n = ARRAY_LEN(posts), .delivered = delivered, .n_delivered = ARRAY_LEN(delivered)};
	struct told told = {.posts = &t, .cases = cases};

	(void)state;
	test_posts_open(&t);
	struct matcher *m = matcher_new(t.index, &t.texts, V("https://kicau.example"), on_result, &told);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(matcher_add(m, &cases[i].row, i), OK);
	assert_int_equal(matcher_flush(m), OK);
	assert_int_equal(told.n, ARRAY_LEN(cases));
	matcher_free(m);
	test_posts_close(&t);
}

static enum err count(void *arg, const struct row_result *r)
{
	size_t *n = arg;

	assert_int_equal(r->tag, *n);
	++*n;
	return OK;
}

/* Many rows: told in order, with a few questions to the database. */
static void batches(void **state)
{
	struct test_posts t = {.v = posts, .n = ARRAY_LEN(posts)};
	struct leak_row row = {.text = view_of(posts[2].text)};
	size_t n = 0;

	(void)state;
	test_posts_open(&t);
	struct matcher *m = matcher_new(t.index, &t.texts, V("https://kicau.example"), count, &n);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(matcher_add(m, &row, i), OK);
	assert_int_equal(matcher_flush(m), OK);
	assert_int_equal(n, 1000);
	assert_true(t.loads <= 8);
	matcher_free(m);
	test_posts_close(&t);
}

/* ---- what says too little ---- */

#define ORDINARY_POSTS 300

static unsigned next(unsigned n);

static size_t add_words(char *text, size_t cap, size_t n)
{
	static const char *const words[] = {"river",  "market",	 "engine",  "window", "harvest", "signal",
					    "copper", "lantern", "orchard", "ferry",  "gravel",	 "thunder"};
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, cap - len, "%s ", words[next(ARRAY_LEN(words))]);
	return len;
}

/* Where all write with twelve words, four of them stand in a stranger's row by chance; four that nobody else has do not. */
static void ordinary(void **state)
{
	static struct test_post made[ORDINARY_POSTS + 2];
	static char texts[ORDINARY_POSTS][256];
	static char rows[2][512];
	const struct expected cases[] = {
		{.row = {.text = view_make(rows[0], sizeof(rows[0]))}, .fate = FATE_SHORT},
		{.row = {.text = view_make(rows[1], sizeof(rows[1]))}, .fate = FATE_MATCHED, .post = 2000, .how = MATCH_NEAR},
		/* The id says it, whatever the text does. */
		{.row = {.id = 1000, .text = V("River market, engine window!")}, .fate = FATE_MATCHED, .post = 1000, .how = MATCH_ID},
	};
	struct test_posts t = {.v = made, .n = ARRAY_LEN(made)};
	struct told told = {.posts = &t, .cases = cases};

	(void)state;
	for (size_t i = 0; i < ORDINARY_POSTS; i++) {
		add_words(texts[i], sizeof(texts[i]), 10 + next(8));
		made[i] = (struct test_post){(int64_t)i + 1, texts[i], NULL};
	}
	made[ORDINARY_POSTS] = (struct test_post){1000, "river market engine window", NULL};
	made[ORDINARY_POSTS + 1] = (struct test_post){2000, "quokkas juggle zithers vexedly", NULL};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		memset(rows[i], ' ', sizeof(rows[i]));
		size_t len = add_words(rows[i], 256, 8);
		len += (size_t)snprintf(rows[i] + len, 256 - len, "%s ", made[ORDINARY_POSTS + i].text);
		len += add_words(rows[i] + len, 256, 8);
		rows[i][len] = ' ';
	}
	test_posts_open(&t);
	struct matcher *m = matcher_new(t.index, &t.texts, V("https://kicau.example"), on_result, &told);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(matcher_add(m, &cases[i].row, i), OK);
	assert_int_equal(matcher_flush(m), OK);
	assert_int_equal(told.n, ARRAY_LEN(cases));
	matcher_free(m);
	test_posts_close(&t);
}

/* ---- measured on texts of random words ---- */

#define MEASURED_POSTS 400
#define WORDS 3000

static uint64_t word_state = 88172645463325252ULL;

static unsigned next(unsigned n)
{
	word_state ^= word_state << 13;
	word_state ^= word_state >> 7;
	word_state ^= word_state << 17;
	return (unsigned)(word_state >> 33) % n;
}

static void make_words(char text[256], size_t words)
{
	size_t len = 0;

	for (size_t i = 0; i < words && len < 220; i++) {
		unsigned word = next(WORDS);
		len += (size_t)snprintf(text + len, 256 - len, "%s%c%c%c%c%c", i ? " " : "", 'a' + word % 26,
					'a' + word / 26 % 5, 'a' + word % 17, 'e' + word % 7, 'a' + word / 130 % 24);
	}
}

static void measured(void **state)
{
	static struct test_post made[MEASURED_POSTS];
	static char texts[MEASURED_POSTS][256];
	struct test_posts t = {.v = made, .n = MEASURED_POSTS};
	struct measured m;

	(void)state;
	for (size_t i = 0; i < MEASURED_POSTS; i++) {
		make_words(texts[i], 4 + next(30));
		made[i] = (struct test_post){
			(int64_t)i + 1,
			i % 20 ? texts[i] : "the same words that others wrote as well, more than fifty letters of them",
			NULL};
	}
	test_posts_open(&t);
	assert_int_equal(measure_matching(t.index, &t.texts, 200, 1, &m), OK);
	assert_int_equal(m.posts, 200);
	assert_true(m.brief > 0 && m.shared > 0);
	assert_int_equal(m.by[REWRITE_CASE].rows, 200);
	assert_int_equal(m.by[REWRITE_CASE].right, 200);
	assert_true(m.recall >= 0.95);
	assert_true(m.precision >= 0.999);
	for (size_t i = 0; i < REWRITES; i++)
		assert_int_equal(m.by[i].false_rows, 200);
	test_posts_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fates),
		cmocka_unit_test(batches),
		cmocka_unit_test(ordinary),
		cmocka_unit_test(measured),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

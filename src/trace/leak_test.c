/* A leak from files to result, as it is and broken off at every place. */
#include "base/base.h"
#include "trace/leak.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "store/store.h"
#include "trace/leak_file.h"

#define POSTS 60

SQL(leak_test_post,
    "INSERT INTO posts (id, account_id, domain, uri, url, thread_id, visibility, text, html, created_at, edited_at) "
    "VALUES ($1, 1, $2, '', '', $1, $3, $4, '', 0, $5)");
SQL(leak_test_edit, "INSERT INTO post_edits (post_id, id, text, html, spoiler, sensitive, media, poll, created_at) "
		    "VALUES ($1, $2, $3, '', '', 0, '', '', 0)");

static char dir[64];
static struct store *store;

static const char *path(const char *name)
{
	static char paths[8][256];
	static size_t at;

	at = (at + 1) % ARRAY_LEN(paths);
	snprintf(paths[at], sizeof(paths[at]), "%s/%s", dir, name);
	return paths[at];
}

/* Words in an order that no two of them share. */
static void text_of(size_t i, char ret[160])
{
	static const char *const words[] = {"river",   "kitchen", "ladder",  "harbour", "violin",  "orchard",
					    "lantern", "pepper",  "granite", "window",	"sparrow", "copper",
					    "thunder", "basket",  "meadow",  "anchor"};
	uint64_t state = i * UINT64_C(0x9e3779b97f4a7c15);
	size_t len = 0;

	for (size_t n = 0; n < 12; n++) {
		state = (state ^ state >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
		len += (size_t)snprintf(ret + len, 160 - len, "%s%s", n ? " " : "", words[state >> 40 & 15]);
	}
}

static enum err write_posts(struct db *tx, void *arg)
{
	char text[160];

	(void)arg;
	for (size_t i = 1; i <= POSTS; i++) {
		text_of(i, text);
		/* 58 is for followers, 59 of another server, 60 was edited. */
		TRY(db_exec(tx, &leak_test_post,
			    BINDS(B_INT((int64_t)i), B_TEXT(view_of(i == 59 ? "elsewhere.example" : "")),
				  B_INT(i == 58 ? 2 : 0), B_TEXT(view_of(text)), i == 60 ? B_INT(1) : B_NULL),
			    NULL));
	}
	TRY(db_exec(tx, &leak_test_edit,
		    BINDS(B_INT(60), B_INT(1), B_TEXT(V("What it said at first was quite another thing altogether"))),
		    NULL));
	return db_exec(tx, &leak_test_edit, BINDS(B_INT(60), B_INT(2), B_TEXT(view_of(text))), NULL);
}

static int set_up(void **state)
{
	struct problem problem = {0};
	char url[128];

	(void)state;
	log_setup(STDERR_FILENO, LOG_LEVEL_WARN, LOG_AUTO);
	snprintf(dir, sizeof(dir), "/tmp/kicau-leak-XXXXXX");
	assert_int_equal(secret_init(), OK);
	assert_non_null(mkdtemp(dir));
	snprintf(url, sizeof(url), "sqlite:%s/test.db", dir);
	assert_int_equal(store_open(&(struct store_config){.url = url}, &store, &problem), OK);
	assert_int_equal(store_write(store, write_posts, NULL), OK);
	return 0;
}

static int remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(name);
}

static int tear_down(void **state)
{
	(void)state;
	store_thread_done(store);
	store_close(store);
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static void write_file(const char *name, struct view bytes)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.len, f), bytes.len);
	fclose(f);
}

struct watched {
	size_t sources, damaged;
	uint64_t resumed;
};

static void on_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	(void)arg, (void)what, (void)done, (void)total;
}

static void on_source(void *arg, const char *name, enum leak_format format, const char *damage)
{
	struct watched *w = arg;

	(void)name, (void)format;
	w->sources += damage == NULL;
	w->damaged += damage != NULL;
}

static void on_resumed(void *arg, uint64_t rows)
{
	((struct watched *)arg)->resumed = rows;
}

static struct leak_result *read_leak(const char *leak, bool anew, struct watched *w)
{
	struct problem problem = {0};
	struct leak_result *r;
	struct leak_config config = {.path = leak,
				     .base_url = "https://kicau.example",
				     .work = path("work"),
				     .anew = anew,
				     .db = store_db(store),
				     .watch = {on_progress, on_source, on_resumed, w}};

	*w = (struct watched){0};
	if (leak_read(&config, &r, &problem) != OK)
		fail_msg("%s", problem.text);
	return r;
}

static struct view make_leak(struct buf *out)
{
	char text[160];

	for (size_t i = 1; i <= POSTS; i++) {
		text_of(i, text);
		buf_printf(out, "{\"text\":\"%s%s\",\"like_count\":%zu}\n", i % 3 ? "" : "Seen: ", text, i);
		buf_printf(out, "{\"text\":\"what others wrote about %zu entirely different matters of theirs\"}\n", i);
	}
	buf_add_str(
		out,
		"{\"text\":\"What it said at first was quite another thing altogether\"}\n{\"id\":\"7\"}\nbroken\n");
	return buf_view(out);
}

static void whole(void **state)
{
	struct buf leak = {.max = 1 << 20};
	struct watched w;
	size_t n;

	(void)state;
	write_file(path("leak.jsonl"), make_leak(&leak));
	struct leak_result *r = read_leak(path("leak.jsonl"), true, &w);
	const struct match_counts *c = leak_counts(r);
	assert_int_equal(c->rows, 2 * POSTS + 2);
	assert_int_equal(c->unreadable, 1);
	assert_int_equal(c->posts, POSTS - 2);
	assert_int_equal(c->matched, POSTS - 2 + 2);
	assert_int_equal(c->repeated, 2);
	assert_int_equal(c->by[MATCH_ID], 1);
	assert_int_equal(c->unmatched + c->ambiguous, POSTS + 2);
	assert_int_equal(c->rows,
			 c->matched + c->ambiguous + c->conflicting + c->short_text + c->without_text + c->unmatched);
	const struct leak_post *posts = leak_posts(r, &n);
	assert_int_equal(n, POSTS - 2);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(posts[i].post, i < 57 ? i + 1 : 60);
		assert_int_equal(posts[i].how, posts[i].post == 7			  ? MATCH_ID
					       : posts[i].post % 3 || posts[i].post == 60 ? MATCH_TEXT
											  : MATCH_NEAR);
	}
	assert_string_equal(leak_source_name(r, 0), path("leak.jsonl"));
	leak_result_free(r);
	buf_release(&leak);
}

/* ---- broken off ---- */

static void copy(const char *from, const char *to)
{
	struct buf bytes = {.max = 1 << 20};
	FILE *f = fopen(from, "r");

	assert_non_null(f);
	buf_grow(&bytes, fread(buf_reserve(&bytes, 1 << 19), 1, 1 << 19, f));
	fclose(f);
	write_file(to, buf_view(&bytes));
	buf_release(&bytes);
}

static char *contents(const char *name)
{
	struct buf bytes = {.max = 1 << 20};
	FILE *f = fopen(name, "r");

	assert_non_null(f);
	buf_grow(&bytes, fread(buf_reserve(&bytes, 1 << 19), 1, 1 << 19, f));
	fclose(f);
	return buf_detach(&bytes);
}

static enum err count_line(void *arg, const struct trace_match *m, uint64_t source, struct view name)
{
	(void)source, (void)name;
	*(uint64_t *)arg += m && m->row <= 40;
	return OK;
}

/* As a run that was killed some time after it had saved that 40 rows are done: more stands in the matches' file. */
static void resumed(void **state)
{
	struct leak_state s;
	struct watched w;
	struct view line;
	struct buf leak = {.max = 1 << 20};

	(void)state;
	write_file(path("leak.jsonl"), make_leak(&leak));
	leak_result_free(read_leak(path("leak.jsonl"), true, &w));
	assert_int_equal(w.resumed, 0);
	char *matches = contents(path("work/matches.jsonl"));
	struct match_counts whole_counts;
	assert_int_equal(leak_state_read(path("work"), &s), OK);
	whole_counts = s.counts;
	uint64_t kept = 0;
	assert_int_equal(leak_each_line(path("work/matches.jsonl"), count_line, &kept), OK);
	struct view rest = view_of(matches);
	for (uint64_t i = 0; i <= kept; i++)
		assert_true(view_split(&rest, '\n', &line)); /* the file's line, and those of the first 40 rows */
	s.finished = false;
	s.done = 40;
	s.matches_bytes = (uint64_t)(rest.p - matches);
	s.counts = (struct match_counts){
		.rows = 40, .matched = kept, .posts = kept, .with_counters = kept, .unmatched = 40 - kept};
	for (size_t i = 1; i <= 20; i++)
		s.counts.by[i % 3 ? MATCH_TEXT : MATCH_NEAR]++;
	s.texts[MATCH_TEXT] = s.counts.by[MATCH_TEXT];
	s.texts[MATCH_NEAR] = s.counts.by[MATCH_NEAR];
	assert_int_equal(kept, 20);
	assert_int_equal(leak_state_write(path("work"), &s), OK);
	struct leak_result *r = read_leak(path("leak.jsonl"), false, &w);
	assert_int_equal(w.resumed, 40);
	assert_memory_equal(leak_counts(r), &whole_counts, sizeof(whole_counts));
	char *again = contents(path("work/matches.jsonl"));
	assert_string_equal(again, matches);
	free(again);
	leak_result_free(r);
	/* Another leak under that name is begun anew; so is one whose index is another. */
	s.finished = false;
	assert_int_equal(leak_state_write(path("work"), &s), OK);
	buf_add_str(&leak, "{\"text\":\"one more\"}\n");
	write_file(path("leak.jsonl"), buf_view(&leak));
	r = read_leak(path("leak.jsonl"), false, &w);
	assert_int_equal(w.resumed, 0);
	assert_int_equal(leak_counts(r)->rows, whole_counts.rows + 1);
	leak_result_free(r);
	free(matches);
	buf_release(&leak);
}

/* ---- files ---- */

static void pack(const char *name, int (*filter)(struct archive *), int (*format)(struct archive *),
		 const char *const *names, struct view bytes)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e;

	filter(a);
	format(a);
	assert_int_equal(archive_write_open_filename(a, name), ARCHIVE_OK);
	for (; *names; names++) {
		e = archive_entry_new();
		archive_entry_set_pathname(e, *names);
		archive_entry_set_size(e, (la_int64_t)bytes.len);
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0644);
		assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
		assert_int_equal(archive_write_data(a, bytes.p, bytes.len), (la_ssize_t)bytes.len);
		archive_entry_free(e);
	}
	assert_int_equal(archive_write_free(a), ARCHIVE_OK);
}

static void packed(void **state)
{
	static const char *const one[] = {"a", NULL}, *const two[] = {"a.jsonl", "b.jsonl", NULL};
	struct buf leak = {.max = 1 << 20};
	struct watched w;

	(void)state;
	make_leak(&leak);
	mkdir(path("many"), 0700);
	mkdir(path("many/below"), 0700);
	write_file(path("many/a.jsonl"), buf_view(&leak));
	pack(path("many/b.jsonl.gz"), archive_write_add_filter_gzip, archive_write_set_format_raw, one,
	     buf_view(&leak));
	pack(path("many/below/c.jsonl.zst"), archive_write_add_filter_zstd, archive_write_set_format_raw, one,
	     buf_view(&leak));
	pack(path("many/d.tar.xz"), archive_write_add_filter_xz, archive_write_set_format_ustar, two, buf_view(&leak));
	pack(path("many/e.zip"), archive_write_add_filter_none, archive_write_set_format_zip, two, buf_view(&leak));
	write_file(path("many/f.empty"), V(""));
	struct leak_result *r = read_leak(path("many"), true, &w);
	assert_int_equal(leak_counts(r)->sources, 8);
	assert_int_equal(leak_counts(r)->damaged, 0);
	assert_int_equal(leak_counts(r)->rows, 7 * (2 * POSTS + 2));
	assert_int_equal(leak_counts(r)->posts, POSTS - 2);
	assert_string_equal(leak_source_name(r, 1), path("many/b.jsonl.gz"));
	assert_non_null(strstr(leak_source_name(r, 4), "d.tar.xz: b.jsonl"));
	leak_result_free(r);
	/* One that is cut short, and one that only begins like an archive: that is read as it is. */
	assert_int_equal(truncate(path("many/b.jsonl.gz"), 200), 0);
	write_file(path("many/g.gz"), V("\x1f\x8bxxxxxxxxxxxxxxxxxxxxxxxx"));
	r = read_leak(path("many"), true, &w);
	assert_int_equal(leak_counts(r)->damaged, 1);
	assert_int_equal(w.damaged, 1);
	assert_true(leak_counts(r)->rows >= 6 * (2 * POSTS + 2));
	leak_result_free(r);
	buf_release(&leak);
}

/* A hole of terabytes between two rows is one row that cannot be read: to read through it would take hours. */
static void sparse(void **state)
{
	/* Between elements of an array it is white space; of HTML a page that is too long, with what stands in it. */
	static const struct {
		const char *before, *row;
		size_t rows, unreadable;
	} kinds[] = {{"", "{\"id\":\"7\"}\n", 2, 1},
		     {"[\n", "{\"id\":\"7\"},\n", 2, 0},
		     {"id,text\n", "7,x\n", 2, 1},
		     {"", "good morning\n", 2, 1},
		     {"<!doctype html>\n", "<p>good morning</p>\n", 1, 1}};
	struct watched w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		FILE *f = fopen(path("holes"), "we");

		assert_non_null(f);
		fprintf(f, "%s%s", kinds[i].before, kinds[i].row);
		assert_int_equal(fseeko(f, (off_t)1 << 42, SEEK_SET), 0);
		fprintf(f, "\n%s", kinds[i].row);
		assert_int_equal(fclose(f), 0);
		struct leak_result *r = read_leak(path("holes"), true, &w);
		assert_int_equal(leak_counts(r)->rows, kinds[i].rows);
		assert_int_equal(leak_counts(r)->unreadable, kinds[i].unreadable);
		leak_result_free(r);
	}
	/* And nothing but a hole. */
	assert_int_equal(truncate(path("holes"), 0), 0);
	assert_int_equal(truncate(path("holes"), (off_t)1 << 42), 0);
	struct leak_result *r = read_leak(path("holes"), true, &w);
	assert_int_equal(leak_counts(r)->unreadable, 1);
	assert_int_equal(leak_counts(r)->rows, 0);
	leak_result_free(r);
	unlink(path("holes"));
}

static void refused(void **state)
{
	struct problem problem = {0};
	struct leak_result *r;
	struct watched w = {0};
	struct leak_config config = {.path = path("nothing here"),
				     .base_url = "https://kicau.example",
				     .work = path("work"),
				     .db = store_db(store),
				     .watch = {on_progress, on_source, on_resumed, &w}};

	(void)state;
	assert_int_equal(leak_read(&config, &r, &problem), ERR_NOT_FOUND);
	config.path = path("leak.jsonl");
	config.work = "/proc/nowhere";
	assert_int_equal(leak_read(&config, &r, &problem), ERR_UNAVAILABLE);
	assert_int_equal(leak_open(path("many"), &r, &problem), ERR_NOT_FOUND);
	copy(path("work/index"), path("work/state.json"));
	assert_int_not_equal(leak_open(path("work"), &r, &problem), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),  cmocka_unit_test(resumed), cmocka_unit_test(packed),
		cmocka_unit_test(sparse), cmocka_unit_test(refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/*
 * trace_leak.c - `kicau trace leak`: what of a leaked data set is ours, by what, and when it was delivered.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <unistd.h>

#include "base/limits.h"
#include "cli/terminal.h"
#include "cli/trace_print.h"
#include "cli/trace_verdict.h"
#include "trace/index.h"
#include "trace/leak.h"
#include "trace/posts.h"

#define MEASURED_POSTS 500
#define MEASURED_MAX 100000
#define MEASURE_SEED 1 /* the same posts are rewritten in the same way each time */
#define SOURCES_TOLD 20
#define PATH_BYTES 4352

struct tracing {
	struct cli *cli;
	struct leak_config config;
	char work[PATH_BYTES];
	struct ledger *ledger;	  /* NULL: there is none */
	struct trace_fixed fixed; /* before the leak was read */
	uint64_t measured_posts;
	struct progress progress;
	const char *doing; /* NULL: nothing yet */
	uint64_t sources;
};

/* ---- telling how far it is ---- */

static void on_progress(void *arg, const char *what, uint64_t done, uint64_t total)
{
	struct tracing *t = arg;

	if (t->doing != what) {
		if (t->doing)
			progress_end(&t->progress);
		progress_start(&t->progress, what);
		t->doing = what;
	}
	progress_at(&t->progress, done, total, strcmp(what, "reading") == 0 ? "bytes" : "posts");
}

static void on_source(void *arg, const char *name, enum leak_format format, const char *damage)
{
	struct tracing *t = arg;

	if (t->doing)
		progress_end(&t->progress);
	if (damage)
		fprintf(stderr, "kicau: %s: was not read to its end: %s\n", name, damage);
	else if (t->sources++ < SOURCES_TOLD)
		fprintf(stderr, "%s: %s\n", name, leak_format_name(format));
	else if (t->sources == SOURCES_TOLD + 1)
		fprintf(stderr, "…\n");
}

static void on_resumed(void *arg, uint64_t rows)
{
	(void)arg;
	fprintf(stderr, "going on behind the %" PRIu64 " rows of the run that was broken off\n", rows);
}

/* ---- what it works with ---- */

static bool read_options(struct tracing *t)
{
	const struct options *o = &t->cli->options;
	const char *format = option_text(o, "format"), *work = option_text(o, "work"),
		   *posts = option_text(o, "measure");

	t->measured_posts = MEASURED_POSTS;
	if (format && !leak_format_parse(view_of(format), &t->config.format)) {
		cli_misused(t->cli, "--format takes auto, jsonl, json, csv, text, html or warc, not \"%.40s\"", format);
		return false;
	}
	if (posts && !parse_u64(view_of(posts), MEASURED_MAX, &t->measured_posts)) {
		cli_misused(t->cli, "--measure takes a number up to %d, not \"%.40s\"", MEASURED_MAX, posts);
		return false;
	}
	if (option_given(o, "reveal") && !option_given(o, "report")) {
		cli_misused(t->cli, "--reveal goes with --report");
		return false;
	}
	t->config.path = o->operands[0];
	t->config.anew = option_given(o, "anew");
	if (work)
		snprintf(t->work, sizeof(t->work), "%.4300s", work);
	return true;
}

/* Without a ledger nothing was delivered, and nobody can be named: then it only matches. */
static bool open_ledger(struct tracing *t)
{
	char file[PATH_BYTES];

	snprintf(file, sizeof(file), "%.4096s/ledger/key.public", t->cli->config.v.data_dir);
	if (access(file, F_OK) != 0)
		return true;
	if (!trace_ledger_check(t->cli) || !trace_verdict_begin(t->cli, t->config.path, &t->fixed))
		return false;
	t->ledger = trace_ledger_open(t->cli);
	return t->ledger != NULL;
}

static bool open_all(struct tracing *t)
{
	struct cli *cli = t->cli;

	if (!cli_open(cli, true) || !open_ledger(t))
		return false;
	if (!t->work[0])
		snprintf(t->work, sizeof(t->work), "%.4096s/trace", cli->config.v.data_dir);
	t->config.work = t->work;
	t->config.base_url = cli->core->config.base_url;
	t->config.db = store_db(cli->store);
	t->config.ledger = t->ledger;
	t->config.watch = (struct leak_watch){on_progress, on_source, on_resumed, t};
	return true;
}

/* ---- what is found ---- */

static enum err measure(struct tracing *t, struct measured *ret)
{
	struct matcher_texts texts = trace_texts(t->config.db);
	struct trace_index *index;
	char path[PATH_BYTES + 16];

	snprintf(path, sizeof(path), "%s/" LEAK_INDEX_FILE, t->work);
	TRY(index_open(path, &index, &t->cli->problem));
	enum err err = measure_matching(index, &texts, t->measured_posts, MEASURE_SEED, ret);
	index_close(index);
	return err;
}

static enum err date(struct tracing *t, const struct leak_result *r, struct dating *ret)
{
	struct fingerprint_salt salt;

	TRY(fingerprint_salt_init(t->cli->store, &salt));
	return dating_make(r, t->ledger, &salt, ret);
}

static enum err look(struct tracing *t, const struct leak_result *r, struct measured *measured, struct dating *dating)
{
	if (t->measured_posts)
		TRY(measure(t, measured));
	return t->ledger ? date(t, r, dating) : OK;
}

static int report(struct tracing *t, const struct leak_result *r)
{
	struct dating dating = {0};
	struct measured measured = {0};
	struct verdict *v = t->ledger ? trace_verdict_weigh(t->cli, r, &t->fixed) : NULL;
	enum err err = v || !t->ledger ? look(t, r, &measured, &dating) : OK;

	if (err == OK && (v || !t->ledger)) {
		struct trace_found found = {leak_counts(r), t->measured_posts ? &measured : NULL,
					    t->ledger ? &dating : NULL, v, t->work};
		if (option_given(&t->cli->options, "json"))
			trace_print_json(&found);
		else
			trace_print(&found);
	}
	int code = err != OK   ? cli_fail_err(t->cli, err, "look at what matched")
		   : v	       ? trace_verdict_report(v, &dating)
		   : t->ledger ? EXIT_FAILED
			       : EXIT_DONE;
	dating_release(&dating);
	trace_verdict_free(v);
	return code;
}

static int trace(struct tracing *t)
{
	struct leak_result *r;

	if (!open_all(t))
		return EXIT_FAILED;
	enum err err = leak_read(&t->config, &r, &t->cli->problem);
	if (t->doing)
		progress_end(&t->progress);
	if (err != OK)
		return cli_fail_err(t->cli, err, "read the leak");
	int code = report(t, r);
	leak_result_free(r);
	return code;
}

static int run_leak(struct cli *cli)
{
	struct tracing t = {.cli = cli};

	if (!read_options(&t))
		return EXIT_MISUSED;
	int code = trace(&t);
	ledger_close(t.ledger);
	return code;
}

const struct command command_trace_leak[] = {
	{"trace leak", "PATH",
	 OPTIONS({"format", "FORMAT", "auto (default), jsonl, json, csv, text, html or warc"},
		 {"work", "DIR",
		  "where index, matches and how far it is are kept (default: trace in the data directory)"},
		 {"anew", NULL, "do not go on where a run of this leak was broken off"},
		 {"measure", "N", "posts that are rewritten to measure the matching (default: 500; 0: none)"},
		 {"json", NULL, "one JSON object"}, TRACE_REPORT_OPTION, TRACE_REVEAL_OPTION),
	 run_leak, "Say whose copy a leaked data set is from, and when it was delivered",
	 "PATH is a file, a directory, or - for standard input; also compressed (gzip, zstd, xz, bzip2), in a tar or a "
	 "zip. Rows\n"
	 "are matched by id, by address, and by text: the same but for case, links, mentions and signs, or nearly the "
	 "same.\n"
	 "What fits several posts of ours, or is too short, is counted and is no match. Of posts that were deleted, "
	 "ids alone match.\n"
	 "A run that is broken off goes on when it is started again. The server may run meanwhile. Question and "
	 "thresholds go into\n"
	 "the ledger before a row is read. With --reveal the key is replaced first; after ten minutes call it again."},
	COMMANDS_END,
};

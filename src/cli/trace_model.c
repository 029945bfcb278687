/*
 * trace_model.c - `kicau trace model`: was a model trained on what went to one licensee, or to any? Scores of a sample's probes, weighed.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <errno.h>
#include <math.h>

#include "base/clock.h"
#include "base/limits.h"
#include "cli/trace_shared.h"
#include "ledger/file.h"
#include "meter/licensee_store.h"
#include "trace/model.h"
#include "trace/scores.h"

#define DELIVERIES_PROVEN 100 /* records of deliveries among the attachments, at most */
#define REPORT_MAX ((size_t)64 << 20)

struct weighing {
	struct cli *cli;
	struct ledger *ledger;
	struct arena arena;
	struct buf bytes; /* of the key file */
	struct probe_key key;
	double *scores;
	struct model_result result;
	struct view name;  /* of the licensee, or "everybody" */
	int64_t statement; /* record of the ledger that fixed the sample; -1: not found */
	int64_t statement_ms;
	struct view statement_text;
	uint64_t samples; /* of this licensee, in the ledger */
};

/* ---- reading ---- */

/* The sample is named by the ids of its probes. */
static bool sample_of(FILE *in, char ret[PROBE_SAMPLE_LEN + 1])
{
	char line[SCORE_LINE_MAX + 2], scratch[SCORE_LINE_MAX];
	bool found = false;

	for (int i = 0; i < 10 && !found && fgets(line, sizeof(line), in); i++) {
		struct view id = V("");
		double score;
		enum score_line got = score_parse(view_of(line), scratch, &id, &score);

		found = (got == SCORE_GOOD || got == SCORE_NO_NUMBER) && id.len == PROBE_ID_LEN &&
			id.p[PROBE_SAMPLE_LEN] == '-';
		for (size_t c = 0; found && c < PROBE_SAMPLE_LEN; c++)
			found = strchr("0123456789abcdef", id.p[c]) && id.p[c];
		if (found) {
			memcpy(ret, id.p, PROBE_SAMPLE_LEN);
			ret[PROBE_SAMPLE_LEN] = '\0';
		}
	}
	rewind(in);
	return found;
}

static bool read_key(struct weighing *w, const char *sample)
{
	char path[FILE_PATH_MAX];

	snprintf(path, sizeof(path), "%s/trace/samples/%s.json", w->cli->config.v.data_dir, sample);
	enum err err = file_read(path, &w->bytes);
	if (err == OK)
		err = probe_key_read(buf_view(&w->bytes), &w->arena, &w->key);
	if (err == ERR_NOT_FOUND)
		cli_fail(w->cli, "no sample %s was drawn here: there is no %s", sample, path);
	else if (err != OK)
		cli_fail(w->cli, "%s cannot be read: %s", path, err_name(err));
	return err == OK;
}

static bool read_scores(struct weighing *w, FILE *in)
{
	char sample[PROBE_SAMPLE_LEN + 1];

	if (!sample_of(in, sample)) {
		cli_fail(w->cli, "these are no scores of probes: a line is {\"id\": …, \"score\": …}, or id,score");
		return false;
	}
	if (!read_key(w, sample))
		return false;
	struct view *ids = ARENA_ARRAY(&w->arena, w->key.n, struct view);
	bool *delivered = ARENA_ARRAY(&w->arena, w->key.n, bool);
	w->scores = ARENA_ARRAY(&w->arena, w->key.n, double);
	for (size_t i = 0; i < w->key.n; i++) {
		ids[i] = view_of(w->key.v[i].id);
		delivered[i] = w->key.v[i].of.delivered;
	}
	enum err err = scores_read(in, ids, w->key.n, w->scores, &w->cli->problem);
	if (err == OK)
		err = scores_look_measured(w->scores, delivered, w->key.n, &w->cli->problem);
	if (err != OK)
		cli_fail(w->cli, "the scores are refused: %s", w->cli->problem.text);
	return err == OK;
}

static bool open_scores(struct weighing *w)
{
	const char *path = w->cli->options.operands[0];
	FILE *in = fopen(path, "r");

	if (!in) {
		cli_fail(w->cli, "%s cannot be opened: %s", path, strerror(errno));
		return false;
	}
	bool good = read_scores(w, in);
	fclose(in);
	return good;
}

/* ---- what was fixed ---- */

static enum err look_for_statement(void *arg, uint64_t index, const struct ledger_record *r)
{
	struct weighing *w = arg;
	static const struct view begin = {"{\"statement\":\"trace-sample\"", 27};

	if (r->kind != LEDGER_STATEMENT || !view_starts(r->data, begin))
		return OK;
	w->samples++;
	if (w->statement >= 0 || !probe_statement_fits(r->data, &w->key, buf_view(&w->bytes)))
		return OK;
	w->statement = (int64_t)index;
	w->statement_ms = r->time_ms;
	w->statement_text = arena_view(&w->arena, r->data);
	return OK;
}

static bool was_fixed(struct weighing *w)
{
	enum err err = ledger_each(w->ledger, ledger_first(w->ledger), look_for_statement, w);

	if (err != OK)
		cli_fail_err(w->cli, err, "read the ledger");
	else if (w->statement < 0)
		cli_fail(w->cli,
			 "the ledger does not have this sample as it is kept here: its key was changed since it was "
			 "drawn, so nothing can be shown with it");
	return err == OK && w->statement >= 0;
}

/* ---- the report ---- */

static bool add_scores(struct weighing *w, struct dossier *d)
{
	struct buf b;

	buf_init(&b, w->key.n * 128 + 1);
	for (size_t i = 0; i < w->key.n; i++) {
		struct jw j = jw_to(&b);

		jw_object(&j);
		jw_kv_cstr(&j, "id", w->key.v[i].id);
		jw_kv_double(&j, "score", w->scores[i]);
		jw_object_end(&j);
		buf_add_c(&b, '\n');
	}
	enum err err = dossier_add(d, "scores.ndjson", buf_view(&b), &w->cli->problem);
	buf_release(&b);
	return err == OK && dossier_add(d, "key.json", buf_view(&w->bytes), &w->cli->problem) == OK;
}

static int by_record(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The records of deliveries: all, or evenly chosen ones. */
static enum err prove_deliveries(struct weighing *w, struct dossier *d)
{
	struct view to = w->key.licensee == WITHHOLD_EVERYBODY ? V("a licensee") : w->name;
	uint64_t *records = ARENA_ARRAY(&w->arena, w->key.n, uint64_t);
	size_t n = 0, distinct = 0;

	for (size_t i = 0; i < w->key.n; i++)
		if (w->key.v[i].of.delivered)
			records[n++] = w->key.v[i].of.record;
	qsort(records, n, sizeof(*records), by_record);
	for (size_t i = 0; i < n; i++)
		if (!i || records[i] != records[i - 1])
			records[distinct++] = records[i];
	size_t take = distinct < DELIVERIES_PROVEN ? distinct : DELIVERIES_PROVEN;
	for (size_t i = 0; i < take; i++) {
		enum err err =
			dossier_prove(d, records[i * distinct / take],
				      arena_printf(&w->arena, "delivery to %.*s", VIEW_ARG(to)), &w->cli->problem);

		if (err != OK && err != ERR_GONE) /* gone: the salts of that time were destroyed */
			return err;
	}
	return OK;
}

static enum err prove_keys(struct weighing *w, struct dossier *d, const struct withhold_generation *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct withhold_generation *g = &list[i];

		if (g->committed >= 0)
			TRY(dossier_prove(d, (uint64_t)g->committed,
					  arena_printf(&w->arena, "commitment to key %" PRId64 " of %.*s", g->number,
						       VIEW_ARG(w->name)),
					  &w->cli->problem));
		if (g->revealed >= 0)
			TRY(dossier_prove(d, (uint64_t)g->revealed,
					  arena_printf(&w->arena, "key %" PRId64 " of %.*s revealed", g->number,
						       VIEW_ARG(w->name)),
					  &w->cli->problem));
	}
	return OK;
}

static int64_t first_post(const struct weighing *w)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < w->key.n; i++)
		if (w->key.v[i].of.post < first)
			first = w->key.v[i].of.post;
	return first;
}

static int64_t last_post(const struct weighing *w)
{
	int64_t last = 0;

	for (size_t i = 0; i < w->key.n; i++)
		if (w->key.v[i].of.post > last)
			last = w->key.v[i].of.post;
	return last;
}

/* The keys that decided on posts of the sample's time. */
static enum err load_keys(struct weighing *w, struct withhold_generation **ret, size_t *ret_n)
{
	int64_t first = first_post(w), last = last_post(w);
	struct withhold_generation *list;
	size_t n, kept = 0;

	TRY(withhold_load(store_db(w->cli->store), &w->arena, w->key.licensee, &list, &n));
	for (size_t i = 0; i < n; i++)
		if (list[i].from_id <= last && list[i].until_id > first)
			list[kept++] = list[i];
	*ret = list;
	*ret_n = kept;
	return OK;
}

/* Whether every key that decided on a probe is public. */
static bool all_revealed(const struct weighing *w, const struct withhold_generation *list, size_t n)
{
	for (size_t i = 0; i < w->key.n; i++) {
		const struct withhold_generation *g =
			withhold_deciding(list, n, w->key.licensee, (struct post_id){w->key.v[i].of.post});
		if (!g || g->revealed < 0)
			return false;
	}
	return true;
}

static void write_question(struct weighing *w, struct jw *j)
{
	if (w->key.licensee == WITHHOLD_EVERYBODY) {
		jw_kv_cstr(j, "title", "Was a model trained on data of this network?");
		jw_kv_cstr(j, "question",
			   "Was the model that made these scores trained on posts that were delivered to licensees of "
			   "this network, whichever, more than on posts that were withheld from all of them by lot?");
		return;
	}
	jw_kv_str(j, "title", arena_printf(&w->arena, "Was a model trained on the copy of %.*s?", VIEW_ARG(w->name)));
	jw_kv_str(j, "question",
		  arena_printf(&w->arena,
			       "Was the model that made these scores trained on the posts that were delivered to %.*s, "
			       "more than on "
			       "posts that were withheld from it by lot?",
			       VIEW_ARG(w->name)));
}

static enum err write_report(struct weighing *w, struct dossier *d, const struct withhold_generation *list, size_t n,
			     struct jw *j)
{
	char when[CLOCK_ISO_LEN + 1];

	clock_iso(w->statement_ms, when);
	jw_object(j);
	jw_kv_cstr(j, "kind", "kicau-trace-report/1");
	jw_kv_cstr(j, "about", "model");
	write_question(w, j);
	jw_kv_cstr(j, "verdict", model_verdict(&w->key, &w->result));
	jw_kv_str(j, "verdict_says", model_says(&w->key, &w->result, w->name, &w->arena));
	withhold_party_write(j, w->key.licensee);
	jw_kv_str(j, "licensee_name", w->name);
	jw_kv_bool(j, "revealed", all_revealed(w, list, n));
	jw_kv_raw(j, "fixed", w->statement_text);
	jw_kv_int(j, "fixed_record", w->statement);
	jw_kv_cstr(j, "fixed_at", when);
	jw_kv_int(j, "samples_fixed", (int64_t)w->samples);
	jw_kv_raw(j, "counts", w->key.counts);
	jw_kv_raw(j, "balance", w->key.balance);
	TRY(model_write(&w->key, w->scores, &w->result, j));
	jw_key(j, "keys");
	jw_array(j);
	for (size_t i = 0; i < n; i++)
		dossier_key_write(j, &list[i], w->name);
	jw_array_end(j);
	dossier_write(d, j);
	jw_object_end(j);
	buf_add_c(j->out, '\n');
	return buf_err(j->out);
}

static enum err fill(struct weighing *w, struct dossier *d, const char *report)
{
	struct withhold_generation *list;
	struct buf json;
	size_t n;

	TRY(load_keys(w, &list, &n));
	TRY(dossier_prove(d, (uint64_t)w->statement, V("the sample and the test, fixed beforehand"), &w->cli->problem));
	TRY(prove_keys(w, d, list, n));
	TRY(prove_deliveries(w, d));
	if (!add_scores(w, d))
		return ERR_UNAVAILABLE;
	buf_init(&json, REPORT_MAX);
	struct jw j = jw_to(&json);
	enum err err = write_report(w, d, list, n, &j);
	if (err == OK)
		err = dossier_finish(d, report, buf_view(&json), &w->cli->problem);
	buf_release(&json);
	return err;
}

static int report(struct weighing *w)
{
	const char *path = option_text(&w->cli->options, "report");
	char dir[FILE_PATH_MAX];
	struct dossier d = {0};

	if (option_given(&w->cli->options, "reveal")) {
		int code = trace_reveal(w->cli, w->key.licensee, last_post(w));
		if (code != EXIT_DONE)
			return code;
		ledger_close(w->ledger);
		w->ledger = trace_ledger_open(w->cli);
	}
	if (!w->ledger || !trace_ledger_dir(w->cli, dir) || !trace_wait_published(w->cli, ledger_size(w->ledger) - 1))
		return EXIT_FAILED;
	enum err err = dossier_open(&d, path, dir, w->ledger, &w->arena, &w->cli->problem);
	if (err == OK)
		err = fill(w, &d, path);
	if (err == OK)
		fprintf(stderr, "report: %s; all that it rests on: %s/\n", path, d.folder);
	dossier_release(&d);
	return err == OK ? EXIT_DONE : cli_fail_err(w->cli, err, "write the report");
}

/* ---- the command ---- */

static void say_result(struct weighing *w)
{
	const struct permutation_result *t = &w->result.test;

	printf("verdict      %s\n", model_verdict(&w->key, &w->result));
	printf("             %.*s\n", VIEW_ARG(model_says(&w->key, &w->result, w->name, &w->arena)));
	printf("licensee     %.*s\n", VIEW_ARG(w->name));
	printf("posts        %zu delivered, %zu withheld, in %zu blocks\n", t->delivered, t->withheld, t->blocks);
	printf("p            %.3g (10^%.1f), threshold %.3g%s\n", t->p, t->log10_p, w->key.alpha,
	       t->exact ? "" : "; Monte Carlo");
	printf("effect       %.4f (95 %%: %.4f to %.4f; 0.5 is none)\n", t->auc, t->auc_low, t->auc_high);
	printf("could see    effects from %.4f on\n", t->smallest_auc);
	printf("fixed        record %" PRId64 " of the ledger; samples fixed so far: %" PRIu64 "\n", w->statement,
	       w->samples);
}

static void print_json(const struct weighing *w)
{
	struct buf b;

	buf_init(&b, REPORT_MAX);
	struct jw j = jw_to(&b);
	jw_object(&j);
	jw_kv_cstr(&j, "verdict", model_verdict(&w->key, &w->result));
	withhold_party_write(&j, w->key.licensee);
	if (model_write(&w->key, w->scores, &w->result, &j) != OK)
		BUG("what was weighed cannot be weighed again");
	jw_object_end(&j);
	printf("%.*s\n", VIEW_ARG(buf_view(&b)));
	buf_release(&b);
}

static bool find_name(struct weighing *w)
{
	struct licensee l = {.name = V("everybody")};

	if (w->key.licensee != WITHHOLD_EVERYBODY &&
	    licensee_load(store_db(w->cli->store), &w->arena, w->key.licensee, &l) != OK) {
		cli_fail(w->cli, "the licensee of this sample is not there");
		return false;
	}
	w->name = l.name;
	return true;
}

static int weigh(struct weighing *w)
{
	if (!open_scores(w) || !was_fixed(w) || !find_name(w))
		return EXIT_FAILED;
	enum err err = model_weigh(&w->key, w->scores, &w->result);
	if (err != OK)
		return cli_fail_err(w->cli, err, "weigh the scores");
	if (option_given(&w->cli->options, "json"))
		print_json(w);
	else
		say_result(w);
	return option_given(&w->cli->options, "report") ? report(w) : EXIT_DONE;
}

static int run_model(struct cli *cli)
{
	struct weighing w = {.cli = cli, .statement = -1};

	if (option_given(&cli->options, "reveal") && !option_given(&cli->options, "report"))
		return cli_misused(cli, "--reveal goes with --report");
	if (!licensees_open(cli) || !trace_ledger_check(cli) || !(w.ledger = trace_ledger_open(cli)))
		return EXIT_FAILED;
	arena_init(&w.arena, (size_t)4 << 30);
	buf_init(&w.bytes, PROBE_KEY_MAX);
	int code = weigh(&w);
	buf_release(&w.bytes);
	arena_release(&w.arena);
	ledger_close(w.ledger);
	return code;
}

const struct command command_trace_model[] = {
	{"trace model", "SCORES",
	 OPTIONS({"report", "FILE.html", "write a report, and beside it all that it rests on"},
		 {"reveal", NULL, "reveal the licensee's key in it, for a court"},
		 {"json", NULL, "the result as one JSON object"}),
	 run_model, "Say whether a model was trained on what went to a licensee, or to any, from scores of a sample's probes",
	 "SCORES has a line for each probe of `kicau trace sample`: {\"id\": …, \"score\": …}, or id,score. Scores are refused when "
	 "some are\nmissing or no numbers, or when they tell the groups apart by themselves. With --reveal the key is replaced first; "
	 "after ten minutes\ncall it again."},
	COMMANDS_END,
};

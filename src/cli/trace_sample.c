/*
 * trace_sample.c - `kicau trace sample`: posts to ask a model about, delivered and withheld ones, shuffled and blind.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/limits.h"
#include "base/map.h"
#include "cli/trace_shared.h"
#include "ledger/file.h"
#include "trace/probe_key.h"

#define USUAL_N "20000"
#define USUAL_COVERAGE "80"
#define PROBES_BYTES ((size_t)1 << 30)
#define AT_ONCE 500

SQL(probe_texts, "SELECT id, text FROM posts WHERE id IN IDS($1)");

struct sampling {
	struct cli *cli;
	struct sample_ask ask;
	struct sample sample;
	struct probe_key key;
	struct arena arena;
	struct buf probes, bytes; /* handed out; kept */
	struct view *texts;
};

static bool read_options(struct sampling *s)
{
	struct options *o = &s->cli->options;
	const char *n = option_given(o, "n") ? option_text(o, "n") : USUAL_N;
	const char *coverage = option_given(o, "coverage") ? option_text(o, "coverage") : USUAL_COVERAGE;
	const char *side = option_given(o, "side") ? option_text(o, "side") : "both";
	uint64_t posts, percent;

	if (!parse_u64(view_of(n), PROBES_MAX, &posts) || posts < 2)
		return cli_misused(s->cli, "-n is a number from 2 to %d, not \"%.40s\"", PROBES_MAX, n), false;
	if (!parse_u64(view_of(coverage), 100, &percent))
		return cli_misused(s->cli, "--coverage is a number of percent, not \"%.40s\"", coverage), false;
	if (!side_parse(view_of(side), &s->key.side))
		return cli_misused(s->cli, "--side is higher, lower or both, not \"%.40s\"", side), false;
	s->ask.n = posts;
	s->ask.coverage = (double)percent / 100;
	s->key.alpha = MODEL_ALPHA;
	return true;
}

/* ---- texts ---- */

static enum err load_texts(struct sampling *s)
{
	struct db *db = store_db(s->cli->store);
	struct map places;
	enum err err = OK;

	map_init(&places);
	s->texts = ARENA_ARRAY(&s->arena, s->key.n, struct view);
	for (size_t i = 0; i < s->key.n; i++)
		map_put(&places, (uint64_t)s->key.v[i].of.post, &s->texts[i]);
	for (size_t at = 0; err == OK && at < s->key.n; at += AT_ONCE) {
		int64_t ids[AT_ONCE];
		struct rows rows;
		size_t n = 0;

		while (n < AT_ONCE && at + n < s->key.n) {
			ids[n] = s->key.v[at + n].of.post;
			n++;
		}
		db_query(db, &rows, &probe_texts, BINDS(bind_ids(&s->arena, ids, n)));
		while (rows_next(&rows)) {
			struct view *text = map_get(&places, (uint64_t)row_int(&rows, 0));
			if (text)
				*text = row_copy(&rows, 1, &s->arena);
		}
		err = rows_end(&rows);
	}
	map_release(&places);
	return err;
}

/* A post that was deleted meanwhile has no text: then the groups are drawn anew by whoever calls again. */
static bool write_probes(struct sampling *s)
{
	for (size_t i = 0; i < s->key.n; i++) {
		struct jw j = jw_to(&s->probes);

		if (!s->texts[i].len)
			return false;
		jw_object(&j);
		jw_kv_cstr(&j, "id", s->key.v[i].id);
		jw_kv_str(&j, "text", s->texts[i]);
		jw_object_end(&j);
		buf_add_c(&s->probes, '\n');
	}
	return !s->probes.over;
}

/* ---- keeping and fixing ---- */

static bool keep(struct sampling *s)
{
	char path[FILE_PATH_MAX];

	snprintf(path, sizeof(path), "%s/trace/samples/%s.json", s->cli->config.v.data_dir, s->key.sample);
	enum err err = file_parents(path);
	if (err == OK)
		err = file_replace(path, buf_view(&s->bytes), 0600, FILE_DURABLE);
	if (err != OK)
		return cli_fail(s->cli, "%s cannot be written: %s", path, err_name(err)), false;
	fprintf(stderr, "which probe is which: %s. Keep it, and keep it from whoever makes the scores.\n", path);
	return true;
}

static bool fix(struct sampling *s, int64_t *ret_index)
{
	struct buf text;

	buf_init(&text, LEDGER_DATA_MAX);
	probe_statement_write(&s->key, buf_view(&s->bytes), &text);
	bool good = trace_fix(s->cli, buf_view(&text), ret_index);
	buf_release(&text);
	return good;
}

static void say_what(const struct sampling *s, int64_t index)
{
	const struct sample_counts *c = &s->sample.counts;

	fprintf(stderr,
		"%zu probes in %zu blocks: %zu delivered, %zu withheld, of %" PRIu64 " and %" PRIu64
		" that are comparable (%.1f %% of what their authors wrote was delivered).\n"
		"Differences in standard deviations: length %+.3f, popularity %+.3f, age %+.3f.\n"
		"Fixed in the ledger: record %" PRId64 ".\n",
		s->key.n, s->sample.probes.blocks, s->sample.probes.delivered, s->sample.probes.withheld, c->delivered,
		c->withheld, 100 * c->coverage, s->sample.balance.length, s->sample.balance.popularity,
		s->sample.balance.age, index);
}

static int make(struct sampling *s)
{
	char hex[HEX_LEN(DIGEST_LEN) + 1];
	int64_t index;

	probe_key_make(&s->key, &s->sample, &s->arena);
	enum err err = load_texts(s);
	if (err != OK)
		return cli_fail_err(s->cli, err, "read the posts");
	if (!write_probes(s))
		return cli_fail(s->cli, "a post was deleted meanwhile, or all are too large: call again");
	struct digest sum = digest_sha256(buf_view(&s->probes));
	hex_encode(sum.b, DIGEST_LEN, hex);
	s->key.probes_sha256 = view_of(hex);
	probe_key_write(&s->key, &s->sample, &s->bytes);
	if (buf_err(&s->bytes) != OK)
		return cli_fail(s->cli, "too many probes");
	if (!keep(s) || !fix(s, &index))
		return EXIT_FAILED;
	fwrite(s->probes.p, 1, s->probes.len, stdout);
	say_what(s, index);
	return EXIT_DONE;
}

static int run_sample(struct cli *cli)
{
	struct sampling s = {.cli = cli};
	struct ledger *l;

	if (!read_options(&s))
		return EXIT_MISUSED;
	if (!licensees_open(cli) || !licensees_find_party(cli, cli->options.operands[0], &s.ask.licensee) ||
	    !trace_ledger_check(cli) || !(l = trace_ledger_open(cli)))
		return EXIT_FAILED;
	s.key.licensee = s.ask.licensee;
	enum err err = sample_make(store_db(cli->store), l, &s.ask, &s.sample, &cli->problem);
	ledger_close(l);
	if (err != OK)
		return cli_fail_err(cli, err, "draw a sample");
	arena_init(&s.arena, PROBES_BYTES);
	buf_init(&s.probes, PROBES_BYTES);
	buf_init(&s.bytes, PROBE_KEY_MAX);
	int code = make(&s);
	probes_free(&s.sample.probes);
	buf_release(&s.probes);
	buf_release(&s.bytes);
	arena_release(&s.arena);
	return code;
}

const struct command command_trace_sample[] = {
	{"trace sample", "LICENSEE",
	 OPTIONS({"n", "N", "so many posts (default: " USUAL_N ")"},
		 {"side", "higher|lower|both", "how scores of delivered posts would differ (default: both)"},
		 {"coverage", "PERCENT", "only authors of whose posts it took so much (default: " USUAL_COVERAGE ")"}),
	 run_sample, "Draw posts to ask a model about, delivered and withheld ones, shuffled and blind",
	 "LICENSEE is a name, an id, or `everybody`: then the question is whether a model was trained on this network's data at all,\n"
	 "by way of any licensee.\n"
	 "Prints one JSON object a line, {\"id\", \"text\"}. Half of them are posts that went to LICENSEE, half are posts that were\n"
	 "withheld from it, alike in language, length, age and popularity; nothing tells which is which. Let somebody score each\n"
	 "text with the model (log-probability, min-k %, compression …), and give id and score to `kicau trace model`.\n"
	 "Which probe is which stays in the data directory. Its SHA-256 and that of the probes go into the ledger first."},
	COMMANDS_END,
};

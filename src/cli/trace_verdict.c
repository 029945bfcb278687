/*
 * trace_verdict.c - see trace_verdict.h.
 */
#include "base/base.h"
#include "cli/trace_verdict.h"

#include <math.h>

#include "base/clock.h"
#include "cli/terminal.h"
#include "trace/leak_case.h"

#define REPORT_MAX ((size_t)64 << 20)
#define POSTS_MAX ((size_t)2 << 30)
#define SHOWN 10    /* licensees on the terminal */
#define PROVEN 1000 /* records of keys among the attachments, at most */

struct verdict {
	struct cli *cli;
	const struct trace_fixed *fixed;
	struct ledger *ledger;
	struct leak_case c;
	const struct dating *dating; /* of the report */
};

/* ---- before ---- */

static void write_question(const char *leak, struct buf *out)
{
	const char *base = strrchr(leak, '/');
	struct jw j = jw_to(out);

	jw_object(&j);
	jw_kv_cstr(&j, "statement", "trace-leak");
	jw_kv_str(&j, "leak", view_of(base && base[1] ? base + 1 : leak));
	jw_key(&j, "rules");
	leak_rules_write(&evidence_rules, &j);
	jw_object_end(&j);
}

bool trace_verdict_begin(struct cli *cli, const char *leak, struct trace_fixed *ret)
{
	struct buf text;

	buf_init(&text, LEDGER_DATA_MAX);
	write_question(leak, &text);
	bool good = trace_fix(cli, buf_view(&text), &ret->record);
	ret->text = arena_view(&cli->arena, buf_view(&text));
	buf_release(&text);
	return good;
}

/* ---- the verdict on the terminal ---- */

static void say_chance(double ln_p)
{
	if (ln_p > -7)
		printf("%10.3g", exp(ln_p));
	else
		printf("  10^%-6.1f", ln_p / log(10));
}

static void say_licensee(const struct leak_case *c, uint32_t i)
{
	const struct evidence_single *s = &c->e->singles[i];

	printf("  %-24.*s %8" PRIu64 " %9.1f  ", VIEW_ARG(c->licensees[i].name), s->withheld, s->expected);
	say_chance(s->ln_p);
	say_chance(s->ln_p_holm);
	printf("  %3.0f-%3.0f %%  %8" PRIu64 "  %s\n", 100 * s->share_low, 100 * s->share_high, s->delivered,
	       s->named		 ? "named"
	       : s->contradicted ? "excused: received too few"
	       : s->excused	 ? "excused: received none"
	       : s->many	 ? "more withheld than chance"
				 : "");
}

void trace_verdict_print(struct verdict *v)
{
	struct leak_case *c = &v->c;
	struct view names = leak_case_names(c);

	printf("\nverdict: ");
	terminal_print(stdout, c->e->n_names ? TONE_STRONG : TONE_PLAIN, evidence_verdict_name(c->e->verdict), 0);
	printf("%s%.*s\n%.*s\n", names.len ? ": " : "", VIEW_ARG(names), VIEW_ARG(leak_case_says(c)));
	if (!c->n_licensees || !c->n)
		return;
	printf("\n  %-24s %8s %9s  %10s%10s  %9s  %8s\n", "LICENSEE", "WITHHELD", "EXPECTED", "P", "CORRECTED", "SHARE",
	       "RECEIVED");
	for (size_t i = 0; i < c->n_licensees && i < SHOWN; i++)
		say_licensee(c, c->order[i]);
	if (c->n_licensees > SHOWN)
		printf("  and %zu more\n", c->n_licensees - SHOWN);
	for (size_t i = 0; i < c->e->pairs.n && c->e->pairs.v[i].named; i++)
		printf("  together: %.*s and %.*s\n", VIEW_ARG(c->licensees[c->e->pairs.v[i].member[0]].name),
		       VIEW_ARG(c->licensees[c->e->pairs.v[i].member[1]].name));
}

void trace_verdict_json(struct verdict *v, struct jw *j)
{
	leak_case_write(&v->c, j);
}

/* ---- the report ---- */

static struct view name_of(struct leak_case *c, int64_t licensee)
{
	for (size_t i = 0; i < c->n_licensees; i++)
		if (c->licensees[i].id == licensee)
			return c->licensees[i].name;
	return V("everybody");
}

static bool decides(const struct leak_case *c, const struct withhold_generation *g)
{
	return c->n && g->from_id <= c->posts[c->n - 1] && g->until_id > c->posts[0];
}

static bool is_named(const struct leak_case *c, int64_t licensee)
{
	for (size_t i = 0; i < c->e->n_names; i++)
		if (c->licensees[c->e->names[i]].id == licensee)
			return true;
	return false;
}

/* Of those who are named, every key that decided is public. */
static bool all_revealed(const struct leak_case *c)
{
	for (size_t i = 0; i < c->n_keys; i++)
		if (decides(c, &c->keys[i]) && is_named(c, c->keys[i].licensee) && c->keys[i].revealed < 0)
			return false;
	return c->e->n_names > 0;
}

static enum err prove_key(struct verdict *v, struct dossier *d, const struct withhold_generation *g)
{
	struct view name = name_of(&v->c, g->licensee);

	if (g->committed >= 0)
		TRY(dossier_prove(
			d, (uint64_t)g->committed,
			arena_printf(d->arena, "commitment to key %" PRId64 " of %.*s", g->number, VIEW_ARG(name)),
			&v->cli->problem));
	if (g->revealed < 0)
		return OK;
	return dossier_prove(d, (uint64_t)g->revealed,
			     arena_printf(d->arena, "key %" PRId64 " of %.*s revealed", g->number, VIEW_ARG(name)),
			     &v->cli->problem);
}

/* Named ones first: when there are too many, they are there. */
static enum err prove_keys(struct verdict *v, struct dossier *d)
{
	struct leak_case *c = &v->c;

	for (int named = 1; named >= 0; named--)
		for (size_t i = 0; i < c->n_keys && d->proofs.n < PROVEN; i++)
			if (decides(c, &c->keys[i]) && is_named(c, c->keys[i].licensee) == named)
				TRY(prove_key(v, d, &c->keys[i]));
	return OK;
}

/* A delivery of each of the first matched posts to each of who is named. */
#define DELIVERIES_SHOWN 5
static enum err prove_deliveries(struct verdict *v, struct dossier *d)
{
	struct leak_case *c = &v->c;

	for (size_t i = 0, shown = 0; c->e->n_names && i < c->n && shown < DELIVERIES_SHOWN; i++) {
		struct ledger_receiver *all;
		size_t n;

		TRY(ledger_who(v->ledger, &c->arena, c->posts[i], 1000, &all, &n));
		for (size_t r = 0; r < n; r++) {
			if (!is_named(c, all[r].licensee))
				continue;
			enum err err = dossier_prove(d, all[r].index,
						     arena_printf(d->arena, "delivery of post %" PRId64 " to %.*s",
								  c->posts[i], VIEW_ARG(name_of(c, all[r].licensee))),
						     &v->cli->problem);
			if (err == ERR_GONE)
				continue; /* the salts of that time were destroyed; there may be a later one */
			TRY(err);
			shown++;
			break;
		}
	}
	return OK;
}

static enum err add_posts(struct verdict *v, struct dossier *d)
{
	struct buf b;

	buf_init(&b, POSTS_MAX);
	leak_case_posts(&v->c, &b);
	enum err err = buf_err(&b);
	if (err == OK)
		err = dossier_add(d, "matches.ndjson", buf_view(&b), &v->cli->problem);
	buf_release(&b);
	return err;
}

static enum err add_dating(struct verdict *v, struct dossier *d)
{
	struct buf b;

	if (!v->dating->looked_at)
		return OK;
	buf_init(&b, POSTS_MAX);
	dating_rows(v->dating, &b);
	enum err err = buf_err(&b);
	if (err == OK)
		err = dossier_add(d, "dating.ndjson", buf_view(&b), &v->cli->problem);
	buf_release(&b);
	return err;
}

static void write_keys(struct leak_case *c, struct jw *j)
{
	jw_key(j, "keys");
	jw_array(j);
	for (size_t i = 0; i < c->n_keys; i++)
		if (decides(c, &c->keys[i]))
			dossier_key_write(j, &c->keys[i], name_of(c, c->keys[i].licensee));
	jw_array_end(j);
}

static enum err write_report(struct verdict *v, struct dossier *d, struct jw *j)
{
	char when[CLOCK_ISO_LEN + 1];
	struct ledger_record fixed;
	struct leak_case *c = &v->c;

	TRY(ledger_read(v->ledger, &c->arena, (uint64_t)v->fixed->record, &fixed));
	clock_iso(fixed.time_ms, when);
	jw_object(j);
	jw_kv_cstr(j, "kind", "kicau-trace-report/1");
	jw_kv_cstr(j, "about", "leak");
	jw_kv_cstr(j, "title", "Whose copy has leaked?");
	jw_kv_str(j, "question",
		  arena_printf(&c->arena,
			       "Rows were found of which %zu are posts of this server. From which of its %zu "
			       "licensees' copies, if from "
			       "any, were they taken?",
			       c->n, c->n_licensees));
	jw_kv_bool(j, "revealed", all_revealed(c));
	jw_kv_raw(j, "fixed", v->fixed->text);
	jw_kv_int(j, "fixed_record", v->fixed->record);
	jw_kv_cstr(j, "fixed_at", when);
	leak_case_write(c, j);
	dating_write(v->dating, j);
	TRY(leak_case_examples(c, store_db(v->cli->store), j));
	write_keys(c, j);
	dossier_write(d, j);
	jw_object_end(j);
	buf_add_c(j->out, '\n');
	return buf_err(j->out);
}

static enum err fill(struct verdict *v, struct dossier *d, const char *path)
{
	struct buf json;

	TRY(dossier_prove(d, (uint64_t)v->fixed->record, V("question and thresholds, fixed beforehand"),
			  &v->cli->problem));
	TRY(prove_keys(v, d));
	TRY(prove_deliveries(v, d));
	TRY(add_posts(v, d));
	TRY(add_dating(v, d));
	buf_init(&json, REPORT_MAX);
	struct jw j = jw_to(&json);
	enum err err = write_report(v, d, &j);
	if (err == OK)
		err = dossier_finish(d, path, buf_view(&json), &v->cli->problem);
	buf_release(&json);
	return err;
}

/* Keys of who is named; then the keys are read again. */
static int reveal(struct verdict *v)
{
	struct leak_case *c = &v->c;

	if (!c->e->n_names) {
		fprintf(stderr, "nobody is named, so no key is revealed\n");
		return EXIT_DONE;
	}
	for (size_t i = 0; i < c->e->n_names; i++) {
		int code = trace_reveal(v->cli, c->licensees[c->e->names[i]].id, c->posts[c->n - 1]);
		if (code != EXIT_DONE)
			return code;
	}
	secret_wipe(c->keys, c->n_keys * sizeof(*c->keys));
	enum err err = withhold_load(store_db(v->cli->store), &c->arena, WITHHOLD_ALL, &c->keys, &c->n_keys);
	return err == OK ? EXIT_DONE : cli_fail_err(v->cli, err, "read the keys");
}

static int write_all(struct verdict *v)
{
	const char *path = option_text(&v->cli->options, "report");
	char dir[FILE_PATH_MAX];
	struct dossier d = {0};

	if (option_given(&v->cli->options, "reveal")) {
		int code = reveal(v);
		if (code != EXIT_DONE)
			return code;
		ledger_close(v->ledger);
		v->ledger = trace_ledger_open(v->cli);
	}
	if (!v->ledger || !trace_ledger_dir(v->cli, dir) || !trace_wait_published(v->cli, ledger_size(v->ledger) - 1))
		return EXIT_FAILED;
	enum err err = dossier_open(&d, path, dir, v->ledger, &v->c.arena, &v->cli->problem);
	if (err == OK)
		err = fill(v, &d, path);
	if (err == OK)
		fprintf(stderr, "report: %s; all that it rests on: %s/\n", path, d.folder);
	dossier_release(&d);
	return err == OK ? EXIT_DONE : cli_fail_err(v->cli, err, "write the report");
}

int trace_verdict_report(struct verdict *v, const struct dating *dating)
{
	v->dating = dating;
	return option_given(&v->cli->options, "report") ? write_all(v) : EXIT_DONE;
}

/* ---- around it ---- */

struct verdict *trace_verdict_weigh(struct cli *cli, const struct leak_result *leak, const struct trace_fixed *fixed)
{
	struct verdict *v = xcalloc(1, sizeof(*v));

	v->cli = cli;
	v->fixed = fixed;
	v->ledger = trace_ledger_open(cli);
	enum err err = v->ledger ? leak_case_weigh(store_db(cli->store), v->ledger, leak, &v->c, &cli->problem) : OK;
	if (v->ledger && err == OK)
		return v;
	if (err != OK)
		cli_fail_err(cli, err, "weigh the leak");
	trace_verdict_free(v);
	return NULL;
}

void trace_verdict_free(struct verdict *v)
{
	if (!v)
		return;
	leak_case_release(&v->c);
	ledger_close(v->ledger);
	free(v);
}

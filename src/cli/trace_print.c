/*
 * trace_print.c - see trace_print.h.
 */
#include "base/base.h"
#include "cli/trace_print.h"

#include "base/clock.h"
#include "trace/leak.h"

#define HOURS_SHOWN 12

static const struct {
	const char *json, *words;
	size_t at;
} lines[] = {
#define LINE(member, words)                                                                                            \
	{                                                                                                              \
#member, words, offsetof(struct match_counts, member)                                                  \
	}
	LINE(sources, "files"),
	LINE(damaged, "  damaged: not read to their end"),
	LINE(rows, "rows"),
	LINE(unreadable, "  besides, unreadable"),
	LINE(converted, "  in another encoding than UTF-8"),
	LINE(without_text, "  without a text or an id of ours"),
	LINE(short_text, "  too short or ordinary to tell"),
	LINE(unmatched, "  not ours"),
	LINE(conflicting, "  an id of ours under another text"),
	LINE(ambiguous, "  fit several posts of ours"),
	LINE(matched, "  matched"),
	LINE(id_only, "    by id alone: no text to compare"),
	LINE(repeated, "    of posts that were matched before"),
	LINE(with_counters, "    with counters"),
	LINE(posts, "posts of ours"),
	LINE(gone, "  deleted since"),
#undef LINE
};

static uint64_t count_of(const struct match_counts *c, size_t i)
{
	uint64_t n;

	memcpy(&n, (const char *)c + lines[i].at, sizeof(n));
	return n;
}

/* ---- for people ---- */

static void print_counts(const struct match_counts *c)
{
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		printf("%-40s %12" PRIu64 "\n", lines[i].words, count_of(c, i));
		for (size_t how = 1; lines[i].at == offsetof(struct match_counts, matched) && how < MATCH_HOWS; how++)
			printf("    by %-33s %12" PRIu64 "\n", match_how_name((enum match_how)how), c->by[how]);
	}
}

static void print_measured(const struct measured *m)
{
	printf("\nmatching, measured on %" PRIu64 " posts of yours (of %" PRIu64 " looked at %" PRIu64
	       " were too short, %" PRIu64 " have the text of another)\n",
	       m->posts, m->looked_at, m->brief, m->shared);
	if (!m->posts)
		return;
	printf("%-34s %8s %8s %10s %8s %14s\n", "rewritten", "rows", "found", "ambiguous", "wrong", "found absent");
	for (size_t i = 0; i < REWRITES; i++) {
		const struct measured_rewrite *by = &m->by[i];
		printf("%-34s %8" PRIu64 " %7.1f%% %10" PRIu64 " %8" PRIu64 " %14" PRIu64 "\n",
		       rewrite_name((enum rewrite)i), by->rows, 100 * m->single_recall[i], by->ambiguous, by->wrong,
		       by->false_found);
	}
	printf("recall %.4f, precision %.4f\n", m->recall, m->precision);
}

static void print_dating(const struct dating *d)
{
	char first[CLOCK_ISO_LEN + 1], median[CLOCK_ISO_LEN + 1], last[CLOCK_ISO_LEN + 1];

	printf("\ndated by counters: %" PRIu64 " of %" PRIu64
	       " rows that have all of them fit a delivery; by chance %.1f fits would\n",
	       d->dated, d->looked_at, d->by_chance);
	if (d->looked_at && !d->kept)
		printf("the ledger has no fingerprints of these posts\n");
	for (size_t i = 0; i < d->n_licensees; i++) {
		const struct dated_licensee *l = &d->licensees[i];
		printf("licensee %" PRId64 ": fits %" PRIu64 ", taken for %" PRIu64 "; %s to %s, half before %s\n",
		       l->licensee, l->fits, l->rows, moment(l->first_ms, first), moment(l->last_ms, last),
		       moment(l->median_ms, median));
		for (size_t j = 0, shown = 0; j < d->n_hours && shown < HOURS_SHOWN; j++) {
			if (d->hours[j].licensee != l->licensee)
				continue;
			printf("  %.13sh %8" PRIu64 "\n", moment(d->hours[j].hour_ms, first), d->hours[j].rows);
			shown++;
		}
	}
}

void trace_print(const struct trace_found *f)
{
	print_counts(f->counts);
	if (f->measured)
		print_measured(f->measured);
	if (f->dating)
		print_dating(f->dating);
	if (f->verdict)
		trace_verdict_print(f->verdict);
	printf("\nmatches are in %s/" LEAK_MATCHES_FILE "\n", f->work);
}

/* ---- JSON ---- */

#define JSON_MAX ((size_t)64 << 20) /* thousands of licensees */

static void json_counts(struct jw *j, const struct match_counts *c)
{
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		jw_kv_int(j, lines[i].json, (int64_t)count_of(c, i));
	jw_key(j, "by");
	jw_object(j);
	for (size_t how = 1; how < MATCH_HOWS; how++)
		jw_kv_int(j, match_how_name((enum match_how)how), (int64_t)c->by[how]);
	jw_object_end(j);
}

static void json_double(struct jw *j, const char *key, double v)
{
	jw_key(j, key);
	jw_double(j, v);
}

static void json_measured(struct jw *j, const struct measured *m)
{
	jw_key(j, "matching");
	jw_object(j);
	jw_kv_int(j, "posts", (int64_t)m->posts);
	jw_kv_int(j, "looked_at", (int64_t)m->looked_at);
	jw_kv_int(j, "too_short", (int64_t)m->brief);
	jw_kv_int(j, "shared", (int64_t)m->shared);
	json_double(j, "recall", m->recall);
	json_double(j, "precision", m->precision);
	jw_key(j, "rewritten");
	jw_array(j);
	for (size_t i = 0; i < REWRITES; i++) {
		const struct measured_rewrite *by = &m->by[i];
		jw_object(j);
		jw_kv_cstr(j, "how", rewrite_name((enum rewrite)i));
		jw_kv_int(j, "rows", (int64_t)by->rows);
		jw_kv_int(j, "right", (int64_t)by->right);
		jw_kv_int(j, "wrong", (int64_t)by->wrong);
		jw_kv_int(j, "ambiguous", (int64_t)by->ambiguous);
		jw_kv_int(j, "absent_rows", (int64_t)by->false_rows);
		jw_kv_int(j, "absent_found", (int64_t)by->false_found);
		jw_object_end(j);
	}
	jw_array_end(j);
	jw_object_end(j);
}

void trace_print_json(const struct trace_found *f)
{
	struct buf out;

	buf_init(&out, JSON_MAX);
	struct jw j = jw_to(&out);
	jw_object(&j);
	json_counts(&j, f->counts);
	if (f->measured)
		json_measured(&j, f->measured);
	if (f->dating)
		dating_write(f->dating, &j);
	if (f->verdict)
		trace_verdict_json(f->verdict, &j);
	jw_kv_cstr(&j, "work", f->work);
	jw_object_end(&j);
	printf("%.*s\n", VIEW_ARG(buf_view(&out)));
	buf_release(&out);
}

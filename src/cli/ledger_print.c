/*
 * ledger_print.c - see ledger_print.h.
 */
#include "base/base.h"
#include "cli/ledger_print.h"

#include "base/clock.h"
#include "base/json.h"
#include "cli/licensees.h"

static const char *const kinds[] = {"", "posts", "users", "settled", "broken", "terms", "acknowledged", "statement"};

void ledger_print_status(const struct ledger_status *s, bool json)
{
	char from[CLOCK_ISO_LEN + 1], to[CLOCK_ISO_LEN + 1];
	struct json_line line;

	if (!json) {
		printf("records      %" PRIu64 " (%" PRIu64 " to %" PRIu64 " are here)\n", s->size, s->first, s->size);
		printf("post reads   %" PRIu64 "\n", s->reads);
		printf("from         %s\nto           %s\n", moment(s->min_ms, from), moment(s->max_ms, to));
		printf("files        %" PRIu64 " packed (%" PRIu64 " bytes), %" PRIu64 " open (%" PRIu64 " bytes)\n",
		       s->packed, s->packed_bytes, s->open, s->open_bytes);
		return;
	}
	json_line_begin(&line);
	jw_object(&line.j);
	jw_kv_int(&line.j, "records", (int64_t)s->size);
	jw_kv_int(&line.j, "first", (int64_t)s->first);
	jw_kv_int(&line.j, "post_reads", (int64_t)s->reads);
	jw_kv_time(&line.j, "from", s->min_ms);
	jw_kv_time(&line.j, "to", s->max_ms);
	jw_kv_int(&line.j, "packed_files", (int64_t)s->packed);
	jw_kv_int(&line.j, "packed_bytes", (int64_t)s->packed_bytes);
	jw_kv_int(&line.j, "open_files", (int64_t)s->open);
	jw_kv_int(&line.j, "open_bytes", (int64_t)s->open_bytes);
	jw_object_end(&line.j);
	json_line_end(&line);
}

/* charged: yes, or no for a repeat of that day, or not because the answer never arrived whole. */
static const char *outcome(const struct ledger_receiver *r, const struct idset *broken)
{
	if (idset_has(broken, r->index + 1))
		return "broke off";
	return r->item.charged ? "yes" : "no";
}

static void receiver_json(const struct ledger_receiver *r, const struct idset *broken, struct ledger_names *names)
{
	struct json_line line;

	json_line_begin(&line);
	jw_object(&line.j);
	jw_kv_int(&line.j, "index", (int64_t)r->index);
	jw_kv_time(&line.j, "time", r->time_ms);
	jw_kv_id(&line.j, "licensee", r->licensee);
	jw_kv_cstr(&line.j, "licensee_name", ledger_name_licensee(names, r->licensee));
	jw_kv_id(&line.j, "key", r->key);
	jw_kv_id(&line.j, "terms", r->terms);
	jw_kv_cstr(&line.j, "plan", ledger_name_plan(names, r->terms));
	jw_kv_int(&line.j, "endpoint", r->endpoint);
	jw_kv_int(&line.j, "version", r->item.version);
	jw_kv_int(&line.j, "fingerprint", r->item.fingerprint);
	jw_kv_bool(&line.j, "charged", r->item.charged);
	jw_kv_bool(&line.j, "broke_off", idset_has(broken, r->index + 1));
	jw_object_end(&line.j);
	json_line_end(&line);
}

void ledger_print_receivers(const struct ledger_receiver *all, size_t n, const struct idset *broken,
			    struct ledger_names *names, bool json)
{
	char when[CLOCK_ISO_LEN + 1];

	if (!json)
		printf("%12s  %-24s %-20s %-16s %7s  %-9s  %s\n", "RECORD", "TIME", "KEY", "PLAN", "VERSION", "CHARGED",
		       "LICENSEE");
	for (size_t i = 0; i < n; i++) {
		const struct ledger_receiver *r = &all[i];
		if (json)
			receiver_json(r, broken, names);
		else
			printf("%12" PRIu64 "  %-24s %-20" PRId64 " %-16s %7" PRIu32 "  %-9s  %s\n", r->index,
			       moment(r->time_ms, when), r->key, ledger_name_plan(names, r->terms), r->item.version,
			       outcome(r, broken), ledger_name_licensee(names, r->licensee));
	}
}

void ledger_print_record_head(void)
{
	printf("%12s  %-24s %-12s %-20s %-16s %6s %7s %14s\n", "RECORD", "TIME", "KIND", "KEY", "PLAN", "ITEMS",
	       "CHARGED", "COST (MICRO)");
}

static int64_t count_charged(const struct ledger_record *r)
{
	int64_t n = 0;

	for (size_t i = 0; i < r->n_items; i++)
		n += r->items[i].charged;
	return n;
}

static void record_json(uint64_t index, const struct ledger_record *r, struct ledger_names *names)
{
	struct json_line line;

	json_line_begin(&line);
	jw_object(&line.j);
	jw_kv_int(&line.j, "index", (int64_t)index);
	jw_kv_time(&line.j, "time", r->time_ms);
	jw_kv_cstr(&line.j, "kind", kinds[r->kind]);
	jw_kv_int(&line.j, "endpoint", r->endpoint);
	jw_kv_id(&line.j, "key", r->key);
	jw_kv_id(&line.j, "terms", r->terms);
	jw_kv_cstr(&line.j, "plan", ledger_name_plan(names, r->terms));
	jw_kv_int(&line.j, "cost_micro", r->cost_micro);
	jw_kv_int(&line.j, "charged", count_charged(r));
	jw_key(&line.j, "ids");
	jw_array(&line.j);
	for (size_t i = 0; i < r->n_items; i++)
		jw_id(&line.j, r->items[i].id);
	jw_array_end(&line.j);
	jw_object_end(&line.j);
	json_line_end(&line);
}

void ledger_print_record(uint64_t index, const struct ledger_record *r, struct ledger_names *names, bool json)
{
	char when[CLOCK_ISO_LEN + 1];

	if (json)
		record_json(index, r, names);
	else
		printf("%12" PRIu64 "  %-24s %-12s %-20" PRId64 " %-16s %6zu %7" PRId64 " %14" PRId64 "\n", index,
		       moment(r->time_ms, when), kinds[r->kind], r->key, ledger_name_plan(names, r->terms), r->n_items,
		       count_charged(r), r->cost_micro);
}

void ledger_print_finding(const struct ledger_finding *f, bool json)
{
	struct json_line line;

	if (json) {
		json_line_begin(&line);
		jw_object(&line.j);
		jw_kv_cstr(&line.j, "file", f->file);
		jw_kv_int(&line.j, "offset", (int64_t)f->offset);
		if (f->index == LEDGER_NO_INDEX)
			jw_kv_null(&line.j, "index");
		else
			jw_kv_int(&line.j, "index", (int64_t)f->index);
		jw_kv_cstr(&line.j, "problem", f->what);
		jw_object_end(&line.j);
		json_line_end(&line);
	} else if (f->index == LEDGER_NO_INDEX) {
		printf("%s: byte %" PRIu64 ": %s\n", f->file, f->offset, f->what);
	} else {
		printf("%s: byte %" PRIu64 ": record %" PRIu64 ": %s\n", f->file, f->offset, f->index, f->what);
	}
}

void ledger_print_verified(const struct ledger_verified *v, bool json)
{
	struct json_line line;

	if (!json) {
		printf("%" PRIu64 " records with %" PRIu64 " post reads in %" PRIu64 " files (%" PRIu64 " bytes): ",
		       v->records, v->reads, v->files, v->bytes);
		printf(v->findings ? "%" PRIu64 " things are wrong\n" : "all is as it was signed\n", v->findings);
		if (v->half_written)
			printf("%" PRIu64 " bytes at the end are of a commit that was not finished\n", v->half_written);
		if (v->unsalted)
			printf("%" PRIu64 " records have no salts any more: what they say is not proven\n",
			       v->unsalted);
		return;
	}
	json_line_begin(&line);
	jw_object(&line.j);
	jw_kv_bool(&line.j, "good", !v->findings);
	jw_kv_int(&line.j, "findings", (int64_t)v->findings);
	jw_kv_int(&line.j, "records", (int64_t)v->records);
	jw_kv_int(&line.j, "post_reads", (int64_t)v->reads);
	jw_kv_int(&line.j, "files", (int64_t)v->files);
	jw_kv_int(&line.j, "bytes", (int64_t)v->bytes);
	jw_kv_int(&line.j, "unsalted", (int64_t)v->unsalted);
	jw_kv_int(&line.j, "half_written", (int64_t)v->half_written);
	jw_object_end(&line.j);
	json_line_end(&line);
}

/*
 * probe_key.h - what the operator keeps of a sample: which probe is which post, and its group. The examiner gets ids and texts
 * alone. Its SHA-256 goes into the ledger before the probes go out, so nobody can say that groups were chosen to fit scores.
 */
#ifndef TRACE_PROBE_KEY_H
#define TRACE_PROBE_KEY_H

#include "base/arena.h"
#include "base/json.h"
#include "base/secret.h"
#include "trace/permutation.h"
#include "trace/sample.h"

#define PROBE_SAMPLE_LEN 12 /* hex digits of a sample's name */
#define PROBE_ID_LEN (PROBE_SAMPLE_LEN + 1 + 16)
#define PROBE_KEY_MAX ((size_t)256 << 20)
#define MODEL_ALPHA 0.01

struct probe_entry {
	char id[PROBE_ID_LEN + 1]; /* SAMPLE-random */
	struct probe_candidate of; /* post, record and delivered alone, when it was read */
	uint32_t block;
};
struct probe_key {
	char sample[PROBE_SAMPLE_LEN + 1];
	int64_t licensee; /* or WITHHOLD_EVERYBODY */
	enum permutation_side side;
	double alpha;
	struct view probes_sha256;   /* hex: of what was handed out */
	struct view counts, balance; /* JSON, for reports */
	struct probe_entry *v;
	size_t n;
};

const char *side_name(enum permutation_side side); /* "higher", "lower", "both" */
bool side_parse(struct view name, enum permutation_side *ret);

/* Names for a new sample and its probes; entries in the arena. */
void probe_key_make(struct probe_key *k, const struct sample *s, struct arena *a);
void probe_key_write(const struct probe_key *k, const struct sample *s, struct buf *out);
/* Texts in the arena. ERR_CORRUPT. */
enum err probe_key_read(struct view json, struct arena *a, struct probe_key *ret);

/* The text for the ledger, and whether a record's text is that of this sample with these bytes. */
void probe_statement_write(const struct probe_key *k, struct view bytes, struct buf *out);
bool probe_statement_fits(struct view text, const struct probe_key *k, struct view bytes);

#endif

/*
 * dossier.h - the folder beside a report with all that it rests on: data, proofs from the ledger, the signed tree head and its key.
 * tools/verify/trace.py reads nothing else. docs/trace-files.md is the format, for strangers.
 *
 * Each file is noted with its SHA-256; report.json, which lists them, comes last.
 */
#ifndef TRACE_DOSSIER_H
#define TRACE_DOSSIER_H

#include "base/vec.h"
#include "ledger/proof.h"
#include "licensed/withhold.h"

struct dossier_file {
	struct view name;
	struct digest sha256;
};
struct dossier_proof {
	struct view file, of;
	uint64_t index;
};
struct dossier {
	struct arena *arena;
	struct ledger *ledger; /* of the caller */
	struct published published;
	char folder[FILE_PATH_MAX]; /* "out.files" for "out.html" */
	struct VEC(struct dossier_file) files;
	struct VEC(struct dossier_proof) proofs;
};

/*
 * Makes the folder; has the tree head and the key in it. ERR_CONFLICT: there is one already, or a report: evidence is not written over.
 */
enum err dossier_open(struct dossier *d, const char *report, const char *ledger_dir, struct ledger *l, struct arena *a,
		      struct problem *problem);
void dossier_release(struct dossier *d); /* NULL-safe; the files stay */

enum err dossier_add(struct dossier *d, const char *name, struct view bytes, struct problem *problem);
/* proofs/INDEX.json, once for each record. of: "commitment of key 1 of acme"; copied. ERR_GONE: its salt was destroyed. */
enum err dossier_prove(struct dossier *d, uint64_t index, struct view of, struct problem *problem);
/* Members "proofs", "files", "folder", "origin", "key", "tree_size", "made", "software" of report.json. */
void dossier_write(const struct dossier *d, struct jw *j);
/* report.json, and the page at `report`. */
enum err dossier_finish(struct dossier *d, const char *report, struct view json, struct problem *problem);

/* One object of "keys". name: the licensee's. Key and salt only when they were revealed. */
void dossier_key_write(struct jw *j, const struct withhold_generation *g, struct view name);

#endif

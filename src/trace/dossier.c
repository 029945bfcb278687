/*
 * dossier.c - see dossier.h.
 */
#include "base/base.h"

#include "trace/dossier.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "trace/paper.h"

#define PROOF_MAX (2 * LIMIT_MIB)

static enum err folder_of(const char *report, char ret[FILE_PATH_MAX])
{
	struct view base = view_of(report);

	if (view_ends(base, V(".html")))
		base = view_sub(base, 0, base.len - 5);
	int n = snprintf(ret, FILE_PATH_MAX, "%.*s.files", VIEW_ARG(base));
	return base.len && n < FILE_PATH_MAX - 64 ? OK : ERR_TOO_LARGE;
}

static enum err make_folder(const char *path, struct problem *problem)
{
	char proofs[FILE_PATH_MAX + 16];

	snprintf(proofs, sizeof(proofs), "%s/proofs", path);
	if (mkdir(path, 0700) == 0 && mkdir(proofs, 0700) == 0)
		return OK;
	if (errno == EEXIST)
		return fail(problem, ERR_CONFLICT, "%s is there already: evidence is not written over", path);
	return fail(problem, ERR_UNAVAILABLE, "%s cannot be made: %s", path, strerror(errno));
}

enum err dossier_open(struct dossier *d, const char *report, const char *ledger_dir, struct ledger *l, struct arena *a,
		      struct problem *problem)
{
	*d = (struct dossier){.arena = a, .ledger = l};
	if (folder_of(report, d->folder) != OK)
		return fail(problem, ERR_TOO_LARGE, "the path of the report is too long, or empty");
	if (access(report, F_OK) == 0)
		return fail(problem, ERR_CONFLICT, "%s is there already: evidence is not written over", report);
	enum err err = published_read(ledger_dir, a, &d->published);
	if (err != OK)
		return fail(problem, err, "the ledger in %s has no checkpoint that its key has signed", ledger_dir);
	TRY(make_folder(d->folder, problem));
	TRY(dossier_add(d, "checkpoint", d->published.note, problem));
	return dossier_add(d, "ledger.key", arena_printf(a, "%.*s\n", VIEW_ARG(d->published.key_text)), problem);
}

void dossier_release(struct dossier *d)
{
	if (!d)
		return;
	VEC_FREE(&d->files);
	VEC_FREE(&d->proofs);
}

enum err dossier_add(struct dossier *d, const char *name, struct view bytes, struct problem *problem)
{
	char path[FILE_PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", d->folder, name);
	enum err err = file_replace(path, bytes, 0600, FILE_DURABLE);
	if (err != OK)
		return fail(problem, err, "%s cannot be written: %s", path, err_name(err));
	VEC_PUSH(&d->files, (struct dossier_file){arena_view(d->arena, view_of(name)), digest_sha256(bytes)});
	return OK;
}

enum err dossier_prove(struct dossier *d, uint64_t index, struct view of, struct problem *problem)
{
	struct merkle_proof proof;
	struct opening o;
	struct buf b;

	for (size_t i = 0; i < d->proofs.n; i++)
		if (d->proofs.v[i].index == index)
			return OK;
	if (index >= d->published.head.size)
		return fail(problem, ERR_NOT_FOUND, "record %" PRIu64 " is not yet in the published tree", index);
	enum err err = opening_read(d->ledger, d->arena, index, &o);
	if (err == OK)
		err = inclusion_prove(&d->published, index, d->published.head.size, &o, &proof);
	if (err != OK)
		return fail(problem, err, "record %" PRIu64 " cannot be proven: %s", index, err_name(err));
	struct view file = arena_printf(d->arena, "proofs/%" PRIu64 ".json", index);
	buf_init(&b, PROOF_MAX);
	struct jw j = jw_to(&b);
	inclusion_write(&j, &d->published, index, d->published.head.size, false, &o, &proof);
	buf_add_c(&b, '\n');
	err = dossier_add(d, file.p, buf_view(&b), problem);
	buf_release(&b);
	if (err == OK)
		VEC_PUSH(&d->proofs, (struct dossier_proof){file, arena_view(d->arena, of), index});
	return err;
}

void dossier_write(const struct dossier *d, struct jw *j)
{
	const char *base = strrchr(d->folder, '/');
	char hex[HEX_LEN(DIGEST_LEN) + 1];

	jw_kv_time(j, "made", clock_now());
	jw_kv_cstr(j, "software", "kicau " KICAU_VERSION);
	jw_kv_str(j, "origin", d->published.head.origin);
	jw_kv_str(j, "key", d->published.key_text);
	jw_kv_int(j, "tree_size", (int64_t)d->published.head.size);
	jw_kv_cstr(j, "folder", base ? base + 1 : d->folder);
	jw_key(j, "proofs");
	jw_array(j);
	for (size_t i = 0; i < d->proofs.n; i++) {
		jw_object(j);
		jw_kv_str(j, "file", d->proofs.v[i].file);
		jw_kv_str(j, "of", d->proofs.v[i].of);
		jw_kv_int(j, "record", (int64_t)d->proofs.v[i].index);
		jw_object_end(j);
	}
	jw_array_end(j);
	jw_key(j, "files");
	jw_array(j);
	for (size_t i = 0; i < d->files.n; i++) {
		hex_encode(d->files.v[i].sha256.b, DIGEST_LEN, hex);
		jw_object(j);
		jw_kv_str(j, "file", d->files.v[i].name);
		jw_kv_cstr(j, "sha256", hex);
		jw_object_end(j);
	}
	jw_array_end(j);
}

enum err dossier_finish(struct dossier *d, const char *report, struct view json, struct problem *problem)
{
	struct buf page;

	TRY(dossier_add(d, "report.json", json, problem));
	buf_init(&page, PAPER_MAX);
	enum err err = trace_paper(d->arena, json, &page);
	if (err != OK)
		err = fail(problem, err, "the report cannot be drawn: %s", err_name(err));
	else if (file_replace(report, buf_view(&page), 0600, FILE_DURABLE) != OK)
		err = fail(problem, ERR_UNAVAILABLE, "%s cannot be written", report);
	buf_release(&page);
	return err;
}

static void kv_hex(struct jw *j, const char *key, const void *bytes, size_t n)
{
	char hex[HEX_LEN(DIGEST_LEN) + 1];

	hex_encode(bytes, n, hex);
	jw_kv_cstr(j, key, hex);
}

void dossier_key_write(struct jw *j, const struct withhold_generation *g, struct view name)
{
	struct digest commitment = withhold_commitment(&g->key, &g->salt);

	jw_object(j);
	withhold_party_write(j, g->licensee);
	jw_kv_str(j, "name", name);
	jw_kv_int(j, "generation", g->number);
	jw_kv_int(j, "ppm", g->ppm);
	withhold_from_write(j, g);
	jw_kv_id(j, "until", g->until_id);
	if (!g->lost)
		kv_hex(j, "commitment", commitment.b, DIGEST_LEN);
	if (g->committed >= 0)
		jw_kv_int(j, "committed", g->committed);
	if (g->revealed >= 0) {
		jw_kv_int(j, "revealed", g->revealed);
		kv_hex(j, "key", g->key.b, WITHHOLD_KEY_LEN);
		kv_hex(j, "salt", g->salt.b, WITHHOLD_SALT_LEN);
	}
	jw_object_end(j);
}

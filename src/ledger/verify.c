/*
 * verify.c - see verify.h: the files one after the other, then the tree over all of them.
 */
#include "base/base.h"
#include "ledger/verify.h"

#include <assert.h>
#include <unistd.h>

#include "ledger/publish.h"
#include "ledger/segments.h"
#include "ledger/verify_private.h"

#define TRIES 5

void verify_found(struct verifying *v, const char *file, uint64_t offset, uint64_t index, const char *fmt, ...)
{
	char what[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	v->sums->findings++;
	v->fn(v->arg, &(struct ledger_finding){.file = file, .offset = offset, .index = index, .what = what});
}

/* A server that runs packed it since we looked. */
static bool packed_meanwhile(const struct segment_name *n)
{
	static_assert(sizeof(PACKED_SUFFIX) == sizeof(TAIL_SUFFIX), "suffixes of one length");
	char *suffix = n->path + strlen(n->path) - strlen(TAIL_SUFFIX);

	if (access(n->path, F_OK) == 0)
		return false;
	memcpy(suffix, PACKED_SUFFIX, sizeof(PACKED_SUFFIX));
	return true;
}

static void check_file(struct verifying *v, const struct segment_name *n, bool last, uint64_t *next)
{
	uint64_t held = 0;

	v->sums->files++;
	if (n->first != *next)
		verify_found(v, n->path, 0, n->first < *next ? n->first : *next,
			     n->first > *next ? "records before it are missing" : "its records are there twice");
	if (n->packed || packed_meanwhile(n))
		verify_packed(v, n->path, n->first, &held);
	else
		verify_tail(v, n->path, n->first, last, &held);
	v->sums->records += held;
	*next = n->first + held;
}

/* Packed a moment ago, or before a crash: the unpacked one is about to go. Or the archive's copy of one that is here. */
static bool is_unread(const struct segment_name *before, const struct segment_name *n)
{
	return before->first == n->first && before->packed && (!n->packed || (n->archived && !before->archived));
}

static void check_files(struct verifying *v, const struct segment_names *names, uint64_t archived)
{
	uint64_t next = names->n && names->v[0].first == archived ? archived : 0;

	for (size_t i = 0; i < names->n; i++) {
		if (i && is_unread(&names->v[i - 1], &names->v[i]))
			continue;
		check_file(v, &names->v[i], i + 1 == names->n, &next);
	}
	if (!names->n || names->v[names->n - 1].packed)
		verify_found(v, v->dir, 0, next, "the open file is missing");
}

static void read_checkpoint(const char *dir, struct buf *ret)
{
	buf_init(ret, NOTE_MAX);
	if (publish_read_checkpoint(dir, ret) != OK)
		buf_clear(ret);
}

/* A server that runs may have published more than there was when the records were read: then they are read again. */
static enum err check_tree(struct verifying *v, const char *archive, struct problem *problem)
{
	struct problem wrong = {0};
	struct ledger *l;
	enum err err = OK;
	bool again = true;

	for (int i = 0; i < TRIES && again; i++) {
		struct buf before, after;

		read_checkpoint(v->dir, &before);
		err = ledger_open_read(v->dir, archive, &l, &wrong);
		if (err == OK) {
			if (!i)
				verify_entries(v, l);
			err = verify_signed(v, l, &wrong);
			ledger_close(l);
		}
		read_checkpoint(v->dir, &after);
		again = err != OK && !view_eq(buf_view(&before), buf_view(&after));
		buf_release(&before);
		buf_release(&after);
	}
	if (err == ERR_UNAVAILABLE || err == ERR_NO_SPACE)
		return fail(problem, err, "%s", wrong.text);
	if (err != OK)
		verify_found(v, v->dir, 0, LEDGER_NO_INDEX, "%s", wrong.text[0] ? wrong.text : err_name(err));
	return OK;
}

enum err ledger_verify(const char *dir, const char *archive, ledger_finding_fn *fn, void *arg,
		       struct ledger_verified *ret, struct problem *problem)
{
	struct ledger_verified sums = {0};
	struct verifying v = {.dir = dir, .fn = fn, .arg = arg, .sums = &sums};
	struct segment_names names = {0};

	enum err err = segments_look(dir, archive, &names, problem);
	if (err == OK) {
		check_files(&v, &names, segments_archived(dir));
		segments_look_free(&names);
	}
	if (err == OK && !sums.findings)
		err = check_tree(&v, archive, problem);
	if (err == OK || err == ERR_CORRUPT)
		*ret = sums;
	return err == OK && sums.findings ? ERR_CORRUPT : err;
}

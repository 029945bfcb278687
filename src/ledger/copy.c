/*
 * copy.c - see copy.h.
 */
#include "base/base.h"

#include "ledger/copy.h"

#include <errno.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/file.h"
#include "ledger/packed.h"
#include "ledger/tail.h"

#define CHECKPOINT "checkpoint"
#define LOCK "lock"

static enum err link_one(const char *from, const char *to, struct problem *problem)
{
	if (link(from, to) == 0 || errno == EEXIST)
		return OK;
	if (errno == ENOENT)
		return ERR_NOT_FOUND;
	return fail(problem, ERR_UNAVAILABLE, "%.180s cannot be linked to %.180s: %s", from, to, strerror(errno));
}

/* An open file that is gone has been packed: the packed one was there before. */
static enum err link_packed(const char *from, const char *to, struct problem *problem)
{
	struct view v = view_of(from), t = view_of(to);
	char packed[FILE_PATH_MAX], packed_to[FILE_PATH_MAX];

	if (!view_ends(v, V(TAIL_SUFFIX)))
		return OK; /* a partial tile that a wider one has replaced: it can be made again */
	v.len -= strlen(TAIL_SUFFIX);
	t.len -= strlen(TAIL_SUFFIX);
	if (snprintf(packed, sizeof(packed), "%.*s" PACKED_SUFFIX, VIEW_ARG(v)) >= FILE_PATH_MAX ||
	    snprintf(packed_to, sizeof(packed_to), "%.*s" PACKED_SUFFIX, VIEW_ARG(t)) >= FILE_PATH_MAX)
		return ERR_TOO_LARGE;
	return link_one(packed, packed_to, problem);
}

static enum err copy_entry(const FTSENT *e, const char *to, size_t base, struct problem *problem)
{
	char path[FILE_PATH_MAX];

	if (e->fts_level == 0 || (e->fts_info != FTS_D && e->fts_info != FTS_F) || strcmp(e->fts_name, LOCK) == 0)
		return OK;
	TRY(file_path(to, e->fts_path + base, path));
	if (e->fts_info == FTS_D)
		return mkdir(path, 0700) == 0 || errno == EEXIST
			       ? OK
			       : fail(problem, ERR_UNAVAILABLE, "%.180s: %s", path, strerror(errno));
	enum err err = link_one(e->fts_path, path, problem);
	return err == ERR_NOT_FOUND ? link_packed(e->fts_path, path, problem) : err;
}

/* What begins with a dot is nobody's: copies under way, for one. */
static bool is_hidden(const FTSENT *e)
{
	return e->fts_level > 0 && e->fts_name[0] == '.';
}

enum err ledger_copy(const char *dir, const char *to, struct problem *problem)
{
	char from[FILE_PATH_MAX], path[FILE_PATH_MAX];
	char *const roots[] = {(char *)(uintptr_t)dir, NULL};

	TRY(file_path(dir, CHECKPOINT, from));
	TRY(file_path(to, CHECKPOINT, path));
	enum err err = link_one(from, path, problem);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (access(dir, F_OK) != 0)
		return ERR_NOT_FOUND;
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!tree)
		return fail(problem, ERR_UNAVAILABLE, "%.180s: %s", dir, strerror(errno));
	err = OK;
	for (FTSENT *e; err == OK && (e = fts_read(tree));) {
		if (is_hidden(e))
			fts_set(tree, e, FTS_SKIP);
		else
			err = copy_entry(e, to, strlen(dir) + 1, problem);
	}
	fts_close(tree);
	return err;
}

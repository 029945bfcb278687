/*
 * segments_open.c - which files are there, and whether they are one row from the first record to the last.
 */
#include "base/base.h"
#include "ledger/segments.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "ledger/file.h"

#define NAME_DIGITS 12 /* at least */

/* "000000001234.seg" */
static bool parse_name(const char *name, struct segment_name *ret)
{
	struct view v = view_of(name);

	ret->packed = view_ends(v, V(PACKED_SUFFIX));
	if (!ret->packed && !view_ends(v, V(TAIL_SUFFIX)))
		return false;
	v.len -= strlen(PACKED_SUFFIX);
	return v.len >= NAME_DIGITS && parse_u64(v, INT64_MAX, &ret->first);
}

static enum err look(const char *dir, bool archived, struct segment_names *all, struct problem *problem)
{
	struct segment_name f = {.dir = dir, .archived = archived};
	char path[FILE_PATH_MAX];
	DIR *d = opendir(dir);

	if (!d)
		return fail(problem, errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%.200s: %s", dir,
			    strerror(errno));
	for (const struct dirent *e; (e = readdir(d));)
		if (parse_name(e->d_name, &f) && file_path(dir, e->d_name, path) == OK) {
			f.path = xstrdup(path);
			VEC_PUSH(all, f);
		}
	closedir(d);
	return OK;
}

static int by_first(const void *a, const void *b)
{
	const struct segment_name *x = a, *y = b;

	if (x->first != y->first)
		return (x->first > y->first) - (x->first < y->first);
	return x->packed != y->packed ? y->packed - x->packed : x->archived - y->archived;
}

enum err segments_look(const char *dir, const char *archive, struct segment_names *ret, struct problem *problem)
{
	enum err err = look(dir, false, ret, problem);

	if (err == OK && archive)
		err = look(archive, true, ret, problem);
	if (err != OK)
		segments_look_free(ret);
	else if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_first);
	return err;
}

void segments_look_free(struct segment_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->v[i].path);
	VEC_FREE(names);
}

enum err segments_lock(const char *dir, int *ret_fd, struct problem *problem)
{
	char path[FILE_PATH_MAX];

	TRY(file_path(dir, "lock", path));
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fail(problem, ERR_NOT_FOUND, "there is no ledger in %.200s", dir);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return fail(problem, ERR_CONFLICT, "a server writes this ledger: stop it first");
	}
	*ret_fd = fd;
	return OK;
}

static enum err open_one(const struct segment_name *f, const struct segments_where *where, struct segment **ret,
			 struct problem *problem)
{
	struct tail *t;

	if (f->packed) {
		TRY(segment_of_packed(f->path, ret, problem));
		if ((*ret)->first != f->first) {
			enum err wrong = fail(problem, ERR_CORRUPT, "%.180s holds records from %" PRIu64 " on", f->path,
					      (*ret)->first);

			segment_unref(*ret);
			return wrong;
		}
	} else {
		TRY(tail_load(f->path, f->first, where->segment_bytes, where->repair, &t, NULL, problem));
		*ret = segment_of_tail(t);
	}
	enum err err = segment_salts(*ret, f->dir, false, problem);
	if (err != OK)
		segment_unref(*ret);
	return err;
}

uint64_t segments_archived(const char *dir)
{
	char path[FILE_PATH_MAX];
	struct buf b;
	uint64_t n = 0;

	buf_init(&b, 32);
	if (file_path(dir, ARCHIVED_FILE, path) == OK && file_read(path, &b) == OK)
		parse_u64(view_trim(buf_view(&b)), INT64_MAX, &n);
	buf_release(&b);
	return n;
}

static enum err open_all(struct segments *f, const struct segment_names *all, const struct segments_where *where,
			 struct problem *problem)
{
	uint64_t next = 0;
	struct segment *s;

	for (size_t i = 0; i < all->n; i++) {
		const struct segment_name *one = &all->v[i];
		if (i && one->first == all->v[i - 1].first) {
			if (where->repair && !one->packed && !one->archived)
				unlink(one->path);
			continue;
		}
		if (!f->list.n && one->first && one->first == segments_archived(where->dir))
			next = one->first;
		if (one->first != next)
			return fail(problem, ERR_CORRUPT, "%.120s: records from %" PRIu64 " to %" PRIu64 " %s",
				    one->dir, one->first > next ? next : one->first,
				    one->first > next ? one->first : next,
				    one->first > next ? "are missing" : "are there twice");
		TRY(open_one(one, where, &s, problem));
		VEC_PUSH(&f->list, s);
		next = one->first + segment_count(s);
	}
	return OK;
}

enum err segments_open(struct segments *f, const struct segments_where *where, struct problem *problem)
{
	struct segment_names all = {0};

	*f = (struct segments){0};
	TRY(segments_look(where->dir, where->archive, &all, problem));
	pthread_mutex_init(&f->lock, NULL);
	enum err err = open_all(f, &all, where, problem);
	segments_look_free(&all);
	if (err != OK)
		segments_close(f);
	return err;
}

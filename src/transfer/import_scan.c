/*
 * import_scan.c - see import_scan.h.
 */
#include "base/base.h"

#include "transfer/import_scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/vec.h"
#include "jobs/jobs.h"
#include "transfer/items.h"
#include "transfer/unpack.h"

#define LIST_BYTES_MAX INT64_C(0x100000000)		/* 4 GiB */
#define MEDIA_BYTES_MAX ((int64_t)(512 * LIMIT_MIB))
#define ENTRY_ARENA (8 * LIMIT_MIB)
#define PARTS_MAX 100

/* ---- what is where ---- */

static int64_t wanted_of_mastodon(struct view name)
{
	if (view_is(name, "outbox.json") || view_is(name, "actor.json"))
		return LIST_BYTES_MAX;
	if (view_ends(name, V(".json")) || view_find(name, 0, '/') == name.len)
		return 0;
	return MEDIA_BYTES_MAX;
}

static bool list_of_mastodon(size_t file, char ret_name[64])
{
	snprintf(ret_name, 64, "outbox.json");
	return file == 0;
}

/* "data/tweets.js", "data/tweets-part1.js", …, and the same of old archives, which said "tweet". */
static bool list_of_twitter(size_t file, char ret_name[64])
{
	const char *word = file < PARTS_MAX ? "tweets" : "tweet";
	size_t part = file % PARTS_MAX;

	if (part)
		snprintf(ret_name, 64, "data/%s-part%zu.js", word, part);
	else
		snprintf(ret_name, 64, "data/%s.js", word);
	return file < 2 * PARTS_MAX;
}

/* An archive of X holds far more, messages to others too: none of that is even unpacked. */
static int64_t wanted_of_twitter(struct view name)
{
	if (view_starts(name, V("data/tweets_media/")) || view_starts(name, V("data/tweet_media/")))
		return MEDIA_BYTES_MAX;
	if (view_is(name, "data/account.js"))
		return (int64_t)LIMIT_MIB;
	if ((view_starts(name, V("data/tweets")) || view_starts(name, V("data/tweet"))) && view_ends(name, V(".js")))
		return LIST_BYTES_MAX;
	return 0;
}

static const char *const marks_of_mastodon[] = {"outbox.json", NULL};
static const char *const marks_of_twitter[] = {"data/tweets.js", "data/tweet.js", NULL};

const struct import_source import_from_mastodon = {
	.marks = marks_of_mastodon,
	.wanted = wanted_of_mastodon,
	.key = "orderedItems",
	.owner_file = "actor.json",
	.owner = foreign_owner_mastodon,
	.read = foreign_read_mastodon,
	.list = list_of_mastodon,
};

const struct import_source import_from_twitter = {
	.marks = marks_of_twitter,
	.wanted = wanted_of_twitter,
	.owner_file = "data/account.js",
	.owner = foreign_owner_twitter,
	.read = foreign_read_twitter,
	.list = list_of_twitter,
};

/* ---- files ---- */

static struct view map_file(const char *path)
{
	struct view none = {0};
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return none;
	void *p = fstat(fd, &st) == 0 && st.st_size > 0 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
							: MAP_FAILED;
	close(fd);
	return p == MAP_FAILED ? none : view_make(p, (size_t)st.st_size);
}

struct view scan_map(const char *folder, struct view name)
{
	char path[UNPACK_PATH_MAX];

	unpack_path(folder, name, path);
	return map_file(path);
}

void scan_unmap(struct view v)
{
	if (v.len)
		munmap((void *)v.p, v.len);
}

static void index_path(const struct core *c, int64_t import, const char *suffix, char ret[IMPORT_PATH_MAX + 16])
{
	char folder[IMPORT_PATH_MAX];

	import_folder(c, import, folder);
	snprintf(ret, IMPORT_PATH_MAX + 16, "%s/index%s", folder, suffix);
}

enum err scan_index(const struct core *c, int64_t import, struct view *ret)
{
	char path[IMPORT_PATH_MAX + 16];
	struct stat st;

	index_path(c, import, "", path);
	if (stat(path, &st) != 0)
		return ERR_NOT_FOUND;
	*ret = map_file(path);
	return OK;
}

/* ---- scanning ---- */

struct scan {
	struct core *core;
	struct import *i;
	const struct import_source *source;
	char folder[IMPORT_PATH_MAX];
	struct foreign_owner owner;
	struct import_report *report;
	struct VEC(struct scan_entry) entries;
	struct arena arena; /* of one entry */
	struct problem *problem;
	enum err err; /* of complaining where nothing can be answered */
};

static bool stop(void *arg)
{
	const struct scan *s = arg;

	return s->err != OK || jobs_stopping(s->core->jobs);
}

static enum err complain(struct scan *s, bool refused, const char *place, struct view item, const char *words)
{
	import_complain(s->i, s->report, refused, place, item, words);
	return s->report->n == IMPORT_REPORT_MAX ? import_save(s->core, s->i, s->report) : OK;
}

static void left_out(void *arg, struct view name, const char *words)
{
	struct scan *s = arg;
	enum err err = complain(s, false, "the archive", utf8_valid(name) ? name : V(""), words);

	s->err = s->err ? s->err : err;
}

/* When it was written, for the order. What cannot be parsed comes first, and is told then. */
static int64_t time_of(struct scan *s, struct view json)
{
	struct foreign_post p = {0};
	json_error_t error;
	json_t *item = json_loadb(json.p, json.len, 0, &error);

	if (item)
		s->source->read(&s->arena, &s->owner, item, &p);
	json_decref(item);
	arena_reset(&s->arena);
	return p.at;
}

static enum err scan_list(struct scan *s, struct view text, const char *name, uint32_t file)
{
	struct items items;
	struct item item;
	char place[96];

	if (items_begin(text, s->source->key, &items) != OK)
		return complain(s, false, name, V(""), "there is no list of posts in it");
	while (items_next(&items, &item)) {
		if (s->entries.n >= LIMIT_IMPORT_POSTS)
			return fail(s->problem, ERR_UNPROCESSABLE, "The archive has more than %d posts",
				    LIMIT_IMPORT_POSTS);
		if (item.n % 256 == 0 && stop(s))
			return ERR_BUSY;
		s->i->total++;
		if (item.wrong) {
			snprintf(place, sizeof(place), "%s, entry %" PRId64, name, item.n);
			s->i->done++;
			TRY(complain(s, true, place, V(""), item.wrong));
			continue;
		}
		VEC_PUSH(&s->entries, (struct scan_entry){.at = time_of(s, item.json),
							  .offset = (uint64_t)(item.json.p - text.p),
							  .len = (uint32_t)item.json.len,
							  .n = (uint32_t)item.n,
							  .file = file});
	}
	return OK;
}

static int by_time(const void *a, const void *b)
{
	const struct scan_entry *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->n < y->n ? -1 : x->n > y->n;
}

static enum err scan_lists(struct scan *s)
{
	struct view actor = scan_map(s->folder, view_of(s->source->owner_file));
	struct arena a;
	enum err err = OK;
	char name[64];

	arena_init(&a, LIMIT_MIB);
	if (actor.len > LIMIT_MIB || !s->source->owner(&a, actor, &s->owner))
		err = fail(s->problem, ERR_UNPROCESSABLE, "There is no %s in the archive that says whose it is",
			   s->source->owner_file);
	scan_unmap(actor);
	for (size_t f = 0; err == OK && s->source->list(f, name); f++) {
		struct view text = scan_map(s->folder, view_of(name));

		if (text.len)
			err = scan_list(s, text, name, (uint32_t)f);
		scan_unmap(text);
	}
	arena_release(&a);
	TRY(err);
	if (!s->i->total)
		return fail(s->problem, ERR_UNPROCESSABLE, "There are no posts in the archive");
	if (s->entries.n)
		qsort(s->entries.v, s->entries.n, sizeof(*s->entries.v), by_time);
	return OK;
}

static enum err write_index(struct scan *s)
{
	char temp[IMPORT_PATH_MAX + 16], path[IMPORT_PATH_MAX + 16];

	index_path(s->core, s->i->id, ".part", temp);
	index_path(s->core, s->i->id, "", path);
	FILE *f = fopen(temp, "we");
	if (!f)
		return ERR_NO_SPACE;
	bool good = !s->entries.n || fwrite(s->entries.v, sizeof(*s->entries.v), s->entries.n, f) == s->entries.n;
	good = fflush(f) == 0 && fsync(fileno(f)) == 0 && good;
	good = fclose(f) == 0 && good;
	if (!good)
		return ERR_NO_SPACE;
	TRY(import_save(s->core, s->i, s->report));
	return rename(temp, path) == 0 ? OK : ERR_NO_SPACE;
}

/* What an interrupted attempt has left. */
static void clear_folder(const char *folder)
{
	DIR *d = opendir(folder);

	if (!d)
		return;
	for (struct dirent *e; (e = readdir(d));)
		if (view_starts(view_of(e->d_name), V("m-")))
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
}

static enum err prepare(struct scan *s)
{
	struct unpack u = {
		.marks = s->source->marks, .wanted = s->source->wanted, .stop = stop, .arg = s, .complain = left_out};
	char file[IMPORT_PATH_MAX], damage[256];
	struct import *i = s->i;

	i->total = i->done = i->taken = i->known = i->refused = i->problems = 0;
	clear_folder(s->folder);
	import_file(s->core, i->id, file);
	enum err err = unpack(file, s->folder, &u, damage, s->problem);
	TRY(s->err);
	TRY(err);
	if (damage[0])
		TRY(complain(s, false, "the archive", V(""), damage));
	TRY(scan_lists(s));
	return write_index(s);
}

enum err scan_prepare(struct core *c, struct import *i, const struct import_source *source, struct problem *problem)
{
	struct scan *s = xcalloc(1, sizeof(*s));

	*s = (struct scan){.core = c, .i = i, .source = source, .problem = problem};
	s->report = xcalloc(1, sizeof(*s->report));
	import_folder(c, i->id, s->folder);
	arena_init(&s->arena, ENTRY_ARENA);
	enum err err = prepare(s);
	arena_release(&s->arena);
	VEC_FREE(&s->entries);
	free(s->report);
	free(s);
	return err;
}

/*
 * publish.c - see publish.h. After an error everything is opened again from the last checkpoint, as at the start:
 * there is one way to get going.
 */
#include "base/base.h"
#include "ledger/publish.h"

#include <pthread.h>
#include <time.h>

#include "base/log.h"
#include "ledger/checkpoint.h"
#include "ledger/file.h"
#include "ledger/tiles.h"

#define EVERY_MS 10000
#define STEP 4096 /* entries asked for at once */
#define CHECKPOINT_FILE "checkpoint"
#define KEY_FILE "key.public"
#define MODE 0644

struct publisher {
	const char *dir;
	const struct note_signer *signer;
	int64_t every_ms;
	struct publish_source source;
	struct tiles *tiles; /* NULL after an error */
	uint64_t size;	     /* of the tiles */
	uint64_t published;  /* of the last checkpoint */
	bool ever;	     /* there is one */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool ending; /* under lock */
};

/* ---- reading what is published ---- */

static enum err read_published(const char *dir, const char *name, struct buf *out)
{
	char path[FILE_PATH_MAX];

	TRY(file_path(dir, name, path));
	return file_read(path, out);
}

enum err publish_read_checkpoint(const char *dir, struct buf *out)
{
	return read_published(dir, CHECKPOINT_FILE, out);
}

enum err publish_read_key(const char *dir, struct buf *out)
{
	return read_published(dir, KEY_FILE, out);
}

/* ---- tiles from records ---- */

static enum err append_until(struct publisher *p, uint64_t size)
{
	struct digest *entries = xcalloc(STEP, sizeof(*entries));
	enum err err = OK;

	while (err == OK && p->size < size) {
		size_t n = size - p->size < STEP ? (size_t)(size - p->size) : STEP;

		err = p->source.entries(p->source.arg, p->size, n, entries);
		if (err == OK)
			err = tiles_append(p->tiles, entries, n);
		p->size += n;
	}
	free(entries);
	return err;
}

static void drop_tiles(struct publisher *p)
{
	tiles_free(p->tiles);
	p->tiles = NULL;
}

static bool has_root(const struct publisher *p, const struct digest *root)
{
	struct merkle_edge edge;

	tiles_edge(p->tiles, &edge);
	struct digest found = merkle_edge_root(&edge);
	return digest_eq(&found, root);
}

/* Makes all tiles of the checkpoint from the records. */
static enum err rebuild(struct publisher *p, const struct checkpoint *c, struct problem *problem)
{
	drop_tiles(p);
	p->size = 0;
	TRY(tiles_open(p->dir, 0, &p->tiles));
	TRY(append_until(p, c->size));
	if (!has_root(p, &c->root))
		return fail(problem, ERR_CORRUPT,
			    "the ledger's first %" PRIu64 " records are not those that were signed: records were "
			    "changed; `kicau ledger verify` says which",
			    c->size);
	return tiles_flush(p->tiles);
}

/* The tiles of this checkpoint, as they are or made anew. */
static enum err open_at(struct publisher *p, const struct checkpoint *c, struct problem *problem)
{
	if (c->size > p->source.size(p->source.arg))
		return fail(problem, ERR_CORRUPT,
			    "the ledger has fewer records than the %" PRIu64 " that were signed; restore them from a "
			    "backup",
			    c->size);
	p->size = c->size;
	enum err err = tiles_open(p->dir, c->size, &p->tiles);
	if (err == OK && has_root(p, &c->root))
		return OK;
	if (err != OK && err != ERR_NOT_FOUND && err != ERR_CORRUPT)
		return fail(problem, err, "the ledger's tiles cannot be read: %s", err_name(err));
	log_warn("the ledger's tiles are damaged or missing: they are made anew from the records");
	return rebuild(p, c, problem);
}

/* From the last checkpoint; before the first, from nothing. */
static enum err open_tiles(struct publisher *p, struct problem *problem)
{
	struct checkpoint c = {.root = digest_sha256(V(""))};
	struct buf note;

	buf_init(&note, NOTE_MAX);
	enum err err = publish_read_checkpoint(p->dir, &note);
	p->ever = err != ERR_NOT_FOUND;
	if (err == OK && checkpoint_open(buf_view(&note), &p->signer->key, &c) != OK)
		err = fail(problem, ERR_CORRUPT,
			   "%.150s/%s is not a checkpoint of this ledger's key; restore it from "
			   "a backup",
			   p->dir, CHECKPOINT_FILE);
	if (err == OK || err == ERR_NOT_FOUND)
		err = open_at(p, &c, problem);
	p->published = c.size;
	buf_release(&note);
	return err;
}

/* ---- checkpoints ---- */

static enum err write_checkpoint(const struct publisher *p)
{
	struct merkle_edge edge;
	char path[FILE_PATH_MAX];
	struct buf text, note;

	tiles_edge(p->tiles, &edge);
	struct checkpoint c = {view_of(p->signer->key.name), edge.size, merkle_edge_root(&edge), V("")};
	TRY(file_path(p->dir, CHECKPOINT_FILE, path));
	buf_init(&text, NOTE_MAX);
	buf_init(&note, NOTE_MAX);
	checkpoint_write(&c, &text);
	note_write(p->signer, buf_view(&text), &note);
	enum err err = file_replace(path, buf_view(&note), MODE, FILE_DURABLE);
	buf_release(&text);
	buf_release(&note);
	return err;
}

static enum err publish(struct publisher *p, struct problem *problem)
{
	uint64_t size = p->source.size(p->source.arg);

	if (!p->tiles)
		TRY(open_tiles(p, problem));
	if (p->ever && size == p->published)
		return OK;
	TRY(append_until(p, size));
	TRY(tiles_flush(p->tiles));
	TRY(write_checkpoint(p));
	tiles_prune(p->tiles);
	p->published = size;
	p->ever = true;
	return OK;
}

static void publish_or_say(struct publisher *p)
{
	struct problem problem = {0};
	enum err err = publish(p, &problem);

	if (err == OK)
		return;
	log_error("the ledger's newest records could not be published; it will be tried again",
		  F_STR("error", view_of(err_name(err))), F_STR("words", view_of(problem.text)));
	drop_tiles(p);
}

/* ---- checking ---- */

static enum err check(struct publisher *p, struct problem *problem)
{
	struct checkpoint c = {0};
	struct buf note;

	buf_init(&note, NOTE_MAX);
	enum err err = publish_read_checkpoint(p->dir, &note);
	if (err == OK)
		err = checkpoint_open(buf_view(&note), &p->signer->key, &c);
	uint64_t size = c.size;
	struct digest root = c.root;
	buf_release(&note);
	if (err != OK)
		return fail(problem, err, "the checkpoint is not one of this key");
	if (size > p->source.size(p->source.arg))
		return fail(problem, ERR_CORRUPT, "%" PRIu64 " records were signed, fewer are there", size);
	TRY(tiles_check(p->dir, &p->tiles));
	err = append_until(p, size);
	if (err == OK && !has_root(p, &root))
		return fail(problem, ERR_CORRUPT, "the records do not give the root that was signed");
	if (err == OK)
		err = tiles_flush(p->tiles);
	if (err == ERR_CORRUPT)
		return fail(problem, err,
			    "%s is not what the records give; stop the server, remove the folder tile, and "
			    "the next start makes it anew",
			    tiles_wrong(p->tiles));
	return err;
}

enum err publish_check(const char *dir, const struct note_key *key, const struct publish_source *source,
		       struct problem *problem)
{
	struct note_signer nobody = {.key = *key};
	struct publisher p = {.dir = dir, .signer = &nobody, .source = *source};
	enum err err = check(&p, problem);

	drop_tiles(&p);
	return err;
}

/* ---- the thread ---- */

/* True when it is time to end. */
static bool wait_for_next(struct publisher *p)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += p->every_ms / 1000;
	until.tv_nsec += p->every_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&p->lock);
	while (!p->ending && pthread_cond_timedwait(&p->wake, &p->lock, &until) == 0)
		;
	bool ending = p->ending;
	pthread_mutex_unlock(&p->lock);
	return ending;
}

static void *run(void *arg)
{
	struct publisher *p = arg;
	bool ending;

	do {
		ending = wait_for_next(p);
		publish_or_say(p);
	} while (!ending);
	return NULL;
}

static enum err write_key(const struct publisher *p)
{
	char path[FILE_PATH_MAX];
	struct buf vkey;

	TRY(file_path(p->dir, KEY_FILE, path));
	buf_init(&vkey, NOTE_MAX);
	note_key_write(&p->signer->key, &vkey);
	buf_add_c(&vkey, '\n');
	enum err err = file_replace(path, buf_view(&vkey), MODE, FILE_DURABLE);
	buf_release(&vkey);
	return err;
}

static enum err prepare(struct publisher *p, struct problem *problem)
{
	enum err err = write_key(p);

	problem->text[0] = 0;
	if (err != OK)
		return fail(problem, err, "the ledger's directory %.150s cannot be written: %s", p->dir, err_name(err));
	err = publish(p, problem);
	if (err != OK && !problem->text[0])
		return fail(problem, err, "the ledger's tiles cannot be made: %s", err_name(err));
	return err;
}

static void start_thread(struct publisher *p)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&p->thread, NULL, run, p) != 0)
		BUG("no thread can be started");
}

enum err publisher_start(const char *dir, const struct note_signer *signer, int64_t every_ms,
			 const struct publish_source *source, struct publisher **ret, struct merkle_edge *ret_edge,
			 struct problem *problem)
{
	struct publisher *p = xcalloc(1, sizeof(*p));

	*p = (struct publisher){
		.dir = dir, .signer = signer, .every_ms = every_ms ? every_ms : EVERY_MS, .source = *source};
	enum err err = prepare(p, problem);
	if (err != OK) {
		drop_tiles(p);
		free(p);
		return err;
	}
	tiles_edge(p->tiles, ret_edge);
	start_thread(p);
	*ret = p;
	return OK;
}

void publisher_stop(struct publisher *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	drop_tiles(p);
	free(p);
}

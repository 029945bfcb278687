/*
 * packer.c - packs full segments in a thread of its own. The packed file is durable before the other is removed; a crash
 * in between leaves both, and the next start removes the unpacked one.
 */
#include "base/base.h"
#include "ledger/ledger_private.h"

#include <errno.h>
#include <unistd.h>

#include "base/log.h"
#include "base/wait.h"
#include "ledger/file.h"

#define RETRY_MS 1000

static struct view tail_at(void *arg, uint32_t i)
{
	return tail_record(arg, i);
}

static enum err write_packed(struct ledger *l, struct segment *s, char path[FILE_PATH_MAX])
{
	struct pack_input in = {.record = tail_at, .arg = s->tail, .first = s->first, .n = tail_count(s->tail)};
	struct buf out;
	char name[40];

	snprintf(name, sizeof(name), "%012" PRIu64 PACKED_SUFFIX, s->first);
	TRY(file_path(l->dir, name, path));
	buf_init(&out, PACKED_FILE_MAX);
	enum err err = pack(&in, &out);
	if (err == OK)
		err = file_replace(path, buf_view(&out), 0600, FILE_DURABLE);
	buf_release(&out);
	return err;
}

static enum err pack_one(struct ledger *l, struct segment *s)
{
	char path[FILE_PATH_MAX];
	struct segment *packed;

	TRY(write_packed(l, s, path));
	TRY(segment_of_packed(path, &packed, NULL));
	packed->salted = s->salted;
	memcpy(packed->salt_key, s->salt_key, sizeof(packed->salt_key));
	segments_replace(&l->segments, s, packed);
	unlink(s->path);
	return OK;
}

/* Until there is something to do, or a while after it did not work. */
static void pause_packer(struct ledger *l)
{
	if (l->pack_err == OK)
		pthread_cond_wait(&l->pack_more, &l->pack_lock);
	else
		wait_ms(&l->pack_more, &l->pack_lock, RETRY_MS);
}

void *pack_thread(void *ledger)
{
	struct ledger *l = ledger;
	size_t n;

	pthread_mutex_lock(&l->pack_lock);
	while (!l->pack_stop) {
		struct segment *s = segments_unpacked(&l->segments, &n);
		if (!s) {
			l->pack_err = OK;
			pause_packer(l);
			continue;
		}
		pthread_mutex_unlock(&l->pack_lock);
		enum err err = pack_one(l, s);
		if (err != OK)
			log_error("a segment of the ledger cannot be packed", F_STR("file", view_of(s->path)),
				  F_STR("error", view_of(err_name(err))));
		segment_unref(s);
		pthread_mutex_lock(&l->pack_lock);
		l->pack_err = err;
		pthread_cond_broadcast(&l->pack_done);
		if (err != OK && !l->pack_stop)
			pause_packer(l);
	}
	pthread_mutex_unlock(&l->pack_lock);
	return NULL;
}

void packer_wake(struct ledger *l)
{
	pthread_mutex_lock(&l->pack_lock);
	pthread_cond_signal(&l->pack_more);
	pthread_mutex_unlock(&l->pack_lock);
}

enum err packer_wait(struct ledger *l)
{
	enum err err = OK;
	size_t n;

	pthread_mutex_lock(&l->pack_lock);
	for (;;) {
		segment_unref(segments_unpacked(&l->segments, &n));
		if (n < UNPACKED_MAX)
			break;
		err = l->pack_err;
		if (err != OK)
			break;
		pthread_cond_wait(&l->pack_done, &l->pack_lock);
	}
	pthread_mutex_unlock(&l->pack_lock);
	return err;
}

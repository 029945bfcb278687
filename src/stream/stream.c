/*
 * stream.c - starts and stops the parts, in an order in which each finds what it needs.
 */
#include "base/base.h"

#include "stream/stream_private.h"

#include <sys/resource.h>
#include <time.h>

#include "base/limits.h"
#include "base/log.h"

#define WS_THREADS 2
#define DRAIN_MS 3000
#define DRAIN_STEP_MS 10
#define STREAMS_UNKNOWN 1024 /* when the limit on files cannot be read */

/*
 * Two thirds of the open files this process may have, but at most LIMIT_STREAMS; the rest is for HTTP, the database and
 * media. The limit is raised first, as far as it goes.
 */
static size_t streams_max(void)
{
	struct rlimit files;
	const rlim_t wanted = (rlim_t)LIMIT_STREAMS / 2 * 3;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return STREAMS_UNKNOWN;
	if (files.rlim_cur < wanted) {
		files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
		if (setrlimit(RLIMIT_NOFILE, &files) != 0 && getrlimit(RLIMIT_NOFILE, &files) != 0)
			return STREAMS_UNKNOWN;
	}
	if (files.rlim_cur < wanted)
		log_warn("the limit on open files (ulimit -n) bounds the number of streams",
			 F_INT("streams", files.rlim_cur / 3 * 2), F_INT("open_files", files.rlim_cur));
	return files.rlim_cur < wanted ? (size_t)files.rlim_cur / 3 * 2 : LIMIT_STREAMS;
}

enum err stream_start(struct core *core, struct stream **ret, struct problem *problem)
{
	struct stream *s = xcalloc(1, sizeof(*s));

	(void)problem;
	s->core = core;
	s->registry = registry_new(streams_max());
	s->ws = ws_start(core, s->registry, WS_THREADS);
	s->hub = hub_start(core, s->registry);
	core->stream = s;
	*ret = s;
	return OK;
}

void stream_drain(struct stream *s)
{
	const struct timespec step = {.tv_nsec = DRAIN_STEP_MS * 1000000};

	if (!s)
		return;
	registry_close(s->registry);
	registry_end_all(s->registry, END_SERVER);
	for (int ms = 0; ms < DRAIN_MS && registry_count(s->registry); ms += DRAIN_STEP_MS)
		nanosleep(&step, NULL);
}

void stream_stop(struct stream *s)
{
	if (!s)
		return;
	s->core->stream = NULL;
	hub_stop(s->hub);
	ws_stop(s->ws);
	registry_free(s->registry);
	free(s);
}

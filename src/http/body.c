/*
 * body.c - request bodies in memory, bounded one by one and all together. Memory follows what has arrived, not what
 * a header promised.
 */
#include "base/base.h"
#include "http/exchange.h"

#include "base/clock.h"
#include "http/deadline.h"

#define FIRST_BYTES ((size_t)8 * 1024)
#define BYTES_PER_SECOND (16 * LIMIT_KIB) /* slower than this is too slow */

static bool extend_deadline(struct exchange *x)
{
	int64_t seconds = x->conn->server->request_seconds + (int64_t)(x->body.len / BYTES_PER_SECOND);
	return deadline_set(x->conn, x->body.began_ns + seconds * NS_PER_SECOND, LATE_408);
}

int body_begin(struct exchange *x)
{
	struct view length = http_header(&x->pub, "Content-Length");
	uint64_t size = 0;
	if (length.len && !parse_u64(length, UINT64_MAX, &size))
		return 400;
	if (size == 0 && !x->chunked)
		return 0;
	struct http_server *s = x->conn->server;
	x->body.limit = s->app.body_limit(s->app.ctx, &x->pub);
	if (size > x->body.limit)
		return 413;
	x->body.began_ns = clock_mono_ns();
	return extend_deadline(x) ? 0 : 408;
}

/* Room for size more bytes and a NUL. */
static int make_room(struct exchange *x, size_t size)
{
	struct body *b = &x->body;
	size_t need = b->len + size + 1;
	if (need <= b->alloc)
		return 0;
	size_t alloc = b->alloc ? b->alloc : FIRST_BYTES;
	while (alloc < need)
		alloc *= 2;
	if (alloc > b->limit + 1)
		alloc = b->limit + 1;
	atomic_size_t *total = &x->conn->server->bodies;
	size_t more = alloc - b->alloc, most = alloc > LIMIT_BODY_ANON ? LIMIT_BODIES_LARGE : LIMIT_BODIES_TOTAL;
	if (atomic_fetch_add(total, more) + more > most) {
		atomic_fetch_sub(total, more);
		return 503;
	}
	b->p = xrealloc(b->p, alloc);
	b->alloc = alloc;
	return 0;
}

int body_add(struct exchange *x, const char *data, size_t size)
{
	struct body *b = &x->body;
	if (size > b->limit - b->len)
		return 413;
	int status = make_room(x, size);
	if (status)
		return status;
	memcpy(b->p + b->len, data, size);
	b->len += size;
	return extend_deadline(x) ? 0 : 408;
}

void body_finish(struct exchange *x)
{
	if (x->body.p)
		x->body.p[x->body.len] = '\0';
	x->pub.body = view_make(x->body.p ? x->body.p : "", x->body.len);
}

void body_release(struct exchange *x)
{
	if (!x->body.p)
		return;
	free(x->body.p);
	atomic_fetch_sub(&x->conn->server->bodies, x->body.alloc);
	x->body = (struct body){0};
}

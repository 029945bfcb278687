/*
 * reader.c - see reader.h. A batch is settled when the loop asks for more behind its last byte: then http has handed it to
 * the socket. What was not asked for again when the connection ends counts as broken off.
 */
#include "base/base.h"
#include "dataapi/reader.h"

#include "base/clock.h"

#define LINE_END "}\r\n" /* of a batch's last line, as pump.c makes them */
#define RECEIPT_ROOM (RECEIPT_TEXT_MAX + 200)
#define BLOCK_BYTES (64 * 1024) /* there are few, and they are in a hurry */

static char *copy(struct view v)
{
	char *p = xmalloc(v.len + 1);

	memcpy(p, v.p, v.len);
	p[v.len] = 0;
	return p;
}

struct reader *reader_new(struct data_streams *s, const struct stream_ask *ask)
{
	struct reader *r = xcalloc(1, sizeof(*r));

	r->streams = s;
	r->kind = ask->kind;
	r->partition = ask->partition;
	r->fields = ask->fields;
	r->token = copy(ask->token);
	r->app = ask->licence->app;
	r->licensee = ask->licence->licensee;
	r->place = ask->after;
	r->moved_ns = clock_mono_ns();
	r->references = 1;
	pthread_mutex_init(&r->lock, NULL);
	return r;
}

static void batch_end(struct batch_out *b, bool whole)
{
	if (b->delivery)
		meter_settle(b->delivery, whole);
	free(b->text);
	*b = (struct batch_out){0};
}

void reader_ref(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	r->references++;
	pthread_mutex_unlock(&r->lock);
}

void reader_unref(struct reader *r)
{
	bool last;

	pthread_mutex_lock(&r->lock);
	last = --r->references == 0;
	pthread_mutex_unlock(&r->lock);
	if (!last)
		return;
	if (r->licence)
		licence_put(r->licence);
	rule_set_free(r->rules);
	pthread_mutex_destroy(&r->lock);
	memset(r->token, 0, strlen(r->token));
	free(r->token);
	free(r);
}

/* ---- the pump's side ---- */

bool reader_has_room(struct reader *r)
{
	bool room;

	pthread_mutex_lock(&r->lock);
	room = !r->gone && !r->closing && r->n < READER_BATCHES;
	pthread_mutex_unlock(&r->lock);
	return room;
}

/*
 * What the batch cost, and its receipt, go into its last line, as a member "kicau" that clients of X's pass over: a line of
 * its own would be a post without data to them.
 */
static void add_receipt(struct batch_out *b)
{
	const struct meter_cost *cost = delivery_cost(b->delivery);
	char more[RECEIPT_ROOM];
	int n = snprintf(more, sizeof(more),
			 ",\"kicau\":{\"cost_micro\":%" PRId64 ",\"billed\":\"%u/%u\",\"ledger_index\":%" PRIu64
			 ",\"receipt\":\"%s\"}" LINE_END,
			 cost->micro, cost->charged, cost->charged + cost->repeated, delivery_index(b->delivery),
			 delivery_receipt(b->delivery));
	size_t kept = b->len - strlen(LINE_END);

	b->text = xrealloc(b->text, kept + (size_t)n + 1);
	memcpy(b->text + kept, more, (size_t)n + 1);
	b->len = kept + (size_t)n;
}

/* On the ledger's thread. */
static void durable(void *arg, enum err err)
{
	struct batch_out *b = arg;
	struct reader *r = b->reader;

	pthread_mutex_lock(&r->lock);
	b->ready = true;
	b->failed = err != OK;
	if (err == OK && !r->gone)
		add_receipt(b);
	if (r->gone) {
		batch_end(b, false);
	} else if (r->stream) {
		http_stream_wake(r->stream);
	}
	pthread_mutex_unlock(&r->lock);
	reader_unref(r);
}

static struct batch_out *append(struct reader *r, char *text, size_t len)
{
	struct batch_out *b = &r->batches[(r->first + r->n++) % READER_BATCHES];

	*b = (struct batch_out){.reader = r, .text = text, .len = len};
	return b;
}

void reader_push(struct reader *r, char *text, size_t len, struct delivery *d)
{
	pthread_mutex_lock(&r->lock);
	if (r->gone || r->closing || r->n == READER_BATCHES) {
		pthread_mutex_unlock(&r->lock);
		free(text);
		if (d)
			meter_settle(d, false);
		return;
	}
	struct batch_out *b = append(r, text, len);

	b->delivery = d;
	b->ready = d == NULL;
	r->references += d != NULL;
	if (!d && r->stream)
		http_stream_wake(r->stream);
	pthread_mutex_unlock(&r->lock);
	if (d)
		delivery_when_durable(d, durable, b);
}

/* The words take the place of what waits behind the batch that is being sent. */
static void drop_waiting(struct reader *r)
{
	while (r->n > (r->sending ? 1 : 0)) {
		struct batch_out *b = &r->batches[(r->first + r->n - 1) % READER_BATCHES];

		if (b->delivery && !b->ready)
			break; /* the ledger will answer into it */
		batch_end(b, false);
		r->n--;
	}
}

void reader_close(struct reader *r, struct view text)
{
	pthread_mutex_lock(&r->lock);
	if (!r->closing && !r->gone) {
		drop_waiting(r);
		if (text.len && r->n < READER_BATCHES)
			append(r, copy(text), text.len)->ready = true;
		r->closing = true;
	}
	if (r->stream)
		http_stream_wake(r->stream);
	pthread_mutex_unlock(&r->lock);
}

bool reader_has_left(struct reader *r)
{
	bool left;

	pthread_mutex_lock(&r->lock);
	left = r->closing || r->gone || (r->stream && http_stream_has_left(r->stream));
	pthread_mutex_unlock(&r->lock);
	return left;
}

int64_t reader_stuck_since(struct reader *r)
{
	int64_t since;

	pthread_mutex_lock(&r->lock);
	since = r->n && r->batches[r->first].ready ? r->moved_ns : 0;
	pthread_mutex_unlock(&r->lock);
	return since;
}

int64_t reader_quiet_since(struct reader *r)
{
	int64_t since;

	pthread_mutex_lock(&r->lock);
	since = r->n ? 0 : r->moved_ns;
	pthread_mutex_unlock(&r->lock);
	return since;
}

/* ---- the loop's side ---- */

static void pop(struct reader *r, bool whole)
{
	batch_end(&r->batches[r->first], whole);
	r->first = (r->first + 1) % READER_BATCHES;
	r->n--;
	r->sending = false;
}

static size_t take(struct reader *r, char *buf, size_t cap)
{
	struct batch_out *b = &r->batches[r->first];
	size_t part = b->len - b->sent < cap ? b->len - b->sent : cap;

	memcpy(buf, b->text + b->sent, part);
	b->sent += part;
	r->sending = true;
	r->moved_ns = clock_mono_ns();
	return part;
}

static ssize_t on_more(void *arg, char *buf, size_t cap)
{
	struct reader *r = arg;
	bool freed = false;
	ssize_t n = 0;

	pthread_mutex_lock(&r->lock);
	if (r->n && r->sending && r->batches[r->first].sent == r->batches[r->first].len) {
		pop(r, true);
		freed = true;
	}
	if (r->n && r->batches[r->first].ready && !r->batches[r->first].failed)
		n = (ssize_t)take(r, buf, cap);
	else if (r->n && r->batches[r->first].failed)
		n = -1; /* it is not in the ledger: nothing of it may go out */
	else if (!r->n && r->closing)
		n = -1;
	pthread_mutex_unlock(&r->lock);
	if (freed)
		streams_wake(r->streams);
	return n;
}

static void on_done(void *arg)
{
	struct reader *r = arg;

	pthread_mutex_lock(&r->lock);
	r->gone = true;
	r->stream = NULL;
	for (unsigned i = 0; i < r->n; i++) {
		struct batch_out *b = &r->batches[(r->first + i) % READER_BATCHES];

		if (!b->delivery || b->ready)
			batch_end(b, false);
	}
	pthread_mutex_unlock(&r->lock);
	streams_forget(r->streams, r);
	reader_unref(r);
}

static void on_opened(void *arg, struct http_stream *stream)
{
	struct reader *r = arg;

	pthread_mutex_lock(&r->lock);
	r->stream = stream;
	pthread_mutex_unlock(&r->lock);
}

void reader_reply(struct reader *r, struct http_exchange *x)
{
	static const struct http_stream_ops ops = {on_more, on_done};

	http_reply_stream(x, 200, "application/json; charset=utf-8", BLOCK_BYTES, &ops, r, on_opened);
}

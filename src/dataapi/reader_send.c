/*
 * reader_send.c - the loop's side of a reader. A batch is settled when the loop asks for more behind its last byte: then
 * http has handed it to the socket. What was not asked for again when the connection ends counts as broken off.
 *
 * Each block is whole lines. When something has changed since a batch was made, the lines of a block are judged again
 * before they are taken; at the first that may not go out any more the batch ends. It is not charged then, what waits behind
 * it is dropped, and the pump goes on from there: it makes the rest anew, without what may not go.
 */
#include "base/base.h"
#include "dataapi/reader.h"

#include "base/clock.h"

#define BLOCK_BYTES (64 * 1024) /* there are few, and they are in a hurry */

static struct batch_out *first(const struct reader *r)
{
	return r->batches[r->first];
}

static struct batch_out *remove_first(struct reader *r)
{
	struct batch_out *b = first(r);

	r->first = (r->first + 1) % READER_BATCHES;
	r->n--;
	return b;
}

static void drop_behind(struct reader *r, unsigned keep)
{
	while (r->n > keep)
		batch_drop(r->batches[(r->first + --r->n) % READER_BATCHES]);
}

/* ---- a batch that ends before its end ---- */

static bool in_a_line(const struct batch_out *b)
{
	return b->sent > 0 && b->text[b->sent - 1] != '\n';
}

/* It ends behind the line that is half sent, or at once. */
static void end_early(struct reader *r)
{
	struct batch_out *b = first(r);
	const char *end = in_a_line(b) ? memchr(b->text + b->sent, '\n', b->len - b->sent) : NULL;
	size_t len = end ? (size_t)(end + 1 - b->text) : b->sent;

	drop_behind(r, 1);
	b->cut |= len < b->len;
	b->len = len;
	if (b->line + (end != NULL) < b->marks.lines.n)
		b->marks.lines.n = b->line + (end != NULL);
	if (b->sent == b->len)
		batch_end(remove_first(r), !b->cut);
}

/* A reader that is cut: once, when the loop comes by. */
static void cut(struct reader *r)
{
	r->cut = false;
	if (r->n && !first(r)->ready)
		drop_behind(r, 0);
	else if (r->n)
		end_early(r);
}

/* ---- what may still go ---- */

/* The lines from b->line to this one (excluded) fit into a block. None: the next one alone is longer. */
static size_t lines_that_fit(const struct batch_out *b, size_t cap)
{
	size_t to = b->line;

	while (to < b->marks.lines.n && b->marks.lines.v[to].end - b->sent <= cap)
		to++;
	return to;
}

/* By the licence of this moment. On the loop, without the lock: only the loop takes batches away. */
static size_t judge(struct reader *r, const struct batch_out *b, size_t to)
{
	struct db *db = store_db(r->core->store);
	const struct licence *licence;
	struct problem problem;
	size_t good = b->line;

	if (licence_get(r->core->licences, db, view_of(r->token), &licence, &problem) != OK)
		return good;
	if (!licence_refusal(licence))
		good = line_marks_judge(&b->marks, r->core, db, licence, b->line, to);
	licence_put(licence);
	return good;
}

/* The pump makes anew what is dropped here. */
static void go_back(struct reader *r)
{
	const struct batch_out *b = first(r);

	if (!r->closing) {
		r->goes_back = true;
		r->back_to = b->line ? b->marks.lines.v[b->line - 1].id : b->from;
	}
	end_early(r);
}

/* Up to where bytes may be taken; ready, under the lock, which is given up for a while. 0: none of this batch, which is gone. */
static size_t may_take(struct reader *r, size_t cap)
{
	struct batch_out *b = first(r);
	size_t rest = b->len - b->sent, to, good;

	if (!b->marks.lines.n)
		return b->sent + (rest < cap ? rest : cap);
	to = lines_that_fit(b, cap);
	if (in_a_line(b)) /* its end alone: what is behind it is looked at then */
		to = to > b->line ? b->line + 1 : to;
	else if (b->judged != reader_changes(r)) {
		pthread_mutex_unlock(&r->lock);
		good = judge(r, b, to > b->line ? to : b->line + 1);
		pthread_mutex_lock(&r->lock);
		if (good == b->line) {
			go_back(r);
			return 0;
		}
		to = good < to ? good : to;
	}
	return to > b->line ? b->marks.lines.v[to - 1].end : b->sent + cap;
}

/* ---- bytes ---- */

static size_t take(struct reader *r, char *buf, size_t upto)
{
	struct batch_out *b = first(r);
	size_t part = upto - b->sent;

	memcpy(buf, b->text + b->sent, part);
	b->sent = upto;
	while (b->line < b->marks.lines.n && b->marks.lines.v[b->line].end <= upto)
		b->line++;
	r->moved_ns = clock_mono_ns();
	return part;
}

static ssize_t take_last(struct reader *r, char *buf, size_t cap)
{
	size_t rest = r->last_len - r->last_sent, part = rest < cap ? rest : cap;

	if (!rest)
		return -1;
	memcpy(buf, r->last + r->last_sent, part);
	r->last_sent += part;
	return (ssize_t)part;
}

static ssize_t next_bytes(struct reader *r, char *buf, size_t cap)
{
	while (r->n) {
		if (!first(r)->ready)
			return 0;
		if (first(r)->failed)
			return -1; /* it is not in the ledger: nothing of it may go out */
		size_t upto = may_take(r, cap);
		if (upto)
			return (ssize_t)take(r, buf, upto);
	}
	return r->closing ? take_last(r, buf, cap) : 0;
}

static ssize_t on_more(void *arg, char *buf, size_t cap)
{
	struct reader *r = arg;
	bool freed = false;
	ssize_t n;

	pthread_mutex_lock(&r->lock);
	if (r->n && first(r)->ready && first(r)->sent == first(r)->len) {
		batch_end(remove_first(r), !first(r)->cut);
		freed = true;
	}
	if (r->cut)
		cut(r);
	n = next_bytes(r, buf, cap);
	freed |= r->goes_back;
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
	drop_behind(r, 0);
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
	static const struct http_stream_ops ops = {
		.more = on_more,
		.done = on_done,
		.patience_s = READER_STUCK_S + READER_GRACE_S,
	};

	http_reply_stream(x, 200, "application/json; charset=utf-8", BLOCK_BYTES, &ops, r, on_opened);
}

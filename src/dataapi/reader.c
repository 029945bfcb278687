/*
 * reader.c - see reader.h: its life, and the side of the pump, which only adds. What is taken away, the loop takes.
 */
#include "base/base.h"
#include "dataapi/reader.h"

#include "base/clock.h"

#define LINE_END "}\r\n" /* of a batch's last line, as pump.c makes them */
#define RECEIPT_ROOM (RECEIPT_TEXT_MAX + 200)

static char *copy(struct view v)
{
	char *p = xmalloc(v.len + 1);

	memcpy(p, v.p, v.len);
	p[v.len] = 0;
	return p;
}

struct reader *reader_new(struct data_streams *s, struct core *c, const struct stream_ask *ask)
{
	struct reader *r = xcalloc(1, sizeof(*r));

	r->streams = s;
	r->core = c;
	r->kind = ask->kind;
	r->partition = ask->partition;
	r->fields = ask->fields;
	r->token = copy(ask->token);
	r->app = ask->licence->app;
	r->licensee = ask->licence->licensee;
	r->place = ask->after;
	r->until = ask->until ? ask->until : INT64_MAX;
	r->moved_ns = clock_mono_ns();
	r->references = 1;
	pthread_mutex_init(&r->lock, NULL);
	return r;
}

void batch_end(struct batch_out *b, bool whole)
{
	if (b->delivery)
		meter_settle(b->delivery, whole);
	line_marks_release(&b->marks);
	free(b->text);
	free(b);
}

/* The ledger answers into one that it has not answered yet. */
void batch_drop(struct batch_out *b)
{
	if (b->delivery && !b->ready)
		b->dropped = true;
	else
		batch_end(b, false);
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
	free(r->last);
	free(r);
}

uint64_t reader_changes(const struct reader *r)
{
	return streams_changes(r->streams) + atomic_load(&r->uses_changed);
}

bool reader_has_room(struct reader *r)
{
	bool room;

	pthread_mutex_lock(&r->lock);
	room = !r->gone && !r->closing && r->n < READER_BATCHES;
	pthread_mutex_unlock(&r->lock);
	return room;
}

int64_t reader_place(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	if (r->goes_back)
		r->place = r->back_to;
	r->goes_back = false;
	pthread_mutex_unlock(&r->lock);
	return r->place;
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
	b->marks.lines.v[b->marks.lines.n - 1].end = b->len;
}

/* On the ledger's thread. */
static void durable(void *arg, enum err err)
{
	struct batch_out *b = arg;
	struct reader *r = b->reader;

	pthread_mutex_lock(&r->lock);
	b->ready = true;
	b->ready_ns = clock_mono_ns();
	b->failed = err != OK;
	if (b->dropped) {
		batch_end(b, false);
	} else {
		if (err == OK)
			add_receipt(b);
		if (r->stream)
			http_stream_wake(r->stream);
	}
	pthread_mutex_unlock(&r->lock);
	reader_unref(r);
}

bool reader_push(struct reader *r, const struct batch_out *from)
{
	struct batch_out *b = xmalloc(sizeof(*b));

	*b = *from;
	b->reader = r;
	b->ready = !b->delivery;
	b->ready_ns = clock_mono_ns();
	pthread_mutex_lock(&r->lock);
	bool wanted = !r->gone && !r->closing && !r->goes_back && r->n < READER_BATCHES;

	if (wanted) {
		r->batches[(r->first + r->n++) % READER_BATCHES] = b;
		r->references += b->delivery != NULL;
		if (b->ready && r->stream)
			http_stream_wake(r->stream);
	}
	pthread_mutex_unlock(&r->lock);
	if (!wanted)
		batch_end(b, false);
	else if (from->delivery)
		delivery_when_durable(from->delivery, durable, b);
	return wanted;
}

void reader_close(struct reader *r, struct view line, bool cut)
{
	pthread_mutex_lock(&r->lock);
	if (!r->closing && !r->gone) {
		r->last = copy(line);
		r->last_len = line.len;
		r->closing = true;
		r->cut = cut;
		if (r->stream && cut)
			http_stream_ends_in(r->stream, READER_GRACE_S);
		if (r->stream)
			http_stream_wake(r->stream);
	}
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

bool reader_is_unheard(struct reader *r)
{
	bool unheard;

	pthread_mutex_lock(&r->lock);
	unheard = r->stream && http_stream_is_unheard(r->stream);
	pthread_mutex_unlock(&r->lock);
	return unheard;
}

void reader_probe(struct reader *r)
{
	if (reader_quiet_since(r))
		reader_push(r, &(struct batch_out){.text = xstrdup("\r\n"), .len = 2});
}

/* That the ledger took its time is nothing of the reader's: a batch can be taken from when it is ready. */
int64_t reader_stuck_since(struct reader *r)
{
	int64_t since = 0;

	pthread_mutex_lock(&r->lock);
	if (r->n && !r->closing && r->batches[r->first]->ready) {
		int64_t ready = r->batches[r->first]->ready_ns;

		since = ready > r->moved_ns ? ready : r->moved_ns;
	}
	pthread_mutex_unlock(&r->lock);
	return since;
}

int64_t reader_quiet_since(struct reader *r)
{
	int64_t since;

	pthread_mutex_lock(&r->lock);
	since = r->n || r->closing ? 0 : r->moved_ns;
	pthread_mutex_unlock(&r->lock);
	return since;
}

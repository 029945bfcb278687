/*
 * leak.c - see leak.h. What is kept of matches is decided by the matches' file alone, so that a run that goes on knows what
 * was kept by reading it.
 */
#include "base/base.h"

#include "trace/leak.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/vec.h"
#include "trace/leak_file.h"
#include "trace/matcher.h"
#include "trace/posts.h"
#include "trace/source.h"

#define CHECKPOINT_NS INT64_C(1000000000)
#define CLOCK_EACH 256 /* rows */
#define WAITING 1024   /* rows between matcher_add() and its answer, at most; a power of two */

struct kept {
	uint8_t how;	  /* the strongest way so far; 0: not matched */
	uint8_t counters; /* matches kept for their counters */
};

struct place {
	uint64_t source, place;
};

struct leak {
	const struct leak_config *config;
	struct leak_state state;
	struct trace_index *index;
	struct matcher *matcher;
	struct kept *kept; /* of each post of the index */
	FILE *matches;
	struct buf line;
	uint64_t rows;	  /* read in this run, also those that were done before */
	uint64_t sources; /* begun in this run */
	uint64_t place;	  /* rows of the source under way */
	struct place places[WAITING];
	const struct source *source;
	enum leak_format format; /* of the source */
	uint64_t damaged;
	int64_t saved_ns;
	struct problem *problem;
};

/* ---- what is kept ---- */

static void write_line(struct leak *l)
{
	if (!l->line.over)
		fwrite_unlocked(l->line.p, 1, l->line.len, l->matches);
	l->state.matches_bytes += l->line.over ? 0 : l->line.len;
	buf_clear(&l->line);
}

static bool keep(struct kept *k, enum match_how how, bool counters)
{
	bool stronger = !k->how || how < k->how, counts = counters && k->counters < MATCH_KEPT;

	if (stronger)
		k->how = (uint8_t)how;
	k->counters = (uint8_t)(k->counters + counts);
	return stronger || counts;
}

static struct view cut_text(struct view text)
{
	size_t len = text.len < MATCH_TEXT_MAX ? text.len : MATCH_TEXT_MAX;

	while (len < text.len && len && ((unsigned char)text.p[len] & 0xc0) == 0x80)
		len--;
	return view_sub(text, 0, len);
}

static void write_match(struct leak *l, const struct row_result *r)
{
	const struct place *at = &l->places[r->tag % WAITING];
	struct trace_match m = {.post = index_id(l->index, r->post),
				.row = r->tag,
				.source = (uint32_t)at->source,
				.place = at->place,
				.how = r->how,
				.id_only = r->id_only,
				.gone = index_flags(l->index, r->post) & INDEX_GONE,
				.version = r->version,
				.similarity = r->similarity,
				.counters = r->row->counters};

	if (l->state.texts[r->how] < MATCH_TEXTS && r->row->text.len) {
		m.text = cut_text(r->row->text);
		l->state.texts[r->how]++;
	}
	leak_write_match(&l->line, &m);
	write_line(l);
}

static void count_match(struct leak *l, const struct row_result *r)
{
	struct match_counts *c = &l->state.counts;
	struct kept *k = &l->kept[r->post];
	bool counters = r->row->counters.given != 0;

	c->matched++;
	c->by[r->how]++;
	c->id_only += r->id_only;
	c->with_counters += counters;
	c->repeated += k->how != 0;
	c->posts += k->how == 0;
	c->gone += k->how == 0 && (index_flags(l->index, r->post) & INDEX_GONE);
	if (keep(k, r->how, counters))
		write_match(l, r);
}

static enum err on_result(void *arg, const struct row_result *r)
{
	struct leak *l = arg;
	struct match_counts *c = &l->state.counts;
	uint64_t *fates[] = {[FATE_AMBIGUOUS] = &c->ambiguous, [FATE_CONFLICTING] = &c->conflicting,
			     [FATE_SHORT] = &c->short_text,    [FATE_WITHOUT_TEXT] = &c->without_text,
			     [FATE_UNMATCHED] = &c->unmatched, [FATE_UNREADABLE] = &c->unreadable};

	l->state.done++;
	c->rows += r->fate != FATE_UNREADABLE;
	c->converted += r->fate != FATE_UNREADABLE && r->row->converted;
	if (r->fate == FATE_MATCHED)
		count_match(l, r);
	else
		(*fates[r->fate])++;
	return OK;
}

/* ---- how far it is ---- */

static enum err save(struct leak *l)
{
	TRY(matcher_flush(l->matcher));
	if (fflush(l->matches) != 0 || fdatasync(fileno(l->matches)) != 0)
		return fail(l->problem, errno == ENOSPC ? ERR_NO_SPACE : ERR_UNAVAILABLE,
			    "the matches cannot be written: %s", strerror(errno));
	enum err err = leak_state_write(l->config->work, &l->state);
	if (err != OK)
		return fail(l->problem, err, "%.200s: how far it is cannot be written", l->config->work);
	l->saved_ns = clock_mono_ns();
	return OK;
}

static void show(struct leak *l)
{
	struct source_place at = source_place(l->source);

	l->config->watch.progress(l->config->watch.arg, "reading", at.done, at.total);
}

static enum err on_row(void *arg, const struct leak_row *row)
{
	struct leak *l = arg;

	l->place++;
	if (++l->rows % CLOCK_EACH == 0) {
		show(l);
		if (clock_mono_ns() - l->saved_ns > CHECKPOINT_NS)
			TRY(save(l));
	}
	if (l->rows <= l->state.done)
		return OK; /* an earlier run did it */
	l->places[l->rows % WAITING] = (struct place){l->sources - 1, l->place};
	return matcher_add(l->matcher, row, l->rows);
}

/* ---- the leak ---- */

static enum err on_source(void *arg, struct source *s)
{
	struct leak *l = arg;
	struct rows_to to = {.fn = on_row, .arg = l};
	struct window w;

	l->source = s;
	l->place = 0;
	window_init(&w, source_read, s);
	l->format = l->config->format == FORMAT_AUTO ? rows_detect(&w) : l->config->format;
	to.converted = source_converted(s);
	l->config->watch.source(l->config->watch.arg, source_name(s), l->format, NULL);
	if (l->sources++ == l->state.sources) {
		l->state.sources++;
		leak_write_source(&l->line, l->sources - 1, source_name(s), l->format);
		write_line(l);
	}
	enum err err = rows_read(&w, l->format, &to);
	window_release(&w);
	TRY(err);
	if (source_damage(s)) {
		l->damaged++;
		l->config->watch.source(l->config->watch.arg, source_name(s), l->format, source_damage(s));
	}
	show(l);
	return OK;
}

static void index_progress(void *arg, uint64_t done, uint64_t total)
{
	const struct leak_config *config = arg;

	config->watch.progress(config->watch.arg, "making the index", done, total);
}

static enum err make_index(struct leak *l)
{
	char path[LEAK_PATH_MAX];

	leak_path(l->config->work, LEAK_INDEX_FILE, path);
	TRY(trace_index_make(l->config->db, l->config->ledger, path, index_progress, (void *)(uintptr_t)l->config,
			     l->problem));
	return index_open(path, &l->index, l->problem);
}

static enum err keep_again(void *arg, const struct trace_match *m, uint64_t source, struct view name)
{
	struct leak *l = arg;
	uint32_t post;

	(void)source, (void)name;
	if (!m)
		return OK;
	if (!index_find_id(l->index, m->post, &post))
		return ERR_CORRUPT;
	keep(&l->kept[post], m->how, m->counters.given != 0);
	return OK;
}

/* Takes up an earlier run of the same leak, when there is one that did not end. */
static bool take_up(struct leak *l, uint64_t stamp)
{
	char index[LEAK_PATH_MAX], matches[LEAK_PATH_MAX];
	struct leak_state s;

	leak_path(l->config->work, LEAK_INDEX_FILE, index);
	leak_path(l->config->work, LEAK_MATCHES_FILE, matches);
	if (l->config->anew || !stamp || leak_state_read(l->config->work, &s) != OK || s.finished || s.stamp != stamp ||
	    s.format != l->config->format || index_open(index, &l->index, NULL) != OK)
		return false;
	l->kept = xcalloc((size_t)index_posts(l->index) + 1, sizeof(*l->kept));
	/* What was written behind the last save is done again. */
	if (index_stats(l->index).made_id == s.index && truncate(matches, (off_t)s.matches_bytes) == 0 &&
	    leak_each_line(matches, keep_again, l) == OK && (l->matches = fopen(matches, "ae"))) {
		l->state = s;
		l->config->watch.resumed(l->config->watch.arg, s.done);
		return true;
	}
	index_close(l->index);
	free(l->kept);
	l->index = NULL;
	l->kept = NULL;
	return false;
}

static enum err start(struct leak *l, uint64_t stamp)
{
	char matches[LEAK_PATH_MAX], state[LEAK_PATH_MAX];

	leak_path(l->config->work, LEAK_MATCHES_FILE, matches);
	leak_path(l->config->work, LEAK_STATE_FILE, state);
	unlink(state);
	TRY(make_index(l));
	l->kept = xcalloc((size_t)index_posts(l->index) + 1, sizeof(*l->kept));
	l->state = (struct leak_state){
		.stamp = stamp, .format = l->config->format, .index = index_stats(l->index).made_id};
	l->matches = fopen(matches, "we");
	return l->matches ? OK : fail(l->problem, ERR_UNAVAILABLE, "%.200s: %s", matches, strerror(errno));
}

static enum err run(struct leak *l)
{
	struct matcher_texts texts = trace_texts(l->config->db);
	uint64_t stamp;

	TRY(sources_stamp(l->config->path, &stamp, l->problem));
	if (!take_up(l, stamp))
		TRY(start(l, stamp));
	l->matcher = matcher_new(l->index, &texts, view_of(l->config->base_url), on_result, l);
	l->saved_ns = clock_mono_ns();
	TRY(sources_each(l->config->path, on_source, l, l->problem));
	TRY(matcher_flush(l->matcher));
	l->state.counts.sources = l->sources;
	l->state.counts.damaged = l->damaged;
	l->state.finished = true;
	return save(l);
}

enum err leak_read(const struct leak_config *config, struct leak_result **ret, struct problem *problem)
{
	struct leak *l;

	if (mkdir(config->work, 0700) != 0 && errno != EEXIST)
		return fail(problem, ERR_UNAVAILABLE, "%.200s: %s", config->work, strerror(errno));
	l = xcalloc(1, sizeof(*l));
	l->config = config;
	l->problem = problem;
	l->line.max = LEAK_LINE_MAX;
	enum err err = run(l);
	matcher_free(l->matcher);
	index_close(l->index);
	if (l->matches)
		fclose(l->matches);
	buf_release(&l->line);
	free(l->kept);
	free(l);
	return err == OK ? leak_open(config->work, ret, problem) : err;
}

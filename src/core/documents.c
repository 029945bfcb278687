/*
 * documents.c - see documents.h.
 */
#include "base/base.h"

#include "core/documents.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "core/events.h"
#include "text/post_html.h"
#include "text/utf8.h"

#define TOKENS 2000 /* links in a document */

static const char *const names[DOCUMENTS] = {
	[DOCUMENT_ABOUT] = "about", [DOCUMENT_PRIVACY] = "privacy", [DOCUMENT_TERMS] = "terms"};

SQL(document_put, "INSERT INTO documents (kind, day, text, html, written_at) VALUES ($1, $2, $3, $4, $5) "
		  "ON CONFLICT (kind, day) DO UPDATE SET text = $3, html = $4, written_at = $5");
#define VERSION                                                                                                        \
	"SELECT d.day, d.written_at, d.text, d.html, COALESCE((SELECT MIN(n.day) FROM documents n WHERE n.kind = $1 "  \
	"AND n.day > d.day), 0) FROM documents d WHERE d.kind = $1 "
SQL(document_of_day, VERSION "AND d.day = $2");
/* What has begun, the newest of it; else the first to come. */
SQL(document_now, VERSION "ORDER BY CASE WHEN d.day <= $2 THEN 0 ELSE 1 END, ABS($2 - d.day) LIMIT 1");
SQL(documents_kinds, "SELECT DISTINCT kind FROM documents");
SQL(documents_remove, "DELETE FROM documents WHERE kind = $1");

const char *document_name(enum document_kind k) { return names[k]; }

bool document_parse(struct view v, enum document_kind *ret)
{
	for (size_t i = 0; i < DOCUMENTS; i++) {
		if (view_is(v, names[i])) {
			*ret = (enum document_kind)i;
			return true;
		}
	}
	return false;
}

/* ---- which there are ---- */

static enum err look(struct core *c)
{
	uint32_t there = 0;
	struct rows r;

	db_query(store_db(c->store), &r, &documents_kinds, NO_BINDS);
	while (rows_next(&r))
		there |= 1u << row_int(&r, 0);
	TRY(rows_end(&r));
	atomic_store(&c->documents, there);
	return OK;
}

/* Before who keeps pages (web/kept.c) hears of it, as it subscribes earlier: what is drawn anew names what is there now. */
static void on_event(void *arg, const struct event *ev)
{
	if (ev->kind == EVENT_WORDS_CHANGED && look(arg) != OK)
		log_warn("which documents there are could not be read anew; links to them stay as they were");
}

enum err documents_open(struct core *c)
{
	events_subscribe(c->events, on_event, c);
	return look(c);
}

bool document_is_there(const struct core *c, enum document_kind k) { return atomic_load(&c->documents) >> k & 1; }

static enum err changed(struct core *c)
{
	events_announce(c->events, &(struct event){.kind = EVENT_WORDS_CHANGED});
	return OK;
}

/* ---- writing ---- */

struct writing {
	enum document_kind kind;
	int64_t day;
	struct view text, html;
};

static enum err put(struct db *tx, void *arg)
{
	const struct writing *w = arg;

	return db_exec(tx, &document_put,
		       BINDS(B_INT(w->kind), B_INT(w->day), B_TEXT(w->text), B_TEXT(w->html), B_INT(clock_now())),
		       NULL);
}

static enum err render(struct core *c, struct arena *a, struct buf *out, struct writing *w)
{
	const struct post_style style = {.base_url = view_of(c->config.base_url), .paragraphs = true};
	struct safe_html html;

	TRY(post_html(out, w->text, compose_tokens(a, w->text, TOKENS), NULL, &style, &html));
	w->html = html.reviewed;
	return OK;
}

enum err document_write(struct core *c, enum document_kind k, int64_t day, struct view text, struct problem *problem)
{
	struct writing w = {.kind = k, .day = day, .text = view_trim(text)};
	struct buf CLEANUP(buf_release) out = {.max = POST_HTML_BYTES(w.text.len, (size_t)TOKENS)};
	struct arena a;

	if (!w.text.len || !utf8_valid(w.text))
		return fail(problem, ERR_UNPROCESSABLE,
			    w.text.len ? "the text is not UTF-8" : "there is nothing in it");
	if (w.text.len > LIMIT_DOCUMENT_BYTES)
		return fail(problem, ERR_UNPROCESSABLE, "the text is longer than %d bytes", (int)LIMIT_DOCUMENT_BYTES);
	arena_init(&a, LIMIT_CALL_ARENA);
	enum err err = render(c, &a, &out, &w);
	if (!err)
		err = store_write(c->store, put, &w);
	arena_release(&a);
	return err ? err : changed(c);
}

enum err document_load(struct db *db, struct arena *a, enum document_kind k, int64_t day, struct document *ret)
{
	bool found;
	struct rows r;

	db_query(db, &r, day ? &document_of_day : &document_now, BINDS(B_INT(k), B_INT(day ? day : clock_now())));
	found = rows_next(&r);
	if (found)
		*ret = (struct document){.day = row_int(&r, 0),
					 .written_at = row_int(&r, 1),
					 .text = row_copy(&r, 2, a),
					 .html = row_copy(&r, 3, a),
					 .next_day = row_int(&r, 4)};
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

static enum err remove_all(struct db *tx, void *arg)
{
	const enum document_kind *k = arg;
	int64_t n;

	TRY(db_exec(tx, &documents_remove, BINDS(B_INT(*k)), &n));
	return n ? OK : ERR_NOT_FOUND;
}

enum err document_remove(struct core *c, enum document_kind k)
{
	TRY(store_write(c->store, remove_all, &k));
	return changed(c);
}

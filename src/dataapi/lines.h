/*
 * lines.h - posts as lines of JSON, for streams and exports: {"data":…,"includes":…}, each a whole answer, and together one
 * delivery.
 */
#ifndef DATAAPI_LINES_H
#define DATAAPI_LINES_H

#include "dataapi/line_marks.h"

#define LINE_ITEMS_MAX 64 /* a post, and what it refers to */

struct lines {
	struct core *core;
	struct db *db;
	struct arena *arena;
	const struct licence *licence;
	const struct xfields *fields;
	const char *end; /* of a line: "\r\n", "\n" */
	struct buf text;
	struct ledger_item items[LEDGER_ITEMS_MAX]; /* each id once */
	size_t n_items, n_lines;
	int64_t largest; /* id of an item */
	struct line_marks
		*marks; /* NULL: nobody will ask what is in which line; of whoever sets it, behind lines_init() */
};

/* text_max: of the text, in bytes. lines_release() frees it, when nobody has taken it. */
void lines_init(struct lines *l, struct core *c, struct db *db, struct arena *a, const struct licence *licence,
		const struct xfields *fields, const char *end, size_t text_max);
void lines_release(struct lines *l);
/* Another line fits, whatever it refers to. */
bool lines_have_room(const struct lines *l);
/*
 * Adds a post, if it may go out; *ret_added (may be NULL) says. `more` may write further members into its object.
 */
enum err lines_add(struct lines *l, int64_t id, void (*more)(void *arg, struct jw *j), void *arg, bool *ret_added);

#endif

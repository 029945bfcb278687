/*
 * line_marks.h - what lines of posts hold and where each ends, for whoever keeps lines for a while before they go out: so
 * that they can be judged once more then, one by one.
 */
#ifndef DATAAPI_LINE_MARKS_H
#define DATAAPI_LINE_MARKS_H

#include "base/vec.h"
#include "licensed/xanswer.h"

struct line_mark {
	int64_t id;    /* of the post that the line is about */
	size_t end;    /* of its text, in bytes from the first line's beginning */
	size_t n_refs; /* all that it and the lines before it name */
};

/* Something that a line shows. */
struct line_ref {
	int64_t id;
	uint64_t version; /* of a post, and of what it boosts */
	bool user;
};

struct line_marks {
	struct VEC(struct line_mark) lines;
	struct VEC(struct line_ref) refs;
};

/* The next line: its answer, which is closed. */
void line_marks_add(struct line_marks *m, const struct xanswer *a, int64_t id, size_t end);
void line_marks_release(struct line_marks *m);

/*
 * Of the lines from `from` to `to` (excluded), the first that may not go out under this licence at this moment as it was
 * rendered; `to`: all may. What cannot be looked at now may not. Asks the database for what is not in memory.
 */
size_t line_marks_judge(const struct line_marks *m, struct core *c, struct db *db, const struct licence *licence,
			size_t from, size_t to);

#endif

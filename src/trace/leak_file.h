/*
 * leak_file.h - the files of a run, as leak.c writes and leak_result.c reads them. Private to trace/.
 */
#ifndef TRACE_LEAK_FILE_H
#define TRACE_LEAK_FILE_H

#include <jansson.h>

#include "base/buf.h"
#include "trace/leak.h"

#define LEAK_LINE_MAX ((size_t)64 * 1024)
#define LEAK_PATH_MAX 4352

struct leak_state {
	uint64_t stamp; /* of the leak (source.h) */
	enum leak_format format;
	uint64_t index;	  /* made_id */
	uint64_t done;	  /* rows, readable or not */
	uint64_t sources; /* that stand in the matches' file */
	uint64_t matches_bytes;
	uint64_t texts[MATCH_HOWS]; /* kept */
	bool finished;
	struct match_counts counts;
};
enum err leak_state_write(const char *work, const struct leak_state *s);
enum err leak_state_read(const char *work, struct leak_state *ret); /* ERR_NOT_FOUND, ERR_CORRUPT */

void leak_path(const char *work, const char *name, char ret[LEAK_PATH_MAX]);

/* Lines of the matches' file. */
void leak_write_match(struct buf *out, const struct trace_match *m);
void leak_write_source(struct buf *out, uint64_t number, const char *name, enum leak_format f);
/* Each line in turn; m NULL: it is a source's. ERR_CORRUPT. */
typedef enum err leak_line_fn(void *arg, const struct trace_match *m, uint64_t source, struct view name);
enum err leak_each_line(const char *path, leak_line_fn *fn, void *arg);

#endif

/*
 * source.h - where rows come from: a file, the files of a directory (in the order of their names, at any depth), those in a tar or
 * zip, also compressed (gzip, zstd, xz, bzip2), or standard input ("-"). Bytes come out unpacked, and as UTF-8 when the
 * file begins with a mark of UTF-16. Memory is bounded whatever the files are.
 */
#ifndef TRACE_SOURCE_H
#define TRACE_SOURCE_H

#include "base/base.h"

struct source;
/* Up to cap bytes; 0 at the end, or where it cannot be read any further: source_damage() says so. */
size_t source_read(void *source, char *p, size_t cap);
const char *source_name(const struct source *s);   /* "posts.zip: a.csv" */
bool source_converted(const struct source *s);	   /* was not UTF-8 */
const char *source_damage(const struct source *s); /* NULL, or what is wrong, in words */

struct source_place {
	uint64_t done, total; /* bytes of the files as they lie there; total 0: not known */
};
struct source_place source_place(const struct source *s);

typedef enum err source_fn(void *arg, struct source *s);
/* What fn returns when it is not OK ends it and comes back. ERR_NOT_FOUND; ERR_UNAVAILABLE when path cannot be read at all. */
enum err sources_each(const char *path, source_fn *fn, void *arg, struct problem *problem);

/* What tells a leak from another: names, sizes and times of its files. Standard input has none: 0. */
enum err sources_stamp(const char *path, uint64_t *ret, struct problem *problem);

#endif

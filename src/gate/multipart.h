/*
 * multipart.h - multipart/form-data (RFC 7578, RFC 2046 5.1), strictly: CRLF line ends, each part with a name, the
 * closing boundary there. The body is in memory and already bounded; nothing is copied but escaped names.
 */
#ifndef GATE_MULTIPART_H
#define GATE_MULTIPART_H

#include "base/arena.h"
#include "base/base.h"

#define MULTIPART_PARTS_MAX 1000
#define MULTIPART_HEAD_MAX ((size_t)4 * 1024)

struct part {
	struct view name, data;
	bool is_file; /* it has a file name */
	struct view file_name, content_type;
};

struct multipart {
	struct arena *arena;
	struct view rest;     /* behind a boundary */
	struct view boundary; /* CRLF, two hyphens and the boundary */
	size_t parts;
	bool ended;
};

/* content_type: the request's header. ERR_INVALID: no boundary, or one that RFC 2046 does not allow, or not in body. */
enum err multipart_begin(struct multipart *m, struct arena *a, struct view content_type, struct view body);
/* ERR_NOT_FOUND: that was the last. ERR_INVALID: malformed. ERR_TOO_LARGE: too many parts, or a head too long. */
enum err multipart_next(struct multipart *m, struct part *ret);

#endif

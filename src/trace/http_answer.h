/*
 * http_answer.h - an HTTP/1 response as it stood on the wire, kept by a crawler (RFC 9112): its body, taken out of chunks and
 * unpacked.
 */
#ifndef TRACE_HTTP_ANSWER_H
#define TRACE_HTTP_ANSWER_H

#include "base/buf.h"

struct http_answer {
	unsigned status;
	struct view type, charset; /* of Content-Type: "text/html" (as written), "utf-8"; empty without */
	struct view body;
};
/* Points into block or out, whose maximum holds what is unpacked; what is longer is cut. False: not HTTP, or packed as we cannot. */
bool http_answer_read(struct view block, struct buf *out, struct http_answer *ret);

#endif

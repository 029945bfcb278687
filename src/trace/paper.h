/*
 * paper.h - a report as one HTML file: without scripts, without anything from elsewhere, to be read and printed for years. It is drawn from
 * the report's JSON (report.json among its attachments) and says nothing that does not stand there. What leaked is hostile: all
 * of it goes through text/html.h.
 */
#ifndef TRACE_PAPER_H
#define TRACE_PAPER_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"

#define PAPER_MAX ((size_t)32 << 20)

/* ERR_CORRUPT: the JSON is no report. */
enum err trace_paper(struct arena *a, struct view json, struct buf *out);

#endif

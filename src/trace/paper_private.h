/*
 * paper_private.h - what the parts of a report's page share.
 */
#ifndef TRACE_PAPER_PRIVATE_H
#define TRACE_PAPER_PRIVATE_H

#include <jansson.h>

#include "base/arena.h"
#include "text/html.h"
#include "trace/figure.h"
#include "trace/paper.h"

struct paper {
	struct html h;
	struct arena *arena;
	const json_t *doc;
};

struct view paper_text(const json_t *from, const char *key);
double paper_real(const json_t *from, const char *key);
int64_t paper_int(const json_t *from, const char *key);
bool paper_true(const json_t *from, const char *key);
/* A p-value for people: 0.031, 4.3e-05, 1.2e-812; from its natural logarithm. */
struct view paper_chance(struct paper *p, double ln_p);

void paper_section(struct paper *p, struct view title);
void paper_paragraph(struct paper *p, struct view text);
void paper_list(struct paper *p, const struct view *items, size_t n);
/* A table of names and values. */
void paper_facts(struct paper *p);
void paper_fact(struct paper *p, struct view name, struct view value);
void paper_facts_end(struct paper *p);
/* A table with heads; the first `words` columns are text, the others numbers. */
void paper_table(struct paper *p, struct view caption, const struct view *heads, size_t n, size_t words);
void paper_table_end(struct paper *p);
void paper_cell(struct paper *p, struct view text);
void paper_number(struct paper *p, struct view text);

/* A figure of the arrays "x" and "y" of a member; none where they are empty or of different lengths. */
void paper_curve(struct paper *p, const json_t *from, struct figure f);

/* What differs by the question. */
struct paper_about {
	const char *name; /* "leak" */
	void (*method)(struct paper *p);
	void (*result)(struct paper *p);   /* tables, figures, examples */
	void (*shows)(struct paper *p);	   /* what it shows, and what not */
	void (*innocent)(struct paper *p); /* what else could be behind it */
};
extern const struct paper_about paper_about_leak, paper_about_model;

#endif

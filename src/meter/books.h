/*
 * books.h - whether the books are right: every entry adds up to 0, days are booked as they were used, invoices say what
 * was booked and are numbered without gaps.
 */
#ifndef METER_BOOKS_H
#define METER_BOOKS_H

#include "core/core.h"

struct books_report {
	/* Once for each thing that is wrong; what: marked words, ended by 0. */
	void (*say)(void *arg, const char *what, int64_t about);
	void *arg;
	int64_t entries, invoices; /* out: looked at */
	int64_t wrong;		   /* out */
};

/* In one snapshot. OK also when something is wrong: see report->wrong. */
enum err books_verify(struct core *c, struct books_report *report);

#endif

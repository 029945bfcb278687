/*
 * sheet_pdf.c - a sheet as PDF: handed as JSON to kicau-pdf (pdf_main.c), which alone links Pango and Cairo. An idle
 * server would pay megabytes for them.
 */
#include "base/base.h"

#include "meter/sheet.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "media/process.h"
#include "meter/invoices.h"

#define INPUT_MAX (2 * LIMIT_MIB)
#define PDF_MAX (4 * LIMIT_MIB)
#define TIMEOUT_MS (60 * 1000) /* the first one on a machine may make the cache of fonts */

static void write_cells(struct jw *j, const struct view cells[SHEET_COLUMNS])
{
	jw_array(j);
	for (size_t at = 0; at < SHEET_COLUMNS; at += sheet_span(cells, at)) {
		jw_object(j);
		jw_kv_str(j, "text", cells[at]);
		jw_kv_int(j, "span", (int64_t)sheet_span(cells, at));
		jw_kv_bool(j, "number", sheet_is_number(cells, at));
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void write_table(struct jw *j, const struct sheet_table *t)
{
	jw_object(j);
	if (t->heads[0].p) {
		jw_key(j, "heads");
		write_cells(j, t->heads);
	}
	jw_key(j, "rows");
	jw_array(j);
	for (size_t i = 0; i < t->n; i++) {
		jw_object(j);
		jw_kv_bool(j, "strong", t->rows[i].strong);
		jw_key(j, "cells");
		write_cells(j, t->rows[i].cells);
		jw_object_end(j);
	}
	jw_array_end(j);
	jw_object_end(j);
}

static void write_sheet(const struct sheet *s, struct buf *out)
{
	struct jw j = jw_to(out);

	jw_object(&j);
	jw_kv_str(&j, "title", s->title);
	jw_kv_str(&j, "date", s->date);
	jw_kv_cstr(&j, "language", tongue_code(s->tongue));
	jw_key(&j, "paragraphs");
	jw_array(&j);
	for (size_t i = 0; i < s->n_paragraphs; i++)
		jw_str(&j, s->paragraphs[i]);
	jw_array_end(&j);
	jw_key(&j, "tables");
	jw_array(&j);
	for (size_t i = 0; i < s->n_tables; i++)
		write_table(&j, &s->tables[i]);
	jw_array_end(&j);
	jw_object_end(&j);
}

static enum err failed(struct problem *problem, const char *why, int status)
{
	log_warn("a document could not be made into a PDF", F_STR("error", view_of(why)), F_INT("status", status));
	return fail(problem, ERR_INTERNAL, "the PDF could not be made: %s", why);
}

/* The bytes are read from fd, which is at its beginning. */
static enum err run(int fd, struct buf *out, struct problem *problem)
{
	char path[4096];
	char *argv[] = {path, NULL};
	const struct process p = {.argv = argv, .own_group = true, .timeout_ms = TIMEOUT_MS, .input = fd};
	size_t len = 0;
	int status;

	if (!process_beside(PDF_PROGRAM, path, sizeof(path)))
		return failed(problem, PDF_PROGRAM " is not installed beside kicau", 0);
	char *room = buf_reserve(out, PDF_MAX);
	if (!room)
		return ERR_TOO_LARGE;
	enum process_end end = process_run(&p, room, PDF_MAX, &len, &status);
	if (end == PROCESS_NOT_STARTED)
		return fail(problem, ERR_BUSY, "no process for the PDF");
	if (end != PROCESS_DONE || status != 0 || len < 5 || memcmp(room, "%PDF-", 5) != 0)
		return failed(problem, PDF_PROGRAM " has failed", end == PROCESS_DONE ? status : -(int)end);
	buf_grow(out, len);
	return OK;
}

enum err sheet_pdf(const struct sheet *s, struct buf *out, struct problem *problem)
{
	struct buf CLEANUP(buf_release) text = {.max = INPUT_MAX};
	enum err err = ERR_INTERNAL;

	write_sheet(s, &text);
	TRY(buf_err(&text));
	int fd = memfd_create("sheet", MFD_CLOEXEC);
	if (fd < 0)
		return fail(problem, ERR_BUSY, "no file for the PDF");
	if (write(fd, text.p, text.len) == (ssize_t)text.len && lseek(fd, 0, SEEK_SET) == 0)
		err = run(fd, out, problem);
	close(fd);
	return err;
}

/*
 * pdf_main.c - kicau-pdf: reads a sheet (sheet.h) as JSON from standard input and writes it as PDF to standard output.
 * Pango shapes the texts and finds the fonts (names are of any script), Cairo writes the file, with the letters that are
 * used. The same sheet gives the same bytes where the same fonts are installed.
 *
 * It is confined as what reads uploads is: names come from strangers, and shaping letters is much code. Exit: 0 done, 1 not.
 */
#include "base/base.h"

#include <cairo-pdf.h>
#include <jansson.h>
#include <pango/pangocairo.h>
#include <unistd.h>

#include "media/confine.h"

/* Points, 72 to the inch: A4. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN 56.0
#define WIDTH (PAGE_WIDTH - 2 * MARGIN)
#define BOTTOM (PAGE_HEIGHT - MARGIN - 20) /* under it is the number of the page */
#define PADDING 4.0
#define COLUMNS 4
#define FONT "DejaVu Sans, sans-serif"

static const double edges[COLUMNS + 1] = {0, 0.44, 0.62, 0.80, 1};

static const struct confinement limits = {
	.memory_bytes = (size_t)1 << 30, .cpu_seconds = 50, .file_bytes = (size_t)16 << 20, .nice = 5};

struct drawing {
	cairo_t *cairo;
	PangoLanguage *language;
	const char *title;
	const json_t *heads; /* of the table under way: drawn again on each page */
	double y;
	int page;
};

static PangoLayout *layout_of(const struct drawing *d, const char *text, double width, double size, bool strong)
{
	PangoLayout *l = pango_cairo_create_layout(d->cairo);
	PangoFontDescription *font = pango_font_description_from_string(FONT);

	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	if (strong)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	pango_context_set_language(pango_layout_get_context(l), d->language);
	pango_layout_set_font_description(l, font);
	pango_font_description_free(font);
	pango_layout_set_width(l, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_text(l, text, -1);
	return l;
}

static double height_of(PangoLayout *l)
{
	PangoRectangle box;

	pango_layout_get_extents(l, NULL, &box);
	return (double)box.height / PANGO_SCALE;
}

static void show_at(const struct drawing *d, PangoLayout *l, double x, double y)
{
	cairo_move_to(d->cairo, x, y);
	pango_cairo_show_layout(d->cairo, l);
}

static void draw_page_number(const struct drawing *d)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", d->page);
	PangoLayout *l = layout_of(d, text, WIDTH, 8, false);
	pango_layout_set_alignment(l, PANGO_ALIGN_CENTER);
	show_at(d, l, MARGIN, PAGE_HEIGHT - MARGIN);
	g_object_unref(l);
}

static void draw_text(struct drawing *d, const char *text, double size, bool strong, double gap);

static void next_page(struct drawing *d)
{
	draw_page_number(d);
	cairo_show_page(d->cairo);
	d->page++;
	d->y = MARGIN;
	draw_text(d, d->title, 8, false, 8);
}

static void draw_text(struct drawing *d, const char *text, double size, bool strong, double gap)
{
	PangoLayout *l = layout_of(d, text, WIDTH, size, strong);

	if (d->y + height_of(l) > BOTTOM && d->y > MARGIN)
		next_page(d);
	show_at(d, l, MARGIN, d->y);
	d->y += height_of(l) + gap;
	g_object_unref(l);
}

static void draw_rule(const struct drawing *d)
{
	cairo_set_source_rgb(d->cairo, 0.75, 0.77, 0.8);
	cairo_set_line_width(d->cairo, 0.5);
	cairo_move_to(d->cairo, MARGIN, d->y);
	cairo_line_to(d->cairo, MARGIN + WIDTH, d->y);
	cairo_stroke(d->cairo);
	cairo_set_source_rgb(d->cairo, 0, 0, 0);
}

/* Its cells as layouts, each beginning at its edge; *ret_height is that of the highest. */
static size_t lay_cells(const struct drawing *d, const json_t *cells, bool strong, PangoLayout *ret[COLUMNS],
			size_t ret_edge[COLUMNS], double *ret_height)
{
	size_t n = 0, edge = 0;

	*ret_height = 0;
	for (; n < COLUMNS && n < json_array_size(cells) && edge < COLUMNS; n++) {
		const json_t *cell = json_array_get(cells, n);
		const char *text = json_string_value(json_object_get(cell, "text"));
		size_t span = (size_t)json_integer_value(json_object_get(cell, "span"));
		size_t end = span >= 1 && span <= COLUMNS - edge ? edge + span : COLUMNS;

		ret_edge[n] = edge;
		ret[n] = layout_of(d, text ? text : "", (edges[end] - edges[edge]) * WIDTH - PADDING, 9, strong);
		if (json_is_true(json_object_get(cell, "number")))
			pango_layout_set_alignment(ret[n], PANGO_ALIGN_RIGHT);
		*ret_height = height_of(ret[n]) > *ret_height ? height_of(ret[n]) : *ret_height;
		edge = end;
	}
	return n;
}

static void draw_cells(struct drawing *d, const json_t *cells, bool strong, bool is_head)
{
	PangoLayout *laid[COLUMNS];
	size_t edge[COLUMNS];
	double height;
	size_t n = lay_cells(d, cells, strong, laid, edge, &height);

	if (!is_head && d->y + height + 2 * PADDING > BOTTOM) {
		next_page(d);
		if (d->heads)
			draw_cells(d, d->heads, true, true);
	}
	for (size_t i = 0; i < n; i++) {
		show_at(d, laid[i], MARGIN + edges[edge[i]] * WIDTH + (edge[i] ? PADDING : 0), d->y + PADDING);
		g_object_unref(laid[i]);
	}
	d->y += height + 2 * PADDING;
	draw_rule(d);
}

static void draw_table(struct drawing *d, const json_t *table)
{
	const json_t *rows = json_object_get(table, "rows");

	d->y += 14;
	d->heads = json_object_get(table, "heads");
	if (d->heads)
		draw_cells(d, d->heads, true, true);
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		draw_cells(d, json_object_get(row, "cells"), json_is_true(json_object_get(row, "strong")), false);
	}
	d->heads = NULL;
}

static void draw(struct drawing *d, const json_t *sheet)
{
	const json_t *paragraphs = json_object_get(sheet, "paragraphs"), *tables = json_object_get(sheet, "tables");

	draw_text(d, d->title, 18, true, 12);
	for (size_t i = 0; i < json_array_size(paragraphs); i++)
		draw_text(d, json_string_value(json_array_get(paragraphs, i)), 10, false, 5);
	for (size_t i = 0; i < json_array_size(tables); i++)
		draw_table(d, json_array_get(tables, i));
	draw_page_number(d);
	cairo_show_page(d->cairo);
}

static cairo_status_t write_out(void *arg, const unsigned char *bytes, unsigned n)
{
	(void)arg;
	return fwrite(bytes, 1, n, stdout) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static bool make(const json_t *sheet)
{
	const char *title = json_string_value(json_object_get(sheet, "title"));
	const char *date = json_string_value(json_object_get(sheet, "date"));
	const char *language = json_string_value(json_object_get(sheet, "language"));

	if (!title || !date || !language)
		return false;
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(write_out, NULL, PAGE_WIDTH, PAGE_HEIGHT);
	struct drawing d = {.cairo = cairo_create(surface),
			    .language = pango_language_from_string(language),
			    .title = title,
			    .y = MARGIN,
			    .page = 1};
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	draw(&d, sheet);
	cairo_status_t status = cairo_status(d.cairo);
	cairo_destroy(d.cairo);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	return status == CAIRO_STATUS_SUCCESS && fflush(stdout) == 0;
}

/* Fontconfig keeps what it has read until the process ends; the leak checker is told so. */
const char *__lsan_default_suppressions(void); /* NOLINT(bugprone-reserved-identifier) */
const char *__lsan_default_suppressions(void)  /* NOLINT(bugprone-reserved-identifier) */
{
	return "leak:libfontconfig\n";
}

int main(void)
{
	/* The fonts are in /usr; what fontconfig has found there before is in /var/cache. */
	confine(&limits, "/etc/fonts", "/var/cache/fontconfig/cache");
	json_t *sheet = json_loadf(stdin, 0, NULL);
	bool done = json_is_object(sheet) && make(sheet);

	json_decref(sheet);
	return done ? 0 : 1;
}

/*
 * invoice_page.h - invoices and credit notes for people: a page that stands alone and prints well, and a PDF. Both say the
 * same (invoice_sheet.c); programs read the JSON itself.
 */
#ifndef METER_INVOICE_PAGE_H
#define METER_INVOICE_PAGE_H

#include "base/buf.h"
#include "text/tongue.h"

enum invoice_form { INVOICE_JSON, INVOICE_HTML, INVOICE_PDF };

/* Asked for by ".pdf" and so on behind its name, which is cut off, or else by the first form that Accept names; JSON. */
enum invoice_form invoice_form_of(struct view *name, struct view accept);
const char *invoice_form_type(enum invoice_form form); /* "application/pdf" */

struct invoice_drawing {
	struct arena *arena;
	enum invoice_form form;
	enum tongue tongue;
	struct view document; /* struct invoice's */
	struct view style;    /* of HTML: the address of assets/invoice.css */
};
/*
 * A PDF is drawn by another program: that blocks for a tenth of a second or so. ERR_CORRUPT: it is no document. ERR_BUSY,
 * ERR_INTERNAL with words.
 */
enum err invoice_draw(const struct invoice_drawing *d, struct buf *out, struct problem *problem);

#endif

/*
 * cell.h - one value of a table, for people and for CSV.
 */
#ifndef STAFF_CELL_H
#define STAFF_CELL_H

#include "staff/table.h"

const char *cell_class(enum cell_kind kind); /* of its <td> */
void cell_draw(struct call *c, struct html *h, enum cell_kind kind, const struct cell *cell, int64_t now);

/*
 * For CSV: numbers and amounts as programs read them, times as ISO 8601. A text that a spreadsheet would take for a formula
 * gets a ' before it (OWASP, "CSV Injection"): it begins with = + - @, their wide forms, a tab or a line break.
 */
void cell_csv(struct arena *a, enum cell_kind kind, const struct cell *cell, struct buf *out);

/* "1.5 MB", in the reader's language. */
struct view cell_bytes(struct call *c, int64_t bytes);
/* "1,234.50 EUR", likewise. */
struct view cell_money(struct call *c, int64_t micro);

#endif

/*
 * form.h - fields of forms and filters, drawn from the row of the endpoint they are sent to: it says what is required, how
 * long, and which choices there are, so that a form cannot ask for something else than is taken.
 */
#ifndef STAFF_FORM_H
#define STAFF_FORM_H

#include "web/page.h"

/* The parameter of this name says the rest. */
struct staff_field {
	const char *name;	    /* NULL ends the fields */
	struct view words, hint;    /* marked; hint may be empty */
	const struct view *choices; /* marked words of the parameter's choices, in their order */
	/* FIELD_FIRST: a filter of which the first choice holds when none was made */
	enum { FIELD_USUAL, FIELD_AREA, FIELD_HIDDEN, FIELD_DAY, FIELD_FIRST } look;
};

/*
 * For each field its value, or NULL: as it was sent, if this call came from the form. Values of choices are their names, of
 * boxes "1".
 */
void staff_fields_draw(struct call *c, struct html *h, const struct endpoint *row, const struct staff_field *fields,
		       const struct view *values);
/* The same as filters: nothing is required, and no choice is one too. */
void staff_filters_draw(struct call *c, struct html *h, const struct endpoint *row, const struct staff_field *fields);
/* <option>; the words are in the reader's language already. */
void staff_option_draw(struct html *h, struct view value, struct view words, bool chosen);

/* The row's parameter of this name; NULL: it has none. */
const struct param *staff_param(const struct endpoint *row, const char *name);

#endif

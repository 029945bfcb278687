/*
 * embedded.h - files compiled into the program by tools/embed.c.
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base/base.h"

struct embedded {
	const char *name; /* file name without folder; NULL ends the table */
	const unsigned char *data;
	size_t len;
};

extern const struct embedded embedded_schema[];	    /* schema/, in order of name */
extern const struct embedded embedded_assets[];	    /* assets/ */
extern const struct embedded embedded_catalogues[]; /* of po/: gettext's binary format, "id.mo" */

#endif

/*
 * range.h - the Range header (RFC 9110 14.2), one range of bytes; anything else is answered with the whole.
 */
#ifndef HTTP_RANGE_H
#define HTTP_RANGE_H

#include "base/base.h"

enum range {
	RANGE_WHOLE, /* no range, one we do not serve, or malformed: as if there were none */
	RANGE_PART,  /* *ret_first … *ret_last, both in the file */
	RANGE_NONE,  /* no byte of it exists: 416 */
};

enum range range_parse(struct view header, uint64_t size, uint64_t *ret_first, uint64_t *ret_last);

#endif

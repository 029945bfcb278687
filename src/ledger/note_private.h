/*
 * note_private.h - what note.c and note_key.c share.
 */
#ifndef LEDGER_NOTE_PRIVATE_H
#define LEDGER_NOTE_PRIVATE_H

#include "base/base.h"

/* Not empty, at most NOTE_NAME_MAX bytes of UTF-8 without white space, control characters and plus. */
bool note_name_ok(struct view name);

static inline void note_put_id(unsigned char p[4], uint32_t id)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (unsigned char)(id >> (24 - 8 * i));
}
static inline uint32_t note_get_id(const unsigned char p[4])
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

#endif

/*
 * grams.c - see grams.h.
 */
#include "base/base.h"

#include "trace/grams.h"

#include <endian.h>

static uint64_t mix(uint64_t v) /* of splitmix64 */
{
	v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
	return v ^ v >> 31;
}

static uint64_t load(const char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return le64toh(v);
}

static bool begins(struct view v, size_t at) { return ((unsigned char)v.p[at] & 0xc0) != 0x80; }

size_t grams(struct view normal, uint64_t salt, uint64_t ret[GRAMS_MAX])
{
	size_t n = 0;

	for (size_t at = 0; at + GRAM_BYTES <= normal.len && n < GRAMS_MAX; at++) {
		size_t end = at + GRAM_BYTES;

		if (!begins(normal, at))
			continue;
		while (end < normal.len && end < at + GRAM_BYTES + 8 && !begins(normal, end))
			end++;
		uint64_t rest = end > at + GRAM_BYTES ? load(normal.p + at + GRAM_BYTES, end - at - GRAM_BYTES) : 0;
		ret[n++] = mix(mix(load(normal.p + at, GRAM_BYTES) ^ salt) + rest);
	}
	return n;
}

uint64_t gram_whole(struct view normal, uint64_t salt)
{
	uint64_t h = mix(salt + normal.len + 1);

	for (size_t at = 0; at < normal.len; at += 8) {
		size_t n = normal.len - at < 8 ? normal.len - at : 8;
		h = mix(h ^ load(normal.p + at, n));
	}
	return mix(h + salt);
}

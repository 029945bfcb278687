/*
 * similar.c - see similar.h. A column of the table of edit distances is kept as differences down the column, 64 to a word:
 * bits of what grows (up) and shrinks (down). The top row is 0 everywhere, for the pattern may begin anywhere in the text.
 */
#include "base/base.h"

#include "trace/similar.h"

#define BLOCKS (SIMILAR_MAX / 64)

struct columns {
	size_t blocks, last;	     /* last: the bit of the pattern's last character in its block */
	uint64_t where[256][BLOCKS]; /* by byte: where the pattern has it; used where `known` says */
	bool known[256];
	uint64_t up[BLOCKS], down[BLOCKS];
};

static void set_pattern(struct columns *c, struct view pattern)
{
	c->blocks = (pattern.len + 63) / 64;
	c->last = (pattern.len - 1) % 64;
	memset(c->known, 0, sizeof(c->known));
	for (size_t i = 0; i < pattern.len; i++) {
		unsigned char b = (unsigned char)pattern.p[i];

		if (!c->known[b])
			memset(c->where[b], 0, c->blocks * sizeof(uint64_t));
		c->known[b] = true;
		c->where[b][i / 64] |= (uint64_t)1 << i % 64;
	}
	for (size_t i = 0; i < c->blocks; i++) {
		c->up[i] = UINT64_MAX;
		c->down[i] = 0;
	}
}

/* One block for one byte of the text. in: how the row above it changes (-1, 0, 1); returns how its row `bit` does. */
static int step(struct columns *c, size_t i, uint64_t equal, int in, size_t bit)
{
	uint64_t up = c->up[i], down = c->down[i];
	uint64_t vertical = equal | down;

	equal |= in < 0;
	uint64_t zero = (((equal & up) + up) ^ up) | equal;
	uint64_t more = down | ~(zero | up), less = up & zero;
	int out = (more >> bit & 1) ? 1 : (less >> bit & 1) ? -1 : 0;

	more = more << 1 | (in > 0);
	less = less << 1 | (in < 0);
	c->up[i] = less | ~(vertical | more);
	c->down[i] = more & vertical;
	return out;
}

size_t similar_edits(struct view pattern, struct view text)
{
	static const uint64_t nowhere[BLOCKS];
	struct columns c;
	size_t edits = pattern.len, least = pattern.len;

	set_pattern(&c, pattern);
	for (size_t at = 0; at < text.len; at++) {
		unsigned char b = (unsigned char)text.p[at];
		const uint64_t *where = c.known[b] ? c.where[b] : nowhere;
		int carry = 0;

		for (size_t i = 0; i < c.blocks; i++)
			carry = step(&c, i, where[i], carry, i + 1 < c.blocks ? 63 : c.last);
		edits = (size_t)((int64_t)edits + carry);
		if (edits < least)
			least = edits;
	}
	return least;
}

float similar(struct view a, struct view b)
{
	struct view pattern = a.len <= b.len ? a : b, text = a.len <= b.len ? b : a;

	if (!pattern.len)
		return 0;
	pattern = view_sub(pattern, 0, SIMILAR_MAX);
	return 1 - (float)similar_edits(pattern, text) / (float)pattern.len;
}

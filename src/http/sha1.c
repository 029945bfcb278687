/*
 * sha1.c - see sha1.h. One call, the whole text in memory.
 */
#include "base/base.h"
#include "http/sha1.h"

#define BLOCK 64

static uint32_t rotate(uint32_t v, int n)
{
	return v << n | v >> (32 - n);
}

static void add_block(uint32_t h[5], const unsigned char *p)
{
	static const uint32_t k[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
	for (int t = 0; t < 16; t++, p += 4)
		w[t] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	for (int t = 16; t < 80; t++)
		w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
	for (int t = 0; t < 80; t++) {
		uint32_t f = t < 20 ? (b & c) | (~b & d) : t >= 40 && t < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
		uint32_t next = rotate(a, 5) + f + e + w[t] + k[t / 20];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void sha1(struct view v, unsigned char ret[SHA1_LEN])
{
	uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	size_t at = 0;
	for (; v.len - at >= BLOCK; at += BLOCK)
		add_block(h, (const unsigned char *)v.p + at);

	unsigned char last[2 * BLOCK] = {0};
	size_t rest = v.len - at, end = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
	if (rest)
		memcpy(last, v.p + at, rest);
	last[rest] = 0x80;
	uint64_t bits = (uint64_t)v.len * 8;
	for (size_t i = 0; i < 8; i++)
		last[end - 1 - i] = (unsigned char)(bits >> (8 * i));
	for (size_t i = 0; i < end; i += BLOCK)
		add_block(h, last + i);
	for (size_t i = 0; i < SHA1_LEN; i++)
		ret[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

/*
 * xpieces.c - see xpieces.h.
 */
#include "base/base.h"

#include "licensed/xpieces.h"

struct xruns xruns_of(uint32_t fields)
{
	struct xruns runs = {0};

	while (fields) {
		unsigned from = (unsigned)__builtin_ctz(fields), n = (unsigned)__builtin_ctz(~(fields >> from));

		runs.v[runs.n].from = (uint8_t)from;
		runs.v[runs.n++].end = (uint8_t)(from + n);
		fields &= ~(((1u << n) - 1) << from);
	}
	return runs;
}

size_t xpieces_room(const struct xpieces *pieces, const struct xruns *runs)
{
	size_t room = 2;

	for (size_t i = 0; i < runs->n; i++)
		room += pieces->ends[runs->v[i].end] - pieces->ends[runs->v[i].from];
	return room;
}

void xpieces_write(const struct xpieces *pieces, const struct xruns *runs, struct buf *out)
{
	const uint32_t *ends = pieces->ends;
	char *p = buf_reserve(out, xpieces_room(pieces, runs));
	size_t len = 0;

	if (!p)
		return;
	for (size_t i = 0; i < runs->n; i++) {
		uint32_t from = ends[runs->v[i].from], end = ends[runs->v[i].end];

		memcpy(p + len, pieces->text + from, end - from);
		len += end - from;
	}
	p[0] = '{'; /* for the first comma */
	len += len == 0;
	p[len++] = '}';
	buf_grow(out, len);
}

void xpieces_make(xpiece_fn *const *members, size_t n, const void *of, struct buf *out, uint32_t *ret_ends)
{
	size_t from = out->len;
	struct jw j = jw_to(out);

	ret_ends[0] = 0;
	for (size_t i = 0; i < n; i++) {
		j.comma = true;
		members[i](of, &j);
		ret_ends[i + 1] = (uint32_t)(out->len - from);
	}
}

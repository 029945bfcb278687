/*
 * packed.c - reads packed segments: their head, their posts, their records. packed_who.c finds who received a post.
 */
#include "base/base.h"
#include "ledger/packed.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/packed_private.h"

/* ---- bytes ---- */

enum err packed_read(struct packed *p, uint64_t at, size_t n, struct packed_bytes *into)
{
	if (at > p->len || n > p->len - at)
		return ERR_CORRUPT;
	if (n + BIT_SLACK > into->alloc) {
		into->alloc = 2 * n + BIT_SLACK + 4096;
		into->p = xrealloc(into->p, into->alloc);
	}
	into->len = 0;
	if (p->whole.p)
		memcpy(into->p, p->whole.p + at, n);
	for (size_t got = p->whole.p ? n : 0; got < n;) {
		ssize_t more = pread(p->fd, into->p + got, n - got, (off_t)(at + got));
		if (more == 0 || (more < 0 && errno != EINTR))
			return more == 0 ? ERR_CORRUPT : ERR_UNAVAILABLE;
		got += more > 0 ? (size_t)more : 0;
	}
	memset(into->p + n, 0, BIT_SLACK);
	into->len = n;
	return OK;
}

/* Entries [i, i + n) of a part with entries of this length. */
static enum err read_entries(struct packed *p, enum packed_part part, uint64_t i, uint64_t n, size_t len,
			     struct packed_bytes *into)
{
	uint64_t size = packed_part_len(p, part);

	if (i > size / len || n > size / len - i)
		return ERR_CORRUPT;
	return packed_read(p, p->head.begin[part] + i * len, n * len, into);
}

enum err packed_span(struct packed *p, enum packed_part dir, size_t entry, size_t offset_at, enum packed_part part,
		     uint64_t i, uint64_t *ret_from, uint64_t *ret_to)
{
	uint64_t entries = packed_part_len(p, dir) / entry, n = i + 1 < entries ? 2 : 1;
	uint32_t from, to = (uint32_t)packed_part_len(p, part);

	TRY(read_entries(p, dir, i, n, entry, &p->small));
	memcpy(&from, p->small.p + offset_at, sizeof(from));
	from = le32toh(from);
	if (n == 2) {
		memcpy(&to, p->small.p + entry + offset_at, sizeof(to));
		to = le32toh(to);
	}
	if (from > to || to > packed_part_len(p, part))
		return ERR_CORRUPT;
	*ret_from = p->head.begin[part] + from;
	*ret_to = p->head.begin[part] + to;
	return OK;
}

/* ---- the head ---- */

static bool head_ok(const struct packed *p)
{
	const struct packed_head *h = &p->head;
	uint64_t blocks = (h->n + PACKED_BLOCK - 1) / PACKED_BLOCK, rows = (h->posts + PACKED_ROW - 1) / PACKED_ROW;
	uint64_t pages = (h->posts + PACKED_PAGE - 1) / PACKED_PAGE;

	if (h->n > PACKED_RECORDS_MAX || h->posts > UINT32_MAX || h->first > INT64_MAX ||
	    h->begin[0] != PACKED_HEAD_LEN || h->begin[PART_COUNT] != p->len || p->len > PACKED_FILE_MAX ||
	    h->min_ms < 0 || h->parties > p->len)
		return false;
	for (int i = 0; i < PART_COUNT; i++)
		if (h->begin[i] > h->begin[i + 1])
			return false;
	return packed_part_len(p, PART_PAGES) == pages * PAGE_LEN && packed_part_len(p, PART_BLOCKS) == blocks * 4 &&
	       packed_part_len(p, PART_ROWS) == rows * 4;
}

static enum err read_parties(struct packed *p)
{
	TRY(packed_read(p, p->head.begin[PART_PARTIES], packed_part_len(p, PART_PARTIES), &p->block));
	if (p->head.parties > p->block.len / 6)
		return ERR_CORRUPT;
	struct reader in = {p->block.p, p->block.p + p->block.len, false};
	p->parties = xcalloc(p->head.parties + 1, sizeof(*p->parties));
	for (uint64_t i = 0; i < p->head.parties; i++) {
		struct party *a = &p->parties[i];

		a->kind = get_byte(&in);
		a->endpoint = get_byte(&in);
		a->cost = get_byte(&in);
		a->licensee = (int64_t)get_varint_to(&in, INT64_MAX);
		a->key = (int64_t)get_varint_to(&in, INT64_MAX);
		a->terms = (int64_t)get_varint_to(&in, INT64_MAX);
		if (a->kind < LEDGER_POSTS || a->kind > LEDGER_STATEMENT || a->cost > COST_BY_ITEM)
			return ERR_CORRUPT;
		a->unit = a->cost == COST_BY_ITEM ? unzigzag(get_varint(&in)) : 0;
	}
	return in.bad || in.p != in.end ? ERR_CORRUPT : OK;
}

static enum err start(struct packed *p, const char *name, struct packed **ret, struct problem *problem)
{
	p->block_at = UINT32_MAX;
	p->page_at = UINT64_MAX;
	p->items = xmalloc(LEDGER_ITEMS_MAX * sizeof(*p->items));
	enum err err = packed_read(p, 0, PACKED_HEAD_LEN, &p->small);
	if (err == OK && (!packed_head_read(p->small.p, &p->head) || !head_ok(p)))
		err = ERR_CORRUPT;
	if (err == OK)
		err = read_parties(p);
	if (err != OK) {
		packed_close(p);
		return fail(problem, err, "%.200s: its head does not fit", name);
	}
	*ret = p;
	return OK;
}

enum err packed_open(const char *path, struct packed **ret, struct problem *problem)
{
	struct packed *p = xcalloc(1, sizeof(*p));
	struct stat st;

	p->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (p->fd < 0 || fstat(p->fd, &st) != 0) {
		int why = errno;
		packed_close(p);
		return fail(problem, why == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE, "%.200s: %s", path,
			    strerror(why));
	}
	p->len = (uint64_t)st.st_size;
	return start(p, path, ret, problem);
}

enum err packed_open_bytes(struct view v, struct packed **ret, struct problem *problem)
{
	struct packed *p = xcalloc(1, sizeof(*p));

	p->fd = -1;
	p->whole = v;
	p->len = v.len;
	return start(p, "in memory", ret, problem);
}

void packed_close(struct packed *p)
{
	if (!p)
		return;
	if (p->fd >= 0)
		close(p->fd);
	free(p->small.p);
	free(p->block.p);
	free(p->page_bytes.p);
	free(p->parties);
	free(p->posts);
	free(p->items);
	free(p);
}

const struct packed_head *packed_head(const struct packed *p)
{
	return &p->head;
}

/* ---- the dictionary ---- */

/* Posts of a page. */
static enum err read_page(struct packed *p, uint64_t page, int64_t *ret, size_t *ret_n)
{
	uint64_t from, to, first;
	size_t left = p->head.posts - page * PACKED_PAGE, n = left < PACKED_PAGE ? left : PACKED_PAGE;

	TRY(packed_span(p, PART_PAGES, PAGE_LEN, 8, PART_POSTS, page, &from, &to));
	memcpy(&first, p->small.p, sizeof(first));
	first = le64toh(first);
	TRY(packed_read(p, from, to - from, &p->page_bytes));
	const unsigned char *b = p->page_bytes.p;
	if (to - from < 2 || b[0] > RICE_K_MAX || b[1] > RICE_K_MAX)
		return ERR_CORRUPT;
	struct bit_reader in = {.p = b, .at = 16, .end = 8 * (to - from)};
	for (size_t i = 0; i < n; i++) {
		if (i) {
			uint64_t ms = get_rice(&in, b[0]), rest = get_rice(&in, b[1]);
			first = ms ? ((first >> SEQUENCE_BITS) + ms) << SEQUENCE_BITS | (rest & UINT16_MAX)
				   : first + rest + 1;
		}
		if (in.bad || !first || first > INT64_MAX)
			return ERR_CORRUPT;
		ret[i] = (int64_t)first;
	}
	*ret_n = n;
	return OK;
}

static enum err keep_page(struct packed *p, uint64_t page)
{
	size_t n;

	if (p->page_at == page)
		return OK;
	p->page_at = UINT64_MAX;
	TRY(read_page(p, page, p->page, &n));
	p->page_n = n;
	p->page_at = page;
	return OK;
}

enum err packed_load_posts(struct packed *p)
{
	size_t n;

	if (p->posts)
		return OK;
	int64_t *all = xcalloc(p->head.posts + 1, sizeof(*all));
	for (uint64_t i = 0; i < p->head.posts; i += PACKED_PAGE) {
		enum err err = read_page(p, i / PACKED_PAGE, all + i, &n);
		if (err != OK) {
			free(all);
			return err;
		}
	}
	p->posts = all;
	return OK;
}

enum err packed_post(struct packed *p, uint32_t ordinal, int64_t *ret)
{
	if (ordinal >= p->head.posts)
		return ERR_CORRUPT;
	if (!p->posts)
		TRY(keep_page(p, ordinal / PACKED_PAGE));
	*ret = p->posts ? p->posts[ordinal] : p->page[ordinal % PACKED_PAGE];
	return OK;
}

enum err packed_ordinal(struct packed *p, int64_t post, uint32_t *ret)
{
	uint64_t low = 0, high = (p->head.posts + PACKED_PAGE - 1) / PACKED_PAGE, first;

	if (!p->head.posts || post < p->head.min_post || post > p->head.max_post)
		return ERR_NOT_FOUND;
	while (low + 1 < high) {
		uint64_t mid = low + (high - low) / 2;
		TRY(read_entries(p, PART_PAGES, mid, 1, PAGE_LEN, &p->small));
		memcpy(&first, p->small.p, sizeof(first));
		if (le64toh(first) <= (uint64_t)post)
			low = mid;
		else
			high = mid;
	}
	TRY(keep_page(p, low));
	for (size_t i = 0; i < p->page_n; i++)
		if (p->page[i] == post) {
			*ret = (uint32_t)(low * PACKED_PAGE + i);
			return OK;
		}
	return ERR_NOT_FOUND;
}

bool packed_has_kind(const struct packed *p, enum ledger_kind kind)
{
	for (uint64_t i = 0; i < p->head.parties; i++)
		if (p->parties[i].kind == kind)
			return true;
	return false;
}

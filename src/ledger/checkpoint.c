/*
 * checkpoint.c
 */
#include "base/base.h"
#include "ledger/checkpoint.h"

#include "ledger/base64.h"
#include "ledger/merkle.h"

void checkpoint_write(const struct checkpoint *c, struct buf *out)
{
	buf_add(out, c->origin);
	buf_printf(out, "\n%" PRIu64 "\n", c->size);
	base64_add(out, c->root.b, DIGEST_LEN);
	buf_add_c(out, '\n');
	buf_add(out, c->extension);
}

static bool parse_size(struct view v, uint64_t *ret)
{
	return (v.len == 1 || !view_starts(v, V("0"))) && parse_u64(v, MERKLE_SIZE_MAX, ret);
}

/* Lines with their newlines, none empty. */
static bool extension_ok(struct view v)
{
	struct view line;

	if (v.len && v.p[v.len - 1] != '\n')
		return false;
	while (view_split(&v, '\n', &line))
		if (!line.len)
			return false;
	return true;
}

enum err checkpoint_parse(struct view text, struct checkpoint *ret)
{
	struct checkpoint c;
	struct view size, root;

	if (!view_split(&text, '\n', &c.origin) || !c.origin.len || !view_split(&text, '\n', &size) ||
	    !parse_size(size, &c.size))
		return ERR_INVALID;
	size_t end = view_find(text, 0, '\n');
	if (end == text.len)
		return ERR_INVALID;
	root = view_sub(text, 0, end);
	c.extension = view_sub(text, end + 1, text.len);
	if (!base64_digest(root, &c.root) || !extension_ok(c.extension))
		return ERR_INVALID;
	*ret = c;
	return OK;
}

enum err checkpoint_open(struct view v, const struct note_key *key, struct checkpoint *ret)
{
	struct checkpoint c;
	struct note n;

	TRY(note_parse(v, &n));
	TRY(checkpoint_parse(n.text, &c));
	if (!view_is(c.origin, key->name) || note_verify(&n, key, NULL) != OK)
		return ERR_FORBIDDEN;
	*ret = c;
	return OK;
}

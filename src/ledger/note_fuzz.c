/*
 * note_fuzz.c - notes, checkpoints in them, and verifier keys: what is taken apart can be put together again.
 */
#include "base/base.h"
#include "ledger/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_checkpoint(struct view text)
{
	struct checkpoint c;
	struct buf again;

	if (checkpoint_parse(text, &c) != OK)
		return;
	buf_init(&again, text.len + NOTE_MAX);
	checkpoint_write(&c, &again);
	if (!view_eq(buf_view(&again), text))
		BUG("a checkpoint came back changed");
	buf_release(&again);
}

static void check_note(struct view v)
{
	static const struct note_key key = {.name = "example.org/log", .id = 1, .type = NOTE_COSIGNATURE};
	struct note n;

	if (note_parse(v, &n) != OK)
		return;
	if (n.n_signatures == 0 || n.text.p != v.p || n.text.p[n.text.len - 1] != '\n')
		BUG("no note");
	if (note_verify(&n, &key, NULL) == OK)
		BUG("a forged signature");
	check_checkpoint(n.text);
}

static void check_key(struct view v)
{
	struct note_key key;
	struct buf again;

	if (note_key_parse(v, &key) != OK)
		return;
	buf_init(&again, NOTE_MAX);
	note_key_write(&key, &again);
	if (!view_eq_nocase(buf_view(&again), v))
		BUG("a key came back changed");
	buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view v = view_make((const char *)data, size);

	check_note(v);
	check_checkpoint(v);
	check_key(v);
	return 0;
}

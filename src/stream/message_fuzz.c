/*
 * message_fuzz.c - a client's message, and what is made of it: a subscription that holds what its channel needs.
 */
#include "base/base.h"
#include "stream/message.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct subscription *s)
{
	enum channel_key key = channel_rows[s->channel].key;
	if (s->channel >= CHANNELS)
		BUG("channel %d", (int)s->channel);
	if ((key == KEY_TAG) != (s->tag.len > 0) || (key == KEY_LIST) != (s->list > 0))
		BUG("%s without its key", channel_rows[s->channel].name);
	if (key == KEY_TAG && (s->label.len > CHANNEL_TAG_BYTES || !utf8_valid(s->label) || !utf8_valid(s->tag)))
		BUG("a label that cannot be sent");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wish wish;
	struct subscription s;
	struct problem p = {0};
	struct arena a;

	if (size > LIMIT_STREAM_FRAME)
		return 0;
	arena_init(&a, LIMIT_MIB);
	if (message_parse(&a, view_make((const char *)data, size), &wish) != MESSAGE_OTHER) {
		if (subscription_parse(&a, &wish, &s, &p) == OK)
			check(&s);
		else if (!p.text[0])
			BUG("a refusal without words");
	}
	arena_release(&a);
	return 0;
}

/*
 * ece_fuzz.c - keys as apps give them: p256dh, a line end, auth. What is taken can be encrypted for.
 */
#include "base/base.h"
#include "push/ece.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view input = view_make((const char *)data, size);
	size_t end = view_find(input, 0, '\n');
	struct ece_receiver to;
	struct ece_sender from;
	struct buf out;

	if (!ece_receiver_parse(view_sub(input, 0, end), view_sub(input, end + 1, size), &to))
		return 0;
	buf_init(&out, ECE_MESSAGE_MAX);
	if (ece_sender_make(&from) != OK || ece_encrypt(ECE_AESGCM, &to, &from, V("x"), &out) != OK)
		BUG("keys that were taken cannot be used");
	buf_release(&out);
	return 0;
}

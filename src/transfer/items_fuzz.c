/* Entries lie within the text, one behind the other, whatever it is. */
#include "base/base.h"
#include "transfer/items.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(struct view text, const char *key)
{
	struct items items;
	struct item item;
	const char *behind = text.p;
	int64_t n = 0;

	if (items_begin(text, key, &items) != OK)
		return;
	while (items_next(&items, &item)) {
		if (item.n != ++n || (item.wrong && item.json.len))
			BUG("an entry is not what it should be");
		if (item.wrong)
			continue;
		if (!item.json.len || item.json.p < behind || item.json.p + item.json.len > text.p + text.len)
			BUG("an entry is not in the text");
		behind = item.json.p + item.json.len;
	}
	if (items_next(&items, &item))
		BUG("there is something behind the end");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = {(const char *)data, size};

	walk(text, NULL);
	walk(text, "orderedItems");
	return 0;
}

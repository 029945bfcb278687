/*
 * kept.c - see kept.h.
 */
#include "base/base.h"
#include "ledger/kept.h"

#include "ledger/codec.h"
#include "ledger/file.h"

#define KEPT_FILE_MAX ((size_t)64 << 20)

static enum err parse(struct view v, struct kept_list *ret)
{
	for (struct reader in = reader_of(v); reader_left(&in);) {
		struct kept k = {.index = be64toh(htole64(get_u64(&in)))};
		struct view salt = get_bytes_view(&in, RECEIPT_SALT_LEN);

		if (in.bad || (ret->n && ret->v[ret->n - 1].index >= k.index))
			return ERR_CORRUPT;
		memcpy(k.salt, salt.p, RECEIPT_SALT_LEN);
		VEC_PUSH(ret, k);
	}
	return OK;
}

enum err kept_read(const char *path, struct kept_list *ret)
{
	struct buf b;

	buf_init(&b, KEPT_FILE_MAX);
	enum err err = file_read(path, &b);
	if (err == OK)
		err = parse(buf_view(&b), ret);
	buf_release(&b);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err kept_write(const char *path, const struct kept_list *list)
{
	struct buf b;

	buf_init(&b, KEPT_FILE_MAX);
	for (size_t i = 0; i < list->n; i++) {
		uint64_t index = htobe64(list->v[i].index);

		buf_add(&b, view_make((const char *)&index, sizeof(index)));
		buf_add(&b, view_make((const char *)list->v[i].salt, RECEIPT_SALT_LEN));
	}
	enum err err = buf_err(&b);
	if (err == OK)
		err = file_replace(path, buf_view(&b), 0600, FILE_DURABLE);
	buf_release(&b);
	return err;
}

const struct kept *kept_find(const struct kept_list *list, uint64_t index)
{
	size_t low = 0, high = list->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (list->v[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low < list->n && list->v[low].index == index ? &list->v[low] : NULL;
}

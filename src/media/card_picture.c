/*
 * card_picture.c - see card_picture.h. Of the two files that a conversion writes the smaller is kept.
 */
#include "base/base.h"

#include "media/card_picture.h"

#include <unistd.h>

#include "media/image.h"

static void output(const char *base, const char *ending, const char *ext, char ret[FILE_PATH_MAX + 16])
{
	snprintf(ret, FILE_PATH_MAX + 16, "%s%s.%s", base, ending, ext);
}

static enum err keep(struct core *c, const char *base, const struct image_result *r, struct card_picture *ret)
{
	char large[FILE_PATH_MAX + 16], small[FILE_PATH_MAX + 16];

	output(base, "", r->ext, large);
	output(base, "-small", r->small_ext, small);
	unlink(large);
	files_key(r->small_ext, ret->key);
	enum err err = files_keep(c->config.data_dir, small, ret->key);
	if (err) {
		unlink(small);
		return err;
	}
	snprintf(ret->blurhash, sizeof(ret->blurhash), "%s", r->blurhash);
	ret->width = r->small_width;
	ret->height = r->small_height;
	return OK;
}

enum err card_picture_keep(struct core *c, struct view data, struct card_picture *ret)
{
	char input[FILE_PATH_MAX], base[FILE_PATH_MAX];
	struct problem problem = {0};
	struct image_result r;

	files_temp(c->config.data_dir, input);
	files_temp(c->config.data_dir, base);
	TRY(files_write(input, data));
	enum err err = image_convert("media", input, base, &r, &problem);
	unlink(input);
	return err ? err : keep(c, base, &r, ret);
}

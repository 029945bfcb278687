/*
 * card_picture.c - see card_picture.h.
 */
#include "base/base.h"

#include "media/card_picture.h"

#include <unistd.h>

enum err card_picture_keep(struct core *c, struct view data, struct made_preview *ret)
{
	char input[FILE_PATH_MAX];
	struct problem problem = {0};

	files_temp(c->config.data_dir, input);
	TRY(files_write(input, data));
	enum err err = made_thumbnail(c->config.data_dir, input, ret, &problem);
	unlink(input);
	return err;
}

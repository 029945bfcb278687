/*
 * emoji.c - `kicau emoji …`: the server's own emojis.
 */
#include "base/base.h"
#include "cli/groups.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "media/emoji_keep.h"
#include "media/files.h"

SQL(emoji_rows, "SELECT shortcode, category, visible, file FROM custom_emojis WHERE domain = '' ORDER BY shortcode");

/* False after saying so. */
static bool read_picture(struct cli *cli, const char *path, struct view *ret)
{
	char *data = arena_alloc(&cli->arena, LIMIT_EMOJI_BYTES + 1);
	FILE *f = fopen(path, "rbe");

	if (!f) {
		cli_fail(cli, "%s cannot be read: %s", path, strerror(errno));
		return false;
	}
	size_t n = fread(data, 1, LIMIT_EMOJI_BYTES + 1, f);
	bool bad = ferror(f) != 0;
	fclose(f);
	if (bad || n > LIMIT_EMOJI_BYTES) {
		cli_fail(cli, "%s %s", path, bad ? "cannot be read" : "is larger than 256 KiB; make it smaller");
		return false;
	}
	*ret = view_make(data, n);
	return true;
}

static int run_add(struct cli *cli)
{
	struct new_emoji new = {.shortcode = view_of(cli->options.operands[0]),
				.category = view_of(option_text(&cli->options, "category")),
				.visible = !option_given(&cli->options, "hidden")};

	if (!emoji_shortcode_ok(new.shortcode))
		return cli_misused(cli, "%.60s cannot be a shortcode: it has %d to %d letters (a-z), digits or _",
				   new.shortcode.p, EMOJI_SHORTCODE_MIN, EMOJI_SHORTCODE_MAX);
	if (!cli_open(cli, true) || !read_picture(cli, cli->options.operands[1], &new.picture))
		return EXIT_FAILED;
	enum err err = files_init(cli->config.v.data_dir, &cli->problem);
	if (err == OK)
		err = emoji_keep(cli->core, store_db(cli->store), &cli->arena, &new, &cli->problem);
	if (err != OK)
		return cli_fail_err(cli, err, "add the emoji");
	printf(":%s: is there\n", new.shortcode.p);
	return EXIT_DONE;
}

static int run_remove(struct cli *cli)
{
	struct view shortcode = view_of(cli->options.operands[0]);

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = emoji_drop(cli->core, store_db(cli->store), &cli->arena, shortcode);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "there is no emoji :%s:; `kicau emoji list` shows them", shortcode.p);
	if (err != OK)
		return cli_fail_err(cli, err, "remove the emoji");
	printf(":%s: is gone\n", shortcode.p);
	return EXIT_DONE;
}

static int run_list(struct cli *cli)
{
	struct rows r;

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	printf("%-32s %-24s %-8s %s\n", "SHORTCODE", "CATEGORY", "PICKER", "FILE");
	db_query(store_db(cli->store), &r, &emoji_rows, NO_BINDS);
	while (rows_next(&r))
		printf("%-32.*s %-24.*s %-8s %.*s\n", VIEW_ARG(row_text(&r, 0)),
		       VIEW_ARG(row_is_null(&r, 1) ? V("-") : row_text(&r, 1)), row_int(&r, 2) ? "shown" : "hidden",
		       VIEW_ARG(row_text(&r, 3)));
	enum err err = rows_end(&r);
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "list the emojis");
}

const struct command command_emoji[] = {
	{"emoji add", "SHORTCODE FILE",
	 OPTIONS({"category", "NAME", "heading in the picker"}, {"hidden", NULL, "usable, but not shown in the picker"}), run_add,
	 "Add an emoji from a picture (PNG, GIF, WebP, JPEG), or replace it", NULL},
	{"emoji list", "", NULL, run_list, "List the emojis", NULL},
	{"emoji remove", "SHORTCODE", NULL, run_remove, "Remove an emoji", NULL},
	COMMANDS_END,
};

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
#include "core/events.h"
#include "media/pictures.h"

#define SHORTCODE_MIN 2
#define SHORTCODE_MAX 50

SQL(emoji_rows, "SELECT shortcode, category, visible, file FROM custom_emojis WHERE domain = '' ORDER BY shortcode");
SQL(emoji_files, "SELECT file, static_file FROM custom_emojis WHERE domain = '' AND shortcode = $1");
SQL(emoji_insert, "INSERT INTO custom_emojis (shortcode, domain, file, static_file, category, visible) "
		  "VALUES ($1, '', $2, $3, $4, $5) ON CONFLICT (domain, shortcode) DO UPDATE SET file = excluded.file, "
		  "static_file = excluded.static_file, category = excluded.category, visible = excluded.visible");
SQL(emoji_delete, "DELETE FROM custom_emojis WHERE domain = '' AND shortcode = $1");

struct emoji {
	struct view shortcode, category;
	char file[FILE_KEY_MAX], static_file[FILE_KEY_MAX];
	bool visible;
};

static enum err write_emoji(struct db *tx, void *arg)
{
	const struct emoji *e = arg;

	return db_exec(tx, &emoji_insert,
		       BINDS(B_TEXT(e->shortcode), B_TEXT(view_of(e->file)), B_TEXT(view_of(e->static_file)),
			     e->category.len ? B_TEXT(e->category) : B_NULL, B_INT(e->visible)),
		       NULL);
}

static enum err delete_emoji(struct db *tx, void *arg)
{
	const struct emoji *e = arg;

	return db_exec(tx, &emoji_delete, BINDS(B_TEXT(e->shortcode)), NULL);
}

/* Mastodon: CustomEmoji::SHORTCODE_RE_FRAGMENT, [a-zA-Z0-9_]{2,}. */
static bool shortcode_ok(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (!((v.p[i] >= 'a' && v.p[i] <= 'z') || (v.p[i] >= 'A' && v.p[i] <= 'Z') ||
		      (v.p[i] >= '0' && v.p[i] <= '9') || v.p[i] == '_'))
			return false;
	return v.len >= SHORTCODE_MIN && v.len <= SHORTCODE_MAX;
}

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

/* The files of an emoji that stands already; "" without. */
static enum err old_files(struct cli *cli, struct view shortcode, struct view ret[2])
{
	struct rows r;

	ret[0] = ret[1] = V("");
	db_query(store_db(cli->store), &r, &emoji_files, BINDS(B_TEXT(shortcode)));
	bool found = rows_next(&r);
	for (int i = 0; found && i < 2; i++)
		ret[i] = row_copy(&r, i, &cli->arena);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

static enum err change(struct cli *cli, enum err (*write)(struct db *tx, void *arg), struct emoji *e,
		       const struct view old[2])
{
	TRY(store_write(cli->store, write, e));
	events_announce(cli->core->events, &(struct event){.kind = EVENT_EMOJI_CHANGED});
	files_delete(cli->config.v.data_dir, old[0]);
	files_delete(cli->config.v.data_dir, old[1]);
	return OK;
}

static int run_add(struct cli *cli)
{
	const char *category = option_text(&cli->options, "category");
	struct emoji e = {.shortcode = view_of(cli->options.operands[0]), .category = view_of(category)};
	struct view picture, old[2];

	e.visible = !option_given(&cli->options, "hidden");
	if (!shortcode_ok(e.shortcode))
		return cli_misused(cli, "%.60s cannot be a shortcode: it has %d to %d letters (a-z), digits or _",
				   e.shortcode.p, SHORTCODE_MIN, SHORTCODE_MAX);
	if (!cli_open(cli, true) || !read_picture(cli, cli->options.operands[1], &picture))
		return EXIT_FAILED;
	enum err err = files_init(cli->config.v.data_dir, &cli->problem);
	if (err == OK)
		err = media_store_picture(cli->core, "emoji", picture, e.file, e.static_file, &cli->problem);
	if (err == OK) {
		err = old_files(cli, e.shortcode, old);
		err = err == OK || err == ERR_NOT_FOUND ? change(cli, write_emoji, &e, old) : err;
	}
	if (err != OK)
		return cli_fail_err(cli, err, "add the emoji");
	printf(":%s: is there\n", e.shortcode.p);
	return EXIT_DONE;
}

static int run_remove(struct cli *cli)
{
	struct emoji e = {.shortcode = view_of(cli->options.operands[0])};
	struct view old[2];

	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = old_files(cli, e.shortcode, old);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "there is no emoji :%s:; `kicau emoji list` shows them", e.shortcode.p);
	if (err == OK)
		err = change(cli, delete_emoji, &e, old);
	if (err != OK)
		return cli_fail_err(cli, err, "remove the emoji");
	printf(":%s: is gone\n", e.shortcode.p);
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

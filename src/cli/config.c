/*
 * config.c - `kicau config list`.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/json.h"
#include "base/limits.h"
#include "cli/terminal.h"

static void list_text(const struct config *c, const struct config_row *row, struct buf *value, struct buf *origin)
{
	bool changed = c->origins[row - config_table].source != CONFIG_DEFAULT;
	char left[300];

	snprintf(left, sizeof(left), "%s = %s%s%s", row->key, buf_view(value).p, row->unit ? " " : "",
		 row->unit ? row->unit : "");
	terminal_print(stdout, changed ? TONE_STRONG : TONE_PLAIN, left, 52);
	printf(" # %s\n", buf_view(origin).p);
}

static void list_json(const struct config_row *row, struct buf *value, struct buf *origin)
{
	struct buf out;
	struct jw j = jw_to(&out);

	buf_init(&out, LIMIT_MIB);
	jw_object(&j);
	jw_kv_cstr(&j, "key", row->key);
	jw_kv_str(&j, "value", buf_view(value));
	jw_kv_str(&j, "origin", buf_view(origin));
	jw_kv_cstr(&j, "default", row->fallback);
	jw_kv_cstr(&j, "doc", row->doc);
	jw_object_end(&j);
	puts(buf_view(&out).p);
	buf_release(&out);
}

static int run_list(struct cli *cli)
{
	struct buf value, origin;
	bool json = option_given(&cli->options, "json");

	if (option_given(&cli->options, "markdown")) {
		buf_init(&value, LIMIT_MIB);
		config_markdown(&value);
		fputs(buf_view(&value).p, stdout);
		buf_release(&value);
		return EXIT_DONE;
	}
	if (!cli_config(cli))
		return EXIT_FAILED;
	buf_init(&value, LIMIT_MIB);
	buf_init(&origin, LIMIT_MIB);
	for (const struct config_row *row = config_table; row->key; row++) {
		buf_clear(&value);
		buf_clear(&origin);
		config_show(&cli->config, row, &value);
		config_show_origin(&cli->config, row, &origin);
		if (json)
			list_json(row, &value, &origin);
		else
			list_text(&cli->config, row, &value, &origin);
	}
	buf_release(&value);
	buf_release(&origin);
	return EXIT_DONE;
}

const struct command command_config[] = {
	{"config list", "",
	 OPTIONS({"listen", "ADDR:PORT", "as serve takes it"}, {"json", NULL, "one JSON object a line"},
		 {"markdown", NULL, "as docs/config.md"}),
	 run_list, "Show every setting, its value, and where that comes from", NULL},
	COMMANDS_END,
};

/*
 * config_show.c - settings as text: for `kicau config list`, and docs/config.md.
 */
#include "base/base.h"
#include "server/config.h"

static const void *slot(const struct config *c, const struct config_row *row)
{
	return (const char *)&c->v + row->at;
}

/* postgresql://user:PASSWORD@host: what stands between the second colon and the last @ before the path; ?password=. */
static void show_masked(struct view v, struct buf *out)
{
	size_t host = view_find(v, 0, '/') + 2;

	if (host > v.len && v.len && !view_is(v, "sqlite") && !view_starts(v, V("sqlite:"))) {
		buf_add_str(out, "***");
		return;
	}
	size_t end = view_find(v, host, '/'), at = end, colon = view_find(v, host, ':');

	while (at > host && (at >= v.len || v.p[at] != '@'))
		at--;
	if (at > host && colon < at) {
		buf_add(out, view_sub(v, 0, colon));
		buf_add_str(out, ":***");
		v = view_sub(v, at, v.len);
	}
	size_t query = view_find(v, 0, '?');
	buf_add(out, view_sub(v, 0, query));
	if (query < v.len)
		buf_add_str(out, "?***");
}

void config_show(const struct config *c, const struct config_row *row, struct buf *out)
{
	const void *at = slot(c, row);

	switch (row->type) {
	case CONFIG_NUMBER:
		buf_add_i64(out, *(const int64_t *)at);
		break;
	case CONFIG_SWITCH:
		buf_add_str(out, *(const bool *)at ? "on" : "off");
		break;
	case CONFIG_CHOICE:
		buf_add_str(out, row->choices[*(const int64_t *)at]);
		break;
	case CONFIG_TEXT:
	case CONFIG_PATH:
		if (row->secret)
			show_masked(view_of(*(const char *const *)at), out);
		else
			buf_add_str(out, *(const char *const *)at);
		break;
	}
}

void config_show_origin(const struct config *c, const struct config_row *row, struct buf *out)
{
	const struct config_origin *o = &c->origins[row - config_table];

	switch (o->source) {
	case CONFIG_DEFAULT:
		buf_add_str(out, "default");
		break;
	case CONFIG_FILE:
		buf_printf(out, "%s:%d", c->file, o->line);
		break;
	case CONFIG_ENVIRONMENT:
		config_env_name(row, out);
		break;
	case CONFIG_FLAG:
		buf_add_str(out, row->flag);
		break;
	}
}

void config_env_name(const struct config_row *row, struct buf *out)
{
	buf_add_str(out, "KICAU_");
	for (const char *p = row->key; *p; p++)
		buf_add_c(out, (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p));
}

static void markdown_type(const struct config_row *row, struct buf *out)
{
	switch (row->type) {
	case CONFIG_NUMBER:
		buf_printf(out, "%" PRId64 "…%" PRId64 "%s%s", row->min, row->max, row->unit ? " " : "",
			   row->unit ? row->unit : "");
		break;
	case CONFIG_SWITCH:
		buf_add_str(out, "on, off");
		break;
	case CONFIG_CHOICE:
		for (size_t i = 0; row->choices[i]; i++)
			buf_printf(out, "%s%s", i ? ", " : "", row->choices[i]);
		break;
	case CONFIG_TEXT:
		buf_printf(out, "text, at most %" PRId64 " bytes", row->max);
		break;
	case CONFIG_PATH:
		buf_add_str(out, "path");
		break;
	}
}

static void markdown_row(const struct config_row *row, struct buf *out)
{
	buf_printf(out, "| `%s` | ", row->key);
	markdown_type(row, out);
	buf_printf(out, " | %s%s%s | `", *row->fallback ? "`" : "", row->fallback, *row->fallback ? "`" : "");
	config_env_name(row, out);
	buf_printf(out, "`%s%s%s | %s |\n", row->flag ? " `" : "", row->flag ? row->flag : "", row->flag ? "`" : "",
		   row->doc);
}

void config_markdown(struct buf *out)
{
	buf_add_str(
		out,
		"# Settings\n\n"
		"Made by `make docs` from src/server/config_table.c.\n\n"
		"Settings stand in `kicau.conf` in the data directory (or the file `--config` or `KICAU_CONFIG` "
		"names), "
		"one `key = value` a line; a line that begins with white space continues the value before, `;` and `#` "
		"begin a comment. A variable of the environment wins over the file, a flag over both. "
		"`kicau config list` shows what holds and where it comes from. Changes take effect at the next "
		"start.\n\n"
		"| key | values | default | variable, flag | what it does |\n"
		"|---|---|---|---|---|\n");
	for (const struct config_row *row = config_table; row->key; row++)
		markdown_row(row, out);
}

/*
 * routes.c - `kicau routes`: the endpoint tables as text, JSON, or docs/api.md.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/limits.h"
#include "gate/gate.h"
#include "server/groups.h"

static int run_routes(struct cli *cli)
{
	struct buf out;

	buf_init(&out, 16 * LIMIT_MIB);
	if (option_given(&cli->options, "json"))
		spec_routes_json(server_groups, &out);
	else if (option_given(&cli->options, "markdown"))
		spec_markdown(server_groups, &out);
	else
		spec_routes_text(server_groups, &out);
	fwrite(buf_view(&out).p, 1, out.len, stdout);
	if (out.len && out.p[out.len - 1] != '\n')
		putchar('\n');
	buf_release(&out);
	return EXIT_DONE;
}

const struct command command_routes[] = {
	{"routes", "", OPTIONS({"json", NULL, "as a JSON array"}, {"markdown", NULL, "as docs/api.md"}), run_routes,
	 "List every endpoint", NULL},
	COMMANDS_END,
};

/*
 * token.c - `kicau token …`: bearer tokens for scripts.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "base/secret.h"
#include "core/accounts.h"
#include "core/events.h"
#include "core/push.h"
#include "core/sessions.h"

#define USUAL_SCOPES "read write follow push"

SQL(token_rows, "SELECT t.id, a.username, p.name, t.scopes, t.created_at FROM tokens t "
		"LEFT JOIN accounts a ON a.id = t.account_id LEFT JOIN apps p ON p.id = t.app_id "
		"WHERE t.revoked_at IS NULL AND (CAST($1 AS BIGINT) = 0 OR t.account_id = $1) ORDER BY t.id");
SQL(token_revoke_id, "UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING account_id");

static int run_create(struct cli *cli)
{
	const char *name = option_text(&cli->options, "account"), *scopes = option_text(&cli->options, "scopes");
	struct view text = view_of(scopes ? scopes : USUAL_SCOPES);
	char token[TOKEN_LEN + 1];
	struct account_id id;
	scope_set set;

	if (!name)
		return cli_misused(cli, "--account is missing: whose token it is");
	if (scope_parse(text, &set) != OK || !text.len)
		return cli_misused(cli,
				   "--scopes \"%.*s\": scopes are words such as read, write:statuses, follow, push",
				   VIEW_ARG(text));
	if (!cli_open(cli, true) || !cli_account(cli, name, &id))
		return EXIT_FAILED;
	enum err err = sessions_token_create(cli->core, 0, id, set, text, token, NULL);
	if (err != OK)
		return cli_fail_err(cli, err, "make the token");
	puts(token);
	return EXIT_DONE;
}

struct revocation {
	int64_t id, now, account;
};

static enum err revoke_id(struct db *tx, void *arg)
{
	struct revocation *r = arg;

	r->account = 0;
	TRY(db_int(tx, &token_revoke_id, BINDS(B_INT(r->id), B_INT(r->now)), &r->account));
	return push_forget_token(tx, (struct account_id){r->account}, r->id);
}

static int run_revoke(struct cli *cli)
{
	struct view which = view_of(cli->options.operands[0]);
	struct revocation r = {.now = clock_now()};
	bool by_id = parse_i64(which, 1, INT64_MAX, &r.id);

	if (!by_id && which.len != TOKEN_LEN)
		return cli_misused(cli, "%.20s… is neither a token nor a number that `kicau token list` shows",
				   which.p);
	if (!cli_open(cli, true))
		return EXIT_FAILED;
	enum err err = by_id ? store_write(cli->store, revoke_id, &r) : sessions_token_revoke(cli->core, which, 0);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "there is no token %" PRId64 " in force; `kicau token list` shows them", r.id);
	if (err != OK)
		return cli_fail_err(cli, err, "revoke the token");
	if (by_id)
		events_announce(cli->core->events,
				&(struct event){.kind = EVENT_TOKEN_REVOKED, .account = {r.account}, .other_id = r.id});
	puts("revoked");
	return EXIT_DONE;
}

static int run_list(struct cli *cli)
{
	const char *name = option_text(&cli->options, "account");
	struct account_id id = {0};
	struct rows r;

	if (!cli_open(cli, true) || (name && !cli_account(cli, name, &id)))
		return EXIT_FAILED;
	printf("%-20s %-24s %-24s %-24s %s\n", "ID", "ACCOUNT", "APPLICATION", "SINCE", "SCOPES");
	db_query(store_db(cli->store), &r, &token_rows, BINDS(B_INT(id.v)));
	while (rows_next(&r)) {
		char since[CLOCK_ISO_LEN + 1];
		clock_iso(row_int(&r, 4), since);
		printf("%-20" PRId64 " %-24.*s %-24.*s %-24s %.*s\n", row_int(&r, 0),
		       VIEW_ARG(row_is_null(&r, 1) ? V("-") : row_text(&r, 1)),
		       VIEW_ARG(row_is_null(&r, 2) ? V("command line") : row_text(&r, 2)), since,
		       VIEW_ARG(row_text(&r, 3)));
	}
	enum err err = rows_end(&r);
	return err == OK ? EXIT_DONE : cli_fail_err(cli, err, "list the tokens");
}

const struct command command_token[] = {
	{"token create", "",
	 OPTIONS({"account", "NAME", "whose token it is"}, {"scopes", "SCOPES", "default: \"" USUAL_SCOPES "\""}), run_create,
	 "Make a bearer token and print it",
	 "Only the token is printed, once; the database keeps a digest of it."},
	{"token revoke", "ID|TOKEN", NULL, run_revoke, "Make a token worthless, at once", NULL},
	{"token list", "", OPTIONS({"account", "NAME", "only this account's"}), run_list, "List the tokens in force", NULL},
	COMMANDS_END,
};

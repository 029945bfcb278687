/*
 * ledger_prove.c - `kicau ledger checkpoint|prove|consistency|receipt`: what the ledger can show to strangers. Reads files
 * only, so it works beside a server that runs. docs/ledger.md has the formats.
 */
#include "base/base.h"
#include "cli/groups.h"

#include "base/clock.h"
#include "base/limits.h"
#include "cli/ledger_place.h"
#include "ledger/proof.h"
#include "ledger/receipt.h"

/* False after saying what is wrong. */
static bool open_published(struct cli *cli, struct published *p)
{
	char dir[FILE_PATH_MAX];

	if (!cli_config(cli))
		return false;
	snprintf(dir, sizeof(dir), "%s/ledger", cli->config.v.data_dir);
	enum err err = published_read(dir, &cli->arena, p);
	if (err == ERR_FORBIDDEN)
		cli_fail(cli, "the checkpoint in %s is not signed by the key beside it", dir);
	else if (err != OK)
		cli_fail(cli, "there is no ledger in %s: the server makes it when it starts", dir);
	return err == OK;
}

static int print_json(struct buf *b)
{
	buf_add_c(b, '\n');
	fwrite(b->p, 1, b->len, stdout);
	buf_release(b);
	return EXIT_DONE;
}

static enum err open_record(struct cli *cli, uint64_t index, struct opening *ret)
{
	struct ledger_place place;
	struct ledger *l;

	if (!ledger_place_find(cli, NULL, NULL, &place))
		return ERR_INVALID;
	TRY(ledger_open_read(place.dir, place.archive, &l, &cli->problem));
	enum err err = opening_read(l, &cli->arena, index, ret);
	ledger_close(l);
	return err;
}

static int cannot_open(struct cli *cli, uint64_t index, enum err err)
{
	if (err == ERR_GONE)
		return cli_fail(cli, "record %" PRIu64 " cannot be opened: its salt was destroyed", index);
	if (err == ERR_NOT_FOUND)
		return cli_fail(cli, "there is no record %" PRIu64, index);
	return cli_fail_err(cli, err, "open the record");
}

/* ---- commands ---- */

static int run_checkpoint(struct cli *cli)
{
	struct published p;

	if (!open_published(cli, &p))
		return EXIT_FAILED;
	fwrite(p.note.p, 1, p.note.len, stdout);
	return EXIT_DONE;
}

/* A size of the tree: at most that of the newest checkpoint. */
static bool read_size(struct cli *cli, const struct published *p, const char *text, uint64_t *ret)
{
	if (parse_u64(view_of(text), p->head.size, ret))
		return true;
	cli_fail(cli, "%.40s is no size of the tree: the newest checkpoint has %" PRIu64 " records", text,
		 p->head.size);
	return false;
}

static int print_inclusion(const struct published *p, uint64_t index, uint64_t size, const struct opening *o,
			   const struct merkle_proof *proof)
{
	struct buf b;

	buf_init(&b, 2 * LIMIT_MIB);
	struct jw j = jw_to(&b);
	inclusion_write(&j, p, index, size, size == p->head.size, o, proof);
	return print_json(&b);
}

static int run_prove(struct cli *cli)
{
	const char *operand = cli->options.operands[0], *wanted = option_text(&cli->options, "size");
	struct published p;
	struct merkle_proof proof;
	struct opening o;
	uint64_t index, size;

	if (!parse_u64(view_of(operand), MERKLE_SIZE_MAX, &index))
		return cli_misused(cli, "INDEX is the number of a record, not \"%.40s\"", operand);
	if (!open_published(cli, &p))
		return EXIT_FAILED;
	size = p.head.size;
	if (wanted && !read_size(cli, &p, wanted, &size))
		return EXIT_FAILED;
	if (index >= size)
		return cli_fail(cli, "record %" PRIu64 " is not in the tree of %" PRIu64 " records%s", index, size,
				wanted ? "" : "; the next checkpoint is due within seconds");
	enum err err = open_record(cli, index, &o);
	if (err != OK)
		return cannot_open(cli, index, err);
	if (inclusion_prove(&p, index, size, &o, &proof) != OK)
		return cli_fail(cli, "record %" PRIu64 " does not fit the published tree; see `kicau ledger verify`",
				index);
	return print_inclusion(&p, index, size, &o, &proof);
}

static int run_consistency(struct cli *cli)
{
	struct published p;
	struct merkle_proof proof;
	struct digest old_root, root;
	uint64_t old, size;
	struct buf b;

	if (!open_published(cli, &p) || !read_size(cli, &p, cli->options.operands[0], &old) ||
	    !read_size(cli, &p, cli->options.operands[1], &size))
		return EXIT_FAILED;
	if (old > size)
		return cli_misused(cli, "OLD is at most NEW");
	struct merkle_source s = tile_source(p.tiles);
	if (merkle_consistency(&s, old, size, &proof) != OK || published_root(&p, old, &old_root) != OK ||
	    published_root(&p, size, &root) != OK)
		return cli_fail(cli, "the tiles cannot be read; see `kicau ledger verify`");
	buf_init(&b, LIMIT_MIB);
	struct jw j = jw_to(&b);
	jw_object(&j);
	jw_kv_cstr(&j, "kind", "kicau-ledger-consistency/1");
	jw_kv_int(&j, "old", (int64_t)old);
	jw_kv_int(&j, "size", (int64_t)size);
	jw_kv_base64(&j, "old_root", old_root.b, DIGEST_LEN);
	jw_kv_base64(&j, "root", root.b, DIGEST_LEN);
	jw_kv_proof(&j, &proof);
	jw_object_end(&j);
	return print_json(&b);
}

/* What contradicts a receipt that we signed; NULL when nothing does. */
static const char *contradiction(struct published *p, const struct receipt *r, const struct opening *o)
{
	struct digest root;

	if (!digest_eq(&o->entry, &r->entry))
		return "another record stands at its place";
	if (memcmp(o->salt, r->salt, RECEIPT_SALT_LEN) != 0)
		return "its salt is another one";
	if (r->first + r->count > p->head.size)
		return NULL; /* not yet published */
	if (published_root(p, r->first + r->count, &root) != OK)
		return "the tiles cannot be read";
	return digest_eq(&root, &r->root) ? NULL : "the ledger before it had another root";
}

static int print_receipt(const struct receipt *r, const struct opening *o)
{
	char time[CLOCK_ISO_LEN + 1];
	struct buf b;

	clock_iso(r->time_ms, time);
	printf("record %" PRIu64 " is in the ledger, promised %s\n", r->index, time);
	buf_init(&b, 2 * LIMIT_MIB);
	struct jw j = jw_to(&b);
	jw_record(&j, &o->record);
	return print_json(&b);
}

static int check_receipt(struct cli *cli, struct published *p, struct view text)
{
	struct receipt r;
	struct opening o;

	if (receipt_parse(view_trim(text), &r) != OK)
		return cli_fail(cli, "this is no receipt");
	if (receipt_verify(&r, &p->key) != OK)
		return cli_fail(cli, "this receipt is forged: it is not signed by this ledger's key");
	enum err err = open_record(cli, r.index, &o);
	const char *why = err == OK		 ? contradiction(p, &r, &o)
			  : err == ERR_NOT_FOUND ? "there is no such record"
						 : NULL;
	if (why) {
		fprintf(stderr, "kicau: record %" PRIu64 " was promised, but the ledger does not hold it: %s\n",
			r.index, why);
		return EXIT_ATTENTION;
	}
	return err == OK ? print_receipt(&r, &o) : cannot_open(cli, r.index, err);
}

/* One, or those of an answer with posts and accounts, as its header has them. Ends at the first that is not good. */
static int run_receipt(struct cli *cli)
{
	struct view rest = view_of(cli->options.operands[0]), text;
	int code = EXIT_DONE;
	struct published p;

	if (!open_published(cli, &p))
		return EXIT_FAILED;
	while (code == EXIT_DONE && view_split(&rest, ',', &text))
		code = check_receipt(cli, &p, text);
	return code;
}

const struct command command_ledger_prove[] = {
	{"ledger checkpoint", "", NULL, run_checkpoint, "Print the newest signed checkpoint of the ledger",
	 "It is what https://DOMAIN/.well-known/kicau-ledger/checkpoint answers. Keep one: it fixes all records before "
	 "it."},
	{"ledger prove", "INDEX", OPTIONS({"size", "N", "in the tree of N records, for a checkpoint you kept"}),
	 run_prove, "Open one record and prove that it is in the ledger",
	 "Prints one JSON object with the record, its salt and the proof; tools/verify/ledger.mjs and docs/ledger.md "
	 "say how it "
	 "is checked with the public key alone. It shows nothing of other records."},
	{"ledger consistency", "OLD NEW", NULL, run_consistency,
	 "Prove that the tree of NEW records begins with that of OLD", NULL},
	{"ledger receipt", "TEXT", NULL, run_receipt, "Say whether a receipt's record is in the ledger, and open it",
	 "TEXT is the header Kicau-Receipt of an answer. Ends with 1 when it is forged, and with 3 when it is not, but "
	 "the ledger "
	 "does not hold what it promises."},
	COMMANDS_END,
};

/*
 * ledger.c - /admin/ledger: the newest checkpoint of the ledger of deliveries, checked with its key.
 */
#include "base/base.h"

#include "base/limits.h"
#include "core/roles.h"
#include "ledger/checkpoint.h"
#include "ledger/publish.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

#include <sys/stat.h>

static const struct {
	struct view none, wrong, origin, size, root, when, key, note, public;
} words = {
	.none = N_("There is no ledger: the data API is off."),
	.wrong = N_("The newest checkpoint is not signed by this ledger's key. Look at it before anything else: kicau "
		    "ledger verify."),
	.origin = N_("Name of the log"),
	.size = N_("Records"),
	.root = N_("Root of the tree"),
	.when = N_("Published"),
	.key = N_("Key it is checked with"),
	.note = N_("The checkpoint as it is published"),
	.public = N_("Where everybody reads it"),
};

static const char *ledger_dir(struct call *c)
{
	return arena_printf(c->arena, "%s/ledger", c->core->config.data_dir).p;
}

static int64_t published_at(struct call *c)
{
	struct stat st;

	if (stat(arena_printf(c->arena, "%s/checkpoint", ledger_dir(c)).p, &st) != 0)
		return 0;
	return (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
}

static void draw_checkpoint(struct call *c, struct html *h, const struct checkpoint *cp, struct view key)
{
	char root[HEX_LEN(sizeof(cp->root.b)) + 1];
	const struct cell public = {.text = V("/.well-known/kicau-ledger/checkpoint"),
				    .path = V("/.well-known/kicau-ledger/checkpoint")};

	hex_encode(cp->root.b, sizeof(cp->root.b), root);
	facts_begin(h);
	fact_draw(c, h, words.origin, CELL_TEXT, &TEXT_CELL(cp->origin));
	fact_draw(c, h, words.size, CELL_NUMBER, &NUMBER_CELL((int64_t)cp->size));
	fact_draw(c, h, words.root, CELL_TEXT, &TEXT_CELL(view_of(root)));
	fact_draw(c, h, words.when, CELL_TIME, &NUMBER_CELL(published_at(c)));
	fact_draw(c, h, words.key, CELL_TEXT, &TEXT_CELL(key));
	fact_draw(c, h, words.public, CELL_TEXT, &public);
	facts_end(h);
}

static enum err draw(struct call *c, struct html *h)
{
	struct buf CLEANUP(buf_release) note = {.max = NOTE_MAX}, key = {.max = LIMIT_KIB};
	struct note_key parsed;
	struct checkpoint cp;
	enum err err = publish_read_checkpoint(ledger_dir(c), &note);

	if (err == ERR_NOT_FOUND) {
		html_elem(h, "p", page_say(c, words.none), A("class", V("empty")));
		return OK;
	}
	TRY(err);
	TRY(publish_read_key(ledger_dir(c), &key));
	struct view vkey = view_trim(buf_view(&key));
	if (note_key_parse(vkey, &parsed) != OK || checkpoint_open(buf_view(&note), &parsed, &cp) != OK)
		html_elem(h, "p", page_say(c, words.wrong), A("class", V("refusal")), A("role", V("alert")));
	else
		draw_checkpoint(c, h, &cp, vkey);
	html_elem(h, "h2", page_say(c, words.note));
	html_tag(h, "div", A("class", V("code")), A("translate", V("no")));
	html_elem(h, "code", buf_view(&note), A("class", V("as-typed")));
	html_close(h, "div");
	return OK;
}

const struct endpoint staff_ledger[] = {
	{STAFF_GET("/admin/ledger", PERMISSION_MANAGE_DATA), .doc = "The newest checkpoint of the ledger of deliveries."},
	ENDPOINTS_END,
};

const struct staff_page page_ledger = {
	.row = &staff_ledger[0],
	.title = N_("Ledger"),
	.lead = N_(
		"Who received which post, in a tree that nobody can change unseen. Its head is signed and published."),
	.section = SECTION_DATA,
	.draw = draw};

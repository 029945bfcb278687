/*
 * words.c - what those who run the server say to everybody: announcements, rules, and longer texts (what it is, privacy,
 * terms).
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/announcements.h"
#include "core/documents.h"
#include "core/roles.h"
#include "moderation/audit.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"
#include "staff/words.h"

#define LABEL_BYTES 100 /* of a text, in the record */

enum {
	ANNOUNCEMENTS,
	ANNOUNCE,
	ANNOUNCEMENT_DELETE,
	RULES,
	RULE_ADD,
	RULE_DELETE,
	DOCUMENTS_LIST,
	DOCUMENT_WRITE,
	DOCUMENT_DELETE
};

/* How a text is called in the record: by how it begins. */
static struct view label(struct view text)
{
	size_t n = text.len;

	if (n > LABEL_BYTES)
		for (n = LABEL_BYTES; n && ((unsigned char)text.p[n] & 0xc0) == 0x80; n--)
			;
	return view_sub(text, 0, n);
}

enum err words_note(struct call *c, const char *action, const char *kind, int64_t id, struct view text)
{
	return audit_note(c->core, c->auth.account, action, kind, id, label(text));
}

enum err words_day(struct call *c, const char *name, int64_t *ret)
{
	struct view text = view_trim(arg_str(c, name));

	*ret = 0;
	if (text.len && !clock_parse_iso(text, ret))
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: %s is not a time", name);
	return OK;
}

/* ---- announcements ---- */

static const struct column announcement_columns[] = {
	{"text", N_("Words"), CELL_TEXT},     {"starts_at", N_("Begins"), CELL_TIME},
	{"ends_at", N_("Ends"), CELL_TIME},   {"published_at", N_("Published"), CELL_TIME},
	{0},
};

static enum err load_announcements(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct announcement *list = ARENA_ARRAY(c->arena, LIMIT_ANNOUNCEMENTS, struct announcement);
	size_t n = 0;

	(void)page;
	TRY(announcements_load(c->db, c->arena, (struct account_id){0}, true, list, &n));
	for (size_t i = n; i-- > 0;) {
		struct table_row *row = table_add(rows, list[i].id);

		row->acts = ~0u;
		row->cells[0] =
			(struct cell){.text = list[i].text,
				      .path = arena_printf(c->arena, "/admin/announcements/%" PRId64, list[i].id)};
		row->cells[1] = NUMBER_CELL(list[i].starts_at);
		row->cells[2] = NUMBER_CELL(list[i].ends_at);
		row->cells[3] = NUMBER_CELL(list[i].published_at);
	}
	return OK;
}

static enum err announce(struct call *c)
{
	struct announcement new = {.text = arg_str(c, "text"), .all_day = true};
	int64_t id;

	TRY(words_day(c, "starts_at", &new.starts_at));
	TRY(words_day(c, "ends_at", &new.ends_at));
	TRY(announcement_create(c->core, &new, &id, &c->problem));
	return words_note(c, "create", "announcement", id, new.text);
}

static enum err take_back(struct call *c)
{
	struct announcement old;

	TRY(announcement_load(c->db, c->arena, (struct account_id){0}, arg_id(c, "id"), &old));
	TRY(announcement_delete(c->core, old.id));
	return words_note(c, "delete", "announcement", old.id, old.text);
}

const struct staff_field announcement_fields[] = {
	{.name = "text", .words = N_("Words"), .look = FIELD_AREA},
	{.name = "starts_at", .words = N_("The day it is about begins"), .look = FIELD_DAY},
	{.name = "ends_at", .words = N_("Shown until this day"), .look = FIELD_DAY},
	{0},
};

/* ---- rules ---- */

static const struct column rule_columns[] = {
	{"text", N_("Rule"), CELL_TEXT},
	{"hint", N_("What is meant"), CELL_TEXT},
	{0},
};

static enum err load_rules(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct rule list[LIMIT_RULES];
	size_t n = 0;

	(void)page;
	TRY(rules_load(c->db, c->arena, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);

		row->acts = ~0u;
		row->cells[0] = (struct cell){.text = list[i].text,
					      .path = arena_printf(c->arena, "/admin/rules/%" PRId64, list[i].id)};
		row->cells[1] = TEXT_CELL(list[i].hint);
	}
	return OK;
}

static enum err add_rule(struct call *c)
{
	int64_t id;

	TRY(rule_create(c->core, arg_str(c, "text"), arg_str(c, "hint"), &id, &c->problem));
	return words_note(c, "create", "rule", id, arg_str(c, "text"));
}

enum err words_rule(struct call *c, int64_t id, struct rule *ret)
{
	struct rule list[LIMIT_RULES];
	size_t n = 0;

	TRY(rules_load(c->db, c->arena, list, &n));
	for (size_t i = 0; i < n; i++)
		if (list[i].id == id) {
			*ret = list[i];
			return OK;
		}
	return ERR_NOT_FOUND;
}

static enum err delete_rule(struct call *c)
{
	struct rule rule;

	TRY(words_rule(c, arg_id(c, "id"), &rule));
	TRY(rule_delete(c->core, rule.id));
	return words_note(c, "delete", "rule", rule.id, rule.text);
}

const struct staff_field rule_fields[] = {
	{.name = "text", .words = N_("Rule")},
	{.name = "hint", .words = N_("What is meant"), .look = FIELD_AREA},
	{0},
};

/* ---- longer texts ---- */

static const char *const kinds[] = {"about", "privacy", "terms", NULL};
static const struct view kind_words[] = {
	[DOCUMENT_ABOUT] = N_("What this server is"),
	[DOCUMENT_PRIVACY] = N_("Privacy policy"),
	[DOCUMENT_TERMS] = N_("Terms of service"),
};

static const struct column document_columns[] = {
	{"kind", N_("Which"), CELL_WORDS},	 {"from", N_("Holds from"), CELL_TIME},
	{"written_at", N_("Written"), CELL_TIME}, {"text", N_("How it begins"), CELL_TEXT},
	{0},
};

/* The version that holds now, or the first to come. */
static enum err load_documents(struct call *c, const struct page *page, struct table_rows *rows)
{
	(void)page;
	for (enum document_kind k = DOCUMENT_ABOUT; k < DOCUMENTS; k++) {
		struct document d;
		enum err err = document_load(c->db, c->arena, k, 0, &d);

		if (err == ERR_NOT_FOUND)
			continue;
		TRY(err);
		struct table_row *row = table_add(rows, k + 1);

		row->acts = ~0u;
		row->key = view_of(document_name(k));
		row->cells[0] = TEXT_CELL(kind_words[k]);
		row->cells[1] = NUMBER_CELL(d.day);
		row->cells[2] = NUMBER_CELL(d.written_at);
		row->cells[3] = TEXT_CELL(label(d.text));
	}
	return OK;
}

/* Days begin at midnight UTC. */
static enum err write_document(struct call *c)
{
	enum document_kind k = (enum document_kind)arg_choice(c, "kind");
	int64_t day;

	TRY(words_day(c, "from", &day));
	struct clock_date d = clock_split(day ? day : clock_now());
	day = clock_join(&(struct clock_date){.year = d.year, .month = d.month, .day = d.day});
	TRY(document_write(c->core, k, day, arg_str(c, "text"), &c->problem));
	return words_note(c, "update", "document", 0, view_of(document_name(k)));
}

static enum err delete_document(struct call *c)
{
	enum document_kind k = (enum document_kind)arg_choice(c, "kind");

	TRY(document_remove(c->core, k));
	return words_note(c, "delete", "document", 0, view_of(document_name(k)));
}

static const struct staff_field document_fields[] = {
	{.name = "kind", .words = N_("Which"), .choices = kind_words},
	{.name = "from",
	 .words = N_("Holds from"),
	 .hint = N_("Empty: from today. A version of another day leaves the ones before it to be read."),
	 .look = FIELD_DAY},
	{.name = "text",
	 .words = N_("The text"),
	 .hint = N_("Plain text. An empty line begins a paragraph, addresses become links."),
	 .look = FIELD_AREA},
	{0},
};

/* ---- all of it ---- */

#define SETTING PERMISSION_MANAGE_SETTINGS
#define KIND {.name = "kind", .type = PARAM_CHOICE, .required = true, .choices = kinds, .doc = "Which text."}

const struct endpoint staff_words[] = {
	[ANNOUNCEMENTS] = {STAFF_GET("/admin/announcements", WORDS_ANNOUNCING), .params = PARAMS(TABLE_PARAMS),
			   .doc = "Announcements that have not ended."},
	[ANNOUNCE] = {STAFF_POST("/admin/announcements", WORDS_ANNOUNCING),
		      .params = PARAMS(ANNOUNCEMENT_PARAMS, STAFF_BACK),
		      .doc = "Says something to everybody."},
	[ANNOUNCEMENT_DELETE] = {STAFF_POST("/admin/announcements/:id/delete", WORDS_ANNOUNCING),
				 .params = PARAMS(STAFF_ID("The announcement."), STAFF_BACK), .doc = "Takes an announcement back."},
	[RULES] = {STAFF_GET("/admin/rules", WORDS_RULING), .params = PARAMS(TABLE_PARAMS), .doc = "The rules of this server."},
	[RULE_ADD] = {STAFF_POST("/admin/rules", WORDS_RULING),
		      .params = PARAMS(RULE_PARAMS, STAFF_BACK),
		      .doc = "Adds a rule."},
	[RULE_DELETE] = {STAFF_POST("/admin/rules/:id/delete", WORDS_RULING), .params = PARAMS(STAFF_ID("The rule."), STAFF_BACK),
			 .doc = "Takes a rule away."},
	[DOCUMENTS_LIST] = {STAFF_GET("/admin/documents", SETTING), .params = PARAMS(TABLE_PARAMS),
			    .doc = "Longer texts: what the server is, privacy, terms."},
	[DOCUMENT_WRITE] = {STAFF_POST("/admin/documents", SETTING),
			    .params = PARAMS(KIND, WORDS_DAY("from", "The day it begins to hold."),
					     {.name = "text", .required = true, .max = LIMIT_DOCUMENT_BYTES, .doc = "The text."}, STAFF_BACK),
			    .doc = "Writes one of them, or its next version."},
	[DOCUMENT_DELETE] = {STAFF_POST("/admin/documents/:kind/delete", SETTING), .params = PARAMS(KIND, STAFF_BACK),
			     .doc = "Removes one with all its versions."},
	ENDPOINTS_END,
};

static const struct staff_act announcement_acts[] = {
	{.row = &staff_words[ANNOUNCE],
	 .run = announce,
	 .words = N_("Announce it"),
	 .title = N_("Say something to everybody"),
	 .place = ACT_BELOW,
	 .fields = announcement_fields},
	{.row = &staff_words[ANNOUNCEMENT_DELETE], .run = take_back, .words = N_("Take back"), .grave = true},
	{0},
};
static const struct staff_act rule_acts[] = {
	{.row = &staff_words[RULE_ADD],
	 .run = add_rule,
	 .words = N_("Add the rule"),
	 .title = N_("A new rule"),
	 .place = ACT_BELOW,
	 .fields = rule_fields},
	{.row = &staff_words[RULE_DELETE], .run = delete_rule, .words = N_("Take away"), .grave = true},
	{0},
};
static const struct staff_act document_acts[] = {
	{.row = &staff_words[DOCUMENT_WRITE],
	 .run = write_document,
	 .words = N_("Save"),
	 .title = N_("Write a text"),
	 .place = ACT_BELOW,
	 .fields = document_fields},
	{.row = &staff_words[DOCUMENT_DELETE], .run = delete_document, .words = N_("Remove all versions"), .grave = true},
	{0},
};

static const struct table announcements = {.columns = announcement_columns,
					   .load = load_announcements,
					   .whole = true,
					   .none = N_("Nothing is announced.")};
static const struct table rules = {.columns = rule_columns, .load = load_rules, .whole = true};
static const struct table documents = {.columns = document_columns, .load = load_documents, .whole = true};

const struct staff_page page_announcements = {.row = &staff_words[ANNOUNCEMENTS],
					      .title = N_("Announcements"),
					      .section = SECTION_WORDS,
					      .table = &announcements,
					      .acts = announcement_acts};
const struct staff_page page_rules = {.row = &staff_words[RULES],
				      .title = N_("Rules"),
				      .lead = N_("What is asked of everybody. A report can name them."),
				      .section = SECTION_WORDS,
				      .table = &rules,
				      .acts = rule_acts};
const struct staff_page page_documents = {.row = &staff_words[DOCUMENTS_LIST],
					  .title = N_("Terms and other texts"),
					  .section = SECTION_WORDS,
					  .table = &documents,
					  .acts = document_acts};

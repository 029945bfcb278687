/*
 * emojis.c - /admin/emojis: the server's own emojis.
 */
#include "base/base.h"

#include "core/roles.h"
#include "media/emoji_keep.h"
#include "moderation/audit.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

enum { SHOW, ADD, REMOVE };

static const struct column columns[] = {
	{"shortcode", N_("Shortcode"), CELL_PICTURE},
	{"category", N_("Category"), CELL_TEXT},
	{"visible", N_("In pickers"), CELL_WORDS},
	{0},
};

static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	const struct emoji *list;
	size_t n;

	emojis_all(c->core, c->arena, &list, &n);
	for (size_t i = 0; i < n && i < page->limit; i++) {
		struct table_row *row = table_add(rows, (int64_t)i + 1);

		row->acts = ~0u;
		row->key = list[i].shortcode;
		row->cells[0] = (struct cell){.text = list[i].shortcode, .path = page_file(c, list[i].file)};
		row->cells[1] = TEXT_CELL(list[i].category);
		row->cells[2] = flag_cell(list[i].visible);
	}
	return OK;
}

static enum err add(struct call *c)
{
	struct new_emoji new = {.shortcode = view_trim(arg_str(c, "shortcode")),
				.category = view_trim(arg_str(c, "category")),
				.visible = !arg_bool(c, "hidden")};
	struct upload picture;

	if (arg_file(c, "picture", &picture))
		new.picture = picture.data;
	TRY(emoji_keep(c->core, c->db, c->arena, &new, &c->problem));
	return audit_note(c->core, c->auth.account, "create", "emoji", 0, new.shortcode);
}

static enum err take_away(struct call *c)
{
	struct view shortcode = arg_str(c, "shortcode");

	TRY(emoji_drop(c->core, c->db, c->arena, shortcode));
	return audit_note(c->core, c->auth.account, "delete", "emoji", 0, shortcode);
}

#define MAY PERMISSION_MANAGE_CUSTOM_EMOJIS
#define SHORTCODE {.name = "shortcode", .required = true, .max = EMOJI_SHORTCODE_BYTES, .doc = "What stands between the colons."}

const struct endpoint staff_emojis[] = {
	[SHOW] = {STAFF_GET("/admin/emojis", MAY), .params = PARAMS(TABLE_PARAMS), .doc = "The server's own emojis."},
	[ADD] = {.method = HTTP_POST, .path = "/admin/emojis", .handle = staff_run, .refused_ok = true, .auth = AUTH_SESSION, .permissions = MAY,
		 .rate = RATE_MEDIA, .meter = METER_FREE, .body = BODY_UPLOAD, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page",
		 .params = PARAMS(SHORTCODE, {.name = "picture", .type = PARAM_FILE, .doc = "PNG, GIF, WebP or JPEG."},
				  {.name = "category", .max = 100, .doc = "Heading in the picker."},
				  {.name = "hidden", .type = PARAM_BOOL, .doc = "Not shown in pickers."}, STAFF_BACK),
		 .doc = "Adds an emoji, or replaces it."},
	[REMOVE] = {STAFF_POST("/admin/emojis/:shortcode/delete", MAY), .params = PARAMS(SHORTCODE, STAFF_BACK),
		    .doc = "Takes an emoji away."},
	ENDPOINTS_END,
};

static const struct staff_field fields[] = {
	{.name = "shortcode", .words = N_("Shortcode"), .hint = N_("What stands between the colons: letters a-z, digits and _.")},
	{.name = "picture", .words = N_("Picture"), .hint = N_("PNG, GIF, WebP or JPEG, at most 256 KiB.")},
	{.name = "category", .words = N_("Category")},
	{.name = "hidden", .words = N_("Usable, but not shown in pickers")},
	{0},
};

static const struct staff_act acts[] = {
	{.row = &staff_emojis[ADD],
	 .run = add,
	 .words = N_("Add the emoji"),
	 .title = N_("A new emoji"),
	 .place = ACT_BELOW,
	 .fields = fields},
	{.row = &staff_emojis[REMOVE], .run = take_away, .words = N_("Take away"), .grave = true},
	{0},
};

static const struct table emojis = {.columns = columns, .load = load, .whole = true};

const struct staff_page page_emojis = {
	.row = &staff_emojis[SHOW], .title = N_("Emojis"), .section = SECTION_WORDS, .table = &emojis, .acts = acts};

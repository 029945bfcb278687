/*
 * collections.c - collections of accounts that somebody recommends: those of an account, one of them for everybody to see, and
 * what its owner changes. Who is in one leaves it here.
 */
#include "base/base.h"

#include "core/collections.h"

#include "base/limits.h"
#include "text/lang.h"
#include "web/account_view.h"
#include "web/act.h"
#include "web/form.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/thread.h"
#include "web/web.h"

#define IN_THEM 40 /* collections of others that are listed */

static const struct {
	struct view title, lead, none, fresh, name, description, tag, listed, make, change, save, delete, delete_sure,
		members, nobody, add, add_hint, add_button, take_off, leave, by, unknown, sensitive, language,
		no_language, in_them, covered;
} words = {
	.title = N_("Collections of %s"),
	.lead = N_("Accounts that somebody recommends together. Who is put into one is told, and can leave."),
	.none = N_("No collections yet."),
	.fresh = N_("A new collection"),
	.name = N_("Name"),
	.description = N_("What it is about"),
	.tag = N_("Hashtag"),
	.listed = N_("Show it on my profile"),
	.make = N_("Make the collection"),
	.change = N_("Change the collection"),
	.save = N_("Save"),
	.delete = N_("Delete the collection"),
	.delete_sure = N_("Yes, delete it"),
	.members = N_("Who is in it"),
	.nobody = N_("Nobody is in it yet."),
	.add = N_("Put somebody into it"),
	.add_hint = N_("The name of an account that may be found by everybody."),
	.add_button = N_("Put into the collection"),
	.take_off = N_("Take out"),
	.leave = N_("Leave this collection"),
	.by = N_("Put together by"),
	.unknown = N_("There is no account of that name."),
	.sensitive = N_("Not for everybody to see without a warning"),
	.language = N_("Language of its name"),
	.no_language = N_("not said"),
	.in_them = N_("Collections you are in"),
	.covered = N_("Whoever made it asks to warn before it is shown."),
};

static struct view path_of(struct call *c, int64_t id, const char *rest)
{
	return arena_printf(c->arena, "/collections/%" PRId64 "%s", id, rest);
}

static bool is_own(const struct call *c, const struct collection *col)
{
	return c->auth.session_id && account_eq(col->owner, c->auth.account);
}

/* What core says of the input is shown beside the form; whatever else is the page of an error. */
static bool is_said(enum err err)
{
	return err == ERR_UNPROCESSABLE || err == ERR_FORBIDDEN;
}

static enum err add(struct call *c);

static struct view said(struct call *c)
{
	return page_say(c, arena_view(c->arena, view_of(c->problem.text)));
}

/* ---- the fields, of a new one and of one there is ---- */

static void draw_language(struct call *c, struct html *h, struct view chosen)
{
	html_elem(h, "label", page_say(c, words.language), A("for", V("language")));
	html_tag(h, "select", A("name", V("language")), A("id", V("language")));
	html_elem(h, "option", page_say(c, words.no_language), A("value", V("")));
	for (size_t i = 0; i < n_lang_table; i++) {
		html_tag(h, "option", A("value", view_of(lang_table[i].code)));
		html_flag(h, "selected", view_is(chosen, lang_table[i].code));
		html_text(h, view_of(lang_table[i].name));
		html_close(h, "option");
	}
	html_close(h, "select");
}

static void draw_fields(struct call *c, struct html *h, const struct collection *col)
{
	const struct form_field fields[] = {
		{.name = "name",
		 .label = words.name,
		 .value = col->name,
		 .required = true,
		 .max = LIMIT_COLLECTION_NAME_CHARS},
		{.name = "description",
		 .label = words.description,
		 .value = col->description,
		 .max = LIMIT_COLLECTION_DESCRIPTION_CHARS},
		{.name = "tag", .label = words.tag, .value = col->tag},
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		draw_field(c, h, &fields[i]);
	draw_language(c, h, col->language);
	draw_box(c, h, "listed", words.listed, col->discoverable);
	draw_box(c, h, "sensitive", words.sensitive, col->sensitive);
}

static void read_fields(struct call *c, struct collection *col)
{
	col->name = arg_str(c, "name");
	col->description = arg_str(c, "description");
	col->tag = arg_str(c, "tag");
	col->language = arg_str(c, "language");
	col->discoverable = arg_bool(c, "listed");
	col->sensitive = arg_bool(c, "sensitive");
}

/* ---- those of an account ---- */

static void draw_some(struct call *c, struct html *h, const struct collection *list, size_t n)
{
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < n; i++) {
		html_tag(h, "li", A("class", V("who")));
		html_elem(h, "a", list[i].name, A("href", path_of(c, list[i].id, "")), A("class", V("name")),
			  A("dir", V("auto")));
		html_elem(h, "span", list[i].description, A("class", V("hint")), A("dir", V("auto")));
		html_close(h, "li");
	}
	html_close(h, "ul");
}

static enum err draw_list(struct call *c, struct html *h, const struct account *a, bool own)
{
	struct collection list[LIMIT_COLLECTIONS];
	const struct collection_query q = {.owner = a->id, .listed = !own, .limit = LIMIT_COLLECTIONS};
	size_t n = 0;

	if (!idset_has(&c->viewer->blocked_by, (uint64_t)a->id.v))
		TRY(collections_load(c->db, c->arena, &q, list, &n));
	if (!n)
		html_elem(h, "p", page_say(c, words.none), A("class", V("empty")));
	draw_some(c, h, list, n);
	return OK;
}

/* Of others, that somebody has put one into: for oneself alone, who may leave them. */
static enum err draw_in_them(struct call *c, struct html *h)
{
	struct collection list[IN_THEM];
	const struct collection_query q = {.member = c->auth.account, .limit = IN_THEM};
	size_t n = 0;

	TRY(collections_load(c->db, c->arena, &q, list, &n));
	if (!n)
		return OK;
	html_elem(h, "h2", page_say(c, words.in_them));
	draw_some(c, h, list, n);
	return OK;
}

static enum err draw_all(struct call *c, const struct account *a, const struct collection *typed, struct view refusal)
{
	bool own = c->auth.session_id && account_eq(a->id, c->auth.account);
	struct page_head head = {.title = PAGE_SAY_WITH(c, words.title, account_shown_name(a)),
				 .noindex = true,
				 .private = true,
				 .narrow = true};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", head.title, A("dir", V("auto")));
	draw_refusal(&h, refusal);
	html_elem(&h, "p", page_say(c, words.lead), A("class", V("hint")));
	TRY(draw_list(c, &h, a, own));
	if (own) {
		TRY(draw_in_them(c, &h));
		html_elem(&h, "h2", page_say(c, words.fresh));
		page_form(c, &h, V("/collections"), "stack");
		draw_fields(c, &h, typed);
		draw_submit(c, &h, words.make);
		html_close(&h, "form");
	}
	return page_end(c, &h);
}

static enum err show_all(struct call *c)
{
	struct account a;

	TRY(find_account(c, &a));
	return draw_all(c, &a, &(struct collection){.discoverable = true}, V(""));
}

static enum err make(struct call *c)
{
	struct collection col = {.owner = c->auth.account}, typed;
	struct account me;

	if (!c->auth.session_id)
		return login_ask_then(c, V("/home"));
	read_fields(c, &col);
	typed = col;
	enum err err =
		c->refused ? c->refused : collection_create(c->core, c->db, c->arena, &col, NULL, 0, &c->problem);
	if (is_said(err)) {
		TRY(account_load(c->db, c->arena, c->auth.account, &me));
		c->status = 422;
		return draw_all(c, &me, &typed, said(c));
	}
	TRY(err);
	return call_redirect(c, 303, path_of(c, col.id, ""));
}

/* ---- one of them ---- */

static void draw_item(struct call *c, struct html *h, const struct collection *col, const struct collection_item *item,
		      const struct account *a)
{
	bool own = is_own(c, col), self = c->auth.session_id && account_eq(item->account, c->auth.account);

	html_tag(h, "li", A("class", V("who")));
	draw_account_line(c, h, a);
	if (own || self) {
		page_form(c, h,
			  arena_printf(c->arena, "/collections/%" PRId64 "/items/%" PRId64 "/%s", col->id, item->id,
				       own ? "remove" : "leave"),
			  "inline end");
		html_elem(h, "button", page_say(c, own ? words.take_off : words.leave));
		html_close(h, "form");
	}
	html_close(h, "li");
}

static enum err draw_members(struct call *c, struct html *h, const struct collection *col)
{
	struct collection_item items[LIMIT_COLLECTION_ITEMS];
	size_t n = 0;

	TRY(collection_items_load(c->db, col->id, items, &n));
	html_elem(h, "h2", page_say(c, words.members));
	if (!n)
		html_elem(h, "p", page_say(c, words.nobody), A("class", V("empty")));
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < n; i++) {
		struct account a;

		if (account_load(c->db, c->arena, items[i].account, &a) == OK)
			draw_item(c, h, col, &items[i], &a);
	}
	html_close(h, "ul");
	return OK;
}

/* One that warns is opened by who wants to; its owner knows. */
static enum err draw_covered(struct call *c, struct html *h, const struct collection *col)
{
	bool covered = col->sensitive && !is_own(c, col);

	if (covered) {
		html_tag(h, "details", A("class", V("warning")));
		html_open(h, "summary");
		html_elem(h, "span", page_say(c, words.covered));
		html_text(h, V(" "));
		draw_switch(c, h, V(""));
		html_close(h, "summary");
	}
	TRY(draw_members(c, h, col));
	if (covered)
		html_close(h, "details");
	return OK;
}

/* Of the form to add somebody, when that was what was sent. */
static struct view acct_typed(struct call *c)
{
	return c->row->handle == add ? arg_str(c, "acct") : V("");
}

/* typed: what it was to be; NULL: what it is. */
static void draw_own(struct call *c, struct html *h, const struct collection *col, const struct collection *typed)
{
	html_elem(h, "h2", page_say(c, words.add));
	page_form(c, h, path_of(c, col->id, "/add"), "stack");
	draw_field(c, h,
		   &(struct form_field){.name = "acct",
					.label = words.name,
					.hint = words.add_hint,
					.value = acct_typed(c),
					.required = true});
	draw_submit(c, h, words.add_button);
	html_close(h, "form");
	html_open(h, "details");
	html_flag(h, "open", typed != NULL);
	html_elem(h, "summary", page_say(c, words.change));
	page_form(c, h, path_of(c, col->id, ""), "stack");
	draw_fields(c, h, typed ? typed : col);
	draw_submit(c, h, words.save);
	html_close(h, "form");
	html_close(h, "details");
	html_open(h, "details");
	html_elem(h, "summary", page_say(c, words.delete));
	page_form(c, h, path_of(c, col->id, "/delete"), "stack");
	html_elem(h, "button", page_say(c, words.delete_sure));
	html_close(h, "form");
	html_close(h, "details");
}

static enum err draw_one(struct call *c, const struct collection *typed, struct view refusal)
{
	struct collection col;
	struct account owner;

	TRY(collection_load(c->db, c->arena, arg_id(c, "id"), &col));
	if (idset_has(&c->viewer->blocked_by, (uint64_t)col.owner.v))
		return ERR_NOT_FOUND;
	TRY(account_load(c->db, c->arena, col.owner, &owner));
	struct page_head head = {.title = col.name, .noindex = true, .private = true, .narrow = true};
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", col.name, A("dir", V("auto")));
	draw_refusal(&h, refusal);
	if (col.description.len)
		html_elem(&h, "p", col.description, A("dir", V("auto")));
	if (col.tag.len) {
		html_open(&h, "p");
		html_elem(&h, "a", arena_printf(c->arena, "#%.*s", VIEW_ARG(col.tag)),
			  A("href", arena_printf(c->arena, "/tags/%.*s", VIEW_ARG(col.tag))));
		html_close(&h, "p");
	}
	html_elem(&h, "p", page_say(c, words.by), A("class", V("hint")));
	html_tag(&h, "p", A("class", V("who")));
	draw_account_line(c, &h, &owner);
	html_close(&h, "p");
	TRY(draw_covered(c, &h, &col));
	if (is_own(c, &col))
		draw_own(c, &h, &col, typed);
	return page_end(c, &h);
}

static enum err show_one(struct call *c)
{
	return draw_one(c, NULL, V(""));
}

/* Its owner alone changes it. */
static enum err load_own(struct call *c, struct collection *ret)
{
	TRY(collection_load(c->db, c->arena, arg_id(c, "id"), ret));
	return is_own(c, ret) ? OK : ERR_FORBIDDEN;
}

static enum err back(struct call *c, const struct collection *typed, enum err err)
{
	if (is_said(err) && c->problem.text[0]) {
		c->status = err == ERR_FORBIDDEN ? 403 : 422;
		return draw_one(c, typed, said(c));
	}
	TRY(err);
	return call_redirect(c, 303, path_of(c, arg_id(c, "id"), ""));
}

static enum err change(struct call *c)
{
	struct collection col, typed;
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(load_own(c, &col));
	read_fields(c, &col);
	typed = col;
	return back(c, &typed, c->refused ? c->refused : collection_update(c->core, c->arena, &col, &c->problem));
}

static enum err delete_one(struct call *c)
{
	struct collection col;
	struct account me;
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(load_own(c, &col));
	TRY(collection_delete(c->core, col.owner, col.id));
	TRY(account_load(c->db, c->arena, c->auth.account, &me));
	return call_redirect(c, 303, arena_printf(c->arena, "%.*s/collections", VIEW_ARG(account_path(c, &me))));
}

static enum err add(struct call *c)
{
	struct collection_item item;
	struct account_id who;
	struct collection col;
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(load_own(c, &col));
	err = c->refused ? c->refused : account_find_acct(c->core, c->db, view_trim(arg_str(c, "acct")), &who);
	if (err == OK)
		err = collection_add(c->core, c->db, &col, who, &item, &c->problem);
	if (err == ERR_NOT_FOUND) {
		c->status = 422;
		return draw_one(c, NULL, page_say(c, words.unknown));
	}
	return back(c, NULL, err);
}

static enum err take_out(struct call *c)
{
	struct collection col;
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	TRY(load_own(c, &col));
	return back(c, NULL, collection_remove(c->core, col.owner, col.id, arg_id(c, "item")));
}

static enum err leave(struct call *c)
{
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	return back(c, NULL, collection_leave(c->core, c->auth.account, arg_id(c, "id"), arg_id(c, "item")));
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "The collection."}
#define ITEM {.name = "item", .type = PARAM_ID, .required = true, .doc = "Somebody's place in it."}
#define FIELDS                                                                                                         \
	{.name = "name", .max = 4096, .doc = "What it is called."},                                                    \
		{.name = "description", .max = 4096, .doc = "What it is about."},                                      \
		{.name = "tag", .max = 1024, .doc = "A hashtag that says that too; empty for none."},                  \
		{.name = "language", .max = 16, .doc = "Of its name; empty: not said."},                               \
		{.name = "sensitive", .type = PARAM_BOOL, .doc = "Apps warn before they show it."},                    \
	{                                                                                                              \
		.name = "listed", .type = PARAM_BOOL, .doc = "Everybody finds it on one's profile."                    \
	}

const struct endpoint web_collections[] = {
	{PAGE_ROW("/@:name/collections", show_all), .params = PARAMS({.name = "name", .doc = "User name."}),
	 .doc = "Collections that an account has put together."},
	{PAGE_ROW("/collections/:id", show_one), .params = PARAMS(ID), .doc = "Who is in a collection."},
	{ACT_ROW, .path = "/collections", .handle = make, .refused_ok = true, .params = PARAMS(FIELDS), .doc = "Makes a collection."},
	{ACT_ROW, .path = "/collections/:id", .handle = change, .refused_ok = true, .params = PARAMS(ID, FIELDS, ACT_BACK), .doc = "Changes a collection."},
	{ACT_ROW, .path = "/collections/:id/delete", .handle = delete_one, .params = PARAMS(ID, ACT_BACK), .doc = "Deletes a collection."},
	{ACT_ROW, .path = "/collections/:id/add", .handle = add, .refused_ok = true,
	 .params = PARAMS(ID, {.name = "acct", .required = true, .max = 512, .doc = "The name of an account."}, ACT_BACK),
	 .doc = "Puts somebody into a collection."},
	{ACT_ROW, .path = "/collections/:id/items/:item/remove", .handle = take_out, .params = PARAMS(ID, ITEM, ACT_BACK), .doc = "Takes somebody out of a collection."},
	{ACT_ROW, .path = "/collections/:id/items/:item/leave", .handle = leave, .params = PARAMS(ID, ITEM, ACT_BACK), .doc = "Leaves a collection."},
	ENDPOINTS_END,
};

/*
 * lists.c - lists of one's own: making and changing them, and who is on them. Their posts: home.c.
 */
#include "base/base.h"

#include "core/lists.h"

#include "base/limits.h"
#include "web/account_view.h"
#include "web/act.h"
#include "web/form.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

#define MEMBERS 40 /* on a page */

static const struct {
	struct view title, lead, none, fresh, name, make, members, member_none, add, add_hint, add_button, take_off,
		change, save, exclusive, delete, delete_sure, replies, put, back, unknown;
	struct view policies[REPLIES_POLICIES];
} words = {
	.title = N_("Lists"),
	.lead = N_("People you follow, by what they write about. Nobody else sees your lists."),
	.none = N_("No lists yet."),
	.fresh = N_("A new list"),
	.name = N_("Name"),
	.make = N_("Make the list"),
	.members = N_("Who is on it"),
	.member_none = N_("Nobody is on it yet."),
	.add = N_("Put somebody on it"),
	.add_hint = N_("The name of an account that you follow."),
	.add_button = N_("Put on the list"),
	.take_off = N_("Take off"),
	.change = N_("Change the list"),
	.save = N_("Save"),
	.exclusive = N_("Leave their posts out of home"),
	.delete = N_("Delete the list"),
	.delete_sure = N_("Yes, delete it"),
	.replies = N_("Replies that it shows"),
	.put = N_("Put %s on a list"),
	.back = N_("To its posts"),
	.unknown = N_("You follow nobody of that name."),
	.policies = {[REPLIES_FOLLOWED] = N_("To anybody I follow"),
		     [REPLIES_LIST] = N_("To people on this list"),
		     [REPLIES_NONE] = N_("None")},
};
static const char *const policies[] = {"followed", "list", "none", NULL};

static struct view list_path(struct call *c, int64_t id, const char *rest)
{
	return arena_printf(c->arena, "/lists/%" PRId64 "%s", id, rest);
}

static struct page_head head_of(struct view title)
{
	return (struct page_head){.title = title, .noindex = true, .private = true, .narrow = true};
}

static struct view refusal_of(struct call *c)
{
	return arena_view(c->arena, view_of(c->problem.text));
}

/* ---- all of them ---- */

static void draw_new(struct call *c, struct html *h)
{
	html_elem(h, "h2", page_say(c, words.fresh));
	page_form(c, h, V("/lists"), "stack");
	draw_field(c, h,
		   &(struct form_field){.name = "title",
					.label = words.name,
					.required = true,
					.value = arg_str(c, "title"),
					.max = LIMIT_LIST_TITLE_CHARS});
	draw_submit(c, h, words.make);
	html_close(h, "form");
}

static void draw_list(struct call *c, struct html *h, const struct list *list)
{
	html_tag(h, "li", A("class", V("who")));
	html_elem(h, "a", list->title, A("href", list_path(c, list->id, "")), A("dir", V("auto")),
		  A("class", V("name")));
	html_elem(h, "a", page_say(c, words.members), A("href", list_path(c, list->id, "/members")),
		  A("class", V("hint end")));
	html_close(h, "li");
}

/* With a button to put somebody on it. */
static void draw_choice(struct call *c, struct html *h, const struct list *list, const struct account *who, bool on)
{
	html_tag(h, "li", A("class", V("who")));
	html_elem(h, "span", list->title, A("dir", V("auto")), A("class", V("name")));
	page_form(c, h, list_path(c, list->id, "/members"), "inline end");
	page_hidden(h, "account", arena_printf(c->arena, "%" PRId64, who->id.v));
	page_hidden(h, "back", arena_printf(c->arena, "/lists?account=%" PRId64, who->id.v));
	html_elem(h, "button", page_say(c, on ? words.take_off : words.add_button), A("name", V("do")),
		  A("value", on ? V("remove") : V("add")));
	html_close(h, "form");
	html_close(h, "li");
}

static bool has_list(const struct list *lists, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (lists[i].id == id)
			return true;
	return false;
}

static enum err draw_lists(struct call *c, struct html *h, const struct account *who)
{
	struct list *lists = ARENA_ARRAY(c->arena, LIMIT_LISTS, struct list),
		    *with = ARENA_ARRAY(c->arena, LIMIT_LISTS, struct list);
	size_t n = 0, n_with = 0;

	TRY(lists_load(c->db, c->arena, c->auth.account, (struct account_id){0}, lists, &n));
	if (who)
		TRY(lists_load(c->db, c->arena, c->auth.account, who->id, with, &n_with));
	if (!n) {
		html_elem(h, "p", page_say(c, words.none), A("class", V("empty")));
		return OK;
	}
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < n; i++) {
		if (who)
			draw_choice(c, h, &lists[i], who, has_list(with, n_with, lists[i].id));
		else
			draw_list(c, h, &lists[i]);
	}
	html_close(h, "ul");
	return OK;
}

static enum err draw_all(struct call *c, struct view refusal)
{
	struct page_head head = head_of(page_say(c, words.title));
	struct account who, *asked = NULL;

	if (arg_account(c, "account").v) {
		TRY(account_load(c->db, c->arena, arg_account(c, "account"), &who));
		asked = &who;
		head.title = PAGE_SAY_WITH(c, words.put, account_handle(c, &who));
	}
	if (refusal.len)
		c->status = 422;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_refusal(&h, page_say(c, refusal));
	html_elem(&h, "p", page_say(c, words.lead), A("class", V("hint")));
	TRY(draw_lists(c, &h, asked));
	draw_new(c, &h);
	return page_end(c, &h);
}

static enum err show_all(struct call *c)
{
	return c->auth.session_id ? draw_all(c, V("")) : login_ask(c);
}

static enum err make(struct call *c)
{
	struct list list = {.title = arg_str(c, "title"), .replies = REPLIES_LIST};

	if (!c->auth.session_id)
		return login_ask_then(c, V("/lists"));
	enum err err = c->refused ? c->refused : list_create(c->core, c->auth.account, &list, &c->problem);
	if (err == ERR_UNPROCESSABLE)
		return draw_all(c, refusal_of(c));
	TRY(err);
	return call_redirect(c, 303, list_path(c, list.id, "/members"));
}

/* ---- one of them ---- */

static void draw_change(struct call *c, struct html *h, const struct list *list)
{
	html_elem(h, "h2", page_say(c, words.change));
	page_form(c, h, list_path(c, list->id, ""), "stack");
	draw_field(c, h,
		   &(struct form_field){.name = "title",
					.label = words.name,
					.required = true,
					.value = list->title,
					.max = LIMIT_LIST_TITLE_CHARS});
	html_elem(h, "label", page_say(c, words.replies), A("for", V("replies")));
	html_tag(h, "select", A("name", V("replies")), A("id", V("replies")));
	for (size_t i = 0; i < REPLIES_POLICIES; i++) {
		html_tag(h, "option", A("value", view_of(policies[i])));
		html_flag(h, "selected", i == list->replies);
		html_text(h, page_say(c, words.policies[i]));
		html_close(h, "option");
	}
	html_close(h, "select");
	draw_box(c, h, "exclusive", words.exclusive, list->exclusive);
	draw_submit(c, h, words.save);
	html_close(h, "form");
	html_open(h, "details");
	html_elem(h, "summary", page_say(c, words.delete));
	page_form(c, h, list_path(c, list->id, "/delete"), "stack");
	html_elem(h, "button", page_say(c, words.delete_sure));
	html_close(h, "form");
	html_close(h, "details");
}

static enum err draw_members(struct call *c, struct html *h, const struct list *list)
{
	struct graph_entry entries[MEMBERS];
	struct page page = {.max_id = arg_id(c, "max_id"), .min_id = arg_id(c, "min_id"), .limit = MEMBERS};
	size_t n = 0;

	TRY(list_members(c->db, list->id, &page, entries, &n));
	if (!n)
		html_elem(h, "p", page_say(c, words.member_none), A("class", V("empty")));
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < n; i++) {
		struct account a;

		if (account_load(c->db, c->arena, entries[i].account, &a) != OK)
			continue;
		html_tag(h, "li", A("class", V("who")));
		draw_account_line(c, h, &a);
		page_form(c, h, list_path(c, list->id, "/members"), "inline end");
		page_hidden(h, "account", arena_printf(c->arena, "%" PRId64, a.id.v));
		html_elem(h, "button", page_say(c, words.take_off), A("name", V("do")), A("value", V("remove")));
		html_close(h, "form");
		html_close(h, "li");
	}
	html_close(h, "ul");
	draw_turns(c, h,
		   &(struct feed){.n = n,
				  .page = page,
				  .path = list_path(c, list->id, "/members"),
				  .first = n ? entries[0].cursor : 0,
				  .last = n ? entries[n - 1].cursor : 0});
	return OK;
}

static void draw_add(struct call *c, struct html *h, const struct list *list)
{
	html_elem(h, "h2", page_say(c, words.add));
	page_form(c, h, list_path(c, list->id, "/members"), "stack");
	draw_field(c, h,
		   &(struct form_field){.name = "name",
					.label = words.name,
					.hint = words.add_hint,
					.value = arg_str(c, "name"),
					.required = true});
	html_elem(h, "button", page_say(c, words.add_button), A("name", V("do")), A("value", V("add")),
		  A("class", V("main")));
	html_close(h, "form");
}

/* typed: what it was to be; NULL: what it is. */
static enum err draw_one(struct call *c, const struct list *typed, struct view refusal)
{
	struct list list;

	TRY(list_load(c->db, c->arena, c->auth.account, arg_id(c, "id"), &list));
	struct page_head head = head_of(list.title);
	if (refusal.len)
		c->status = 422;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", list.title, A("dir", V("auto")));
	draw_refusal(&h, page_say(c, refusal));
	html_tag(&h, "p", A("class", V("hint")));
	html_elem(&h, "a", page_say(c, words.back), A("href", list_path(c, list.id, "")));
	html_close(&h, "p");
	TRY(draw_members(c, &h, &list));
	draw_add(c, &h, &list);
	draw_change(c, &h, typed ? typed : &list);
	return page_end(c, &h);
}

static enum err show_one(struct call *c)
{
	return c->auth.session_id ? draw_one(c, NULL, V("")) : login_ask(c);
}

static enum err change(struct call *c)
{
	struct list list = {.id = arg_id(c, "id"),
			    .title = arg_str(c, "title"),
			    .replies = (enum replies_policy)arg_choice(c, "replies"),
			    .exclusive = arg_bool(c, "exclusive")};

	if (!c->auth.session_id)
		return login_ask_then(c, V("/lists"));
	enum err err = c->refused ? c->refused : list_update(c->core, c->auth.account, &list, &c->problem);
	if (err == ERR_UNPROCESSABLE)
		return draw_one(c, &list, refusal_of(c));
	TRY(err);
	return call_redirect(c, 303, list_path(c, list.id, "/members"));
}

static enum err delete_list(struct call *c)
{
	if (!c->auth.session_id)
		return login_ask_then(c, V("/lists"));
	TRY(list_delete(c->core, c->auth.account, arg_id(c, "id")));
	return call_redirect(c, 303, V("/lists"));
}

/* By id from a button, or by a name that was typed. */
static enum err member_of(struct call *c, struct account_id *ret)
{
	*ret = arg_account(c, "account");
	return ret->v ? OK : account_find_acct(c->core, c->db, view_trim(arg_str(c, "name")), ret);
}

static const char *const deeds[] = {"add", "remove", NULL};

static enum err put(struct call *c)
{
	bool add = arg_choice(c, "do") == 0;
	struct account_id who;
	struct list list;

	if (!c->auth.session_id)
		return login_ask_then(c, V("/lists"));
	TRY(list_load(c->db, c->arena, c->auth.account, arg_id(c, "id"), &list));
	enum err err = c->refused ? c->refused : member_of(c, &who);
	if (err == OK)
		err = add ? list_add(c->core, c->auth.account, list.id, &who, 1, &c->problem)
			  : list_remove(c->core, c->auth.account, list.id, &who, 1);
	if (err == ERR_NOT_FOUND || err == ERR_UNPROCESSABLE)
		return draw_one(c, NULL, err == ERR_NOT_FOUND ? words.unknown : refusal_of(c));
	TRY(err);
	return act_back(c, list_path(c, list.id, "/members"));
}

#define ID                                                                                                             \
	{                                                                                                              \
		.name = "id", .type = PARAM_ID, .required = true, .doc = "The list."                                   \
	}
#define TITLE                                                                                                          \
	{                                                                                                              \
		.name = "title", .max = 4096, .doc = "Its name."                                                       \
	}
#define FOR                                                                                                            \
	{                                                                                                              \
		.name = "account", .type = PARAM_ACCOUNT, .doc = "Somebody to put on it."                              \
	}

const struct endpoint web_lists[] = {
	{PAGE_ROW("/lists", show_all), .params = PARAMS(FOR, TITLE), .doc = "One's lists, and the form for a new one."},
	{ACT_ROW, .path = "/lists", .handle = make, .refused_ok = true, .params = PARAMS(TITLE, FOR), .doc = "Makes a list."},
	{PAGE_ROW("/lists/:id/members", show_one),
	 .params = PARAMS(ID, FEED_PARAMS, {.name = "name", .doc = "To begin with."}),
	 .doc = "Who is on a list, and what it is."},
	{ACT_ROW, .path = "/lists/:id", .handle = change, .refused_ok = true,
	 .params = PARAMS(
		 ID, TITLE,
		 {.name = "replies", .type = PARAM_CHOICE, .choices = policies, .doc = "Which replies it shows."},
		 {.name = "exclusive", .type = PARAM_BOOL, .doc = "Posts of its people are left out of home."},
		 FEED_PARAMS, {.name = "name", .doc = "Not looked at."}),
	 .doc = "Changes a list."},
	{ACT_ROW, .path = "/lists/:id/delete", .handle = delete_list, .params = PARAMS(ID), .doc = "Deletes a list."},
	{ACT_ROW, .path = "/lists/:id/members", .handle = put, .refused_ok = true,
	 .params = PARAMS(
		 ID, FOR, {.name = "name", .max = 512, .doc = "Or its name."},
		 {.name = "do", .type = PARAM_CHOICE, .choices = deeds, .required = true, .doc = "Put on or take off."},
		 FEED_PARAMS, ACT_BACK),
	 .doc = "Puts somebody on a list, or takes them off."},
	ENDPOINTS_END,
};

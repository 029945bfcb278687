/*
 * page.c - see page.h.
 */
#include "base/base.h"

#include "staff/page.h"

#include "core/roles.h"
#include "gate/form.h"
#include "web/form.h"

static const struct {
	struct view nav, pages, sure, back;
	struct view sections[SECTIONS];
} words = {
	.nav = N_("Running the server"),
	.pages = N_("Pages of this part"),
	.sure = N_("Yes: %s"),
	.back = N_("Back"),
	.sections =
		{
			[SECTION_OVERVIEW] = N_("Overview"),
			[SECTION_PEOPLE] = N_("People"),
			[SECTION_BLOCKS] = N_("Blocks"),
			[SECTION_WORDS] = N_("Words to all"),
			[SECTION_TRENDS] = N_("Trends"),
			[SECTION_DATA] = N_("Data"),
		},
};

bool staff_may(const struct call *c, const struct endpoint *row)
{
	return role_may(c->auth.role, row->permissions);
}

/* ---- which page, which act ---- */

static const struct staff_page *page_of(const struct endpoint *row)
{
	for (const struct staff_page *const *p = staff_pages; *p; p++)
		if ((*p)->row == row)
			return *p;
	BUG("%s is no page", row->path);
}

static const struct staff_act *act_of(const struct endpoint *row, const struct staff_page **ret_page)
{
	for (const struct staff_page *const *p = staff_pages; *p; p++)
		for (const struct staff_act *act = (*p)->acts; act && act->row; act++)
			if (act->row == row) {
				*ret_page = *p;
				return act;
			}
	BUG("%s is no act", row->path);
}

struct view staff_path(struct call *c, const char *pattern, int64_t id, struct view key)
{
	struct buf CLEANUP(buf_release) out = {.max = 4 * LIMIT_KIB};
	struct view rest = view_sub(view_of(pattern), 1, SIZE_MAX), segment;

	while (view_split(&rest, '/', &segment)) {
		buf_add_c(&out, '/');
		if (!view_starts(segment, V(":")))
			buf_add(&out, segment);
		else if (key.len)
			percent_encode(&out, key);
		else
			buf_add_i64(&out, id);
	}
	return arena_view(c->arena, buf_view(&out));
}

/* ---- the links to them all ---- */

static const struct staff_page *first_of(struct call *c, enum staff_section section)
{
	for (const struct staff_page *const *p = staff_pages; *p; p++)
		if ((*p)->section == section && !(*p)->of && staff_may(c, (*p)->row))
			return *p;
	return NULL;
}

static void draw_link(struct call *c, struct html *h, const char *path, struct view text, const char *current)
{
	html_tag(h, "a", A("href", view_of(path)));
	if (current)
		html_attr(h, "aria-current", view_of(current));
	html_text(h, page_say(c, text));
	html_close(h, "a");
}

static void draw_sections(struct call *c, struct html *h, const struct staff_page *here)
{
	html_tag(h, "nav", A("class", V("tabs")), A("aria-label", page_say(c, words.nav)));
	for (enum staff_section s = SECTION_OVERVIEW; s < SECTIONS; s++) {
		const struct staff_page *first = first_of(c, s);

		if (first)
			draw_link(c, h, first->row->path, words.sections[s], s == here->section ? "true" : NULL);
	}
	html_close(h, "nav");
}

static void draw_siblings(struct call *c, struct html *h, const struct staff_page *here)
{
	html_tag(h, "nav", A("class", V("tabs within")), A("aria-label", page_say(c, words.pages)));
	for (const struct staff_page *const *p = staff_pages; *p; p++) {
		if ((*p)->section != here->section || (*p)->of || !staff_may(c, (*p)->row))
			continue;
		draw_link(c, h, (*p)->row->path, (*p)->title, *p == here ? "page" : *p == here->of ? "true" : NULL);
	}
	html_close(h, "nav");
}

struct html staff_begin(struct call *c, const struct staff_page *page, struct view title)
{
	struct page_head head = {.title = page_say(c, title), .noindex = true, .private = true, .full = true};
	struct html h = page_begin(c, &head);

	draw_sections(c, &h, page);
	draw_siblings(c, &h, page);
	html_elem(&h, "h1", page_say(c, title));
	return h;
}

/* ---- acts ---- */

static void draw_hidden(struct call *c, struct html *h)
{
	page_hidden(h, "back", c->x->method == HTTP_GET ? c->x->target : page_local(c, arg_str(c, "back"), V("")));
}

static void begin_form(struct call *c, struct html *h, const struct staff_act *act, struct view path, const char *look)
{
	if (act->row->body == BODY_UPLOAD)
		page_form_files(c, h, path, look);
	else
		page_form(c, h, path, look);
	draw_hidden(c, h);
}

/* A button says what it does; which row it does it to is heard, not seen. */
static void draw_button(struct html *h, struct view text, struct view about, const char *look)
{
	html_tag(h, "button", A("type", V("submit")));
	if (look)
		html_attr(h, "class", view_of(look));
	html_text(h, text);
	if (about.len) {
		html_tag(h, "span", A("class", V("unseen")));
		html_text(h, V(": "));
		html_text(h, about);
		html_close(h, "span");
	}
	html_close(h, "button");
}

static void draw_form(struct call *c, struct html *h, const struct staff_act *act, struct view path,
		      const struct view *values)
{
	begin_form(c, h, act, path, "stack");
	staff_fields_draw(c, h, act->row, act->fields, values);
	draw_button(h, page_say(c, act->words), V(""), "main");
	html_close(h, "form");
}

static void draw_plain(struct call *c, struct html *h, const struct staff_act *act, struct view path, struct view about)
{
	struct view text = page_say(c, act->words);

	if (act->grave) {
		html_tag(h, "details", A("class", V("grave")));
		html_open(h, "summary");
		html_text(h, text);
		if (about.len)
			html_elem(h, "span", about, A("class", V("unseen")));
		html_close(h, "summary");
		text = PAGE_SAY_WITH(c, words.sure, text);
	}
	begin_form(c, h, act, path, "inline");
	draw_button(h, text, about, NULL);
	html_close(h, "form");
	if (act->grave)
		html_close(h, "details");
}

static bool has_seen_fields(const struct staff_act *act)
{
	for (const struct staff_field *f = act->fields; f && f->name; f++)
		if (f->look != FIELD_HIDDEN)
			return true;
	return false;
}

void staff_act_draw(struct call *c, struct html *h, const struct staff_act *act, const struct table_row *target,
		    struct view about, const struct view *values)
{
	struct view path = staff_path(c, act->row->path, target ? target->id : 0, target ? target->key : V(""));

	if (!staff_may(c, act->row))
		return;
	if (!has_seen_fields(act)) {
		draw_plain(c, h, act, path, about);
		return;
	}
	html_tag(h, "details", A("class", V("card act-form")));
	html_open(h, "summary");
	html_text(h, page_say(c, act->title.len ? act->title : act->words));
	html_close(h, "summary");
	draw_form(c, h, act, path, values);
	html_close(h, "details");
}

void staff_buttons_draw(struct call *c, struct html *h, const struct staff_act *acts, const struct table_row *target,
			struct view about)
{
	html_tag(h, "div", A("class", V("buttons")));
	for (unsigned i = 0; acts[i].row; i++)
		if (acts[i].place == ACT_IN_ROWS && target->acts & 1u << i)
			staff_act_draw(c, h, &acts[i], target, about, NULL);
	html_close(h, "div");
}

/* ---- a page ---- */

static void draw_lead(struct call *c, struct html *h, struct view lead)
{
	if (lead.len)
		html_elem(h, "p", page_say(c, lead), A("class", V("hint")));
}

/* "accounts" of "/admin/accounts". */
static struct view file_name(const struct endpoint *row)
{
	struct view rest = view_of(row->path), last = V("");

	while (view_split(&rest, '/', &last))
		;
	return last;
}

enum err staff_show(struct call *c)
{
	const struct staff_page *page = page_of(c->row);

	if (page->table && table_wants_csv(c))
		return table_csv(c, page->table, file_name(page->row));
	struct html h = staff_begin(c, page, page->title);
	draw_lead(c, &h, page->lead);
	if (page->draw)
		TRY(page->draw(c, &h));
	if (page->table)
		TRY(table_draw(c, &h, page->table, page->acts));
	for (const struct staff_act *act = page->acts; act && act->row; act++)
		if (act->place == ACT_BELOW)
			staff_act_draw(c, &h, act, NULL, V(""), NULL);
	return page_end(c, &h);
}

/* ---- what is sent ---- */

static bool is_refusal(struct call *c, enum err err)
{
	static const enum err refusals[] = {ERR_UNPROCESSABLE, ERR_CONFLICT,  ERR_INVALID,  ERR_TOO_LARGE,
					    ERR_BUSY,	       ERR_FORBIDDEN, ERR_NOT_FOUND};

	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		if (err == refusals[i])
			return c->problem.text[0] != '\0';
	return false;
}

static struct view back_of(struct call *c, const struct staff_page *page)
{
	const char *path = page->of ? page->of->row->path : page->row->path;

	return page_local(c, arg_str(c, "back"), view_of(path));
}

static enum err draw_refused(struct call *c, const struct staff_page *page, const struct staff_act *act)
{
	struct view words_of_refusal = arena_view(c->arena, view_of(c->problem.text));

	c->status = c->problem.err == ERR_FORBIDDEN ? 403 : c->problem.err == ERR_NOT_FOUND ? 404 : 422;
	struct html h = staff_begin(c, page, act->title.len ? act->title : act->words);
	draw_refusal(&h, page_say(c, words_of_refusal));
	if (has_seen_fields(act))
		draw_form(c, &h, act, c->x->path, NULL);
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.back), A("href", back_of(c, page)));
	html_close(&h, "p");
	return page_end(c, &h);
}

enum err staff_run(struct call *c)
{
	const struct staff_page *page = NULL;
	const struct staff_act *act = act_of(c->row, &page);
	enum err err = c->refused ? c->refused : act->run(c);

	if (is_refusal(c, err))
		return draw_refused(c, page, act);
	TRY(err);
	return c->out.len ? OK : call_redirect(c, 303, back_of(c, page));
}

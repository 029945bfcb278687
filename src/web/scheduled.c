/*
 * scheduled.c - posts that wait for their time.
 */
#include "base/base.h"

#include "core/scheduled.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/scheduled_params.h"
#include "web/act.h"
#include "web/figures.h"
#include "web/form.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

static const struct {
	struct view title, empty, when, move, cancel, files, no_time;
} words = {
	.title = N_("Scheduled posts"),
	.empty = N_("Nothing waits. When you write, choose a time under the text."),
	.when = N_("Date and time (UTC)"),
	.move = N_("Change the time"),
	.cancel = N_("Call it off"),
	.files = N_("With files"),
	.no_time = N_("That is no date and time."),
};

static struct view input_time(struct call *c, int64_t ms)
{
	char iso[CLOCK_ISO_LEN + 1];

	clock_iso(ms, iso);
	return arena_printf(c->arena, "%.16s", iso);
}

/* What was typed for this one, where it is shown again; else its time. */
static struct view shown_time(struct call *c, const struct scheduled *s)
{
	bool again = c->x->method == HTTP_POST && arg_id(c, "id") == s->id && arg_given(c, "at");

	return again ? arg_str(c, "at") : input_time(c, s->at);
}

static void draw_forms(struct call *c, struct html *h, const struct scheduled *s)
{
	struct view path = arena_printf(c->arena, "/scheduled/%" PRId64, s->id),
		    field = arena_printf(c->arena, "at%" PRId64, s->id);

	page_form(c, h, path, "inline moving");
	html_elem(h, "label", page_say(c, words.when), A("for", field), A("class", V("unseen")));
	html_tag(h, "input", A("type", V("datetime-local")), A("name", V("at")), A("id", field),
		 A("value", shown_time(c, s)));
	if (c->x->method == HTTP_POST && arg_id(c, "id") == s->id) {
		html_attr(h, "aria-invalid", V("true"));
		html_attr(h, "aria-describedby", V("refusal"));
	}
	html_elem(h, "button", page_say(c, words.move), A("name", V("do")), A("value", V("move")));
	html_elem(h, "button", page_say(c, words.cancel), A("name", V("do")), A("value", V("cancel")),
		  A("class", V("plain")));
	html_close(h, "form");
}

static enum err draw_one(struct call *c, struct html *h, const struct scheduled *s)
{
	struct new_post np = {0};

	TRY(scheduled_params_read(c->arena, s->params, &np));
	html_open(h, "li");
	html_tag(h, "p", A("class", V("hint")));
	draw_time_full(c, h, s->at);
	html_close(h, "p");
	if (np.spoiler.len)
		html_elem(h, "p", np.spoiler, A("dir", V("auto")), A("class", V("notice")));
	html_elem(h, "p", np.text, A("dir", V("auto")), A("class", V("as-typed")));
	if (s->n_media)
		html_elem(h, "p", page_say(c, words.files), A("class", V("hint")));
	draw_forms(c, h, s);
	html_close(h, "li");
	return OK;
}

static enum err draw_all(struct call *c, struct view refusal)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true};
	struct scheduled list[FEED_POSTS];
	struct feed turns = {.page = feed_page(c), .path = V("/scheduled")};

	if (refusal.len)
		c->status = 422;
	TRY(scheduled_page(c->db, c->arena, c->auth.account, &turns.page, list, &turns.n));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_refusal(&h, page_say(c, refusal));
	if (!turns.n)
		html_elem(&h, "p", page_say(c, words.empty), A("class", V("empty")));
	html_tag(&h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < turns.n; i++)
		TRY(draw_one(c, &h, &list[i]));
	html_close(&h, "ul");
	turns.first = turns.n ? list[0].id : 0;
	turns.last = turns.n ? list[turns.n - 1].id : 0;
	draw_turns(c, &h, &turns);
	return page_end(c, &h);
}

static enum err show(struct call *c)
{
	return c->auth.session_id ? draw_all(c, V("")) : login_ask(c);
}

static const char *const deeds[] = {"move", "cancel", NULL};
enum { DO_MOVE, DO_CANCEL };

static enum err move(struct call *c)
{
	struct view at = view_trim(arg_str(c, "at"));
	int64_t ms;

	if (!clock_parse_iso(arena_printf(c->arena, "%.*s%s", VIEW_ARG(at), at.len == 16 ? ":00Z" : "Z"), &ms))
		return draw_all(c, words.no_time);
	enum err err = scheduled_move(c->core, c->auth.account, arg_id(c, "id"), ms, &c->problem);
	if (err == ERR_UNPROCESSABLE)
		return draw_all(c, arena_view(c->arena, view_of(c->problem.text)));
	TRY(err);
	return call_redirect(c, 303, V("/scheduled"));
}

static enum err change(struct call *c)
{
	if (!c->auth.session_id)
		return login_ask_then(c, V("/scheduled"));
	if (c->refused)
		return draw_all(c, form_refusal(c));
	if (arg_choice(c, "do") == DO_MOVE)
		return move(c);
	enum err err = scheduled_cancel(c->core, c->auth.account, arg_id(c, "id"));
	if (err != ERR_NOT_FOUND) /* posted meanwhile */
		TRY(err);
	return call_redirect(c, 303, V("/scheduled"));
}

const struct endpoint web_scheduled[] = {
	{PAGE_ROW("/scheduled", show),
	 .params = PARAMS(FEED_PARAMS),
	 .doc = "Posts that wait for their time."},
	{ACT_ROW, .path = "/scheduled/:id", .handle = change, .refused_ok = true,
	 .params =
		 PARAMS({.name = "id", .type = PARAM_ID, .required = true, .doc = "The post that waits."},
			{.name = "at", .max = 32, .doc = "When, UTC."},
			{.name = "do", .type = PARAM_CHOICE, .choices = deeds, .required = true, .doc = "What to do."},
			FEED_PARAMS),
	 .doc = "Gives it another time, or calls it off."},
	ENDPOINTS_END,
};

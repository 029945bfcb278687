/*
 * notification_requests.c - /notifications/requests: notifications that a filter has put aside, by whom they are from. One
 * form decides, about one of them or about all that the page shows; what came since stays.
 */
#include "base/base.h"

#include "core/notification_requests.h"

#include "base/clock.h"
#include "web/account_view.h"
#include "web/act.h"
#include "web/figures.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

#define PATH "/notifications/requests"
#define REQUESTS 30 /* on a page */

static const struct {
	struct view title, lead, rules, none, accept, dismiss, accept_all, dismiss_all, all;
	struct noun waiting;
} words = {
	.title = N_("What waits aside"),
	.lead = N_("Your filters have put this aside. Whom you let in you are told of from now on; what you dismiss is "
		   "forgotten."),
	.rules = N_("Whom you are told of"),
	.none = N_("Nothing waits."),
	.accept = N_("Let in"),
	.dismiss = N_("Dismiss"),
	.all = N_("All on this page"),
	.accept_all = N_("Let all in"),
	.dismiss_all = N_("Dismiss all"),
	.waiting = {N_("notification"), N_("notifications")},
};

static void draw_button(struct call *c, struct html *h, const char *deed, struct view text, struct view about)
{
	html_tag(h, "button", A("name", V("do")), A("value", view_of(deed)));
	html_text(h, page_say(c, text));
	if (about.len) {
		html_tag(h, "span", A("class", V("unseen")));
		html_text(h, V(": "));
		html_text(h, about);
		html_close(h, "span");
	}
	html_close(h, "button");
}

static void begin_form(struct call *c, struct html *h, const struct notification_request *list, size_t n,
		       const char *class_name)
{
	page_form(c, h, V(PATH), class_name);
	for (size_t i = 0; i < n; i++)
		page_hidden(h, "id[]", arena_printf(c->arena, "%" PRId64, list[i].id));
}

/* What the newest is about, as far as it may be seen by now. */
static enum err draw_last(struct call *c, struct html *h, struct post_id id)
{
	struct shown_post s;
	size_t n = 0;

	if (!id.v)
		return OK;
	TRY(shown_load(c, &id, 1, visible_to, FILTER_NOTIFICATIONS, &s, &n));
	if (n)
		draw_excerpt(c, h, &s);
	return OK;
}

static enum err draw_request(struct call *c, struct html *h, const struct notification_request *r)
{
	struct account a;
	enum err err = account_load(c->db, c->arena, r->from, &a);

	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	html_tag(h, "li", A("class", V("request")));
	html_tag(h, "div", A("class", V("who")));
	draw_account_line(c, h, &a);
	html_close(h, "div");
	TRY(draw_last(c, h, r->last));
	html_tag(h, "p", A("class", V("hint")));
	draw_counted(c, h, r->count, &words.waiting);
	if (r->count >= NOTIFICATIONS_COUNTED)
		html_text(h, V("+"));
	html_text(h, V(" · "));
	draw_time(c, h, r->updated_at, clock_now());
	html_close(h, "p");
	begin_form(c, h, r, 1, "deciding");
	draw_button(c, h, "accept", words.accept, account_handle(c, &a));
	draw_button(c, h, "dismiss", words.dismiss, account_handle(c, &a));
	html_close(h, "form");
	html_close(h, "li");
	return OK;
}

static enum err draw_all(struct call *c, struct html *h, const struct notification_request *list, size_t n)
{
	if (!n) {
		html_elem(h, "p", page_say(c, words.none), A("class", V("empty")));
		return OK;
	}
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < n; i++)
		TRY(draw_request(c, h, &list[i]));
	html_close(h, "ul");
	if (n == 1)
		return OK;
	begin_form(c, h, list, n, "deciding");
	html_elem(h, "span", page_say(c, words.all), A("class", V("hint")));
	draw_button(c, h, "accept", words.accept_all, V(""));
	draw_button(c, h, "dismiss", words.dismiss_all, V(""));
	html_close(h, "form");
	return OK;
}

static enum err show(struct call *c)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .app = true};
	struct notification_request list[REQUESTS];
	struct feed turns = {.page = feed_page(c)};

	if (!c->auth.session_id)
		return login_ask(c);
	turns.page.limit = REQUESTS;
	TRY(notification_requests_page(c->db, c->auth.account, &turns.page, list, &turns.n));
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	html_tag(&h, "p", A("class", V("hint")));
	html_text(&h, page_say(c, words.lead));
	html_text(&h, V(" "));
	html_elem(&h, "a", page_say(c, words.rules), A("href", V("/settings/privacy#notifications")));
	html_close(&h, "p");
	TRY(draw_all(c, &h, list, turns.n));
	turns.first = turns.n ? list[0].id : 0;
	turns.last = turns.n ? list[turns.n - 1].id : 0;
	draw_turns(c, &h, &turns);
	return page_end(c, &h);
}

static const char *const deeds[] = {"accept", "dismiss", NULL};
static enum err (*const deed_fns[])(struct core *c, struct account_id to, int64_t id) = {notification_request_accept,
											 notification_request_dismiss};

static enum err act(struct call *c)
{
	const int64_t *ids;
	size_t n = arg_ids(c, "id[]", &ids);

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	for (size_t i = 0; i < n; i++) {
		enum err err = deed_fns[arg_choice(c, "do")](c->core, c->auth.account, ids[i]);

		if (err != ERR_NOT_FOUND) /* decided already */
			TRY(err);
	}
	return call_redirect(c, 303, V(PATH));
}

const struct endpoint web_notification_requests[] = {
	{PAGE_ROW(PATH, show), .params = PARAMS(FEED_PARAMS), .doc = "Notifications that were put aside."},
	{ACT_ROW, .path = PATH, .handle = act,
	 .params =
		 PARAMS({.name = "id[]", .type = PARAM_IDS, .doc = "Of requests."},
			{.name = "do", .type = PARAM_CHOICE, .choices = deeds, .required = true, .doc = "What to do."}),
	 .doc = "Takes in what waits, and what comes from these accounts from now on; or forgets it."},
	ENDPOINTS_END,
};

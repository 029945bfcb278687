/*
 * act_account.c - what one does with an account: following, muting, blocking, answering a request; and reports.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/accounts.h"
#include "core/graph.h"
#include "core/post_lists.h"
#include "core/rules.h"
#include "moderation/reports.h"
#include "web/account_view.h"
#include "web/act.h"
#include "web/figures.h"
#include "web/form.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/thread.h"
#include "web/web.h"

#define POSTS_SHOWN 10 /* of who is reported, to be chosen from */

static enum err follow(struct call *c, struct account_id id)
{
	return graph_follow(c->core, c->auth.account, id, &(struct follow_options){0}, &c->problem);
}

static enum err mute(struct call *c, struct account_id id)
{
	return graph_mute(c->core, c->auth.account, id, true, 0);
}

/* Of who is followed already, or asked: a page that is older than that does not begin to follow. */
static enum err change_follow(struct call *c, struct account_id id, const struct follow_options *o)
{
	struct relationship r;

	TRY(graph_relationships(c->db, c->arena, c->auth.account, &id, 1, &r));
	if (!r.following && !r.requested)
		return OK;
	return graph_follow(c->core, c->auth.account, id, o, &c->problem);
}

static enum err notify(struct call *c, struct account_id id)
{
	return change_follow(c, id, &(struct follow_options){.has_notify = true, .notify = true});
}

static enum err be_quiet(struct call *c, struct account_id id)
{
	return change_follow(c, id, &(struct follow_options){.has_notify = true});
}

static enum err show_boosts(struct call *c, struct account_id id)
{
	return change_follow(c, id, &(struct follow_options){.has_boosts = true, .boosts = true});
}

static enum err hide_boosts(struct call *c, struct account_id id)
{
	return change_follow(c, id, &(struct follow_options){.has_boosts = true});
}

/* Those that take nothing but the two accounts. */
static enum err (*const plain_fns[])(struct core *c, struct account_id who, struct account_id other) = {
	graph_unfollow,	       graph_unmute,	graph_block,  graph_unblock,
	graph_remove_follower, graph_authorize, graph_reject, graph_forget_suggestion,
};
/* And those that take the whole call. */
static enum err (*const call_fns[])(struct call *c, struct account_id id) = {
	follow, mute, notify, be_quiet, show_boosts, hide_boosts,
};
static const char *const acts[] = {"follow", "mute",	"notify", "quiet",  "boosts", "no_boosts", "unfollow", "unmute",
				   "block",  "unblock", "remove", "accept", "reject", "forget",	   NULL};

static enum err act_on_account(struct call *c)
{
	size_t act = arg_choice(c, "do");
	struct account_id id = arg_account(c, "id");
	enum err err;

	if (act_asks_login(c, &err))
		return err;
	if (act < ARRAY_LEN(call_fns))
		TRY(call_fns[act](c, id));
	else
		TRY(plain_fns[act - ARRAY_LEN(call_fns)](c->core, c->auth.account, id));
	return act_back(c, V("/home"));
}

/* ---- reports ---- */

static const struct {
	struct view title, lead, why, rules, comment, comment_hint, posts, no_text, send, done, thanks, home;
	struct view categories[REPORT_CATEGORIES];
} words = {
	.title = N_("Report"),
	.lead = N_("The moderators of this server will look at it. %s is not told who reported."),
	.why = N_("What is wrong?"),
	.rules = N_("It breaks this rule"),
	.comment = N_("What should they know?"),
	.comment_hint = N_("May be left empty."),
	.posts = N_("Which posts is it about?"),
	.no_text = N_("A post without words"),
	.send = N_("Send the report"),
	.done = N_("Thank you"),
	.thanks = N_("The moderators have your report. You can also mute or block the account on its profile."),
	.home = N_("Back to home"),
	.categories = {[REPORT_OTHER] = N_("Something else"),
		       [REPORT_SPAM] = N_("Spam"),
		       [REPORT_LEGAL] = N_("It is against the law"),
		       [REPORT_VIOLATION] = N_("It breaks the rules of this server")},
};

static enum err send_report(struct call *c);

/* Choices of a form that is drawn again are as they were. */
static bool is_sent(const struct call *c)
{
	return c->row->handle == send_report;
}

static bool is_ticked(struct call *c, const char *name, int64_t id)
{
	const int64_t *ids;
	size_t n = is_sent(c) ? arg_ids(c, name, &ids) : 0;

	while (n > 0 && ids[n - 1] != id)
		n--;
	return n > 0;
}

static void draw_category(struct call *c, struct html *h, size_t i)
{
	size_t chosen = is_sent(c) ? arg_choice(c, "category") : REPORT_OTHER;

	html_tag(h, "label", A("class", V("check")));
	html_tag(h, "input", A("type", V("radio")), A("name", V("category")),
		 A("value", view_of(report_categories[i])));
	html_flag(h, "checked", i == chosen);
	html_elem(h, "span", page_say(c, words.categories[i]));
	html_close(h, "label");
}

static enum err draw_rules(struct call *c, struct html *h)
{
	struct rule *rules = ARENA_ARRAY(c->arena, LIMIT_RULES, struct rule);
	size_t n = 0;

	TRY(rules_load(c->db, c->arena, rules, &n));
	if (!n)
		return OK;
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.rules));
	for (size_t i = 0; i < n; i++) {
		html_tag(h, "label", A("class", V("check")));
		html_tag(h, "input", A("type", V("checkbox")), A("name", V("rules[]")));
		html_attr_int(h, "value", rules[i].id);
		html_flag(h, "checked", is_ticked(c, "rules[]", rules[i].id));
		html_elem(h, "span", rules[i].text, A("dir", V("auto")));
		html_close(h, "label");
	}
	html_close(h, "fieldset");
	return OK;
}

static struct view beginning_of(struct call *c, const struct post *p)
{
	struct view text = p->spoiler.len ? p->spoiler : page_summary(c, html_trust_stored(p->html));

	return text.len ? text : page_say(c, words.no_text);
}

/* The one that was pressed first, then their newest. */
static enum err posts_to_choose(struct call *c, struct account_id target, struct post_id *ids, size_t *ret_n)
{
	const struct account_posts_filter filter = {.exclude_boosts = true};
	struct post_id first = arg_post(c, "post"), newest[POSTS_SHOWN];
	size_t n = 0, found = 0;
	int64_t on;

	if (first.v)
		ids[n++] = first;
	TRY(account_posts(c->core, c->db, c->arena, c->viewer, target, &filter, &(struct page){.limit = POSTS_SHOWN},
			  newest, &found, &on));
	for (size_t i = 0; i < found; i++)
		if (newest[i].v != first.v)
			ids[n++] = newest[i];
	*ret_n = n;
	return OK;
}

static enum err draw_posts(struct call *c, struct html *h, struct account_id target)
{
	struct post_id ids[POSTS_SHOWN + 1];
	struct shown_post posts[POSTS_SHOWN + 1];
	size_t n = 0, shown = 0;

	TRY(posts_to_choose(c, target, ids, &n));
	TRY(shown_load(c, ids, n, visible_to, 0, posts, &shown));
	if (!shown)
		return OK;
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.posts));
	for (size_t i = 0; i < shown; i++) {
		int64_t id = posts[i].post.meta.id.v;

		html_tag(h, "label", A("class", V("check")));
		html_tag(h, "input", A("type", V("checkbox")), A("name", V("posts[]")));
		html_attr_int(h, "value", id);
		html_flag(h, "checked", is_sent(c) ? is_ticked(c, "posts[]", id) : id == arg_post(c, "post").v);
		html_open(h, "span");
		html_tag(h, "span", A("class", V("cut")), A("dir", V("auto")));
		html_text(h, beginning_of(c, &posts[i].post));
		html_close(h, "span");
		html_tag(h, "span", A("class", V("hint")));
		draw_time(c, h, posts[i].post.created_at, clock_now());
		html_close(h, "span");
		html_close(h, "span");
		html_close(h, "label");
	}
	html_close(h, "fieldset");
	return OK;
}

static enum err draw_report(struct call *c, struct view refusal)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .narrow = true};
	struct post_id post = arg_post(c, "post");
	struct account a;

	TRY(account_load(c->db, c->arena, arg_account(c, "account"), &a));
	if (refusal.len)
		c->status = 422;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_refusal(&h, page_say(c, refusal));
	html_tag(&h, "p", A("class", V("who")));
	draw_account_line(c, &h, &a);
	html_close(&h, "p");
	html_elem(&h, "p", PAGE_SAY_WITH(c, words.lead, account_handle(c, &a)));
	page_form(c, &h, V("/report"), "stack");
	page_hidden(&h, "account", arena_printf(c->arena, "%" PRId64, a.id.v));
	if (post.v)
		page_hidden(&h, "post", arena_printf(c->arena, "%" PRId64, post.v));
	html_tag(&h, "fieldset", A("class", V("options")));
	html_elem(&h, "legend", page_say(c, words.why));
	for (size_t i = REPORT_CATEGORIES; i-- > 0;)
		draw_category(c, &h, i);
	html_close(&h, "fieldset");
	TRY(draw_rules(c, &h));
	TRY(draw_posts(c, &h, a.id));
	draw_field(c, &h,
		   &(struct form_field){.name = "comment",
					.type = "textarea",
					.label = words.comment,
					.hint = words.comment_hint,
					.value = arg_str(c, "comment"),
					.max = LIMIT_REPORT_COMMENT_CHARS});
	draw_submit(c, &h, words.send);
	html_close(&h, "form");
	return page_end(c, &h);
}

static enum err show_report(struct call *c)
{
	return c->auth.session_id ? draw_report(c, V("")) : login_ask(c);
}

static enum err send_report(struct call *c)
{
	struct new_report nr = {.target = arg_account(c, "account"),
				.category = (enum report_category)arg_choice(c, "category"),
				.comment = arg_str(c, "comment")};
	struct report made;

	if (!c->auth.session_id)
		return login_ask_then(c, V("/home"));
	nr.n_posts = arg_ids(c, "posts[]", &nr.posts);
	if (nr.category == REPORT_VIOLATION)
		nr.n_rules = arg_ids(c, "rules[]", &nr.rules);
	enum err err =
		c->refused ? c->refused : report_create(c->core, c->db, c->arena, c->viewer, &nr, &made, &c->problem);
	if (err == ERR_UNPROCESSABLE && c->problem.text[0])
		return draw_report(c, arena_view(c->arena, view_of(c->problem.text)));
	TRY(err);
	return draw_plain_page(
		c,
		&(struct plain_page){.title = words.done, .text = words.thanks, .link = words.home, .path = "/home"});
}

#define REPORT_PARAMS                                                                                                  \
	{.name = "account", .type = PARAM_ACCOUNT, .required = true, .doc = "Whom it is about."},                      \
		{.name = "post", .type = PARAM_POST, .doc = "A post of theirs, to begin with."},                                      \
	{                                                                                                              \
		.name = "comment", .max = 16 * LIMIT_KIB, .doc = "What moderators should know."                        \
	}

const struct endpoint web_act_account[] = {
	{ACT_ROW, .path = "/act/account/:id", .handle = act_on_account,
	 .params = PARAMS({.name = "id", .type = PARAM_ACCOUNT, .required = true, .doc = "The account."},
			  {.name = "do", .type = PARAM_CHOICE, .choices = acts, .required = true, .doc = "What to do."},
			  ACT_BACK),
	 .doc = "Follows, mutes, blocks, answers a request, changes what one sees, or takes that back."},
	{PAGE_ROW("/report", show_report),
	 .params = PARAMS(REPORT_PARAMS),
	 .doc = "The form to report an account or a post to the moderators."},
	{ACT_ROW, .path = "/report", .handle = send_report, .refused_ok = true,
	 .params = PARAMS(
		 REPORT_PARAMS,
		 {.name = "category", .type = PARAM_CHOICE, .choices = report_categories, .doc = "What is wrong."},
		 {.name = "rules[]", .type = PARAM_IDS, .doc = "Rules that are broken."},
		 {.name = "posts[]", .type = PARAM_IDS, .doc = "Posts of theirs that it is about."}),
	 .doc = "Reports."},
	ENDPOINTS_END,
};

/*
 * embed_ask.c - a frame of other sites that asks its reader first, and remembers the answer where no script runs. The question
 * comes from here, so it is one request more than the other ways ask for; it carries no cookie, and gets none before the
 * reader has chosen "always". The cookie says nothing but that, and browsers keep it apart for each site that frames us
 * (Partitioned: draft-cutler-httpbis-partitioned-cookies), so that it tells nobody where else somebody reads.
 */
#include "base/base.h"

#include "present/embed.h"
#include "web/account_view.h"
#include "web/embed.h"
#include "web/kept.h"
#include "web/thread.h"
#include "web/web.h"

#define COOKIE "kicau_embed"
#define ALWAYS "always"
#define REMEMBERED_SECONDS (400 * 24 * 3600) /* browsers keep no cookie longer */

static const struct {
	struct view loads, sees, remembers, accept, always, open, undo, refused;
} words = {
	.loads = N_("If you agree, this post is loaded from %s: %s."),
	.sees = N_("%s sees your address (IP) and your browser. It does not track you."),
	.remembers = N_("“Always” keeps one word in a cookie, for this site alone, until you undo it."),
	.accept = N_("Accept and continue"),
	.always = N_("Always for this site"),
	.open = N_("Open on %s"),
	.undo = N_("Ask me again on this site"),
	.refused = N_("Your browser did not let this be remembered. It will ask again next time."),
};

static const char *const choices[] = {"ask", ALWAYS, NULL};
enum choice { CHOICE_ASK, CHOICE_ALWAYS };

static struct view path_of(struct call *c, const char *behind)
{
	return arena_printf(c->arena, "/@%.*s/%" PRId64 "/%s%slang=%s", VIEW_ARG(arg_str(c, "name")),
			    arg_post(c, "id").v, behind, strchr(behind, '?') ? "&" : "?", tongue_code(page_tongue(c)));
}

/* A cookie for frames has to be Secure; browsers take this machine for safe without HTTPS (Secure Contexts 3.1). */
bool embed_remembers(const struct call *c)
{
	static const struct view safe[] = {{"https://", 8}, {"http://localhost", 16}, {"http://127.0.0.1", 16}};
	struct view base = view_of(c->core->config.base_url);

	for (size_t i = 0; i < ARRAY_LEN(safe); i++)
		if (view_starts(base, safe[i]) && (i == 0 || base.len == safe[i].len || base.p[safe[i].len] == ':'))
			return true;
	return false;
}

static bool is_always(const struct call *c)
{
	return view_is(http_cookie(c->x, COOKIE), ALWAYS);
}

/* What is pressed in a frame opens outside of it (page.c), but for these. */
static void draw_choice(struct call *c, struct html *h, enum choice choice, struct view text)
{
	html_tag(h, "form", A("method", V("post")), A("action", path_of(c, "embed/ask")), A("target", V("_self")));
	html_tag(h, "button", A("name", V("choice")), A("value", view_of(choices[choice])));
	html_text(h, text);
	html_close(h, "button");
	html_close(h, "form");
}

void embed_draw_answer(struct call *c, struct html *h, enum embed_asked asked)
{
	if (asked == EMBED_REFUSED)
		html_elem(h, "p", page_say(c, words.refused), A("class", V("hint")), A("role", V("status")));
	if (asked == EMBED_ALWAYS)
		draw_choice(c, h, CHOICE_ASK, page_say(c, words.undo));
}

static void draw_question(struct call *c, struct html *h, const struct embed *e)
{
	struct view host = view_of(c->core->config.domain);

	html_elem(h, "h1", embed_author(e, c->arena), A("dir", V("auto")));
	html_elem(h, "p", PAGE_SAY_WITH(c, words.loads, host, embed_parts(e, c->arena)));
	html_elem(h, "p", PAGE_SAY_WITH(c, words.sees, host), A("class", V("hint")));
	if (embed_remembers(c))
		html_elem(h, "p", page_say(c, words.remembers), A("class", V("hint")));
	html_tag(h, "div", A("class", V("buttons")));
	html_tag(h, "form", A("action", path_of(c, "embed")), A("target", V("_self")));
	page_hidden(h, "lang", view_of(tongue_code(page_tongue(c))));
	html_elem(h, "button", page_say(c, words.accept), A("class", V("main")));
	html_close(h, "form");
	if (embed_remembers(c))
		draw_choice(c, h, CHOICE_ALWAYS, page_say(c, words.always));
	html_close(h, "div");
	html_open(h, "p");
	html_elem(h, "a", PAGE_SAY_WITH(c, words.open, host), A("rel", V("noopener noreferrer")),
		  A("target", V("_blank")), A("href", e->post->url));
	html_close(h, "p");
}

static enum err ask(struct call *c)
{
	struct shown_post s;

	if (is_always(c)) {
		TRY(embed_load(c, &s));
		return call_redirect(c, 303, path_of(c, "embed?asked=always"));
	}
	if (arg_bool(c, "refused")) /* it has just been chosen, and did not come back */
		return call_redirect(c, 303, path_of(c, "embed?asked=refused"));
	kept_begin(c);
	TRY(embed_load(c, &s));
	struct page_head head = {
		.title = account_shown_name(s.author), .noindex = true, .bare = true, .narrow = true, .asks = true};
	struct embed e = {c->core, &s.post, s.author, page_tongue(c)};
	struct html h = page_begin(c, &head);
	draw_question(c, &h, &e);
	return page_end(c, &h);
}

/* What is asked for with the cookie is another answer, and is not kept. */
static bool ask_kept(struct call *c)
{
	return !is_always(c) && kept_answer(c);
}

/*
 * Everybody may send this form. Whoever does so from a site of their own sets what is remembered for that site, where they
 * could as well show the post without asking.
 */
static enum err answer(struct call *c)
{
	bool always = arg_choice(c, "choice") == CHOICE_ALWAYS;

	if (embed_remembers(c))
		call_header(c, "Set-Cookie",
			    arena_printf(c->arena,
					 COOKIE "=" ALWAYS "; Path=/; HttpOnly; Secure; SameSite=None; Partitioned; "
						"Max-Age=%d",
					 always ? REMEMBERED_SECONDS : 0));
	return call_redirect(c, 303, path_of(c, always ? "embed/ask?refused=1" : "embed/ask"));
}

#define ASK_ROW                                                                                                        \
	.path = "/@:name/:id/embed/ask", .missing = post_missing, .auth = AUTH_NONE, .rate = RATE_DEFAULT,             \
	.meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_HTML, .framed = true, .reply = "Page"
#define POST_PARAMS                                                                                                    \
	{.name = "name", .doc = "User name."}, {.name = "id", .type = PARAM_POST, .doc = "The post."},                 \
	{                                                                                                              \
		.name = "lang", .doc = "Language of the words around it: en, id."                                      \
	}

const struct endpoint web_embed_ask[] = {
	{ASK_ROW, .method = HTTP_GET, .handle = ask, .kept = ask_kept,
	 .params = PARAMS(POST_PARAMS, {.name = "theme", .doc = "dark or light; else as the system says."},
			  {.name = "refused", .type = PARAM_BOOL, .doc = "Comes from the form: the cookie should be there."}),
	 .doc = "Who wrote a post and what would be loaded, for a frame without scripts; the post, for who chose that."},
	{ASK_ROW, .method = HTTP_POST, .handle = answer, .body = BODY_FIELDS,
	 .params = PARAMS(POST_PARAMS, {.name = "choice", .type = PARAM_CHOICE, .required = true, .choices = choices,
					.doc = "Whether the site that shows the frame is to ask."}),
	 .doc = "Keeps that in a cookie of the frame, which is one for each site."},
	ENDPOINTS_END,
};

/*
 * search.c - looking for people, posts and hashtags; and before anything is typed, what is talked about and whom one may
 * want to follow.
 */
#include "base/base.h"

#include "core/search.h"

#include "base/limits.h"
#include "core/graph.h"
#include "core/previews.h"
#include "core/trends.h"
#include "text/url.h"
#include "web/figures.h"
#include "web/login.h"
#include "web/people.h"
#include "web/post_view.h"
#include "web/web.h"

#define PEOPLE_SHOWN 8
#define TAGS_SHOWN 10
#define TREND_POSTS 5
#define TREND_LINKS 5
#define SUGGESTED 5

static const struct {
	struct view title, field, go, how, people, tags, posts, nobody, nothing, trends, trends_none, suggested,
		suggested_none, talked, links, directory, all_people;
	struct noun uses;
} words = {
	.title = N_("Search"),
	.field = N_("Words, a name, or #tag"),
	.go = N_("Search"),
	.how = N_("How to narrow it down"),
	.people = N_("People"),
	.tags = N_("Hashtags"),
	.posts = N_("Posts"),
	.nobody = N_("Nobody of that name."),
	.nothing = N_("Nothing was found."),
	.trends = N_("Talked about"),
	.trends_none = N_("Nothing is talked about more than usual."),
	.suggested = N_("People you may like"),
	.suggested_none = N_("Nobody to suggest yet."),
	.directory = N_("Everybody here who wants to be found"),
	.all_people = N_("More people"),
	.talked = N_("Posts people like"),
	.links = N_("Pages people link to"),
	.uses = {N_("post this week"), N_("posts this week")},
};

static const struct {
	const char *example;
	struct view meaning;
} operators[] = {
	{"from:budi  from:me", N_("posts of one account, or your own")},
	{"has:media  has:poll  has:link  has:embed",
	 N_("posts with pictures or other media, a poll, a link, a film from elsewhere")},
	{"is:reply  is:sensitive", N_("replies, or posts behind a warning")},
	{"language:id", N_("posts in that language")},
	{"in:library", N_("what you wrote, liked, boosted or bookmarked, or are named in")},
	{"\"good morning\"", N_("these words, one behind the other")},
	{"before:2026-05-06  after:2026-01-01  during:2026-03-01", N_("posts of that time, by days in UTC")},
	{"-from:budi  -has:poll", N_("all but those; operators need no words beside them")},
};

static void draw_how(struct call *c, struct html *h)
{
	html_tag(h, "details", A("class", V("hint")));
	html_elem(h, "summary", page_say(c, words.how));
	html_tag(h, "dl", A("class", V("fields")));
	for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
		html_open(h, "div");
		html_open(h, "dt");
		html_elem(h, "code", view_of(operators[i].example));
		html_close(h, "dt");
		html_elem(h, "dd", page_say(c, operators[i].meaning));
		html_close(h, "div");
	}
	html_close(h, "dl");
	html_close(h, "details");
}

static void draw_form(struct call *c, struct html *h, struct view text)
{
	html_tag(h, "form", A("action", V("/search")), A("role", V("search")), A("class", V("searching")));
	html_tag(h, "input", A("type", V("search")), A("name", V("q")), A("value", text),
		 A("aria-label", page_say(c, words.field)), A("placeholder", page_say(c, words.field)));
	html_attr_int(h, "maxlength", LIMIT_QUERY_BYTES);
	html_elem(h, "button", page_say(c, words.go), A("class", V("main")));
	html_close(h, "form");
	draw_how(c, h);
}

static int64_t uses_of(const struct tag_use days[TAG_DAYS])
{
	int64_t uses = 0;

	for (size_t i = 0; i < TAG_DAYS; i++)
		uses += days[i].uses;
	return uses;
}

static void draw_tag(struct call *c, struct html *h, const struct tag *tag)
{
	struct view name = tag->display.len ? tag->display : tag->name;

	html_open(h, "li");
	html_elem(h, "a", arena_printf(c->arena, "#%.*s", VIEW_ARG(name)),
		  A("href", arena_printf(c->arena, "/tags/%.*s", VIEW_ARG(tag->name))), A("dir", V("auto")));
	html_text(h, V(" "));
	html_tag(h, "span", A("class", V("hint")));
	draw_counted(c, h, uses_of(tag->days), &words.uses);
	html_close(h, "span");
	html_close(h, "li");
}

static enum err draw_found_tags(struct call *c, struct html *h, const struct search_result *found)
{
	struct tag tag;

	if (!found->n_tags)
		return OK;
	html_elem(h, "h2", page_say(c, words.tags));
	html_tag(h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < found->n_tags && i < TAGS_SHOWN; i++)
		if (tag_load(c->db, c->arena, found->tags[i], &tag) == OK)
			draw_tag(c, h, &tag);
	html_close(h, "ul");
	return OK;
}

/* "q=…&" */
static struct view query_of(struct call *c, struct view text)
{
	struct buf CLEANUP(buf_release) to = {.max = 4 * LIMIT_QUERY_BYTES};

	url_add_param(&to, 0, V("q"), text);
	buf_add_c(&to, '&');
	return buf_err(&to) == OK ? arena_view(c->arena, view_sub(buf_view(&to), 1, to.len)) : V("");
}

static enum err draw_found_people(struct call *c, struct html *h, const struct search_result *found, struct view text)
{
	size_t n = found->n_accounts > PEOPLE_SHOWN ? PEOPLE_SHOWN : found->n_accounts;

	html_elem(h, "h2", page_say(c, words.people));
	TRY(draw_people(c, h, found->accounts, n, words.nobody));
	if (n == found->n_accounts)
		return OK;
	html_open(h, "p");
	html_elem(h, "a", page_say(c, words.all_people),
		  A("href", arena_printf(c->arena, "/search?%.*speople=1", VIEW_ARG(query_of(c, text)))));
	html_close(h, "p");
	return OK;
}

static enum err draw_results(struct call *c, struct html *h, struct view text)
{
	struct page page = feed_page(c);
	bool first = !page.max_id && !page.min_id, people_only = arg_bool(c, "people");
	struct search_query q = {.text = text,
				 .viewer = c->viewer,
				 .accounts = first,
				 .posts = !people_only,
				 .tags = first && !people_only,
				 .resolve = true,
				 .max_id = page.max_id,
				 .min_id = page.min_id,
				 .limit = people_only ? LIMIT_PAGE_SEARCH : FEED_POSTS};
	struct search_result found;

	TRY(search(c->core, c->db, c->arena, &q, &found));
	if (people_only)
		return draw_people(c, h, found.accounts, found.n_accounts, words.nobody);
	if (first && found.n_accounts)
		TRY(draw_found_people(c, h, &found, text));
	if (first)
		TRY(draw_found_tags(c, h, &found));
	html_elem(h, "h2", page_say(c, words.posts));
	return draw_feed(c, h,
			 &(struct feed){.ids = found.posts,
					.n = found.n_posts,
					.page = page,
					.context = FILTER_PUBLIC,
					.query = query_of(c, text),
					.empty = page_say(c, words.nothing)});
}

/* ---- before anything is typed ---- */

static void draw_trending_tags(struct call *c, struct html *h)
{
	struct trend *list = ARENA_ARRAY(c->arena, TAGS_SHOWN, struct trend);
	size_t n = 0;

	trends_get(c->core, c->arena, TREND_TAG, false, TAGS_SHOWN, 0, list, &n);
	html_elem(h, "h2", page_say(c, words.trends));
	if (!n)
		html_elem(h, "p", page_say(c, words.trends_none), A("class", V("hint")));
	else
		html_tag(h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < n; i++)
		draw_tag(c, h, &list[i].tag);
	if (n)
		html_close(h, "ul");
}

static enum err draw_trending_posts(struct call *c, struct html *h)
{
	struct trend list[TREND_POSTS];
	struct post_id ids[TREND_POSTS];
	struct shown_post posts[TREND_POSTS];
	size_t n = 0, shown = 0;

	trends_get(c->core, c->arena, TREND_POST, false, TREND_POSTS, 0, list, &n);
	for (size_t i = 0; i < n; i++)
		ids[i].v = list[i].id;
	TRY(shown_load(c, ids, n, found_by, FILTER_PUBLIC, posts, &shown));
	if (!shown)
		return OK;
	html_elem(h, "h2", page_say(c, words.talked));
	html_tag(h, "div", A("class", V("feed")));
	for (size_t i = 0; i < shown; i++)
		draw_post(c, h, &posts[i], PLACE_LIST);
	html_close(h, "div");
	return OK;
}

static enum err draw_trending_links(struct call *c, struct html *h)
{
	struct trend list[TREND_LINKS];
	struct preview card;
	size_t n = 0, shown = 0;

	trends_get(c->core, c->arena, TREND_LINK, false, TREND_LINKS, 0, list, &n);
	for (size_t i = 0; i < n; i++) {
		enum err err = preview_load(c->db, c->arena, list[i].id, &card);

		if (err == ERR_NOT_FOUND)
			continue;
		TRY(err);
		if (!shown++) {
			html_elem(h, "h2", page_say(c, words.links));
			html_tag(h, "ul", A("class", V("rows links")));
		}
		html_open(h, "li");
		draw_link_card(c, h, &card, false);
		html_tag(h, "p", A("class", V("hint")));
		draw_counted(c, h, uses_of(list[i].days), &words.uses);
		html_close(h, "p");
		html_close(h, "li");
	}
	if (shown)
		html_close(h, "ul");
	return OK;
}

static enum err draw_explore(struct call *c, struct html *h)
{
	struct account_id ids[SUGGESTED];
	size_t n = 0;

	TRY(graph_suggestions(c->db, c->auth.account, SUGGESTED, ids, &n));
	html_elem(h, "h2", page_say(c, words.suggested));
	TRY(draw_suggested(c, h, ids, n, words.suggested_none));
	html_open(h, "p");
	html_elem(h, "a", page_say(c, words.directory), A("href", V("/directory")));
	html_close(h, "p");
	draw_trending_tags(c, h);
	TRY(draw_trending_links(c, h));
	return draw_trending_posts(c, h);
}

static enum err show(struct call *c)
{
	struct view text = view_trim(arg_str(c, "q"));
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .app = true};

	if (!c->auth.session_id)
		return login_ask(c);
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_form(c, &h, text);
	TRY(text.len ? draw_results(c, &h, text) : draw_explore(c, &h));
	return page_end(c, &h);
}

const struct endpoint web_search[] = {
	{PAGE_ROW("/search", show),
	 .params = PARAMS(
		 {.name = "q", .max = LIMIT_QUERY_BYTES, .doc = "What to look for, with the operators of the API."},
		 {.name = "people", .type = PARAM_BOOL, .doc = "People alone, and more of them."}, FEED_PARAMS),
	 .doc = "Finds people, hashtags and posts; without words: what is talked about, and whom to follow."},
	ENDPOINTS_END,
};

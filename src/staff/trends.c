/*
 * trends.c - what is talked about, also what nobody has looked at yet; and hashtags, with what may be done with them.
 */
#include "base/base.h"

#include "core/post.h"
#include "core/accounts.h"
#include "core/preview_sites.h"
#include "core/previews.h"
#include "core/roles.h"
#include "core/tag_rules.h"
#include "core/trends.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"
#include "web/account_view.h"

static const struct view review_words[] = {
	[TREND_NOT_REVIEWED] = N_("nobody has looked"),
	[TREND_APPROVED] = N_("shown"),
	[TREND_REJECTED] = N_("not shown"),
};

enum {
	TAGS,
	TAG_APPROVE,
	TAG_REJECT,
	POSTS,
	POST_APPROVE,
	POST_REJECT,
	LINKS,
	LINK_APPROVE,
	LINK_REJECT,
	SITES,
	SITE_APPROVE,
	SITE_REJECT,
	ALL_TAGS,
	TAG_CHANGE
};

/* ---- what is a trend now ---- */

static const struct column tag_columns[] = {
	{"name", N_("Hashtag"), CELL_TEXT},
	{"uses", N_("Uses today"), CELL_NUMBER},
	{"people", N_("People today"), CELL_NUMBER},
	{"score", N_("Score"), CELL_NUMBER},
	{"review", N_("State"), CELL_WORDS},
	{0},
};
static const struct column post_columns[] = {
	{"author", N_("Who"), CELL_TEXT},	{"text", N_("Words"), CELL_TEXT},	   {"favourites", N_("Favourites"), CELL_NUMBER},
	{"boosts", N_("Boosts"), CELL_NUMBER}, {"score", N_("Score"), CELL_NUMBER}, {"review", N_("State"), CELL_WORDS},
	{0},
};
static const struct column link_columns[] = {
	{"title", N_("Page"), CELL_TEXT},     {"site", N_("Site"), CELL_TEXT},	   {"uses", N_("Uses today"), CELL_NUMBER},
	{"people", N_("People today"), CELL_NUMBER}, {"score", N_("Score"), CELL_NUMBER}, {"review", N_("State"), CELL_WORDS},
	{0},
};

/* ERR_NOT_FOUND: it is gone since the trends were computed. */
static enum err fill_tag(struct call *c, const struct trend *t, struct cell *cells)
{
	cells[0] = (struct cell){.text = t->tag.display,
				 .path = arena_printf(c->arena, "/tags/%.*s", VIEW_ARG(t->tag.name))};
	cells[1] = NUMBER_CELL(t->tag.days[0].uses);
	cells[2] = NUMBER_CELL(t->tag.days[0].accounts);
	cells[3] = NUMBER_CELL((int64_t)t->score);
	cells[4] = TEXT_CELL(review_words[t->review]);
	return OK;
}

static enum err fill_post(struct call *c, const struct trend *t, struct cell *cells)
{
	struct account author;
	struct post post;

	TRY(post_load(c->core, c->db, c->arena, (struct post_id){t->id}, &post));
	TRY(account_load(c->db, c->arena, post.meta.author, &author));
	cells[0] = account_cell(c, author.id);
	cells[1] = (struct cell){
		.text = post.text,
		.path = arena_printf(c->arena, "%.*s/%" PRId64, VIEW_ARG(account_path(c, &author)), t->id)};
	cells[2] = NUMBER_CELL(post.favourites);
	cells[3] = NUMBER_CELL(post.boosts);
	cells[4] = NUMBER_CELL((int64_t)t->score);
	cells[5] = TEXT_CELL(review_words[t->review]);
	return OK;
}

static enum err fill_link(struct call *c, const struct trend *t, struct cell *cells)
{
	struct preview card;

	TRY(preview_load(c->db, c->arena, t->id, &card));
	cells[0] = (struct cell){.text = card.title.len ? card.title : card.url, .path = card.url};
	cells[1] = TEXT_CELL(card.provider_name);
	cells[2] = NUMBER_CELL(t->days[0].uses);
	cells[3] = NUMBER_CELL(t->days[0].accounts);
	cells[4] = NUMBER_CELL((int64_t)t->score);
	cells[5] = TEXT_CELL(review_words[t->review]);
	return OK;
}

static enum err load(struct call *c, enum trend_kind kind, struct table_rows *rows,
		     enum err (*fill)(struct call *c, const struct trend *t, struct cell *cells))
{
	struct trend *list = ARENA_ARRAY(c->arena, TRENDS_MAX, struct trend);
	size_t n;

	trends_get(c->core, c->arena, kind, true, TRENDS_MAX, 0, list, &n);
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);
		enum err err = fill(c, &list[i], row->cells);

		row->acts = ~0u;
		if (err == ERR_NOT_FOUND)
			rows->n--;
		else
			TRY(err);
	}
	return OK;
}

static enum err load_tags(struct call *c, const struct page *page, struct table_rows *rows)
{
	(void)page;
	return load(c, TREND_TAG, rows, fill_tag);
}

static enum err load_posts(struct call *c, const struct page *page, struct table_rows *rows)
{
	(void)page;
	return load(c, TREND_POST, rows, fill_post);
}

static enum err load_links(struct call *c, const struct page *page, struct table_rows *rows)
{
	(void)page;
	return load(c, TREND_LINK, rows, fill_link);
}

/* ---- sites ---- */

static const struct column site_columns[] = {
	{"domain", N_("Site"), CELL_TEXT},
	{"review", N_("State"), CELL_WORDS},
	{"reviewed_at", N_("When"), CELL_TIME},
	{0},
};

static enum err load_sites(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct preview_site *list = ARENA_ARRAY(c->arena, page->limit, struct preview_site);
	size_t n = 0;

	TRY(preview_sites_page(c->db, c->arena, page, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);

		row->acts = ~0u;
		row->cells[0] = TEXT_CELL(list[i].domain);
		row->cells[1] = TEXT_CELL(review_words[list[i].review]);
		row->cells[2] = NUMBER_CELL(list[i].reviewed_at);
	}
	return OK;
}

/* ---- looking at one ---- */

static enum err has_tag(struct call *c, int64_t id)
{
	struct tag_rules rules;

	return tag_rules_load(c->db, c->arena, id, &rules);
}

static enum err has_post(struct call *c, int64_t id)
{
	struct post_meta meta;

	return post_load_meta(c->core, c->db, c->arena, (struct post_id){id}, &meta);
}

static enum err has_link(struct call *c, int64_t id)
{
	struct preview card;

	return preview_load(c->db, c->arena, id, &card);
}

static enum err has_site(struct call *c, int64_t id)
{
	struct preview_site site;

	return preview_site_load(c->db, c->arena, id, &site);
}

static enum err review(struct call *c, enum trend_kind kind, bool allowed)
{
	static enum err (*const has[])(struct call * c, int64_t id) = {
		[TREND_TAG] = has_tag, [TREND_POST] = has_post, [TREND_LINK] = has_link, [TREND_SITE] = has_site};
	int64_t id = kind == TREND_POST ? arg_post(c, "id").v : arg_id(c, "id");

	TRY(has[kind](c, id));
	return trend_review(c->core, kind, id, allowed);
}

#define REVIEW(name, kind)                                                                                             \
	static enum err approve_##name(struct call *c) { return review(c, kind, true); }                               \
	static enum err reject_##name(struct call *c) { return review(c, kind, false); }
REVIEW(tag, TREND_TAG)
REVIEW(post, TREND_POST)
REVIEW(link, TREND_LINK)
REVIEW(site, TREND_SITE)

/* ---- hashtags ---- */

static const struct column rule_columns[] = {
	{"name", N_("Hashtag"), CELL_TEXT},
	{"usable", N_("Posts may have it"), CELL_WORDS},
	{"listable", N_("It is found"), CELL_WORDS},
	{"review", N_("As a trend"), CELL_WORDS},
	{0},
};

static enum err load_all_tags(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct tag_rules *list = ARENA_ARRAY(c->arena, page->limit, struct tag_rules);
	size_t n = 0;

	TRY(tag_rules_page(c->db, c->arena, page, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);
		enum trend_review review;

		TRY(trend_review_load(c->db, TREND_TAG, list[i].id, &review));
		row->cells[0] = (struct cell){.text = list[i].name,
					      .path = arena_printf(c->arena, "/admin/tags/%" PRId64, list[i].id)};
		row->cells[1] = flag_cell(list[i].usable);
		row->cells[2] = flag_cell(list[i].listable);
		row->cells[3] = TEXT_CELL(review_words[review]);
	}
	return OK;
}

static enum err change_tag(struct call *c)
{
	const struct tag_rules_change change = {.has_usable = true,
						.usable = arg_bool(c, "usable"),
						.has_listable = true,
						.listable = arg_bool(c, "listable"),
						.display = arg_str(c, "display_name")};

	return tag_rules_change(c->core, c->db, c->arena, arg_id(c, "id"), &change, &c->problem);
}

static const struct staff_field tag_fields[] = {
	{.name = "display_name",
	 .words = N_("How it is written"),
	 .hint = N_("Other capitals or accents of the same hashtag. Empty: as it was.")},
	{.name = "usable", .words = N_("Posts may have it")},
	{.name = "listable", .words = N_("It is found")},
	{0},
};

#define MAY PERMISSION_MANAGE_TAXONOMIES
#define LIST(at, words) STAFF_GET(at, MAY), .params = PARAMS(TABLE_PARAMS), .doc = words
#define DECIDE(at, id, words) STAFF_POST(at, MAY), .params = PARAMS(id, STAFF_BACK), .doc = words
#define POST_ID {.name = "id", .type = PARAM_POST, .required = true, .doc = "The post."}

const struct endpoint staff_trends[] = {
	[TAGS] = {LIST("/admin/trends/tags", "Hashtags that more people use than usual.")},
	[TAG_APPROVE] = {DECIDE("/admin/trends/tags/:id/approve", STAFF_ID("The hashtag."), "Shows a hashtag as a trend.")},
	[TAG_REJECT] = {DECIDE("/admin/trends/tags/:id/reject", STAFF_ID("The hashtag."), "Shows it to nobody as a trend.")},
	[POSTS] = {LIST("/admin/trends/posts", "Posts that many people like now.")},
	[POST_APPROVE] = {DECIDE("/admin/trends/posts/:id/approve", POST_ID, "Shows a post as a trend.")},
	[POST_REJECT] = {DECIDE("/admin/trends/posts/:id/reject", POST_ID, "Shows it to nobody as a trend.")},
	[LINKS] = {LIST("/admin/trends/links", "Pages that many people link to now.")},
	[LINK_APPROVE] = {DECIDE("/admin/trends/links/:id/approve", STAFF_ID("The link's card."), "Shows a link as a trend.")},
	[LINK_REJECT] = {DECIDE("/admin/trends/links/:id/reject", STAFF_ID("The link's card."), "Shows it to nobody as a trend.")},
	[SITES] = {LIST("/admin/trends/sites", "Sites that posts have linked to.")},
	[SITE_APPROVE] = {DECIDE("/admin/trends/sites/:id/approve", STAFF_ID("The site."), "Its links may be trends.")},
	[SITE_REJECT] = {DECIDE("/admin/trends/sites/:id/reject", STAFF_ID("The site."), "Its links are no trends.")},
	[ALL_TAGS] = {LIST("/admin/tags", "Hashtags of public posts.")},
	[TAG_CHANGE] = {STAFF_POST("/admin/tags/:id", MAY),
			.params = PARAMS(STAFF_ID("The hashtag."), {.name = "display_name", .max = 400, .doc = "How it is written."},
					 {.name = "usable", .type = PARAM_BOOL, .doc = "Whether posts may have it."},
					 {.name = "listable", .type = PARAM_BOOL, .doc = "Whether it is found by searching."}, STAFF_BACK),
			.doc = "Says what may be done with a hashtag."},
	ENDPOINTS_END,
};
const struct endpoint staff_tag[] = {
	{STAFF_GET("/admin/tags/:id", MAY), .params = PARAMS(STAFF_ID("The hashtag.")), .doc = "One hashtag."},
	ENDPOINTS_END,
};

#define REVIEW_ACTS(name, yes, no)                                                                                     \
	static const struct staff_act name##_acts[] = {                                                                \
		{.row = &staff_trends[yes], .run = approve_##name, .words = N_("May be a trend")},                     \
		{.row = &staff_trends[no], .run = reject_##name, .words = N_("No trend")},                             \
		{0},                                                                                                   \
	}
REVIEW_ACTS(tag, TAG_APPROVE, TAG_REJECT);
REVIEW_ACTS(post, POST_APPROVE, POST_REJECT);
REVIEW_ACTS(link, LINK_APPROVE, LINK_REJECT);
REVIEW_ACTS(site, SITE_APPROVE, SITE_REJECT);

static const struct staff_act change_acts[] = {
	{.row = &staff_trends[TAG_CHANGE],
	 .run = change_tag,
	 .words = N_("Save"),
	 .title = N_("What may be done with it"),
	 .place = ACT_DRAWN,
	 .fields = tag_fields},
	{0},
};

static enum err draw_tag(struct call *c, struct html *h)
{
	struct tag_rules rules;

	TRY(tag_rules_load(c->db, c->arena, arg_id(c, "id"), &rules));
	html_tag(h, "p", A("class", V("lead")));
	html_elem(h, "a", arena_printf(c->arena, "#%.*s", VIEW_ARG(rules.name)),
		  A("href", arena_printf(c->arena, "/tags/%.*s", VIEW_ARG(rules.name))));
	html_close(h, "p");
	const struct view values[] = {V(""), rules.usable ? V("1") : V(""), rules.listable ? V("1") : V("")};
	staff_act_draw(c, h, &change_acts[0], &(struct table_row){.id = rules.id}, V(""), values);
	return OK;
}

#define NOTHING N_("Nothing is talked about more than usual.")
static const struct table tags = {.columns = tag_columns, .load = load_tags, .whole = true, .none = NOTHING};
static const struct table posts = {.columns = post_columns, .load = load_posts, .whole = true, .none = NOTHING};
static const struct table links = {.columns = link_columns, .load = load_links, .whole = true, .none = NOTHING};
static const struct table sites = {.columns = site_columns, .load = load_sites};
static const struct table all_tags = {.columns = rule_columns, .load = load_all_tags};

#define LEAD N_("Also what nobody has looked at yet, and nobody is shown.")
const struct staff_page page_trend_tags = {.row = &staff_trends[TAGS],
					   .title = N_("Hashtags in trends"),
					   .lead = LEAD,
					   .section = SECTION_TRENDS,
					   .table = &tags,
					   .acts = tag_acts};
const struct staff_page page_trend_posts = {.row = &staff_trends[POSTS],
					    .title = N_("Posts"),
					    .lead = LEAD,
					    .section = SECTION_TRENDS,
					    .table = &posts,
					    .acts = post_acts};
const struct staff_page page_trend_links = {.row = &staff_trends[LINKS],
					    .title = N_("Links"),
					    .lead = LEAD,
					    .section = SECTION_TRENDS,
					    .table = &links,
					    .acts = link_acts};
const struct staff_page page_trend_sites = {
	.row = &staff_trends[SITES],
	.title = N_("Sites"),
	.lead = N_("Sites that posts have linked to, and whether their links may be trends."),
	.section = SECTION_TRENDS,
	.table = &sites,
	.acts = site_acts};
const struct staff_page page_tags = {
	.row = &staff_trends[ALL_TAGS], .title = N_("All hashtags"), .section = SECTION_TRENDS, .table = &all_tags};
const struct staff_page page_tag = {.row = &staff_tag[0],
				    .title = N_("Hashtag"),
				    .section = SECTION_TRENDS,
				    .of = &page_tags,
				    .draw = draw_tag,
				    .acts = change_acts};

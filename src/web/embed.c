/*
 * embed.c - a post for other sites: by itself, for their frames, and as text, for their servers. Everybody is shown the
 * same; nobody is logged in inside a frame, and what is pressed there opens outside of it. How sites get there is
 * embed_code.c's.
 */
#include "base/base.h"

#include "base/secret.h"
#include "web/account_view.h"
#include "web/embed.h"
#include "web/figures.h"
#include "web/kept.h"
#include "web/post_view.h"
#include "web/thread.h"
#include "web/web.h"

#define ETAG_BYTES 8

static const struct {
	struct view thread, picture, votes, quoted;
} words = {
	.thread = N_("Read the conversation"),
	.picture = N_("Picture or file: %s"),
	.votes = N_("%s: %s of %s"),
	.quoted = N_("A post it quotes"),
};

enum err embed_load(struct call *c, struct shown_post *ret)
{
	struct post_id id = arg_post(c, "id");
	struct account named;
	struct shown_post s;
	size_t n = 0;

	TRY(find_account(c, &named));
	TRY(shown_load(c, &id, 1, visible_to, 0, &s, &n));
	if (!n || s.booster || !account_eq(named.id, s.author->id) || !embeddable(&s.post))
		return ERR_NOT_FOUND;
	*ret = s;
	return OK;
}

bool embeddable(const struct post *p)
{
	return p->meta.local && visible_to(viewer_nobody(), &p->meta);
}

static const char *const asked[] = {"once", "always", "refused", NULL}; /* enum embed_asked */

static enum err show_embed(struct call *c)
{
	struct shown_post s;

	kept_begin(c);
	TRY(embed_load(c, &s));
	enum embed_asked how = (enum embed_asked)arg_choice(c, "asked");
	struct page_head head = {.title = account_shown_name(s.author),
				 .noindex = true,
				 .bare = true,
				 .script = "frame.js",
				 .asks = how == EMBED_ALWAYS};
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title, A("class", V("unseen")));
	draw_post(c, &h, &s, PLACE_FOCUS);
	html_tag(&h, "p", A("class", V("hint")));
	if (s.post.replies || s.post.meta.reply_to.v)
		html_elem(&h, "a", page_say(c, words.thread), A("href", s.post.url));
	html_elem(&h, "a", view_of(c->core->config.title), A("href", s.post.url));
	html_close(&h, "p");
	embed_draw_answer(c, &h, how);
	return page_end(c, &h);
}

/* ---- as text ---- */

static void snapshot_media(struct call *c, struct html *h, const struct post *p)
{
	for (size_t i = 0; i < p->n_media; i++)
		if (p->media[i].description.len)
			html_elem(h, "p", PAGE_SAY_WITH(c, words.picture, p->media[i].description),
				  A("dir", V("auto")));
}

static void snapshot_poll(struct call *c, struct html *h, const struct post_poll *poll)
{
	if (!poll)
		return;
	html_open(h, "ul");
	for (size_t i = 0; i < poll->n_options; i++) {
		struct view votes = arena_printf(c->arena, "%" PRId64, poll->options[i].votes);
		struct view all = arena_printf(c->arena, "%" PRId64, poll->voters);

		html_elem(h, "li",
			  poll->hide_totals ? poll->options[i].title
					    : PAGE_SAY_WITH(c, words.votes, poll->options[i].title, votes, all),
			  A("dir", V("auto")));
	}
	html_close(h, "ul");
}

static void snapshot_body(struct call *c, struct html *h, const struct shown_post *s)
{
	const struct post *p = &s->post;

	if (p->spoiler.len) {
		html_open(h, "details");
		html_elem(h, "summary", p->spoiler, A("dir", V("auto")));
	}
	html_tag(h, "div", A("dir", V("auto")));
	if (p->language.len)
		html_attr(h, "lang", p->language);
	html_safe(h, html_trust_stored(p->html));
	html_close(h, "div");
	snapshot_media(c, h, p);
	snapshot_poll(c, h, p->poll);
	if (s->quoted) {
		html_open(h, "p");
		html_elem(h, "a", page_say(c, words.quoted), A("href", s->quoted->post.url));
		html_close(h, "p");
	}
	if (p->spoiler.len)
		html_close(h, "details");
}

/* Nothing in it is loaded from anywhere: no picture, no script, no style. */
enum err embed_snapshot(struct call *c, const struct shown_post *s, struct buf *out)
{
	struct html h = html_to(out);

	html_tag(&h, "blockquote", A("class", V("kicau-snapshot")), A("cite", s->post.url));
	snapshot_body(c, &h, s);
	html_open(&h, "footer");
	html_tag(&h, "a", A("href", s->author->url));
	html_elem(&h, "bdi", account_shown_name(s->author));
	html_text(&h, V(" ("));
	html_text(&h, account_handle_full(c, s->author));
	html_text(&h, V(")"));
	html_close(&h, "a");
	html_text(&h, V(", "));
	html_tag(&h, "a", A("href", s->post.url));
	draw_time_full(c, &h, s->post.created_at);
	html_close(&h, "a");
	html_close(&h, "footer");
	html_close(&h, "blockquote");
	return html_done(&h);
}

/* A server that asks again now and then sees what was changed or deleted, and is not sent what it has. */
static enum err show_snapshot(struct call *c)
{
	struct shown_post s;
	char hex[HEX_LEN(ETAG_BYTES) + 1];

	TRY(embed_load(c, &s));
	TRY(embed_snapshot(c, &s, &c->out));
	struct digest d = digest_sha256(buf_view(&c->out));
	hex_encode(d.b, ETAG_BYTES, hex);
	struct view etag = arena_printf(c->arena, "\"%s\"", hex);
	call_header(c, "ETag", etag);
	call_header(c, "Cache-Control", V("public, max-age=300"));
	call_header(c, "Vary", V("Accept-Language"));
	if (view_eq(http_header(c->x, "If-None-Match"), etag)) {
		c->status = 304;
		buf_clear(&c->out);
	}
	return OK;
}

#define POST_PARAMS {.name = "name", .doc = "User name."}, {.name = "id", .type = PARAM_POST, .doc = "The post."}
#define LANG_PARAM {.name = "lang", .doc = "Language of the words around it: en, id."}

const struct endpoint web_embed[] = {
	{.method = HTTP_GET, .path = "/@:name/:id/embed", .handle = show_embed, .auth = AUTH_NONE, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_HTML, .framed = true, .kept = kept_answer, .missing = post_missing, .reply = "Page",
	 .params = PARAMS(POST_PARAMS, LANG_PARAM, {.name = "theme", .doc = "dark or light; else as the system says."},
			  {.name = "asked", .type = PARAM_CHOICE, .choices = asked, .doc = "How its reader came to see it."}),
	 .doc = "A post by itself, which other sites may show in a frame."},
	{.method = HTTP_GET, .path = "/@:name/:id/snapshot", .handle = show_snapshot, .missing = post_missing,
	 .auth = AUTH_NONE, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS(POST_PARAMS, LANG_PARAM),
	 .doc = "The text of a post as a piece of HTML, for the servers of other sites: nothing in it is loaded from anywhere."},
	ENDPOINTS_END,
};

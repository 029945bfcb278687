/*
 * embed_code.c - what to copy into a page of one's own to show a post there. docs/embed.md says the same to publishers.
 */
#include "base/base.h"

#include "base/embedded.h"
#include "present/embed.h"
#include "web/account_view.h"
#include "web/embed.h"
#include "web/figures.h"
#include "web/post_view.h"
#include "web/thread.h"
#include "web/web.h"

#define CODE_BYTES (64 * 1024)
#define WIDTH 550

static const struct {
	struct view title, lead, to_post, shown, shown_hint, copy, copied, wrote, get_script;
	struct {
		struct view name, hint;
	} whole, beside, frame, asking, text;
} words = {
	.title = N_("Show this post on another site"),
	.lead = N_("Readers are asked first: before they agree, nothing is loaded from here and nothing is stored."),
	.to_post = N_("To the post"),
	.shown = N_("What readers see"),
	.shown_hint = N_("Try it: this is the code itself."),
	.copy = N_("Copy"),
	.copied = N_("Copied"),
	.wrote = N_("%s on %s"),
	.get_script = N_("Download embed.js"),
	.whole = {N_("The code"), N_("Paste it into the page where the post is to be.")},
	.beside =
		{N_("With the script on your own site"),
		 N_("For sites with many posts, or a strict policy. Put embed.js among your own files, and change the "
		    "address in the last line. A page needs that line once.")},
	.frame = {N_("Without a script"), N_("One frame. It asks as well, but each time, and its height is fixed.")},
	.asking = {N_("Without a script, with a memory"),
		   N_("A frame whose question comes from this server, so it is asked for before your reader agrees: "
		      "without a "
		      "cookie, and without the post. “Always for this site” is then remembered for your site, in a "
		      "cookie that is set when it is chosen.")},
	.text = {N_("The text alone"), N_("A copy of the words, without pictures: your readers ask nothing of this "
					  "server at all. Your server can "
					  "fetch the newest version from %s.")},
};

struct code {
	struct call *c;
	const struct shown_post *s;
	struct embed e;
	struct buf out;
};

static enum err write_quote(struct code *code)
{
	struct call *c = code->c;
	const struct shown_post *s = code->s;
	struct html h = html_to(&code->out);
	struct view by = embed_author(&code->e, c->arena);

	html_tag(&h, "blockquote", A("class", V("kicau-embed")), A("cite", s->post.url), A("data-by", by),
		 A("data-has", embed_part_names(&code->e, c->arena)));
	html_attr_int(&h, "data-height", embed_height(&s->post, WIDTH));
	html_open(&h, "a");
	html_attr(&h, "href", s->post.url);
	html_text(&h, PAGE_SAY_WITH(c, words.wrote, by, view_of(c->core->config.domain)));
	html_close(&h, "a");
	html_text(&h, V(", "));
	draw_time_full(c, &h, s->post.created_at);
	html_close(&h, "blockquote");
	return html_done(&h);
}

static struct view script(void)
{
	for (const struct embedded *e = embedded_assets; e->name; e++)
		if (strcmp(e->name, "embed.js") == 0)
			return view_make((const char *)e->data, e->len);
	BUG("no embed.js");
}

/* The script as it is pasted: without the lines of its comments, and not indented. */
static void add_script(struct buf *out)
{
	struct view rest = script();

	while (rest.len) {
		size_t end = view_find(rest, 0, '\n');
		struct view line = view_trim(view_sub(rest, 0, end));

		rest = view_sub(rest, end + 1, rest.len);
		if (!line.len || view_starts(line, V("//")))
			continue;
		buf_add(out, line);
		buf_add_c(out, '\n');
	}
}

static enum err write_whole(struct code *code)
{
	TRY(write_quote(code));
	buf_add(&code->out, V("\n<script>\n"));
	add_script(&code->out);
	buf_add(&code->out, V("</script>\n"));
	return buf_err(&code->out);
}

static enum err write_beside(struct code *code)
{
	TRY(write_quote(code));
	buf_add(&code->out, V("\n<script async src=\"/embed.js\"></script>\n"));
	return buf_err(&code->out);
}

static enum err write_frame(struct code *code)
{
	struct view html;

	TRY(embed_frame(&code->e, WIDTH, embed_height(&code->s->post, WIDTH), code->c->arena, &html));
	buf_add(&code->out, html);
	return buf_err(&code->out);
}

static enum err write_asking(struct code *code)
{
	struct view html;

	TRY(embed_frame_of(&code->e, "/embed/ask", WIDTH, embed_height(&code->s->post, WIDTH), code->c->arena, &html));
	buf_add(&code->out, html);
	return buf_err(&code->out);
}

static enum err write_text(struct code *code)
{
	return embed_snapshot(code->c, code->s, &code->out);
}

static enum err draw_code(struct html *h, struct code *code, struct view name, struct view hint,
			  enum err (*write)(struct code *code))
{
	struct call *c = code->c;

	buf_clear(&code->out);
	TRY(write(code));
	html_open(h, "section");
	html_elem(h, "h2", name);
	html_elem(h, "p", hint, A("class", V("hint")));
	html_tag(h, "textarea", A("class", V("code")), A("rows", V("5")), A("aria-label", name),
		 A("spellcheck", V("false")), A("data-copy", page_say(c, words.copy)),
		 A("data-copied", page_say(c, words.copied)));
	html_flag(h, "readonly", true);
	html_text(h, buf_view(&code->out));
	html_close(h, "textarea");
	html_close(h, "section");
	return OK;
}

static enum err draw_shown(struct html *h, struct code *code)
{
	struct call *c = code->c;

	buf_clear(&code->out);
	TRY(write_quote(code));
	html_open(h, "section");
	html_elem(h, "h2", page_say(c, words.shown));
	html_elem(h, "p", page_say(c, words.shown_hint), A("class", V("hint")));
	html_safe(h, html_trust_stored(buf_view(&code->out)));
	html_close(h, "section");
	return OK;
}

static enum err draw_codes(struct html *h, struct code *code)
{
	struct call *c = code->c;
	struct view url = arena_printf(c->arena, "%.*s/snapshot", VIEW_ARG(code->s->post.url));

	TRY(draw_code(h, code, page_say(c, words.whole.name), page_say(c, words.whole.hint), write_whole));
	TRY(draw_shown(h, code));
	TRY(draw_code(h, code, page_say(c, words.beside.name), page_say(c, words.beside.hint), write_beside));
	html_open(h, "p");
	html_tag(h, "a", A("href", page_asset("embed.js")), A("download", V("embed.js")));
	html_text(h, page_say(c, words.get_script));
	html_close(h, "a");
	html_close(h, "p");
	TRY(draw_code(h, code, page_say(c, words.frame.name), page_say(c, words.frame.hint), write_frame));
	if (embed_remembers(c))
		TRY(draw_code(h, code, page_say(c, words.asking.name), page_say(c, words.asking.hint), write_asking));
	return draw_code(h, code, page_say(c, words.text.name), PAGE_SAY_WITH(c, words.text.hint, url), write_text);
}

static enum err show(struct call *c)
{
	struct page_head head = {
		.title = page_say(c, words.title), .noindex = true, .script = "copy.js", .shows_embed = true};
	struct shown_post s;

	TRY(embed_load(c, &s));
	struct code code = {
		.c = c, .s = &s, .e = {c->core, &s.post, s.author, page_tongue(c)}, .out = {.max = CODE_BYTES}};
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	html_elem(&h, "p", page_say(c, words.lead), A("class", V("lead")));
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.to_post), A("href", post_path(c, &s.post, s.author)));
	html_close(&h, "p");
	enum err err = draw_codes(&h, &code);
	buf_release(&code.out);
	TRY(err);
	return page_end(c, &h);
}

const struct endpoint web_embed_code[] = {
	{.method = HTTP_GET, .path = "/@:name/:id/embed/code", .handle = show, .missing = post_missing, .auth = AUTH_SESSION, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page",
	 .params = PARAMS({.name = "name", .doc = "User name."}, {.name = "id", .type = PARAM_POST, .doc = "The post."}),
	 .doc = "What to copy to show a post on another site."},
	ENDPOINTS_END,
};

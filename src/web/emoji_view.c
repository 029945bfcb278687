/*
 * emoji_view.c - see emoji_view.h.
 */
#include "base/base.h"

#include "web/emoji_view.h"

#include "core/emojis.h"

struct emojied {
	struct call *c;
	struct html *h;
	const struct emoji *emojis;
	size_t n;
	bool is_html;
};

static void draw_piece(const struct emojied *e, struct view piece)
{
	if (e->is_html)
		html_safe(e->h, html_trust_stored(piece));
	else
		html_text(e->h, piece);
}

static void draw_emoji(const struct emojied *e, const struct emoji *emoji)
{
	struct view name = arena_printf(e->c->arena, ":%.*s:", VIEW_ARG(emoji->shortcode));

	html_tag(e->h, "img", A("class", V("emoji")), A("src", page_file(e->c, emoji->static_file)), A("alt", name),
		 A("title", name));
}

/* The emoji whose :shortcode: begins at `at`, NULL when none does. */
static const struct emoji *emoji_at(const struct emojied *e, struct view text, size_t at)
{
	size_t end = view_find(text, at + 1, ':');
	struct view code = view_sub(text, at + 1, end - at - 1);

	if (end >= text.len || code.len > EMOJI_SHORTCODE_BYTES)
		return NULL;
	for (size_t i = 0; i < e->n; i++)
		if (view_eq(e->emojis[i].shortcode, code))
			return &e->emojis[i];
	return NULL;
}

static void draw_all(const struct emojied *e, struct view text)
{
	size_t done = 0;
	bool in_tag = false;

	for (size_t i = 0; i < text.len && e->n; i++) {
		if (e->is_html && (text.p[i] == '<' || text.p[i] == '>'))
			in_tag = text.p[i] == '<';
		if (in_tag || text.p[i] != ':')
			continue;
		const struct emoji *emoji = emoji_at(e, text, i);
		if (!emoji)
			continue;
		draw_piece(e, view_sub(text, done, i - done));
		draw_emoji(e, emoji);
		i += emoji->shortcode.len + 1;
		done = i + 1;
	}
	draw_piece(e, view_sub(text, done, text.len - done));
}

static void draw(struct call *c, struct html *h, struct view text, bool is_html)
{
	struct emojied e = {.c = c, .h = h, .is_html = is_html};

	emojis_in(c->core, c->arena, &text, 1, &e.emojis, &e.n);
	draw_all(&e, text);
}

void draw_text(struct call *c, struct html *h, struct view text)
{
	draw(c, h, text, false);
}

void draw_stored_html(struct call *c, struct html *h, struct safe_html html)
{
	draw(c, h, html.reviewed, true);
}

/*
 * compose_files.c - pictures, films and sounds on the form in which one writes. Without scripts one attaches a file at a
 * time, and sees the form again; assets/compose.js sends the same form and puts what comes back in its place.
 */
#include "base/base.h"

#include "web/compose.h"

#include "core/post_load.h"
#include "web/form.h"

static const struct {
	struct view files, add, attach, remove, what, hint, waiting;
} words = {
	.files = N_("Pictures, films, sounds"),
	.add = N_("Choose a file"),
	.attach = N_("Attach it"),
	.remove = N_("Remove it"),
	.what = N_("What does it show?"),
	.hint = N_("For people who cannot see or hear it."),
	.waiting = N_("It is still being prepared."),
};

static void draw_preview_of(struct call *c, struct html *h, const struct post_media *m)
{
	if (!m->ready)
		html_elem(h, "p", page_say(c, words.waiting), A("class", V("hint")));
	else if (m->preview.len)
		html_tag(h, "img", A("src", page_file(c, m->preview)), A("alt", V("")), A("width", V("96")),
			 A("height", V("96")));
	else
		html_elem(h, "p", m->kind, A("class", V("hint")));
}

/* " 2", for who hears the words of each file one after the other. */
static void draw_number(struct call *c, struct html *h, size_t n)
{
	html_elem(h, "span", arena_printf(c->arena, " %zu", n), A("class", V("unseen")));
}

static enum err draw_file(struct call *c, struct html *h, const struct draft_file *f, size_t n)
{
	struct post_media m;
	struct view id = arena_printf(c->arena, "%" PRId64, f->id),
		    field = arena_printf(c->arena, "alt%" PRId64, f->id);
	enum err err = media_load(c->db, c->arena, f->id, &m);

	if (err == ERR_NOT_FOUND)
		return OK;
	TRY(err);
	html_open(h, "li");
	draw_preview_of(c, h, &m);
	page_hidden(h, "media[]", id);
	html_tag(h, "div", A("class", V("about")));
	html_tag(h, "label", A("for", field));
	html_text(h, page_say(c, words.what));
	draw_number(c, h, n);
	html_close(h, "label");
	html_tag(h, "textarea", A("name", V("alt[]")), A("id", field), A("rows", V("2")), A("dir", V("auto")));
	form_mark(c, h, "alt[]", f->words);
	html_text(h, f->words);
	html_close(h, "textarea");
	html_tag(h, "button", A("name", V("drop")), A("value", id), A("class", V("plain")));
	html_text(h, page_say(c, words.remove));
	draw_number(c, h, n);
	html_close(h, "button");
	html_close(h, "div");
	html_close(h, "li");
	return OK;
}

enum err compose_files_draw(struct call *c, struct html *h, const struct draft *d)
{
	html_tag(h, "fieldset", A("class", V("files")), A("id", V("files")));
	html_elem(h, "legend", page_say(c, words.files), A("class", V("unseen")));
	if (d->n_files) {
		html_tag(h, "ul", A("class", V("attached")));
		for (size_t i = 0; i < d->n_files; i++)
			TRY(draw_file(c, h, &d->files[i], i + 1));
		html_close(h, "ul");
	}
	if (d->n_files < LIMIT_POST_MEDIA) {
		html_tag(h, "div", A("class", V("attach")));
		html_tag(h, "input", A("type", V("file")), A("name", V("file")),
			 A("aria-label", page_say(c, words.add)), A("accept", V("image/*,video/*,audio/*")));
		html_elem(h, "button", page_say(c, words.attach), A("name", V("do")), A("value", V("attach")));
		html_close(h, "div");
	}
	html_close(h, "fieldset");
	return OK;
}

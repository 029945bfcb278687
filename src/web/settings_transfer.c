/*
 * settings_transfer.c - /settings/transfer: one's lists as files, an archive of everything, and what one brings from
 * elsewhere. Large files come in pieces, through an app or the command line; a form takes what fits into one request.
 */
#include "base/base.h"

#include "transfer/archive.h"
#include "transfer/export.h"
#include "transfer/import.h"
#include "web/figures.h"
#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/settings/transfer"

static const struct {
	struct view title, out, out_lead, archive, archive_lead, ask, download, making, failed, until, in, in_lead,
		what, file, mode, send, past, running, entries, refused, no_file;
} words = {
	.title = N_("Import and export"),
	.out = N_("Your lists as files"),
	.out_lead = N_("They can be taken in here, and by other servers of this kind."),
	.archive = N_("Everything in one file"),
	.archive_lead = N_("Your posts, pictures, favourites and bookmarks. It takes a while, and can be asked for "
			   "once in seven days."),
	.ask = N_("Make an archive"),
	.download = N_("Download the archive"),
	.making = N_("An archive is being made."),
	.failed = N_("An archive could not be made."),
	.until = N_("until %s"),
	.in = N_("Bring something along"),
	.in_lead = N_("A file that another server has given you: lists, or an archive of posts."),
	.what = N_("What is it?"),
	.file = N_("The file"),
	.mode = N_("What is here already"),
	.send = N_("Take it in"),
	.past = N_("What you brought"),
	.running = N_("under way"),
	.entries = N_("%s of %s taken"),
	.refused = N_("%s refused"),
	.no_file = N_("Choose a file first."),
};

static const char *const kinds[] = {"follows", "blocks",  "mutes",    "domain_blocks", "bookmarks",
				    "lists",   "filters", "mastodon", "twitter",       NULL};
static const struct view kind_words[] = {
	N_("Whom I follow"), N_("Blocked people"), N_("Muted people"),	      N_("Blocked servers"),	N_("Bookmarks"),
	N_("Lists"),	     N_("Filters"),	   N_("Archive of Mastodon"), N_("Archive of Twitter"),
};
static const char *const modes[] = {"merge", "overwrite", NULL};
static const struct view mode_words[] = {N_("stays"), N_("is replaced")};

static void draw_exports(struct call *c, struct html *h)
{
	html_elem(h, "h2", page_say(c, words.out));
	html_elem(h, "p", page_say(c, words.out_lead));
	html_tag(h, "ul", A("class", V("rows")));
	for (const struct export_kind *k = export_kinds; k->name; k++) {
		html_open(h, "li");
		html_elem(h, "a", view_of(k->file),
			  A("href", arena_printf(c->arena, PATH "/%s%s", k->name, strrchr(k->file, '.'))));
		html_close(h, "li");
	}
	html_close(h, "ul");
}

static void draw_archive(struct call *c, struct html *h, const struct account_archive *a)
{
	html_open(h, "li");
	if (a->state == ARCHIVE_READY) {
		html_elem(h, "a", page_say(c, words.download),
			  A("href", arena_printf(c->arena, "/settings/archives/%" PRId64, a->id)));
		html_text(h, V(" · "));
		html_text(h, PAGE_SAY_WITH(c, words.until, settings_day(c, a->expires_at)));
	} else {
		html_text(h, page_say(c, a->state == ARCHIVE_MAKING ? words.making : words.failed));
	}
	html_close(h, "li");
}

static enum err draw_archives(struct call *c, struct html *h)
{
	struct account_archive list[LIMIT_ARCHIVES];
	size_t n = 0;

	TRY(archives_load(c->db, c->arena, c->auth.account, list, &n));
	html_elem(h, "h2", page_say(c, words.archive));
	html_elem(h, "p", page_say(c, words.archive_lead));
	if (n)
		html_tag(h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < n; i++)
		draw_archive(c, h, &list[i]);
	if (n)
		html_close(h, "ul");
	page_form(c, h, V(PATH "/archive"), "stack");
	html_elem(h, "button", page_say(c, words.ask), A("type", V("submit")));
	html_close(h, "form");
	return OK;
}

static struct view kind_name(struct call *c, const struct import *i)
{
	for (size_t k = 0; kinds[k]; k++)
		if (strcmp(i->kind->name, kinds[k]) == 0)
			return page_say(c, kind_words[k]);
	return view_of(i->kind->name);
}

static struct view count(struct call *c, int64_t n)
{
	return arena_printf(c->arena, "%" PRId64, n);
}

static void draw_import(struct call *c, struct html *h, const struct import *i)
{
	html_open(h, "li");
	html_elem(h, "p", kind_name(c, i));
	html_tag(h, "p", A("class", V("hint")));
	html_text(h, settings_time(c, i->created_at));
	html_text(h, V(" · "));
	if (i->state == IMPORT_FAILED)
		html_text(h, page_say(c, i->error));
	else
		html_text(h, PAGE_SAY_WITH(c, words.entries, count(c, i->taken + i->known), count(c, i->total)));
	if (i->refused) {
		html_text(h, V(" · "));
		html_text(h, PAGE_SAY_WITH(c, words.refused, count(c, i->refused)));
	}
	if (i->state == IMPORT_RUNNING) {
		html_text(h, V(" · "));
		html_text(h, page_say(c, words.running));
	}
	html_close(h, "p");
	html_close(h, "li");
}

static enum err draw_imports(struct call *c, struct html *h)
{
	struct import *list = ARENA_ARRAY(c->arena, LIMIT_IMPORTS, struct import);
	size_t n = 0;

	TRY(imports_load(c->db, c->arena, c->auth.account, list, &n));
	html_elem(h, "h2", page_say(c, words.in));
	html_elem(h, "p", page_say(c, words.in_lead));
	page_form_files(c, h, V(PATH "/import"), "stack");
	settings_choice(c, h,
			&(struct settings_choice){"kind", words.what, kinds, kind_words,
						  c->refused ? arg_choice(c, "kind") : 0});
	settings_choice(c, h,
			&(struct settings_choice){"mode", words.mode, modes, mode_words,
						  c->refused ? arg_choice(c, "mode") : 0});
	html_elem(h, "label", page_say(c, words.file), A("for", V("file")));
	html_tag(h, "input", A("type", V("file")), A("name", V("file")), A("id", V("file")));
	html_flag(h, "required", true);
	draw_submit(c, h, words.send);
	html_close(h, "form");
	if (!n)
		return OK;
	html_elem(h, "h2", page_say(c, words.past));
	html_tag(h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < n; i++)
		draw_import(c, h, &list[i]);
	html_close(h, "ul");
	return OK;
}

static enum err draw(struct call *c, struct view refusal)
{
	if (refusal.len)
		c->status = 422;
	struct html h = settings_page(c, words.title, NULL);
	draw_refusal(&h, page_say(c, refusal));
	draw_exports(c, &h);
	TRY(draw_archives(c, &h));
	TRY(draw_imports(c, &h));
	return page_end(c, &h);
}

static enum err show(struct call *c)
{
	return c->auth.session_id ? draw(c, V("")) : login_ask(c);
}

static void as_download(struct call *c, struct view name)
{
	call_header(c, "Cache-Control", V("private, no-store"));
	call_header(c, "Content-Disposition", arena_printf(c->arena, "attachment; filename=\"%.*s\"", VIEW_ARG(name)));
}

static enum err show_export(struct call *c)
{
	const struct export_kind *kind = export_of_file(arg_str(c, "file"));
	uint64_t size;
	int fd;

	if (!c->auth.session_id)
		return login_ask(c);
	if (!kind)
		return ERR_NOT_FOUND;
	TRY(export_open(c->core, c->db, c->auth.account, kind, &fd, &size));
	as_download(c, view_of(kind->file));
	return call_file(c, fd, size, kind->type, false);
}

static enum err show_archive(struct call *c)
{
	uint64_t size;
	int fd;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(archive_open(c->core, c->db, c->auth.account, arg_id(c, "id"), &fd, &size));
	as_download(c, arena_printf(c->arena, "archive-%" PRId64 ".zip", arg_id(c, "id")));
	return call_file(c, fd, size, "application/zip", true);
}

static enum err done(struct call *c, enum err err)
{
	struct view refusal;

	if (settings_refused(c, err, &refusal))
		return draw(c, refusal);
	TRY(err);
	return call_redirect(c, 303, V(PATH));
}

static enum err ask_archive(struct call *c)
{
	int64_t id;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	return done(c, archive_request(c->core, c->auth.account, &id, &c->problem));
}

static enum err take_in(struct call *c, struct view bytes)
{
	const struct import_kind *kind = import_kind_find(view_of(kinds[arg_choice(c, "kind")]));
	int64_t id;

	if (!kind)
		return ERR_NOT_FOUND;
	TRY(import_create(c->core, c->auth.account, kind, arg_choice(c, "mode") == 1, &id, &c->problem));
	enum err err = import_send(c->core, c->db, c->auth.account, id, 0, bytes, &c->problem);
	if (!err)
		err = import_sent(c->core, c->auth.account, id, 0);
	if (err && import_delete(c->core, c->auth.account, id) != OK)
		return err; /* swept later */
	return err;
}

static enum err bring(struct call *c)
{
	struct upload file;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	if (c->refused)
		return draw(c, form_refusal(c));
	if (!arg_file(c, "file", &file) || !file.data.len)
		return draw(c, words.no_file);
	return done(c, take_in(c, file.data));
}

#define PAGE(at, fn)                                                                                                   \
	.method = HTTP_GET, .path = (at), .handle = (fn), .auth = AUTH_SESSION, .rate = RATE_DEFAULT,                  \
	.meter = METER_FREE, .run = RUN_WORKER
#define IMPORT_PARAMS                                                                                                  \
	{.name = "kind", .type = PARAM_CHOICE, .choices = kinds, .doc = "What it is."},                                \
	{                                                                                                              \
		.name = "mode", .type = PARAM_CHOICE, .choices = modes, .doc = "Add to what is here, or replace it."   \
	}

const struct endpoint web_settings_transfer[] = {
	{PAGE(PATH, show), .kind = REPLY_HTML, .reply = "Page",
	 .doc = "One's lists and archives to be downloaded, and what one brought."},
	{PAGE(PATH "/:file", show_export), .kind = REPLY_OTHER, .reply = "File",
	 .params = PARAMS({.name = "file", .max = 64, .doc = "As of the API: follows.csv …"}),
	 .doc = "One of one's lists."},
	{PAGE("/settings/archives/:id", show_archive), .kind = REPLY_OTHER, .reply = "File",
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .required = true, .doc = "An archive of one's own."}),
	 .doc = "The archive, a zip file."},
	{SETTINGS_ROW, .path = PATH "/archive", .handle = ask_archive, .rate = RATE_DEFAULT,
	 .doc = "Asks for an archive."},
	{.method = HTTP_POST,
	 .path = PATH "/import",
	 .handle = bring,
	 .auth = AUTH_SESSION,
	 .rate = RATE_MEDIA,
	 .meter = METER_FREE,
	 .body = BODY_UPLOAD,
	 .run = RUN_WORKER,
	 .kind = REPLY_HTML,
	 .reply = "Page",
	 .refused_ok = true,
	 .params = PARAMS(IMPORT_PARAMS, {.name = "file", .type = PARAM_FILE, .doc = "The file."}),
	 .doc = "Takes in a file."},
	ENDPOINTS_END,
};

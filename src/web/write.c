/*
 * write.c - /write: writing, answering, quoting and changing a post.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/accounts.h"
#include "core/posts.h"
#include "core/quotes.h"
#include "core/scheduled.h"
#include "core/visibility.h"
#include "media/media.h"
#include "text/utf8.h"
#include "web/account_view.h"
#include "web/compose.h"
#include "web/form.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/web.h"

#define UPLOAD_WAIT_MS 10000
#define SENT_COOKIE "kicau_sent"
#define SENT_SECONDS 3600

static const struct {
	struct view stale, no_time;
} words = {
	.stale = N_("This page was open for a long time. What you wrote is still here: please send it once more."),
	.no_time = N_("That is no date and time."),
};

/* ---- the form, before anything was typed ---- */

static void add_name(struct call *c, struct buf *to, struct account_id id)
{
	struct account a;

	if (account_eq(id, c->auth.account) || account_load(c->db, c->arena, id, &a) != OK)
		return;
	buf_add(to, account_handle(c, &a));
	buf_add_c(to, ' ');
}

/* Whom an answer goes to: the author, and whoever they named. */
static struct view names_of(struct call *c, const struct post *p)
{
	struct buf CLEANUP(buf_release) to = {.max = 16 * LIMIT_KIB};

	add_name(c, &to, p->meta.author);
	for (size_t i = 0; i < p->n_mentions; i++)
		if (!p->mentions[i].silent && !account_eq(p->mentions[i].id, p->meta.author))
			add_name(c, &to, p->mentions[i].id);
	return buf_err(&to) == OK ? arena_view(c->arena, buf_view(&to)) : V("");
}

/* An answer is for no more people than what it answers, and stands behind the same warning. */
static enum err fill_reply(struct call *c, struct draft *d)
{
	struct post p;

	TRY(post_load(c->core, c->db, c->arena, d->reply, &p));
	if (p.meta.boost_of.v) {
		d->reply = p.meta.boost_of;
		TRY(post_load(c->core, c->db, c->arena, d->reply, &p));
	}
	if (!arg_given(c, "text"))
		d->text = names_of(c, &p);
	if (!arg_given(c, "warning"))
		d->warning = p.spoiler;
	if (!arg_given(c, "visibility") && p.meta.visibility > (unsigned)d->visibility)
		d->visibility = (enum visibility)p.meta.visibility;
	return OK;
}

static void fill_poll(struct draft *d, const struct post_poll *poll)
{
	for (size_t i = 0; i < poll->n_options && i < LIMIT_POLL_OPTIONS; i++)
		d->options[d->n_options++] = poll->options[i].title;
	d->multiple = poll->multiple;
	d->poll_for = (poll->expires_at - clock_now()) / 1000;
	if (d->poll_for < LIMIT_POLL_MIN_SECONDS)
		d->poll_for = LIMIT_POLL_MIN_SECONDS;
}

static enum err fill_edit(struct call *c, struct draft *d)
{
	struct post p;

	TRY(post_load(c->core, c->db, c->arena, d->edit, &p));
	d->text = p.text;
	d->warning = p.spoiler;
	d->language = p.language;
	d->visibility = (enum visibility)p.meta.visibility;
	d->quotes = (enum quote_policy)p.meta.quote_policy;
	d->sensitive = p.sensitive;
	for (size_t i = 0; i < p.n_media && i < LIMIT_POST_MEDIA; i++)
		d->files[d->n_files++] = (struct draft_file){p.media[i].id, p.media[i].description};
	if (p.poll)
		fill_poll(d, p.poll);
	return OK;
}

/* ERR_NOT_FOUND: a post that is not theirs to change. */
static enum err check_edit(struct call *c, const struct draft *d)
{
	struct post_meta meta;

	if (!d->edit.v)
		return OK;
	TRY(post_load_meta(c->core, c->db, c->arena, d->edit, &meta));
	return account_eq(meta.author, c->auth.account) && !meta.boost_of.v ? OK : ERR_NOT_FOUND;
}

/* Files are shown to whose they are, and only while they belong to no other post. */
static enum err keep_own_files(struct call *c, struct draft *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_files; i++) {
		bool own = false;

		TRY(media_is_own(c->db, c->auth.account, d->files[i].id, d->edit, &own));
		if (own)
			d->files[n++] = d->files[i];
	}
	d->n_files = n;
	return OK;
}

static enum err draw(struct call *c, struct draft *d, struct view refusal)
{
	TRY(keep_own_files(c, d));
	return compose_draw(c, d, refusal);
}

static enum err fill(struct call *c, struct draft *d)
{
	struct user user;

	TRY(user_load(c->db, c->arena, c->auth.account, &user));
	if (!arg_given(c, "visibility"))
		d->visibility = user.default_visibility;
	if (!d->has_quotes)
		d->quotes = user.default_quote_policy;
	if (!d->language.len)
		d->language = user.default_language.len ? user.default_language : user.locale;
	if (d->reply.v)
		TRY(fill_reply(c, d));
	if (d->edit.v && !arg_given(c, "text"))
		TRY(fill_edit(c, d));
	return OK;
}

static enum err show(struct call *c)
{
	struct draft d;

	if (!c->auth.session_id)
		return login_ask(c);
	draft_read(c, &d);
	TRY(check_edit(c, &d));
	TRY(fill(c, &d));
	return draw(c, &d, form_refusal(c));
}

/* ---- what was sent ---- */

static enum err take_file(struct call *c, struct draft *d)
{
	struct upload file;
	enum media_state state = MEDIA_PROCESSING;
	int64_t id;

	if (!arg_file(c, "file", &file) || !file.data.len || d->n_files == LIMIT_POST_MEDIA)
		return OK;
	TRY(media_upload(c->core, c->db, c->auth.account, file.data, &(struct media_details){0}, UPLOAD_WAIT_MS, &id,
			 &state, &c->problem));
	if (state == MEDIA_FAILED)
		return ERR_UNPROCESSABLE;
	d->files[d->n_files++] = (struct draft_file){.id = id};
	return OK;
}

/* What is taken off is deleted after a day if nothing else holds it (media_sweep). */
static bool drop_file(struct draft *d, int64_t id)
{
	for (size_t i = 0; i < d->n_files; i++) {
		if (d->files[i].id != id)
			continue;
		memmove(&d->files[i], &d->files[i + 1], (d->n_files - i - 1) * sizeof(d->files[0]));
		d->n_files--;
		break;
	}
	return id != 0;
}

static enum err describe_files(struct call *c, const struct draft *d)
{
	for (size_t i = 0; i < d->n_files; i++) {
		struct media_details details = {.has_description = true, .description = d->files[i].words};

		TRY(media_update(c->core, c->db, c->auth.account, d->files[i].id, &details, &c->problem));
	}
	return OK;
}

static const struct new_poll *poll_of(struct call *c, const struct draft *d)
{
	if (!draft_has_poll(d))
		return NULL;
	struct new_poll *poll = ARENA_NEW(c->arena, struct new_poll);
	struct view *options = ARENA_ARRAY(c->arena, LIMIT_POLL_OPTIONS, struct view);

	for (size_t i = 0; i < d->n_options; i++)
		if (view_trim(d->options[i]).len)
			options[poll->n_options++] = d->options[i];
	poll->options = options;
	poll->expires_in = d->poll_for;
	poll->multiple = d->multiple;
	return poll;
}

static const int64_t *ids_of(struct call *c, const struct draft *d)
{
	int64_t *ids = ARENA_ARRAY(c->arena, LIMIT_POST_MEDIA, int64_t);

	for (size_t i = 0; i < d->n_files; i++)
		ids[i] = d->files[i].id;
	return ids;
}

/* Where what was made is to be seen. */
static enum err go_to_post(struct call *c, struct post_id id, struct post_id page)
{
	struct post p;
	struct account author;

	TRY(post_load(c->core, c->db, c->arena, page, &p));
	TRY(account_load(c->db, c->arena, p.meta.author, &author));
	return call_redirect(c, 303,
			     arena_printf(c->arena, "%.*s#p%" PRId64, VIEW_ARG(post_path(c, &p, &author)), id.v));
}

/* The form says it always; apps are told of the post once more only when it is another. */
static enum err change_quotes(struct call *c, const struct draft *d)
{
	struct post_meta meta;

	TRY(post_load_meta(c->core, c->db, c->arena, d->edit, &meta));
	if (!d->has_quotes || meta.quote_policy == (unsigned)d->quotes)
		return OK;
	return quote_policy_set(c->core, c->auth.account, d->edit, d->quotes);
}

static enum err change(struct call *c, const struct draft *d)
{
	struct post_change ch = {.text = d->text,
				 .spoiler = d->warning,
				 .language = d->language,
				 .sensitive = d->sensitive,
				 .media = ids_of(c, d),
				 .n_media = d->n_files,
				 .poll = poll_of(c, d)};

	for (size_t i = 0; i < d->n_files; i++) {
		ch.media_changes[i].id = d->files[i].id;
		ch.media_changes[i].description = d->files[i].words;
	}
	ch.n_media_changes = d->n_files;
	TRY(post_edit(c->core, c->db, c->arena, c->auth.account, d->edit, &ch, &c->problem));
	TRY(change_quotes(c, d));
	return go_to_post(c, d->edit, d->edit);
}

/* "2026-05-06T07:08", as <input type=datetime-local> sends it; with seconds too. */
static bool read_at(struct call *c, struct view at, int64_t *ret)
{
	return clock_parse_iso(arena_printf(c->arena, "%.*s%s", VIEW_ARG(at), at.len == 16 ? ":00Z" : "Z"), ret);
}

static enum err make(struct call *c, const struct draft *d)
{
	struct new_post np = {.author = c->auth.account,
			      .text = d->text,
			      .spoiler = d->warning,
			      .language = d->language,
			      .reply_to = d->reply,
			      .quote_of = d->quote,
			      .has_visibility = true,
			      .visibility = d->visibility,
			      .has_quote_policy = d->has_quotes,
			      .quote_policy = d->quotes,
			      .has_sensitive = d->sensitive,
			      .sensitive = d->sensitive,
			      .media = ids_of(c, d),
			      .n_media = d->n_files,
			      .poll = poll_of(c, d),
			      .idempotency_key = draft_key(c, d)};
	struct post_id id;
	int64_t at, scheduled;

	if (d->at.len) {
		if (!read_at(c, d->at, &at))
			return call_fail(c, ERR_UNPROCESSABLE, "%.*s", VIEW_ARG(words.no_time));
		TRY(scheduled_create(c->core, c->db, c->arena, &np, at, &scheduled, &c->problem));
		return call_redirect(c, 303, V("/scheduled"));
	}
	TRY(post_create(c->core, c->db, c->arena, &np, &id, &c->problem));
	if (d->reply.v)
		return go_to_post(c, id, d->reply);
	return call_redirect(c, 303, page_local(c, d->back, V("/home")));
}

static enum err finish(struct call *c, const struct draft *d)
{
	if (d->edit.v)
		return change(c, d);
	TRY(describe_files(c, d));
	return make(c, d);
}

/* Tells assets/drafts.js, on whichever page comes next, that this is no draft any more. */
static void say_sent(struct call *c, struct view key)
{
	for (size_t i = 0; i < key.len; i++)
		if (!ascii_is_alnum((unsigned char)key.p[i]) && key.p[i] != '-' && key.p[i] != '_')
			return;
	if (!key.len)
		return;
	call_header(c, "Set-Cookie",
		    arena_printf(c->arena, SENT_COOKIE "=%.*s; Path=/; SameSite=Lax; Max-Age=%d", VIEW_ARG(key),
				 SENT_SECONDS));
}

/* What a person can put right is said above the form, with all that was typed still in it. */
static enum err again(struct call *c, struct draft *d, enum err err)
{
	bool theirs = err == ERR_UNPROCESSABLE || err == ERR_TOO_LARGE || err == ERR_BUSY || err == ERR_NOT_FOUND;

	if (!theirs || !c->problem.text[0])
		return err;
	return draw(c, d, arena_view(c->arena, view_of(c->problem.text)));
}

/* The session ended while they wrote: the draft goes through the login form, and is there behind it. */
static enum err ask_login(struct call *c, const struct draft *d)
{
	struct view path;

	if (draft_path(c, d, &path) != OK)
		return compose_draw_held(c, d);
	enum err err = login_ask_then(c, path);
	return err == ERR_TOO_LARGE ? compose_draw_held(c, d) : err;
}

static const char *const deeds[] = {"post", "attach", "open", NULL};
enum { DO_POST, DO_ATTACH, DO_OPEN };

static enum err send(struct call *c)
{
	struct draft d;

	draft_read(c, &d);
	if (!c->auth.session_id)
		return ask_login(c, &d);
	TRY(check_edit(c, &d));
	if (!d.language.len || c->refused)
		TRY(fill(c, &d));
	if (c->stale)
		return draw(c, &d, words.stale);
	enum err err = c->refused ? c->refused : take_file(c, &d);
	if (err != OK)
		return again(c, &d, err);
	if (drop_file(&d, arg_id(c, "drop")) || arg_choice(c, "do") != DO_POST)
		return draw(c, &d, V(""));
	err = finish(c, &d);
	if (err != OK)
		return again(c, &d, err);
	say_sent(c, d.key);
	return OK;
}

const struct endpoint web_write[] = {
	{PAGE_ROW(WRITE_PATH, show),
	 .refused_ok = true,
	 .params = PARAMS(DRAFT_PARAMS),
	 .doc = "The form to write a post, to answer or quote one, or to change one's own."},
	{.method = HTTP_POST,
	 .path = WRITE_PATH,
	 .handle = send,
	 .auth = AUTH_SESSION,
	 .rate = RATE_DEFAULT,
	 .meter = METER_FREE,
	 .body = BODY_UPLOAD,
	 .run = RUN_WORKER,
	 .kind = REPLY_HTML,
	 .reply = "Page",
	 .refused_ok = true,
	 .stale_ok = true,
	 .params =
		 PARAMS(DRAFT_PARAMS, {.name = "file", .type = PARAM_FILE, .doc = "A file to attach."},
			{.name = "drop", .type = PARAM_ID, .doc = "A file to take off; nothing is posted then."},
			{.name = "do", .type = PARAM_CHOICE, .choices = deeds, .doc = "Post, or show the form again."}),
	 .doc = "Posts, or changes. What cannot be posted is shown again as it was typed."},
	ENDPOINTS_END,
};

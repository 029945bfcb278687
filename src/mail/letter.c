/*
 * letter.c - see letter.h.
 */
#include "base/base.h"

#include "mail/letter.h"

#include "base/limits.h"
#include "core/accounts.h"
#include "text/html.h"
#include "text/tongue.h"

#define LETTER_MAX (64 * LIMIT_KIB)

/* %s of subject is the server's name; %s of lead the server's name. */
static const struct kind {
	struct view subject, lead, button, ending;
	const char *path; /* before the secret of a link; NULL: without one */
	enum link_kind link;
	bool unconfirmed_only;
} kinds[MAIL_KINDS] = {
	[MAIL_CONFIRM] =
		{
			.subject = N_("Confirm your e-mail address for %s"),
			.lead = N_("you have made an account on %s with this e-mail address. One step is left: "
				   "open this link and confirm that the address is yours. It works for two days."),
			.button = N_("Confirm the address"),
			.ending = N_("If it was not you, do nothing, and nothing happens."),
			.path = "/auth/confirmation?confirmation_token=",
			.link = LINK_CONFIRM,
			.unconfirmed_only = true,
		},
	[MAIL_RESET] =
		{
			.subject = N_("A new password for %s"),
			.lead = N_("somebody, you we hope, has asked for a new password for your account on %s. "
				   "This link leads to it. It works for six hours."),
			.button = N_("Choose a new password"),
			.ending = N_("If it was not you, do nothing: your password stays as it is."),
			.path = "/auth/password/edit?reset_password_token=",
			.link = LINK_RESET,
		},
	[MAIL_APPROVED] =
		{
			.subject = N_("Welcome to %s"),
			.lead = N_("your account on %s has been looked at, and you are let in. You can log in now."),
			.button = N_("Log in"),
			.ending = N_("We are glad that you are here."),
			.path = "/login",
		},
	[MAIL_PASSWORD] =
		{
			.subject = N_("Your password on %s was changed"),
			.lead = N_("the password of your account on %s was changed just now, and you are logged out "
				   "everywhere."),
			.ending =
				N_("If it was not you, ask for a new password at once, and write to the people who run "
				   "this server."),
		},
};

static const struct view words_hello = N_("Hello @%s,");

struct writing {
	const struct kind *kind;
	struct arena *arena;
	enum tongue tongue;
	struct view name, title, host, url;
};

static void write_text(const struct writing *w, struct buf *out)
{
	const struct view parts[] = {
		SAY_WITH(w->tongue, w->arena, words_hello, w->name),
		SAY_WITH(w->tongue, w->arena, w->kind->lead, w->title),
		w->url,
		say(w->tongue, w->kind->ending),
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!parts[i].len)
			continue;
		buf_add(out, parts[i]);
		buf_add_str(out, "\n\n");
	}
	buf_add_str(out, "-- \n");
	buf_add(out, w->title);
	buf_add_str(out, "\n");
	buf_add(out, w->host);
	buf_add_str(out, "\n");
}

static enum err write_html(const struct writing *w, struct buf *out)
{
	struct html h = html_to(out);

	html_doctype(&h);
	html_tag(&h, "html", A("lang", view_of(tongue_code(w->tongue))));
	html_open(&h, "head");
	html_tag(&h, "meta", A("charset", V("utf-8")));
	html_tag(&h, "meta", A("name", V("color-scheme")), A("content", V("light dark")));
	html_elem(&h, "title", w->title);
	html_close(&h, "head");
	html_open(&h, "body");
	html_elem(&h, "p", SAY_WITH(w->tongue, w->arena, words_hello, w->name));
	html_elem(&h, "p", SAY_WITH(w->tongue, w->arena, w->kind->lead, w->title));
	if (w->url.len) {
		html_open(&h, "p");
		html_open(&h, "strong");
		html_elem(&h, "a", say(w->tongue, w->kind->button), A("href", w->url));
		html_close(&h, "strong");
		html_close(&h, "p");
		html_elem(&h, "p", w->url);
	}
	html_elem(&h, "p", say(w->tongue, w->kind->ending));
	html_tag(&h, "hr");
	html_open(&h, "p");
	html_text(&h, w->title);
	html_tag(&h, "br");
	html_text(&h, w->host);
	html_close(&h, "p");
	html_close(&h, "body");
	html_close(&h, "html");
	return html_done(&h);
}

static enum err make_url(struct core *c, const struct kind *k, const struct mail *m, struct arena *a, struct view *ret)
{
	char secret[TOKEN_LEN + 1] = "";

	if (!k->path) {
		*ret = V("");
		return OK;
	}
	if (k->path[strlen(k->path) - 1] == '=')
		TRY(link_make(c->store, k->link, m, secret));
	*ret = arena_printf(a, "%s%s%s", c->config.base_url, k->path, secret);
	secret_wipe(secret, sizeof(secret));
	return OK;
}

/* ERR_GONE: there is nobody to tell, or nothing to be told. */
static enum err whom(struct db *db, struct arena *a, const struct mail *m, struct account *account)
{
	struct user user;
	enum err err = user_load(db, a, m->account, &user);

	if (err == OK)
		err = account_load(db, a, m->account, account);
	if (err == ERR_NOT_FOUND)
		return ERR_GONE;
	TRY(err);
	bool done = kinds[m->kind].unconfirmed_only && user.confirmed_at;
	return done || (account->suspended && m->kind != MAIL_PASSWORD) ? ERR_GONE : OK;
}

enum err letter_write(struct core *c, struct db *db, struct arena *a, const struct mail *m, struct letter *ret)
{
	const struct kind *k = &kinds[m->kind];
	struct account account;
	struct writing w = {.kind = k,
			    .arena = a,
			    .tongue = tongue_of(m->locale),
			    .title = view_of(c->config.title),
			    .host = view_of(c->config.base_url)};

	TRY(whom(db, a, m, &account));
	w.name = account.username;
	TRY(make_url(c, k, m, a, &w.url));
	ret->subject = SAY_WITH(w.tongue, a, k->subject, w.title);
	buf_init(&ret->text, LETTER_MAX);
	buf_init(&ret->html, LETTER_MAX);
	write_text(&w, &ret->text);
	enum err err = write_html(&w, &ret->html);
	if (err == OK)
		err = buf_err(&ret->text);
	if (err != OK)
		letter_release(ret);
	return err;
}

void letter_release(struct letter *l)
{
	buf_release(&l->text);
	buf_release(&l->html);
}

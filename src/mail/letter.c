/*
 * letter.c - see letter.h.
 */
#include "base/base.h"

#include "mail/letter.h"

#include "base/limits.h"
#include "core/accounts.h"
#include "mail/letter_words.h"
#include "text/html.h"

#define LETTER_MAX (64 * LIMIT_KIB)

#define SECURITY "/settings/security"
#define STRANGER                                                                                                       \
	N_("If it was not you, change your password at once: that logs everybody else out. Then look at the passkeys and "   \
	   "the apps of your account.")

/* %s of subject is the server's name; %s of lead the server's name. Without a subject: written elsewhere. */
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
	[MAIL_PASSKEY] =
		{
			.subject = N_("A new passkey for %s"),
			.lead = N_("a passkey was added to your account on %s just now. Whoever has it can log in."),
			.button = N_("Look at the passkeys"),
			.ending = STRANGER,
			.path = SECURITY,
		},
	[MAIL_SECOND] =
		{
			.subject = N_("The second step on %s is set up"),
			.lead = N_("from now on, logging in to your account on %s takes a code of your app as well."),
			.button = N_("Look at the settings"),
			.ending = STRANGER,
			.path = SECURITY,
		},
	[MAIL_NEW_BROWSER] =
		{
			.subject = N_("A new login on %s"),
			.lead = N_("somebody, you we hope, has logged in to your account on %s with a browser that was "
				   "not used for it before. When and from where, the page behind this link says."),
			.button = N_("Look at the logins"),
			.ending = STRANGER,
			.path = SECURITY,
		},
	[MAIL_NEW_ADDRESS] =
		{
			.subject = N_("Your new e-mail address for %s"),
			.lead = N_(
				"this shall be the e-mail address of your account on %s from now on. Open this link, "
				"and it is. It works for two days."),
			.button = N_("Change the address"),
			.ending = N_("If it was not you, do nothing, and nothing happens."),
			.path = "/auth/email?email_token=",
			.link = LINK_ADDRESS,
		},
	[MAIL_ADDRESS] =
		{
			.subject = N_("Your e-mail address on %s was changed"),
			.lead = N_("your account on %s has another e-mail address now. This is the last mail to this "
				   "one."),
			.ending = N_("If it was not you, write to the people who run this server at once."),
		},
};

static const struct view words_hello = N_("Hello @%s,");

struct frame {
	struct view title, host;
};

static void write_text(const struct letter_words *w, const struct frame *f, struct buf *out)
{
	const struct view parts[] = {w->hello, w->lead, w->url, w->ending};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!parts[i].len)
			continue;
		buf_add(out, parts[i]);
		buf_add_str(out, "\n\n");
	}
	buf_add_str(out, "-- \n");
	buf_add(out, f->title);
	buf_add_str(out, "\n");
	buf_add(out, f->host);
	buf_add_str(out, "\n");
}

static enum err write_html(const struct letter_words *w, const struct frame *f, struct buf *out)
{
	struct html h = html_to(out);

	html_doctype(&h);
	html_tag(&h, "html", A("lang", view_of(tongue_code(w->tongue))));
	html_open(&h, "head");
	html_tag(&h, "meta", A("charset", V("utf-8")));
	html_tag(&h, "meta", A("name", V("color-scheme")), A("content", V("light dark")));
	html_elem(&h, "title", f->title);
	html_close(&h, "head");
	html_open(&h, "body");
	html_elem(&h, "p", w->hello);
	html_elem(&h, "p", w->lead);
	if (w->url.len) {
		html_open(&h, "p");
		html_open(&h, "strong");
		html_elem(&h, "a", w->button, A("href", w->url));
		html_close(&h, "strong");
		html_close(&h, "p");
		html_elem(&h, "p", w->url);
	}
	html_elem(&h, "p", w->ending);
	html_tag(&h, "hr");
	html_open(&h, "p");
	html_text(&h, f->title);
	html_tag(&h, "br");
	html_text(&h, f->host);
	html_close(&h, "p");
	html_close(&h, "body");
	html_close(&h, "html");
	return html_done(&h);
}

enum err letter_compose(struct core *c, const struct letter_words *words, struct letter *ret)
{
	const struct frame f = {view_of(c->config.title), view_of(c->config.base_url)};

	*ret = (struct letter){.subject = words->subject};
	buf_init(&ret->text, LETTER_MAX);
	buf_init(&ret->html, LETTER_MAX);
	write_text(words, &f, &ret->text);
	enum err err = write_html(words, &f, &ret->html);
	if (err == OK)
		err = buf_err(&ret->text);
	if (err != OK)
		letter_release(ret);
	return err;
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
	struct letter_words w = {.tongue = tongue_of(m->locale)};
	struct view title = view_of(c->config.title);
	struct account account;

	if (!k->subject.len)
		BUG("a mail of kind %d has no writer", (int)m->kind);
	TRY(whom(db, a, m, &account));
	TRY(make_url(c, k, m, a, &w.url));
	w.subject = SAY_WITH(w.tongue, a, k->subject, title);
	w.hello = SAY_WITH(w.tongue, a, words_hello, account.username);
	w.lead = SAY_WITH(w.tongue, a, k->lead, title);
	w.button = say(w.tongue, k->button);
	w.ending = say(w.tongue, k->ending);
	return letter_compose(c, &w, ret);
}

void letter_release(struct letter *l)
{
	buf_release(&l->text);
	buf_release(&l->html);
	buf_release(&l->file);
}

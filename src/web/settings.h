/*
 * settings.h - /settings/security in its parts: each draws its section, and has the rows of what its forms do. Beside it: /settings/data.
 */
#ifndef WEB_SETTINGS_H
#define WEB_SETTINGS_H

#include "web/form.h"
#include "web/page.h"

#define SETTINGS_PATH "/settings/security"
#define SETTINGS_DATA_PATH "/settings/data"

/* The whole page; refusal: marked words of what did not work, may be empty (then the answer is 422). */
enum err settings_draw(struct call *c, struct view refusal);
/* Back to it, behind what a form did. */
enum err settings_done(struct call *c);

/*
 * Is somebody there, was nothing refused, and, where the form asks for it, is "password" theirs? Where not, *ret_drawn, and the answer
 * (the login form, or the page with a refusal) is drawn already.
 */
enum err settings_may(struct call *c, bool password, bool *ret_drawn);
#define SETTINGS_PASSWORD                                                                                              \
	{                                                                                                              \
		.name = "password", .max = 1024, .doc = "One's password, once more."                                   \
	}
#define SETTINGS_ROW                                                                                                   \
	.method = HTTP_POST, .auth = AUTH_SESSION, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,        \
	.kind = REPLY_HTML, .reply = "Page"

/* A form of a button, and a field for the password where it is grave. id tells its fields from those of other forms. */
struct settings_form {
	const char *action, *id;
	struct view button;
	bool password;
	const char *hidden;	  /* name of a hidden field, or NULL */
	struct view value, about; /* about: what a reader is told the button is about; may be empty */
};
void settings_form(struct call *c, struct html *h, const struct settings_form *form);

/* The words of a refused form, to be said above it; any other error is handed on. */
bool settings_refused(struct call *c, enum err err, struct view *ret);

/* <select> with its label; words are marked, NULL-ended names beside them. */
struct settings_choice {
	const char *name;
	struct view label;
	const char *const *names;
	const struct view *words;
	size_t chosen;
};
void settings_choice(struct call *c, struct html *h, const struct settings_choice *choice);

struct view settings_day(struct call *c, int64_t ms);  /* "2026-05-06" */
struct view settings_time(struct call *c, int64_t ms); /* "2026-05-06 07:08 UTC" */
/* Begins a page of the settings: links to all of them, and its heading. */
struct html settings_page(struct call *c, struct view title, const char *script);

enum err settings_email_draw(struct call *c, struct html *h);
void settings_password_draw(struct call *c, struct html *h);
enum err settings_second_draw(struct call *c, struct html *h);
enum err settings_passkeys_draw(struct call *c, struct html *h);
enum err settings_sessions_draw(struct call *c, struct html *h);
void settings_leave_draw(struct call *c, struct html *h);

#endif

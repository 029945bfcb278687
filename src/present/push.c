/*
 * push.c
 */
#include "base/base.h"

#include "present/push.h"

#include "base/limits.h"
#include "core/accounts.h"
#include "core/vapid.h"
#include "present/account.h"
#include "present/notification.h"
#include "text/plain.h"

enum err present_push_subscription(const struct present *p, const struct push_subscription *s, struct jw *j)
{
#define ALERT(number, word) {word, number},
	static const struct {
		const char *name;
		enum notification_kind kind;
	} alerts[] = {PUSH_ALERTS(ALERT)};
#undef ALERT
	struct view key;

	TRY(vapid_public_key(p->core->store, p->arena, &key));
	jw_object(j);
	jw_kv_id(j, "id", s->id);
	jw_kv_str(j, "endpoint", s->endpoint);
	jw_kv_bool(j, "standard", s->standard);
	jw_key(j, "alerts");
	jw_object(j);
	for (size_t i = 0; i < ARRAY_LEN(alerts); i++)
		jw_kv_bool(j, alerts[i].name, s->alerts & 1u << alerts[i].kind);
	jw_object_end(j);
	jw_kv_str(j, "server_key", key);
	jw_kv_cstr(j, "policy", push_policy_names[s->policy]);
	jw_object_end(j);
	return OK;
}

/* ---- what is pushed ---- */

#define TITLE_NAME_CHARS 60
#define LINE_BYTES (LIMIT_KIB)
#define NO_HTML html_trust_stored(V(""))

/* Of whoever did it; a kind without words of its own is its name alone. */
static const struct title {
	const char *before, *behind;
} titles[NOTIFY_KINDS] = {
	[NOTIFY_MENTION] = {"", " mentioned you"},
	[NOTIFY_STATUS] = {"", " has posted"},
	[NOTIFY_REBLOG] = {"", " boosted your post"},
	[NOTIFY_FOLLOW] = {"", " follows you"},
	[NOTIFY_FOLLOW_REQUEST] = {"", " asks to follow you"},
	[NOTIFY_FAVOURITE] = {"", " favourited your post"},
	[NOTIFY_POLL] = {"The poll of ", " has ended"},
	[NOTIFY_UPDATE] = {"", " edited a post"},
	[NOTIFY_ADMIN_SIGN_UP] = {"", " has signed up"},
	[NOTIFY_ADMIN_REPORT] = {"", " has reported somebody"},
	[NOTIFY_QUOTE] = {"", " quoted your post"},
	[NOTIFY_QUOTED_UPDATE] = {"", " edited a post you quoted"},
};

struct pushed {
	const struct push_subscription *subscription;
	const struct notification *notification;
	struct account from;
	struct user to;
	struct view icon, title, body;
};

/* Appended as a line of at most so many characters; of HTML when there is no text. */
static struct view line_of(const struct present *p, struct view text, struct safe_html html, size_t max_chars)
{
	struct buf line;

	buf_init(&line, LINE_BYTES);
	if ((text.len ? plain_line_of_text(&line, text, max_chars) : plain_line(&line, html, max_chars)) != OK)
		buf_clear(&line);
	struct view v = arena_view(p->arena, buf_view(&line));
	buf_release(&line);
	return v;
}

static struct view title_of(const struct present *p, enum notification_kind kind, const struct account *from)
{
	const struct title *t = &titles[kind];
	struct view name = from->display_name.len ? from->display_name : from->username;

	name = line_of(p, name, NO_HTML, TITLE_NAME_CHARS);
	return arena_printf(p->arena, "%s%.*s%s", t->before ? t->before : "", VIEW_ARG(name),
			    t->behind ? t->behind : "");
}

/* Of the post, whose warning stands for its text as in a list of posts; else of who did it. */
static enum err body_of(const struct present *p, const struct pushed *d, struct view *ret)
{
	struct post post = {.html = d->from.note_html};

	if (d->notification->post.v)
		TRY(post_load(p->core, p->db, p->arena, d->notification->post, &post));
	*ret = line_of(p, post.spoiler, html_trust_stored(post.html), PUSH_BODY_CHARS);
	return OK;
}

static void write(const struct pushed *d, struct view body, struct buf *out)
{
	struct jw j = jw_to(out);

	jw_object(&j);
	jw_kv_str(&j, "access_token", d->subscription->access_token);
	jw_kv_str(&j, "preferred_locale", d->to.locale);
	jw_kv_int(&j, "notification_id", d->notification->id); /* a number: apps refuse another type */
	jw_kv_cstr(&j, "notification_type", notification_name(d->notification->kind));
	jw_kv_str(&j, "icon", d->icon);
	jw_kv_str(&j, "title", d->title);
	jw_kv_str(&j, "body", body);
	jw_object_end(&j);
}

/* Written for its answer alone, so that there is one judge of what is shown. */
static enum err check_shown(const struct present *p, const struct notification *n)
{
	struct buf out;
	struct jw j = jw_to(&out);

	buf_init(&out, LIMIT_REPLY);
	enum err err = present_notification(p, n, &j);
	buf_release(&out);
	return err;
}

enum err present_push(const struct present *p, const struct push_subscription *s, const struct notification *n,
		      size_t max, struct buf *out)
{
	struct pushed d = {.subscription = s, .notification = n};
	size_t begin = out->len;

	TRY(check_shown(p, n));
	TRY(account_load(p->db, p->arena, n->from, &d.from));
	TRY(user_load(p->db, p->arena, s->account, &d.to));
	TRY(body_of(p, &d, &d.body));
	d.icon = present_avatar_url(p, &d.from);
	d.title = title_of(p, n->kind, &d.from);
	write(&d, d.body, out);
	if (out->len - begin <= max && !out->over)
		return OK;
	return ERR_TOO_LARGE;
}

/*
 * post_edit.c - changing a post: the whole of what its author may change is replaced. Every version is kept
 * (post_history.h), those newly mentioned are told, and whoever boosted it or voted in it hears of the change.
 */
#include "base/base.h"

#include "core/posts.h"

#include "base/clock.h"
#include "core/compliance.h"
#include "base/log.h"
#include "core/notifications.h"
#include "core/post_history.h"
#include "core/post_notify.h"
#include "core/post_parts.h"
#include "core/previews.h"
#include "store/search_index.h"
#include "text/compose.h"

SQL(edit_author_language, "SELECT default_language, locale FROM users WHERE account_id = $1");
SQL(edit_post,
    "UPDATE posts SET text = $2, html = $3, spoiler = $4, sensitive = $5, language = $6, has_media = $7, has_poll = $8,"
    " has_tags = $9, edited_at = $10 WHERE id = $1");
SQL(edit_has_mentions,
    "UPDATE posts SET has_mentions = 1 WHERE id = $1 AND EXISTS (SELECT 1 FROM post_mentions WHERE post_id = $1)");
SQL(edit_account_post, "UPDATE account_posts SET kind = $3 WHERE account_id = $1 AND post_id = $2");
SQL(edit_account_post_kind, "SELECT kind FROM account_posts WHERE account_id = $1 AND post_id = $2");
SQL(edit_detach_media, "UPDATE media SET position = -1 WHERE post_id = $1");
SQL(edit_media_words, "UPDATE media SET description = $3 WHERE id = $1 AND account_id = $2");
SQL(edit_media_focus, "UPDATE media SET focus_x = CAST($3 AS DOUBLE PRECISION), focus_y = CAST($4 AS DOUBLE PRECISION)"
		      " WHERE id = $1 AND account_id = $2");
SQL(edit_mentions_silent, "UPDATE post_mentions SET silent = 1 WHERE post_id = $1");
SQL(edit_mention, "INSERT INTO post_mentions (post_id, account_id, position) VALUES ($1, $2, $3)"
		  " ON CONFLICT (post_id, account_id) DO UPDATE SET silent = 0, position = excluded.position");
SQL(edit_poll_dates, "UPDATE polls SET expires_at = $2, hide_totals = $3, closed = 0 WHERE post_id = $1");

struct edit {
	struct core *core;
	const struct post_change *change;
	struct post before;
	struct post_draft draft;
	struct problem *problem;
	int64_t now;
	struct {
		struct notify_task task;
		bool wanted;
	} telling[2]; /* who boosted it or voted in it, and who quotes it */
	struct event_list events;
};

static bool media_changed(const struct edit *w)
{
	const struct post_draft *d = &w->draft;

	if (d->n_media != w->before.n_media)
		return true;
	for (size_t i = 0; i < d->n_media; i++) {
		const struct post_media *m = &w->before.media[i];

		if (d->media[i].id != m->id || d->media[i].has_description != m->has_description ||
		    !view_eq(d->media[i].description, m->description))
			return true;
	}
	for (size_t i = 0; i < w->change->n_media_changes; i++)
		if (w->change->media_changes[i].has_focus)
			return true;
	return false;
}

/* Other answers or another way to count: votes given so far mean nothing any more. */
static bool poll_is_another(const struct edit *w)
{
	const struct post_poll *old = w->before.poll;
	const struct new_poll *new = &w->draft.poll;

	if (!old || old->n_options != new->n_options || old->multiple != new->multiple)
		return true;
	for (size_t i = 0; i < new->n_options; i++)
		if (!view_eq(old->options[i].title, new->options[i]))
			return true;
	return false;
}

static bool anything_changed(const struct edit *w)
{
	const struct post *p = &w->before;
	const struct post_draft *d = &w->draft;

	return !view_eq(p->text, d->text) || !view_eq(p->spoiler, d->spoiler) || p->sensitive != d->sensitive ||
	       !view_is(p->language, d->language) || (p->poll != NULL) != d->has_poll || d->has_poll ||
	       media_changed(w);
}

/* Descriptions that come with the edit stand for those in the database, also for the search index. */
static enum err apply_descriptions(struct edit *w)
{
	for (size_t i = 0; i < w->change->n_media_changes; i++) {
		struct view words = w->change->media_changes[i].description;

		if (words.len > LIMIT_MEDIA_ALT_BYTES || compose_chars(words) > LIMIT_MEDIA_ALT_CHARS)
			return fail(w->problem, ERR_UNPROCESSABLE,
				    "Validation failed: Description is too long (maximum is %d characters)",
				    LIMIT_MEDIA_ALT_CHARS);
		for (size_t m = 0; m < w->draft.n_media; m++) {
			if (w->draft.media[m].id != w->change->media_changes[i].id || !words.p)
				continue;
			w->draft.media[m].description = words;
			w->draft.media[m].has_description = words.len > 0;
		}
	}
	return OK;
}

static enum err prepare(struct core *c, struct db *db, struct arena *a, struct account_id who, struct edit *w)
{
	struct draft_input in = {
		.author = who,
		.post = w->before.meta.id,
		.text = w->change->text,
		.spoiler = w->change->spoiler,
		.languages = {w->change->language, w->before.language},
		.sensitive = w->change->sensitive,
		.media = w->change->media,
		.n_media = w->change->n_media,
		.poll = w->change->poll,
	};
	struct rows r;

	db_query(db, &r, &edit_author_language, BINDS(B_INT(who.v)));
	if (rows_next(&r)) {
		in.languages[2] = row_copy(&r, 0, a);
		in.languages[3] = row_copy(&r, 1, a);
	}
	TRY(rows_end(&r));
	TRY(post_draft_check(c, db, a, &in, &w->draft, w->problem));
	TRY(apply_descriptions(w));
	return post_draft_compose(c, db, a, who, &w->draft, w->problem);
}

static enum err keep_original(struct db *tx, const struct edit *w)
{
	struct post_version v;
	int64_t n;

	TRY(post_versions_count(tx, w->before.meta.id, &n));
	if (n >= LIMIT_POST_EDITS)
		return fail(w->problem, ERR_UNPROCESSABLE,
			    "Validation failed: This post has been edited too many times");
	if (n)
		return OK;
	post_version_of(&w->before, &v);
	return post_version_add(tx, w->before.meta.id, w->before.text, &v);
}

static enum err add_version(struct db *tx, const struct edit *w)
{
	const struct post_draft *d = &w->draft;
	struct post_version v = {
		.html = d->made.html,
		.spoiler = d->spoiler,
		.sensitive = d->sensitive,
		.created_at = w->now,
		.n_media = d->n_media,
		.has_poll = d->has_poll,
		.n_options = d->has_poll ? d->poll.n_options : 0,
	};

	for (size_t i = 0; i < d->n_media; i++)
		v.media[i] = d->media[i];
	for (size_t i = 0; i < v.n_options; i++)
		v.options[i] = d->poll.options[i];
	return post_version_add(tx, w->before.meta.id, d->text, &v);
}

static enum err change_focus(struct db *tx, const struct edit *w, size_t i)
{
	char x[32], y[32];
	int x_len = snprintf(x, sizeof(x), "%.6f", w->change->media_changes[i].focus_x);
	int y_len = snprintf(y, sizeof(y), "%.6f", w->change->media_changes[i].focus_y);

	if (x_len >= (int)sizeof(x) || y_len >= (int)sizeof(y))
		return ERR_INVALID;
	return db_exec(tx, &edit_media_focus,
		       BINDS(B_INT(w->change->media_changes[i].id), B_INT(w->before.meta.author.v),
			     B_TEXT(view_make(x, (size_t)x_len)), B_TEXT(view_make(y, (size_t)y_len))),
		       NULL);
}

static enum err change_media(struct db *tx, const struct edit *w, const struct post_place *place)
{
	const struct post_draft *d = &w->draft;

	TRY(db_exec(tx, &edit_detach_media, BINDS(B_INT(place->id.v)), NULL));
	TRY(post_attach_media(tx, place, d->media, d->n_media, w->problem));
	for (size_t i = 0; i < d->n_media && w->change->n_media_changes; i++)
		TRY(db_exec(tx, &edit_media_words,
			    BINDS(B_INT(d->media[i].id), B_INT(place->author.v),
				  d->media[i].has_description ? B_TEXT(d->media[i].description) : B_NULL),
			    NULL));
	for (size_t i = 0; i < w->change->n_media_changes; i++)
		if (w->change->media_changes[i].has_focus)
			TRY(change_focus(tx, w, i));
	return OK;
}

static enum err change_poll(struct db *tx, const struct edit *w, struct post_id id)
{
	const struct new_poll *poll = &w->draft.poll;

	if (!w->draft.has_poll)
		return w->before.poll ? post_drop_poll(tx, id) : OK;
	if (poll_is_another(w))
		return post_reset_poll(tx, id, poll, w->now);
	return db_exec(tx, &edit_poll_dates,
		       BINDS(B_INT(id.v), B_INT(w->now + poll->expires_in * 1000), B_INT(poll->hide_totals)), NULL);
}

static bool mentioned_before(const struct edit *w, struct account_id who)
{
	for (size_t i = 0; i < w->before.n_mentions; i++)
		if (account_eq(w->before.mentions[i].id, who))
			return true;
	return false;
}

/* Who is not named any more stays addressed, silently: they have seen the post. */
static enum err change_mentions(struct db *tx, struct edit *w, const struct post_place *place)
{
	const struct post_text *made = &w->draft.made;

	TRY(db_exec(tx, &edit_mentions_silent, BINDS(B_INT(place->id.v)), NULL));
	for (size_t i = 0; i < made->n_mentions; i++) {
		TRY(db_exec(tx, &edit_mention, BINDS(B_INT(place->id.v), B_INT(made->mentions[i].v), B_INT(i)), NULL));
		if (!mentioned_before(w, made->mentions[i]))
			TRY(notification_add(tx, &w->events, made->mentions[i], NOTIFY_MENTION, place->author,
					     place->id, w->before.meta.thread_id));
	}
	return db_exec(tx, &edit_has_mentions, BINDS(B_INT(place->id.v)), NULL);
}

static enum err change_index(struct db *tx, const struct edit *w, const struct post_place *place)
{
	int64_t kind;

	TRY(db_int(tx, &edit_account_post_kind, BINDS(B_INT(place->author.v), B_INT(place->id.v)), &kind));
	kind = (kind & ~(int64_t)POST_MEDIA) | (w->draft.n_media ? POST_MEDIA : 0);
	return db_exec(tx, &edit_account_post, BINDS(B_INT(place->author.v), B_INT(place->id.v), B_INT(kind)), NULL);
}

/* Another link gets a card of its own; what it had is gone at once. */
static enum err change_link(struct db *tx, const struct edit *w)
{
	const struct post *before = &w->before;
	struct view old = preview_link_of(w->core, before->text, before->spoiler),
		    new = preview_link_of(w->core, w->draft.text, w->draft.spoiler);

	if (view_eq(old, new))
		return OK;
	TRY(preview_detach(tx, before->meta.id, before->card_id));
	return preview_job_add(w->core, tx, before->meta.id, new);
}

static enum err edit(struct db *tx, void *arg)
{
	struct edit *w = arg;
	const struct post_draft *d = &w->draft;
	const struct post_meta *m = &w->before.meta;
	struct post_place place = {m->id, m->author, (enum visibility)m->visibility, clock_now()};
	int64_t changed;

	w->events.n = 0;
	w->now = place.at;
	TRY(post_hold(tx, m->id));
	TRY(db_exec(tx, &edit_post,
		    BINDS(B_INT(m->id.v), B_TEXT(d->text), B_TEXT(d->made.html), B_TEXT(d->spoiler),
			  B_INT(d->sensitive), B_TEXT(view_of(d->language)), B_INT(d->n_media > 0), B_INT(d->has_poll),
			  B_INT(d->made.n_tags > 0), B_INT(w->now)),
		    &changed));
	if (!changed)
		return ERR_NOT_FOUND; /* deleted meanwhile */
	TRY(keep_original(tx, w));    /* behind the update, which lets edits pass one by one */
	TRY(compliance_note_post(tx, COMPLIANCE_POST_EDIT, m->author, m->id, m->boost_of, place.visibility));
	events_pend(&w->events, (struct event){.kind = EVENT_POST_EDITED,
					       .post = m->id,
					       .account = m->author,
					       .visibility = m->visibility,
					       .local = true});
	TRY(change_media(tx, w, &place));
	TRY(change_poll(tx, w, m->id));
	TRY(change_mentions(tx, w, &place));
	TRY(post_change_tags(tx, &place, d->made.tags, d->made.n_tags));
	TRY(change_link(tx, w));
	TRY(search_index_put(tx, m->id, d->tokens));
	TRY(change_index(tx, w, &place));
	for (size_t i = 0; i < ARRAY_LEN(w->telling); i++)
		if (w->telling[i].wanted)
			TRY(post_notify_add(tx, &w->telling[i].task));
	return add_version(tx, w);
}

static enum err find_involved(struct db *db, struct edit *w)
{
	static const enum notification_kind kinds[] = {NOTIFY_UPDATE, NOTIFY_QUOTED_UPDATE};
	const struct post_meta *m = &w->before.meta;

	for (size_t i = 0; i < ARRAY_LEN(w->telling); i++) {
		w->telling[i].task = (struct notify_task){
			.kind = kinds[i], .author = m->author, .post = m->id, .thread_id = m->thread_id};
		TRY(post_notify_wanted(db, &w->telling[i].task, &w->telling[i].wanted));
	}
	return OK;
}

/* The edit stands whatever comes of it, and the jobs will be tried. */
static void tell_involved(struct core *c, struct db *db, struct arena *a, const struct edit *w)
{
	for (size_t i = 0; i < ARRAY_LEN(w->telling); i++) {
		enum err err = w->telling[i].wanted ? post_notify_begin(c, db, a, &w->telling[i].task) : OK;

		if (err)
			log_warn("people are told of an edit later", F_INT("post", w->before.meta.id.v),
				 F_STR("error", view_of(err_name(err))));
	}
}

enum err post_edit(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
		   const struct post_change *change, struct problem *problem)
{
	struct edit w = {.core = c, .change = change, .problem = problem};
	enum err err;

	TRY(post_load(c, db, a, id, &w.before));
	if (!account_eq(w.before.meta.author, who) || w.before.meta.boost_of.v)
		return ERR_NOT_FOUND;
	TRY(prepare(c, db, a, who, &w));
	if (!anything_changed(&w))
		return OK;
	TRY(find_involved(db, &w));
	err = store_write(c->store, edit, &w);
	if (err) {
		event_list_drop(&w.events);
		return err;
	}
	events_announce_all(c->events, &w.events);
	tell_involved(c, db, a, &w);
	return OK;
}

/*
 * activity.c - see activity.h.
 */
#include "base/base.h"

#include "transfer/activity.h"

#include <jansson.h>

#include "base/clock.h"
#include "core/visibility.h"
#include "media/files.h"
#include "text/compose.h"

#define PUBLIC V(ACTIVITY_CONTEXT "#Public")

SQL(activity_account_uri, "SELECT uri FROM accounts WHERE id = $1");
SQL(activity_post_uri, "SELECT uri FROM posts WHERE id = $1");

struct view activity_media_name(struct arena *a, struct view key)
{
	return arena_printf(a, "media_attachments/files/%.*s", VIEW_ARG(key));
}

/* "2024-05-06T07:08:09Z", as Ruby's iso8601 has it. */
static void put_time(struct jw *j, const char *key, int64_t ms)
{
	char iso[CLOCK_ISO_LEN + 1];

	clock_iso(ms, iso);
	memcpy(iso + sizeof("2024-05-06T07:08:09") - 1, "Z", 2);
	jw_kv_cstr(j, key, iso);
}

static void put_optional(struct jw *j, const char *key, struct view v)
{
	if (v.len)
		jw_kv_str(j, key, v);
	else
		jw_kv_null(j, key);
}

static enum err uri_of(const struct activity_writer *w, const struct sql *sql, int64_t id, struct view *ret)
{
	struct rows r;

	*ret = V("");
	db_query(w->db, &r, sql, BINDS(B_INT(id)));
	if (rows_next(&r))
		*ret = row_copy(&r, 0, w->arena);
	return rows_end(&r);
}

static struct view followers_of(const struct activity_writer *w)
{
	return arena_printf(w->arena, "%.*s/followers", VIEW_ARG(w->author->uri));
}

/* ---- addressing ---- */

struct people {
	size_t n;
	const struct view *uris;
};

static enum err load_people(const struct activity_writer *w, const struct post *p, struct people *ret)
{
	struct view *uris = ARENA_ARRAY(w->arena, p->n_mentions + 1, struct view);

	for (size_t i = 0; i < p->n_mentions; i++)
		TRY(uri_of(w, &activity_account_uri, p->mentions[i].id.v, &uris[i]));
	*ret = (struct people){p->n_mentions, uris};
	return OK;
}

static void put_list(struct jw *j, const char *key, const struct view *first, size_t n_first,
		     const struct people *people)
{
	jw_key(j, key);
	jw_array(j);
	for (size_t i = 0; i < n_first; i++)
		jw_str(j, first[i]);
	for (size_t i = 0; people && i < people->n; i++)
		if (people->uris[i].len)
			jw_str(j, people->uris[i]);
	jw_array_end(j);
}

static void put_addressed(const struct activity_writer *w, enum visibility v, const struct people *people, struct jw *j)
{
	struct view everybody = PUBLIC, followers = followers_of(w);

	switch (v) {
	case VISIBILITY_PUBLIC:
		put_list(j, "to", &everybody, 1, NULL);
		put_list(j, "cc", &followers, 1, people);
		break;
	case VISIBILITY_UNLISTED:
		put_list(j, "to", &followers, 1, NULL);
		put_list(j, "cc", &everybody, 1, people);
		break;
	case VISIBILITY_PRIVATE:
		put_list(j, "to", &followers, 1, NULL);
		put_list(j, "cc", NULL, 0, people);
		break;
	default:
		put_list(j, "to", NULL, 0, people);
		put_list(j, "cc", NULL, 0, NULL);
	}
}

/* ---- parts of a note ---- */

static void put_attachments(const struct activity_writer *w, const struct post *p, struct jw *j)
{
	jw_key(j, "attachment");
	jw_array(j);
	for (size_t i = 0; i < p->n_media; i++) {
		const struct post_media *m = &p->media[i];
		struct view name = activity_media_name(w->arena, m->file);

		if (!m->file.len)
			continue;
		jw_object(j);
		jw_kv_cstr(j, "type", "Document");
		jw_kv_cstr(j, "mediaType", files_type(m->file));
		jw_kv_str(j, "url", arena_printf(w->arena, "/%.*s", VIEW_ARG(name)));
		if (m->has_description)
			jw_kv_str(j, "name", m->description);
		else
			jw_kv_null(j, "name");
		put_optional(j, "blurhash", m->blurhash);
		jw_key(j, "focalPoint");
		jw_array(j);
		jw_double(j, m->focus_x);
		jw_double(j, m->focus_y);
		jw_array_end(j);
		if (m->width > 0) {
			jw_kv_int(j, "width", m->width);
			jw_kv_int(j, "height", m->height);
		}
		jw_object_end(j);
	}
	jw_array_end(j);
}

/* A word of a path, percent-encoded. */
static struct view encoded(struct arena *a, struct view v)
{
	char *p = arena_alloc(a, 3 * v.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.p[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
			     c == '-' || c == '.';

		if (plain)
			p[n++] = (char)c;
		else
			n += (size_t)snprintf(p + n, 4, "%%%02X", c);
	}
	return view_make(p, n);
}

static void put_tags(const struct activity_writer *w, const struct post *p, const struct people *people, struct jw *j)
{
	jw_key(j, "tag");
	jw_array(j);
	for (size_t i = 0; i < p->n_mentions; i++) {
		const struct post_mention *m = &p->mentions[i];

		if (m->silent || !people->uris[i].len)
			continue;
		jw_object(j);
		jw_kv_cstr(j, "type", "Mention");
		jw_kv_str(j, "href", people->uris[i]);
		jw_kv_str(j, "name",
			  arena_printf(w->arena, "@%.*s%s%.*s", VIEW_ARG(m->username), m->domain.len ? "@" : "",
				       VIEW_ARG(m->domain)));
		jw_object_end(j);
	}
	for (size_t i = 0; i < p->n_tags; i++) {
		struct view word = encoded(w->arena, p->tags[i]);

		jw_object(j);
		jw_kv_cstr(j, "type", "Hashtag");
		jw_kv_str(j, "href", arena_printf(w->arena, "%s/tags/%.*s", w->core->config.base_url, VIEW_ARG(word)));
		jw_kv_str(j, "name", arena_printf(w->arena, "#%.*s", VIEW_ARG(p->tags[i])));
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void put_poll(const struct post_poll *poll, struct jw *j)
{
	if (!poll)
		return;
	jw_key(j, poll->multiple ? "anyOf" : "oneOf");
	jw_array(j);
	for (size_t i = 0; i < poll->n_options; i++) {
		jw_object(j);
		jw_kv_cstr(j, "type", "Note");
		jw_kv_str(j, "name", poll->options[i].title);
		jw_key(j, "replies");
		jw_object(j);
		jw_kv_cstr(j, "type", "Collection");
		jw_kv_int(j, "totalItems", poll->options[i].votes);
		jw_object_end(j);
		jw_object_end(j);
	}
	jw_array_end(j);
	if (poll->expires_at) {
		put_time(j, "endTime", poll->expires_at);
		if (poll->expires_at <= clock_now())
			put_time(j, "closed", poll->expires_at);
	}
	jw_kv_int(j, "votersCount", poll->voters);
}

/* ---- activities ---- */

static void put_note(const struct activity_writer *w, const struct post *p, const struct people *people,
		     struct view answered, struct jw *j)
{
	jw_object(j);
	jw_kv_str(j, "id", p->uri);
	jw_kv_cstr(j, "type", p->poll ? "Question" : "Note");
	put_optional(j, "summary", p->spoiler);
	put_optional(j, "inReplyTo", answered);
	put_time(j, "published", p->created_at);
	if (p->edited_at)
		put_time(j, "updated", p->edited_at);
	jw_kv_str(j, "url", p->url);
	jw_kv_str(j, "attributedTo", w->author->uri);
	put_addressed(w, (enum visibility)p->meta.visibility, people, j);
	jw_kv_bool(j, "sensitive", p->sensitive);
	jw_kv_str(j, "atomUri", p->uri);
	put_optional(j, "inReplyToAtomUri", answered);
	jw_kv_str(j, "content", p->html);
	if (p->language.len) {
		jw_key(j, "contentMap");
		jw_object(j);
		jw_kv_str(j, arena_cstr(w->arena, p->language), p->html);
		jw_object_end(j);
	}
	put_attachments(w, p, j);
	put_tags(w, p, people, j);
	put_poll(p->poll, j);
	jw_object_end(j);
}

static void put_head(const struct activity_writer *w, const struct post *p, const char *type, struct jw *j)
{
	jw_kv_str(j, "id", arena_printf(w->arena, "%.*s/activity", VIEW_ARG(p->uri)));
	jw_kv_cstr(j, "type", type);
	jw_kv_str(j, "actor", w->author->uri);
	put_time(j, "published", p->created_at);
}

static enum err write_boost(const struct activity_writer *w, const struct post *p, struct jw *j)
{
	struct people nobody = {0};
	struct post_meta meta;
	struct view uri;

	TRY(post_load_meta(w->core, w->db, w->arena, p->meta.boost_of, &meta));
	if (!visible_to(w->viewer, &meta))
		return ERR_NOT_FOUND;
	TRY(uri_of(w, &activity_post_uri, meta.id.v, &uri));
	jw_object(j);
	put_head(w, p, "Announce", j);
	put_addressed(w, (enum visibility)p->meta.visibility, &nobody, j);
	jw_kv_str(j, "object", uri);
	jw_object_end(j);
	return OK;
}

/* What it answers, as far as its author may still see that. */
static enum err answered_uri(const struct activity_writer *w, const struct post *p, struct view *ret)
{
	struct post_meta meta;

	*ret = V("");
	if (!p->meta.reply_to.v)
		return OK;
	enum err err = post_load_meta(w->core, w->db, w->arena, p->meta.reply_to, &meta);
	if (err == ERR_NOT_FOUND || (err == OK && !visible_to(w->viewer, &meta)))
		return OK;
	TRY(err);
	return uri_of(w, &activity_post_uri, meta.id.v, ret);
}

enum err activity_write(const struct activity_writer *w, struct post_id id, struct jw *j)
{
	struct people people;
	struct view answered;
	struct post p;

	TRY(post_load(w->core, w->db, w->arena, id, &p));
	if (p.meta.boost_of.v)
		return write_boost(w, &p, j);
	TRY(load_people(w, &p, &people));
	TRY(answered_uri(w, &p, &answered));
	jw_object(j);
	put_head(w, &p, "Create", j);
	put_addressed(w, (enum visibility)p.meta.visibility, &people, j);
	jw_key(j, "object");
	put_note(w, &p, &people, answered, j);
	jw_object_end(j);
	return OK;
}

/* ---- the actor ---- */

static void put_image(struct jw *j, const char *key, const char *file)
{
	if (!file)
		return;
	jw_key(j, key);
	jw_object(j);
	jw_kv_cstr(j, "type", "Image");
	jw_kv_cstr(j, "mediaType", files_type(view_of(file)));
	jw_kv_cstr(j, "url", file);
	jw_object_end(j);
}

static struct view member(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_string(v) ? view_make(json_string_value(v), json_string_length(v)) : V("");
}

static void put_fields(const struct account *account, struct jw *j)
{
	json_error_t error;
	json_t *fields = json_loadb(account->fields.p, account->fields.len, 0, &error);

	jw_key(j, "attachment");
	jw_array(j);
	for (size_t i = 0; i < json_array_size(fields); i++) {
		const json_t *field = json_array_get(fields, i);

		jw_object(j);
		jw_kv_cstr(j, "type", "PropertyValue");
		jw_kv_str(j, "name", member(field, "name"));
		jw_kv_str(j, "value", member(field, "html"));
		jw_object_end(j);
	}
	jw_array_end(j);
	json_decref(fields);
}

void activity_write_actor(struct arena *a, const struct account *account, const char *avatar, const char *header,
			  struct jw *j)
{
	jw_object(j);
	jw_kv_cstr(j, "@context", ACTIVITY_CONTEXT);
	jw_kv_str(j, "id", account->uri);
	jw_kv_cstr(j, "type", account->bot ? "Service" : account->group ? "Group" : "Person");
	jw_kv_str(j, "following", arena_printf(a, "%.*s/following", VIEW_ARG(account->uri)));
	jw_kv_str(j, "followers", arena_printf(a, "%.*s/followers", VIEW_ARG(account->uri)));
	jw_kv_str(j, "inbox", arena_printf(a, "%.*s/inbox", VIEW_ARG(account->uri)));
	jw_kv_cstr(j, "outbox", "outbox.json");
	jw_kv_cstr(j, "likes", "likes.json");
	jw_kv_cstr(j, "bookmarks", "bookmarks.json");
	jw_kv_str(j, "preferredUsername", account->username);
	jw_kv_str(j, "name", account->display_name.len ? account->display_name : account->username);
	jw_kv_str(j, "summary", account->note_html);
	jw_kv_str(j, "url", account->url);
	jw_kv_bool(j, "manuallyApprovesFollowers", account->locked);
	jw_kv_bool(j, "discoverable", account->discoverable);
	jw_kv_bool(j, "indexable", account->indexable);
	put_time(j, "published", account->created_at);
	put_fields(account, j);
	put_image(j, "icon", avatar);
	put_image(j, "image", header);
	jw_object_end(j);
}

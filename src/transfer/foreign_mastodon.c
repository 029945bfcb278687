/*
 * foreign_mastodon.c - an activity of a Mastodon archive's outbox.json (ActivityStreams 2.0, as
 * app/serializers/activitypub/note_serializer.rb writes it; other programs' archives of this layout differ little).
 */
#include "base/base.h"

#include "transfer/foreign.h"

#include "base/clock.h"

#define PUBLIC "https://www.w3.org/ns/activitystreams#Public"

struct view foreign_string(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_string(v) ? view_make(json_string_value(v), json_string_length(v)) : V("");
}

/* A text of ours: without NUL, which JSON may hold. */
static struct view copy(struct arena *a, struct view v)
{
	return utf8_valid(v) && v.len <= FOREIGN_TEXT_BYTES ? arena_view(a, v) : V("");
}

/* An address, or an object with one. */
static struct view address(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_object(v) ? foreign_string(v, "id") : foreign_string(object, key);
}

static bool is_public(struct view v)
{
	return view_is(v, PUBLIC) || view_is(v, "as:Public") || view_is(v, "Public");
}

/* "to" and "cc" hold one address or many. */
static void addressed(const json_t *object, const char *key, bool *ret_public, bool *ret_followers)
{
	const json_t *list = json_object_get(object, key);
	size_t n = json_is_array(list) ? json_array_size(list) : json_is_string(list);

	for (size_t i = 0; i < n; i++) {
		const json_t *one = json_is_array(list) ? json_array_get(list, i) : list;
		struct view v =
			json_is_string(one) ? view_make(json_string_value(one), json_string_length(one)) : V("");

		*ret_public |= is_public(v);
		*ret_followers |= view_ends(v, V("/followers"));
	}
}

/* False: it goes to those it names alone. */
static bool read_visibility(const json_t *note, enum visibility *ret)
{
	bool to_public = false, cc_public = false, followers = false;

	addressed(note, "to", &to_public, &followers);
	addressed(note, "cc", &cc_public, &followers);
	*ret = to_public ? VISIBILITY_PUBLIC : cc_public ? VISIBILITY_UNLISTED : VISIBILITY_PRIVATE;
	return to_public || cc_public || followers;
}

struct names {
	struct arena *arena;
	const json_t *tags;
};

static struct view host_of(struct view url)
{
	size_t at = view_starts(url, V("https://")) ? 8 : view_starts(url, V("http://")) ? 7 : url.len;

	return view_sub(url, at, view_find(url, at, '/') - at);
}

/* "@bob" of that server is "@bob@its.name" here. */
static struct view mention_name(const void *arg, struct view href)
{
	const struct names *names = arg;
	size_t n = json_is_array(names->tags) ? json_array_size(names->tags) : 0;

	for (size_t i = 0; i < n && i < 200; i++) {
		const json_t *tag = json_array_get(names->tags, i);
		struct view name = foreign_string(tag, "name"), host = host_of(href);

		if (!view_is(foreign_string(tag, "type"), "Mention") || !view_eq(foreign_string(tag, "href"), href) ||
		    !view_starts(name, V("@")) || name.len > 1024)
			continue;
		if (view_find(name, 1, '@') < name.len || !host.len)
			return copy(names->arena, name);
		return arena_printf(names->arena, "%.*s@%.*s", VIEW_ARG(name), VIEW_ARG(host));
	}
	return V("");
}

/* "/media_attachments/files/1/original/x.png?1" → "media_attachments/files/1/original/x.png" */
static void read_names(struct arena *a, struct view url, struct foreign_media *m)
{
	static const char layout[] = "media_attachments/";
	struct view path = view_sub(url, 0, view_find(url, 0, '?'));
	const char *within = memmem(path.p, path.len, layout, sizeof(layout) - 1);

	if (host_of(path).len) {
		size_t host = (size_t)(host_of(path).p - path.p) + host_of(path).len;

		path = view_sub(path, host, path.len);
	}
	while (view_starts(path, V("/")))
		path = view_sub(path, 1, path.len);
	m->names[m->n_names++] = copy(a, path);
	if (within && within != path.p)
		m->names[m->n_names++] = copy(a, view_make(within, (size_t)(url.p + view_find(url, 0, '?') - within)));
}

static void read_attachments(struct arena *a, const json_t *note, struct foreign_post *p)
{
	const json_t *list = json_object_get(note, "attachment");
	size_t n = json_is_array(list) ? json_array_size(list) : 0;

	for (size_t i = 0; i < n && p->n_media < FOREIGN_MEDIA_MAX; i++) {
		const json_t *one = json_array_get(list, i), *focus = json_object_get(one, "focalPoint");
		struct foreign_media *m = &p->media[p->n_media];
		struct view url = address(one, "url");

		if (!url.len)
			continue;
		read_names(a, url, m);
		m->description = copy(a, foreign_string(one, "name"));
		if (json_is_array(focus) && json_is_number(json_array_get(focus, 0)) &&
		    json_is_number(json_array_get(focus, 1))) {
			m->focus_x = json_number_value(json_array_get(focus, 0));
			m->focus_y = json_number_value(json_array_get(focus, 1));
			m->has_focus = m->focus_x >= -1 && m->focus_x <= 1 && m->focus_y >= -1 && m->focus_y <= 1;
		}
		p->n_media++;
	}
}

/* contentMap names the language; one alone, or nobody knows which is meant. */
static struct view read_language(struct arena *a, const json_t *note)
{
	json_t *map = json_object_get(note, "contentMap");
	void *first = json_is_object(map) && json_object_size(map) == 1 ? json_object_iter(map) : NULL;

	return first ? copy(a, view_of(json_object_iter_key(first))) : V("");
}

/* Ids of Mastodon are milliseconds << 16, which tell more than the date, where they agree with it. */
static int64_t read_time(const json_t *note, struct view id)
{
	size_t slash = id.len;
	int64_t at = 0, number;

	if (!clock_parse_iso(foreign_string(note, "published"), &at))
		return 0;
	while (slash > 0 && id.p[slash - 1] != '/')
		slash--;
	if (parse_i64(view_sub(id, slash, id.len - slash), 1, INT64_MAX, &number) && (number >> 16) / 1000 == at / 1000)
		return number >> 16;
	return at;
}

static const char *refusal(const struct foreign_owner *owner, const json_t *item, const json_t *note)
{
	struct view type = foreign_string(item, "type"), author = address(note, "attributedTo");

	if (view_is(type, "Announce"))
		return "a boost of somebody's post";
	if (!view_is(type, "Create") || !json_is_object(note))
		return "it is no post";
	type = foreign_string(note, "type");
	if (!view_is(type, "Note") && !view_is(type, "Question") && !view_is(type, "Article"))
		return "it is no post";
	if (author.len && owner->id.len && !view_eq(author, owner->id))
		return "it is somebody else's";
	return NULL;
}

void foreign_read_mastodon(struct arena *a, const struct foreign_owner *owner, const json_t *item,
			   struct foreign_post *ret)
{
	const json_t *note = json_object_get(item, "object");
	struct names names = {a, json_object_get(note, "tag")};
	struct foreign_post p = {
		.id = copy(a, json_is_string(note) ? foreign_string(item, "id") : foreign_string(note, "id"))};

	p.refused = refusal(owner, item, note);
	if (!p.refused && !read_visibility(note, &p.visibility))
		p.refused = "a message to those it names alone";
	p.at = read_time(json_is_object(note) ? note : item, p.id);
	if (!p.refused) {
		p.reply_to = copy(a, address(note, "inReplyTo"));
		p.answers_owner = owner->id.len && view_starts(p.reply_to, owner->id) &&
				  view_starts(view_sub(p.reply_to, owner->id.len, 1), V("/"));
		p.text = foreign_html_text(a, copy(a, foreign_string(note, "content")), mention_name, &names);
		p.spoiler = copy(a, foreign_string(note, "summary"));
		p.sensitive = json_is_true(json_object_get(note, "sensitive"));
		p.language = read_language(a, note);
		read_attachments(a, note, &p);
		if (view_is(foreign_string(note, "type"), "Question"))
			p.note = "its poll was left out";
	}
	*ret = p;
}

bool foreign_owner_mastodon(struct arena *a, struct view text, struct foreign_owner *ret)
{
	json_error_t error;
	json_t *actor = json_loadb(text.p, text.len, JSON_REJECT_DUPLICATES, &error);

	*ret = (struct foreign_owner){copy(a, foreign_string(actor, "id")),
				      copy(a, foreign_string(actor, "preferredUsername"))};
	json_decref(actor);
	return ret->id.len > 0;
}

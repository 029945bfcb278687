/*
 * post_history.c - see post_history.h. Media and poll of a version are small JSON texts beside its words: what was
 * attached stays in `media` with position -1 for as long as the post stands.
 */
#include "base/base.h"

#include "core/post_history.h"

#include <jansson.h>

#include "base/json.h"

#define VERSION_JSON_BYTES (LIMIT_MIB * 2)

SQL(history_list,
    "SELECT html, spoiler, sensitive, media, poll, created_at FROM post_edits WHERE post_id = $1 ORDER BY id LIMIT $2");
SQL(history_count, "SELECT count(*) FROM post_edits WHERE post_id = $1");
SQL(history_add, "INSERT INTO post_edits (post_id, id, text, html, spoiler, sensitive, media, poll, created_at)"
		 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
SQL(history_drop, "DELETE FROM post_edits WHERE post_id = $1");

void post_version_of(const struct post *p, struct post_version *ret)
{
	struct post_version v = {
		.html = p->html,
		.spoiler = p->spoiler,
		.sensitive = p->sensitive,
		.created_at = p->edited_at ? p->edited_at : p->created_at,
		.has_poll = p->poll != NULL,
	};

	for (size_t i = 0; i < p->n_media && v.n_media < LIMIT_POST_MEDIA; i++)
		v.media[v.n_media++] =
			(struct draft_media){p->media[i].id, p->media[i].description, p->media[i].has_description};
	for (size_t i = 0; p->poll && i < p->poll->n_options && v.n_options < ARRAY_LEN(v.options); i++)
		v.options[v.n_options++] = p->poll->options[i].title;
	*ret = v;
}

static void write_media(struct buf *out, const struct post_version *v)
{
	struct jw j = jw_to(out);

	jw_array(&j);
	for (size_t i = 0; i < v->n_media; i++) {
		jw_object(&j);
		jw_kv_id(&j, "id", v->media[i].id);
		if (v->media[i].has_description)
			jw_kv_str(&j, "description", v->media[i].description);
		jw_object_end(&j);
	}
	jw_array_end(&j);
}

static void write_poll(struct buf *out, const struct post_version *v)
{
	struct jw j = jw_to(out);

	if (!v->has_poll)
		return;
	jw_array(&j);
	for (size_t i = 0; i < v->n_options; i++)
		jw_str(&j, v->options[i]);
	jw_array_end(&j);
}

enum err post_version_add(struct db *tx, struct post_id id, struct view text, const struct post_version *v)
{
	struct buf CLEANUP(buf_release) media = {.max = VERSION_JSON_BYTES};
	struct buf CLEANUP(buf_release) poll = {.max = VERSION_JSON_BYTES};

	write_media(&media, v);
	write_poll(&poll, v);
	TRY(buf_err(&media));
	TRY(buf_err(&poll));
	return db_exec(tx, &history_add,
		       BINDS(B_INT(id.v), B_INT(id_next()), B_TEXT(text), B_TEXT(v->html), B_TEXT(v->spoiler),
			     B_INT(v->sensitive), B_TEXT(buf_view(&media)), B_TEXT(buf_view(&poll)),
			     B_INT(v->created_at)),
		       NULL);
}

enum err post_versions_count(struct db *tx, struct post_id id, int64_t *ret)
{
	return db_int(tx, &history_count, BINDS(B_INT(id.v)), ret);
}

enum err post_versions_drop(struct db *tx, struct post_id id)
{
	return db_exec(tx, &history_drop, BINDS(B_INT(id.v)), NULL);
}

static struct view copy_string(struct arena *a, const json_t *s)
{
	return arena_view(a, view_make(json_string_value(s), json_string_length(s)));
}

static void read_media(struct arena *a, struct view text, struct post_version *v)
{
	json_t *list = json_loadb(text.p, text.len, 0, NULL);
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		const json_t *id = json_object_get(item, "id"), *words = json_object_get(item, "description");
		struct draft_media m = {.has_description = json_is_string(words)};

		if (v->n_media == LIMIT_POST_MEDIA || !json_is_string(id) ||
		    !parse_i64(view_of(json_string_value(id)), 1, INT64_MAX, &m.id))
			continue;
		m.description = m.has_description ? copy_string(a, words) : V("");
		v->media[v->n_media++] = m;
	}
	json_decref(list);
}

static void read_poll(struct arena *a, struct view text, struct post_version *v)
{
	json_t *list = text.len ? json_loadb(text.p, text.len, 0, NULL) : NULL;
	json_t *item;
	size_t i;

	v->has_poll = text.len > 0;
	json_array_foreach (list, i, item)
		if (json_is_string(item) && v->n_options < ARRAY_LEN(v->options))
			v->options[v->n_options++] = copy_string(a, item);
	json_decref(list);
}

enum err post_history(struct core *c, struct db *db, struct arena *a, struct post_id id,
		      const struct post_version **ret, size_t *ret_n)
{
	struct post_version *list = ARENA_ARRAY(a, LIMIT_POST_EDITS + 1, struct post_version);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &history_list, BINDS(B_INT(id.v), B_INT(LIMIT_POST_EDITS + 1)));
	/* As far as the call's memory goes, where posts may be very long. */
	while (n <= LIMIT_POST_EDITS && a->used < a->cap / 2 && rows_next(&r)) {
		struct post_version *v = &list[n++];

		v->html = row_copy(&r, 0, a);
		v->spoiler = row_copy(&r, 1, a);
		v->sensitive = row_int(&r, 2) != 0;
		read_media(a, row_text(&r, 3), v);
		read_poll(a, row_text(&r, 4), v);
		v->created_at = row_int(&r, 5);
	}
	TRY(rows_end(&r));
	if (n == 0) {
		struct post post;

		TRY(post_load(c, db, a, id, &post));
		post_version_of(&post, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return OK;
}

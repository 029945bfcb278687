/*
 * announcement.c - see announcement.h.
 */
#include "base/base.h"

#include "present/announcement.h"

#include "core/accounts.h"
#include "core/post_text.h"
#include "present/emoji.h"
#include "present/tag.h"

/* A custom one has a picture, as long as it is there. */
static void reaction(const struct present *p, const struct reaction *r, struct jw *j)
{
	struct view text = arena_printf(p->arena, ":%.*s:", VIEW_ARG(r->name));
	const struct emoji *custom;
	size_t n;

	jw_kv_str(j, "name", r->name);
	jw_kv_int(j, "count", r->count);
	if (p->viewer->account.v)
		jw_kv_bool(j, "me", r->me);
	emojis_in(p->core, p->arena, &text, 1, &custom, &n);
	if (n) {
		jw_kv_str(j, "url", present_file_url(p, custom[0].file));
		jw_kv_str(j, "static_url", present_file_url(p, custom[0].static_file));
	}
}

static enum err reactions(const struct present *p, int64_t id, struct jw *j)
{
	struct reaction list[LIMIT_ANNOUNCEMENT_EMOJIS];
	size_t n;

	TRY(announcement_reactions(p->db, p->arena, p->viewer->account, id, list, &n));
	jw_key(j, "reactions");
	jw_array(j);
	for (size_t i = 0; i < n; i++) {
		jw_object(j);
		reaction(p, &list[i], j);
		jw_object_end(j);
	}
	jw_array_end(j);
	return OK;
}

static enum err mention(const struct present *p, struct account_id id, struct jw *j)
{
	struct account account;
	enum err err = account_load(p->db, p->arena, id, &account);

	if (err)
		return err == ERR_NOT_FOUND ? OK : err;
	jw_object(j);
	jw_kv_id(j, "id", id.v);
	jw_kv_str(j, "username", account.username);
	jw_kv_str(j, "url", account.url);
	jw_kv_str(j, "acct", account.username);
	jw_object_end(j);
	return OK;
}

static enum err meant(const struct present *p, const struct post_text *made, struct jw *j)
{
	jw_key(j, "mentions");
	jw_array(j);
	for (size_t i = 0; i < made->n_mentions; i++)
		TRY(mention(p, made->mentions[i], j));
	jw_array_end(j);
	jw_key(j, "statuses");
	jw_array(j);
	jw_array_end(j);
	jw_key(j, "tags");
	jw_array(j);
	for (size_t i = 0; i < made->n_tags; i++) {
		jw_object(j);
		jw_kv_str(j, "name", made->tags[i].name);
		jw_kv_str(j, "url", present_tag_url(p, made->tags[i].name));
		jw_object_end(j);
	}
	jw_array_end(j);
	return OK;
}

enum err present_announcement(const struct present *p, const struct announcement *n, struct jw *j)
{
	struct post_text made;

	TRY(post_text_make(p->core, p->db, p->arena, (struct account_id){0}, n->text, &made));
	jw_object(j);
	jw_kv_id(j, "id", n->id);
	jw_kv_str(j, "content", made.html);
	jw_kv_time(j, "starts_at", n->starts_at);
	jw_kv_time(j, "ends_at", n->ends_at);
	jw_kv_bool(j, "all_day", n->all_day);
	jw_kv_time(j, "published_at", n->published_at);
	jw_kv_time(j, "updated_at", n->updated_at);
	if (p->viewer->account.v)
		jw_kv_bool(j, "read", n->read);
	TRY(meant(p, &made, j));
	jw_key(j, "emojis");
	present_emojis_in(p, &n->text, 1, j);
	TRY(reactions(p, n->id, j));
	jw_object_end(j);
	return OK;
}

enum err present_reaction_change(const struct present *p, int64_t emoji, struct jw *j)
{
	struct reaction r;
	int64_t announcement;

	TRY(announcement_reaction_load(p->db, p->arena, emoji, &r, &announcement));
	jw_object(j);
	reaction(p, &r, j);
	jw_kv_id(j, "announcement_id", announcement);
	jw_object_end(j);
	return OK;
}

/*
 * import_posts.c - see import_posts.h. A post is written in one transaction with what it was called where it comes from
 * (imported_posts), so that it is here once; pictures that came before it and were not used are swept like any others.
 */
#include "base/base.h"

#include "transfer/import_posts.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/posts.h"
#include "media/media.h"
#include "media/media_job.h"
#include "transfer/import_scan.h"

#define STEP_NS INT64_C(1000000000)
#define SAVE_EVERY 10
#define POST_ARENA (64 * LIMIT_MIB)
#define MEDIA_WAIT_MS 30000
#define DAY_MS ((int64_t)24 * 3600 * 1000)

SQL(imported_find, "SELECT post_id FROM imported_posts WHERE account_id = $1 AND origin = $2");
SQL(imported_own, "SELECT id FROM posts WHERE id = $1 AND account_id = $2 AND uri = $3");

struct taking {
	struct core *core;
	struct db *db;
	struct arena *arena; /* of one post */
	struct import *i;
	const struct import_source *source;
	struct import_report *report;
	char folder[IMPORT_PATH_MAX];
	struct foreign_owner owner;
	/* The file entries are read from now. */
	uint32_t file;
	struct view text;
	char name[64];
	/* Of the entry. */
	char place[96];
	struct foreign_post post;
};

/* The post that was called so: imported, or of this very server. ERR_NOT_FOUND. */
static enum err find_origin(struct taking *t, struct view origin, struct post_id *ret)
{
	size_t slash = origin.len;
	int64_t number;
	enum err err = db_int(t->db, &imported_find, BINDS(B_INT(t->i->account.v), B_TEXT(origin)), &ret->v);

	if (err != ERR_NOT_FOUND || !view_starts(origin, view_of(t->core->config.base_url)))
		return err;
	while (slash > 0 && origin.p[slash - 1] != '/')
		slash--;
	if (!parse_i64(view_sub(origin, slash, origin.len - slash), 1, INT64_MAX, &number))
		return ERR_NOT_FOUND;
	return db_int(t->db, &imported_own, BINDS(B_INT(number), B_INT(t->i->account.v), B_TEXT(origin)), &ret->v);
}

static void refuse(struct taking *t, const char *words)
{
	import_complain(t->i, t->report, true, t->place, t->post.id, words);
}

static void note(struct taking *t, struct view item, const char *words)
{
	import_complain(t->i, t->report, false, t->place, item, words);
}

/* ---- pictures ---- */

/* The server's thread converts it, unless that one is busy, or there is no server. */
static enum err convert(struct taking *t, int64_t id, enum media_state *state, struct problem *problem)
{
	if (*state == MEDIA_PROCESSING) {
		enum err err = media_convert_now(t->core, t->db, id, problem);

		if (err && err != ERR_NOT_FOUND)
			return err;
		TRY(media_progress(t->db, t->i->account, id, state, problem));
	}
	return *state == MEDIA_READY ? OK : ERR_UNPROCESSABLE;
}

static struct view alt_text(struct view v)
{
	size_t len = 0, step;

	while ((step = utf8_step(v, len)) && len + step <= LIMIT_MEDIA_ALT_BYTES)
		len += step;
	return view_sub(v, 0, len);
}

/* ERR_NOT_FOUND: it is not in the archive. ERR_UNPROCESSABLE with words. */
static enum err take_picture(struct taking *t, const struct foreign_media *m, int64_t *ret_id, struct problem *problem)
{
	const struct media_details details = {.has_description = m->description.len > 0,
					      .description = alt_text(m->description),
					      .has_focus = m->has_focus,
					      .focus_x = m->focus_x,
					      .focus_y = m->focus_y};
	enum media_state state = MEDIA_PROCESSING;
	struct view bytes = {0};

	for (size_t n = 0; n < m->n_names && !bytes.len; n++)
		bytes = scan_map(t->folder, m->names[n]);
	if (!bytes.len)
		return ERR_NOT_FOUND;
	enum err err = media_upload(t->core, t->db, t->i->account, bytes, &details, t->core->jobs ? MEDIA_WAIT_MS : 0,
				    ret_id, &state, problem);
	scan_unmap(bytes);
	TRY(err);
	return convert(t, *ret_id, &state, problem);
}

static enum err take_pictures(struct taking *t, int64_t ret_ids[LIMIT_POST_MEDIA], size_t *ret_n)
{
	size_t n = 0;

	for (size_t m = 0; m < t->post.n_media; m++) {
		struct problem problem = {0};

		if (n == LIMIT_POST_MEDIA) {
			note(t, t->post.id, "it has more attachments than a post may have here: the first were taken");
			break;
		}
		enum err err = take_picture(t, &t->post.media[m], &ret_ids[n], &problem);
		if (err == ERR_NOT_FOUND)
			note(t, t->post.media[m].names[0], "this attachment is not in the archive");
		else if (err == ERR_UNPROCESSABLE || err == ERR_TOO_LARGE)
			note(t, t->post.media[m].names[0],
			     problem.text[0] ? problem.text : "this attachment cannot be taken");
		else
			TRY(err);
		n += err == OK;
	}
	*ret_n = n;
	return OK;
}

/* ---- posts ---- */

static enum err write_post(struct taking *t, struct post_id parent)
{
	const struct foreign_post *p = &t->post;
	int64_t media[LIMIT_POST_MEDIA], now = clock_now();
	struct problem problem = {0};
	struct new_post np = {.author = t->i->account,
			      .text = p->text,
			      .spoiler = p->spoiler,
			      .language = p->language,
			      .reply_to = parent,
			      .has_visibility = true,
			      .visibility = p->visibility,
			      .has_sensitive = true,
			      .sensitive = p->sensitive,
			      .media = media,
			      .created_at = p->at < now ? p->at : now,
			      .origin = p->id};
	struct post_id made;

	TRY(take_pictures(t, media, &np.n_media));
	enum err err = post_create(t->core, t->db, t->arena, &np, &made, &problem);
	if (err == ERR_UNPROCESSABLE && np.n_media > 1) { /* a film stands alone */
		np.n_media = 1;
		err = post_create(t->core, t->db, t->arena, &np, &made, &problem);
		if (err == OK)
			note(t, p->id, "only the first of its attachments was taken: those do not go together here");
	}
	if (err == ERR_UNPROCESSABLE || err == ERR_NOT_FOUND || err == ERR_TOO_LARGE) {
		refuse(t, problem.text[0] ? problem.text : err_name(err));
		return OK;
	}
	TRY(err);
	t->i->taken++;
	if (p->note)
		note(t, p->id, p->note);
	return OK;
}

static const char *words_against(const struct foreign_post *p)
{
	if (p->refused)
		return p->refused;
	if (!p->id.len || p->id.len > 2048)
		return "it has no address of its own";
	if (p->at <= 0)
		return "it has no date";
	if (p->at > clock_now() + DAY_MS)
		return "its date is still to come";
	return NULL;
}

static enum err take(struct taking *t)
{
	struct post_id parent = {0}, here;
	const char *words = words_against(&t->post);

	if (words) {
		refuse(t, words);
		return OK;
	}
	enum err err = find_origin(t, t->post.id, &here);
	if (err == OK) {
		t->i->known++;
		return OK;
	}
	if (err == ERR_NOT_FOUND && t->post.reply_to.len)
		err = find_origin(t, t->post.reply_to, &parent);
	else if (err == ERR_NOT_FOUND)
		err = OK;
	if (err == ERR_NOT_FOUND) {
		refuse(t, t->post.answers_owner ? "it answers a post that was not taken" : "a reply to somebody else");
		return OK;
	}
	TRY(err);
	return write_post(t, parent);
}

static void open_list(struct taking *t, uint32_t file)
{
	if (t->text.p && t->file == file)
		return;
	scan_unmap(t->text);
	t->text = (struct view){0};
	t->file = file;
	if (t->source->list(file, t->name))
		t->text = scan_map(t->folder, view_of(t->name));
}

static enum err take_entry(struct taking *t, const struct scan_entry *e)
{
	json_error_t error;

	open_list(t, e->file);
	snprintf(t->place, sizeof(t->place), "%s, entry %" PRIu32, t->name, e->n);
	struct view json = e->offset <= t->text.len ? view_sub(t->text, e->offset, e->len) : V("");
	json_t *item = json.len == e->len ? json_loadb(json.p, json.len, 0, &error) : NULL;
	t->post = (struct foreign_post){0};
	if (item)
		t->source->read(t->arena, &t->owner, item, &t->post);
	json_decref(item);
	if (!item) {
		refuse(t, "it cannot be read");
		return OK;
	}
	return take(t);
}

static enum err take_some(struct taking *t, struct view index, bool *ret_more)
{
	const struct scan_entry *entries = (const struct scan_entry *)index.p;
	int64_t count = (int64_t)(index.len / sizeof(*entries)), before = t->i->total - count;
	int64_t until = clock_mono_ns() + STEP_NS;
	int n = 0;

	while (t->i->done - before < count && clock_mono_ns() < until) {
		TRY(take_entry(t, &entries[t->i->done - before]));
		arena_reset(t->arena);
		t->i->done++;
		if (++n % SAVE_EVERY == 0 || t->report->n > IMPORT_REPORT_MAX / 2)
			TRY(import_save(t->core, t->i, t->report));
	}
	TRY(import_save(t->core, t->i, t->report));
	*ret_more = t->i->done - before < count;
	return OK;
}

static enum err take_up(struct core *c, struct db *db, struct arena *a, struct import *i,
			const struct import_source *source, struct view index, bool *ret_more)
{
	struct taking *t = xcalloc(1, sizeof(*t));
	struct arena post;

	arena_init(&post, POST_ARENA);
	*t = (struct taking){.core = c, .db = db, .arena = &post, .i = i, .source = source};
	t->report = xcalloc(1, sizeof(*t->report));
	import_folder(c, i->id, t->folder);
	struct view owner = scan_map(t->folder, view_of(source->owner_file));
	enum err err = source->owner(a, owner, &t->owner) ? take_some(t, index, ret_more) : ERR_CORRUPT;
	scan_unmap(owner);
	scan_unmap(t->text);
	arena_release(&post);
	free(t->report);
	free(t);
	return err;
}

static enum err step(struct core *c, struct db *db, struct arena *a, struct import *i,
		     const struct import_source *source, bool *ret_more, struct problem *problem)
{
	struct view index = {0};
	enum err err = scan_index(c, i->id, &index);

	if (err == ERR_NOT_FOUND) {
		*ret_more = true;
		return scan_prepare(c, i, source, problem);
	}
	TRY(err);
	err = take_up(c, db, a, i, source, index, ret_more);
	scan_unmap(index);
	return err;
}

enum err import_mastodon(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			 struct problem *problem)
{
	return step(c, db, a, i, &import_from_mastodon, ret_more, problem);
}

enum err import_twitter(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			struct problem *problem)
{
	return step(c, db, a, i, &import_from_twitter, ret_more, problem);
}

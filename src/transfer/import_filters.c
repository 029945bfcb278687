/*
 * import_filters.c - filters as Mastodon exports them: {"custom_filters": [{"title", "expire_at", "context", "action",
 * "keywords_attributes": [{"keyword", "whole_word"}], "statuses": [address]}]}. One of a title that is here already is
 * changed and not doubled. They are few, so every step reads the file from its beginning.
 */
#include "base/base.h"

#include "transfer/import_lists.h"

#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "core/filters.h"
#include "transfer/foreign.h"
#include "transfer/import_private.h"

#define STEP_FILTERS 10
#define KEYWORDS_MAX 200 /* of one filter in a file */
#define STATUSES_MAX 200

struct filter_import {
	struct list_import w; /* core, db, i, viewer, problem */
	struct arena arena;   /* of one filter */
	struct import_report *report;
	char place[64];
};

static bool bit_of(struct view name, const char *const *names, unsigned *ret)
{
	for (unsigned i = 0; names[i]; i++) {
		if (!view_is(name, names[i]))
			continue;
		*ret = i;
		return true;
	}
	return false;
}

static unsigned read_contexts(const json_t *list)
{
	unsigned contexts = 0, at;

	for (size_t i = 0; json_is_array(list) && i < json_array_size(list) && i < 16; i++) {
		const json_t *one = json_array_get(list, i);

		if (json_is_string(one) && bit_of(view_of(json_string_value(one)), filter_context_names, &at))
			contexts |= 1U << at;
	}
	return contexts;
}

static bool has_keyword(const struct filters *there, struct view text)
{
	for (size_t k = 0; k < there->n_keywords; k++)
		if (view_eq(there->keywords[k].text, text))
			return true;
	return false;
}

/* Those in the file that are not there, and when overwriting, an end of those that are not in the file. */
static void read_keywords(struct filter_import *f, const json_t *list, const struct filters *there,
			  struct filter_change *change)
{
	size_t n = 0, given = json_is_array(list) ? json_array_size(list) : 0;

	given = given < KEYWORDS_MAX ? given : KEYWORDS_MAX;
	struct keyword_change *k = ARENA_ARRAY(&f->arena, given + there->n_keywords + 1, struct keyword_change);
	for (size_t i = 0; i < there->n_keywords && f->w.i->overwrite; i++)
		k[n++] = (struct keyword_change){.id = there->keywords[i].id, .gone = true};
	for (size_t i = 0; i < given; i++) {
		const json_t *one = json_array_get(list, i);
		struct view text = foreign_string(one, "keyword");

		if (!text.len || !utf8_valid(text) || (!f->w.i->overwrite && has_keyword(there, text)))
			continue;
		k[n++] = (struct keyword_change){.has_text = true,
						 .text = text,
						 .has_whole_word = true,
						 .whole_word = !json_is_false(json_object_get(one, "whole_word"))};
	}
	change->keywords = k;
	change->n_keywords = n;
}

/* A post that is not here is told, and the rest of the filter taken. */
static enum err add_statuses(struct filter_import *f, int64_t filter, const json_t *list)
{
	size_t n = json_is_array(list) ? json_array_size(list) : 0;

	for (size_t i = 0; i < n && i < STATUSES_MAX; i++) {
		const json_t *one = json_array_get(list, i);
		struct view uri = json_is_string(one) ? view_of(json_string_value(one)) : V("");
		struct post_id post;
		int64_t id;

		f->w.place[COLUMN_URI] = 0;
		f->w.record = (struct csv_record){.n = 1, .fields = {uri}};
		f->w.problem = (struct problem){0};
		enum err err = utf8_valid(uri) ? list_post(&f->w, &f->arena, &post) : ERR_UNPROCESSABLE;
		if (err == OK)
			err = filter_status_add(f->w.core, f->w.i->account, filter, post, &id, &f->w.problem);
		if (err == ERR_UNPROCESSABLE)
			import_complain(f->w.i, f->report, false, f->place, uri, f->w.problem.text);
		else
			TRY(err);
	}
	return OK;
}

static enum err find_title(struct filter_import *f, struct view title, struct filters *ret)
{
	struct filters all = {0};

	*ret = (struct filters){0};
	TRY(filters_load(f->w.db, &f->arena, f->w.i->account, 0, &all));
	for (size_t i = 0; i < all.n; i++)
		if (view_eq(all.list[i].title, title))
			return filters_load(f->w.db, &f->arena, f->w.i->account, all.list[i].id, ret);
	return OK;
}

static enum err take(struct filter_import *f, const json_t *item)
{
	struct view title = foreign_string(item, "title");
	unsigned action = FILTER_WARN;
	struct filter_change change = {.has_title = true, .has_action = true, .has_contexts = true, .has_expiry = true};
	struct filters there;
	int64_t id = 0;

	if (!title.len || !utf8_valid(title))
		return fail(&f->w.problem, ERR_UNPROCESSABLE, "it has no title");
	change.title = title;
	change.contexts = read_contexts(json_object_get(item, "context"));
	if (!change.contexts)
		return fail(&f->w.problem, ERR_UNPROCESSABLE, "it says nowhere where it counts");
	if (bit_of(foreign_string(item, "action"), filter_action_names, &action))
		change.action = (enum filter_action)action;
	if (!clock_parse_iso(foreign_string(item, "expire_at"), &change.expires_at))
		change.expires_at = 0;
	TRY(find_title(f, title, &there));
	read_keywords(f, json_object_get(item, "keywords_attributes"), &there, &change);
	id = there.n ? there.list[0].id : 0;
	TRY(id ? filter_update(f->w.core, f->w.i->account, id, &change, &f->w.problem)
	       : filter_create(f->w.core, f->w.i->account, &change, &id, &f->w.problem));
	return add_statuses(f, id, json_object_get(item, "statuses"));
}

static bool in_file(const json_t *list, struct view title)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (view_eq(foreign_string(json_array_get(list, i), "title"), title))
			return true;
	return false;
}

static enum err clear_others(struct filter_import *f, const json_t *list)
{
	struct filters all = {0};

	TRY(filters_load(f->w.db, &f->arena, f->w.i->account, 0, &all));
	for (size_t i = 0; i < all.n; i++)
		if (!in_file(list, all.list[i].title))
			TRY(filter_delete(f->w.core, f->w.i->account, all.list[i].id));
	return OK;
}

static enum err take_some(struct filter_import *f, const json_t *list, bool *ret_more)
{
	struct import *i = f->w.i;
	int64_t n = (int64_t)json_array_size(list);

	i->total = n;
	if (i->overwrite && !i->done)
		TRY(clear_others(f, list));
	for (int k = 0; k < STEP_FILTERS && i->done < n && f->report->n < IMPORT_REPORT_MAX / 2; k++) {
		const json_t *item = json_array_get(list, (size_t)i->done);

		f->w.problem = (struct problem){0};
		snprintf(f->place, sizeof(f->place), "filter %" PRId64, i->done + 1);
		enum err err = take(f, item);
		if (err == ERR_UNPROCESSABLE || err == ERR_NOT_FOUND)
			import_complain(i, f->report, true, f->place, foreign_string(item, "title"),
					f->w.problem.text[0] ? f->w.problem.text : err_name(err));
		else
			TRY(err);
		i->taken += err == OK;
		i->done++;
		arena_reset(&f->arena);
	}
	TRY(import_save(f->w.core, i, f->report));
	*ret_more = i->done < n;
	return OK;
}

static json_t *read_file(const struct core *c, int64_t id)
{
	char path[IMPORT_PATH_MAX];
	json_error_t error;

	import_file(c, id, path);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return NULL;
	json_t *json = json_loadfd(fd, 0, &error);
	close(fd);
	return json;
}

enum err import_filters(struct core *c, struct db *db, struct arena *a, struct import *i, bool *ret_more,
			struct problem *problem)
{
	json_t *json = read_file(c, i->id), *list = json_object_get(json, "custom_filters");
	struct filter_import *f = xcalloc(1, sizeof(*f));
	enum err err = OK;

	f->w = (struct list_import){.core = c, .db = db, .arena = a, .i = i};
	f->report = xcalloc(1, sizeof(*f->report));
	arena_init(&f->arena, 8 * LIMIT_MIB);
	if (!json_is_array(list) || !json_array_size(list))
		err = fail(problem, ERR_UNPROCESSABLE,
			   "There are no filters in the file: \"custom_filters\" is missing or empty");
	else if (json_array_size(list) > LIMIT_IMPORT_LIST_ROWS)
		err = fail(problem, ERR_UNPROCESSABLE, "The file has more than %d filters", LIMIT_IMPORT_LIST_ROWS);
	if (err == OK)
		err = viewer_get(c, db, i->account, &f->w.viewer);
	if (err == OK)
		err = take_some(f, list, ret_more);
	viewer_put(f->w.viewer);
	arena_release(&f->arena);
	free(f->report);
	free(f);
	json_decref(json);
	return err;
}

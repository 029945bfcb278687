/*
 * core.c - puts the parts together. The order matters: caches forget before timelines and streams, which subscribe
 * later, read anew.
 */
#include "base/base.h"

#include "core/core.h"

#include "base/limits.h"
#include "base/log.h"
#include "core/admitted.h"
#include "core/authors.h"
#include "core/cards.h"
#include "core/documents.h"
#include "core/emojis.h"
#include "core/events.h"
#include "core/filter_set.h"
#include "core/markers.h"
#include "core/notification_window.h"
#include "core/sessions.h"
#include "core/tag_rules.h"
#include "core/timelines.h"
#include "core/trends.h"
#include "core/viewer.h"

#define TAG_RULES_BYTES ((size_t)256 * LIMIT_KIB)

SQL(core_newest_post, "SELECT COALESCE(MAX(id), 0) FROM posts");
SQL(core_newest_account, "SELECT COALESCE(MAX(id), 0) FROM accounts");

/* New ids must be larger than all that exist, even if the clock was put back. */
static enum err learn_ids(struct store *store)
{
	int64_t post = 0, account = 0;

	TRY(db_int(store_db(store), &core_newest_post, NO_BINDS, &post));
	TRY(db_int(store_db(store), &core_newest_account, NO_BINDS, &account));
	id_seen(post > account ? post : account);
	return OK;
}

enum err core_open(const struct core_config *config, struct store *store, struct core **ret, struct problem *problem)
{
	enum err err = learn_ids(store);

	if (err)
		return fail(problem, err, "the database cannot be read (%s); see `kicau doctor`", err_name(err));
	struct core *c = xcalloc(1, sizeof(*c));
	c->config = *config;
	c->store = store;
	c->events = events_new();
	c->emojis = emojis_new(c); /* before the cards: those made anew show the new ones */
	c->cards = cards_new(c, config->cards_bytes / 16 * 15);
	c->authors = authors_new(c, config->cards_bytes / 16);
	c->markers = markers_new(config->viewers_bytes / 16);
	c->viewers = viewers_new(c, config->viewers_bytes / 8 * 6);
	c->filter_sets = filter_sets_new(c, config->viewers_bytes / 8);
	c->notification_windows = notification_windows_new(c, config->viewers_bytes / 8);
	c->tag_rules = tag_rules_new(TAG_RULES_BYTES);
	c->sessions = sessions_new(c);
	c->timelines = timelines_new(c, config->timelines_bytes);
	c->admitted = admitted_new();
	c->trends = trends_new(c);
	err = emojis_load(c, store_db(store));
	if (err == OK)
		err = documents_open(c);
	if (err) {
		core_close(c);
		return fail(problem, err, "the custom emojis and documents cannot be read (%s)", err_name(err));
	}
	*ret = c;
	return OK;
}

void core_close(struct core *c)
{
	if (!c)
		return;
	emojis_free(c->emojis);
	trends_free(c->trends);
	admitted_free(c->admitted);
	timelines_free(c->timelines);
	sessions_free(c->sessions);
	tag_rules_free(c->tag_rules);
	notification_windows_free(c->notification_windows);
	filter_sets_free(c->filter_sets);
	viewers_free(c->viewers);
	authors_free(c->authors);
	markers_free(c->markers);
	cards_free(c->cards);
	events_free(c->events);
	free(c);
}

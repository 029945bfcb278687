/*
 * dimensions.c - see dimensions.h. What comes from the tables is a statement that answers keys and how many of each:
 * $1 is how many keys, $2 the most rows that are looked at; then come the subject where it has one, and the period as ids.
 */
#include "base/base.h"

#include "moderation/dimensions.h"

#include "text/lang.h"

#define POSTS                                                                                                          \
	"(SELECT id, domain, language, app_id FROM posts WHERE id >= $3 AND id < $4 AND boost_of IS NULL"              \
	" ORDER BY id DESC LIMIT $2) p"
#define TAG_POSTS                                                                                                      \
	"(SELECT post_id FROM tag_posts WHERE name = $3 AND post_id >= $4 AND post_id < $5"                            \
	" ORDER BY post_id DESC LIMIT $2) t JOIN posts p ON p.id = t.post_id"
#define THERE(table) " WHERE " table ".domain = $3 AND " table ".domain <> ''"
#define MOST " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $1"
#define LANGUAGE "SELECT COALESCE(p.language, 'und'), COUNT(*) FROM "
SQL(dimension_languages, LANGUAGE POSTS " WHERE p.domain = ''" MOST);
SQL(dimension_sources, "SELECT COALESCE(s.name, 'web'), COUNT(*) FROM " POSTS
		       " LEFT JOIN apps s ON s.id = p.app_id WHERE p.domain = ''" MOST);
SQL(dimension_servers, "SELECT p.domain, COUNT(*) FROM " POSTS " WHERE p.domain <> ''" MOST);
SQL(dimension_tag_servers, "SELECT p.domain, COUNT(*) FROM " TAG_POSTS MOST);
SQL(dimension_tag_languages, LANGUAGE TAG_POSTS MOST);
/* Who is followed most is asked of all times. */
SQL(dimension_instance_accounts,
    "SELECT a.username, CAST(SUM(n.followers) AS BIGINT) FROM (SELECT id, username FROM accounts" THERE(
	    "accounts") " LIMIT $2) a JOIN account_counts n ON n.account_id = a.id" MOST);
SQL(dimension_instance_languages, LANGUAGE
    "(SELECT p.language FROM posts p" THERE("p") " AND p.id >= $4 AND p.id < $5 ORDER BY p.id DESC LIMIT $2) p" MOST);
SQL(dimension_media_bytes, "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM media");

struct asked {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct view subject;
	size_t limit;
};

/* --- what keys are called --- */

static struct view plain(const struct asked *q, struct view key)
{
	(void)q;
	return key;
}

static struct view language(const struct asked *q, struct view key)
{
	const char *name = lang_name(key);

	(void)q;
	return name ? view_of(name) : key;
}

static struct view source(const struct asked *q, struct view key)
{
	(void)q;
	return view_is(key, "web") ? V("Website") : key;
}

static struct view server(const struct asked *q, struct view key)
{
	return key.len ? key : view_of(q->core->config.domain);
}

/* --- what is not in the tables --- */

static enum err read_space(const struct asked *q, struct dimension_item *ret, size_t *ret_n)
{
	struct store_about about;
	int64_t media;

	TRY(store_about(q->core->store, q->db, q->arena, &about));
	TRY(db_int(q->db, &dimension_media_bytes, NO_BINDS, &media));
	const struct dimension_item items[] = {
		{.key = view_of(about.key), .human = view_of(about.name), .n = about.bytes},
		{.key = V("media"), .human = V("Media storage"), .n = media},
	};
	*ret_n = q->limit < ARRAY_LEN(items) ? q->limit : ARRAY_LEN(items);
	memcpy(ret, items, *ret_n * sizeof(*ret));
	return OK;
}

static enum err read_versions(const struct asked *q, struct dimension_item *ret, size_t *ret_n)
{
	struct store_about about;

	TRY(store_about(q->core->store, q->db, q->arena, &about));
	const struct dimension_item items[] = {
		{.key = V("kicau"), .human = V("kicau"), .text = V(KICAU_VERSION)},
		{.key = view_of(about.key), .human = view_of(about.name), .text = about.version},
	};
	*ret_n = q->limit < ARRAY_LEN(items) ? q->limit : ARRAY_LEN(items);
	memcpy(ret, items, *ret_n * sizeof(*ret));
	return OK;
}

const struct dimension_kind dimension_kinds[DIMENSIONS] = {
	[DIMENSION_LANGUAGES] = {"languages"},
	[DIMENSION_SOURCES] = {"sources"},
	[DIMENSION_SERVERS] = {"servers"},
	[DIMENSION_SPACE_USAGE] = {"space_usage", .bytes = true},
	[DIMENSION_SOFTWARE_VERSIONS] = {"software_versions"},
	[DIMENSION_TAG_SERVERS] = {"tag_servers", SUBJECT_TAG},
	[DIMENSION_TAG_LANGUAGES] = {"tag_languages", SUBJECT_TAG},
	[DIMENSION_INSTANCE_ACCOUNTS] = {"instance_accounts", SUBJECT_DOMAIN},
	[DIMENSION_INSTANCE_LANGUAGES] = {"instance_languages", SUBJECT_DOMAIN},
};

/* Either a statement and what its keys are called, or a function. */
static const struct {
	const struct sql *sql;
	struct view (*human)(const struct asked *q, struct view key);
	enum err (*read)(const struct asked *q, struct dimension_item *ret, size_t *ret_n);
	bool ever; /* of all times, whatever the period */
} sources[DIMENSIONS] = {
	[DIMENSION_LANGUAGES] = {&dimension_languages, language},
	[DIMENSION_SOURCES] = {&dimension_sources, source},
	[DIMENSION_SERVERS] = {&dimension_servers, plain},
	[DIMENSION_SPACE_USAGE] = {.read = read_space},
	[DIMENSION_SOFTWARE_VERSIONS] = {.read = read_versions},
	[DIMENSION_TAG_SERVERS] = {&dimension_tag_servers, server},
	[DIMENSION_TAG_LANGUAGES] = {&dimension_tag_languages, language},
	[DIMENSION_INSTANCE_ACCOUNTS] = {&dimension_instance_accounts, plain, .ever = true},
	[DIMENSION_INSTANCE_LANGUAGES] = {&dimension_instance_languages, language},
};

enum err dimension_read(struct core *c, struct db *db, struct arena *a, enum dimension_key key, const struct period *p,
			struct view subject, size_t limit, struct dimension_item *ret, size_t *ret_n)
{
	const struct asked q = {c, db, a, subject, limit};
	struct bind binds[5] = {B_INT(limit), B_INT(MEASURE_ROWS_MAX)};
	size_t n_binds = 2;
	size_t n = 0;
	struct rows r;

	if (sources[key].read)
		return sources[key].read(&q, ret, ret_n);
	if (dimension_kinds[key].subject)
		binds[n_binds++] = B_TEXT(subject);
	if (!sources[key].ever) {
		binds[n_binds++] = B_INT(id_at(p->from));
		binds[n_binds++] = B_INT(id_at(p->to));
	}
	db_query(db, &r, sources[key].sql, binds, n_binds);
	while (n < limit && rows_next(&r)) {
		struct view name = row_copy(&r, 0, a), human = sources[key].human(&q, name);

		ret[n++] = (struct dimension_item){.key = name.len ? name : human, .human = human, .n = row_int(&r, 1)};
	}
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

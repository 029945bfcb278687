/*
 * ledger_names.c - see ledger_names.h.
 */
#include "base/base.h"
#include "cli/ledger_names.h"

#include "base/limits.h"
#include "meter/licensee_store.h"
#include "meter/plan_store.h"

void ledger_names_open(struct ledger_names *names, struct cli *cli, bool alone)
{
	*names = (struct ledger_names){0};
	map_init(&names->licensees);
	map_init(&names->plans);
	if (!alone && (cli->store || cli_open(cli, true)))
		names->db = store_db(cli->store);
	else if (!alone)
		fputs("licensees and plans are told by their numbers\n", stderr);
}

static void release(struct map *m)
{
	uint64_t key;
	void *text;

	for (size_t at = 0; map_next(m, &at, &key, &text);)
		free(text);
	map_release(m);
}

void ledger_names_close(struct ledger_names *names)
{
	release(&names->licensees);
	release(&names->plans);
}

/* False when there is none. */
typedef bool read_fn(struct db *db, int64_t id, char ret[LEDGER_NAME_MAX]);

static bool read_licensee(struct db *db, int64_t id, char ret[LEDGER_NAME_MAX])
{
	struct licensee l;
	struct arena a;

	arena_init(&a, LIMIT_MIB);
	bool there = licensee_load(db, &a, id, &l) == OK;
	if (there)
		snprintf(ret, LEDGER_NAME_MAX, "%.*s", VIEW_ARG(l.name));
	arena_release(&a);
	return there;
}

static bool read_plan(struct db *db, int64_t id, char ret[LEDGER_NAME_MAX])
{
	struct plan plan;
	bool there = plan_load(db, id, &plan, NULL) == OK;

	if (there)
		snprintf(ret, LEDGER_NAME_MAX, "%s %d", plan.name, plan.version);
	return there;
}

static const char *name_of(const struct ledger_names *names, struct map *kept, int64_t id, read_fn *read)
{
	char text[LEDGER_NAME_MAX];
	const char *known = map_get(kept, (uint64_t)id);

	if (known)
		return known;
	if (!id)
		snprintf(text, sizeof(text), "-");
	else if (!names->db || !read(names->db, id, text))
		snprintf(text, sizeof(text), "%" PRId64, id);
	char *made = xstrdup(text);
	map_put(kept, (uint64_t)id, made);
	return made;
}

const char *ledger_name_licensee(struct ledger_names *names, int64_t id)
{
	return name_of(names, &names->licensees, id, read_licensee);
}

const char *ledger_name_plan(struct ledger_names *names, int64_t terms)
{
	return name_of(names, &names->plans, terms, read_plan);
}

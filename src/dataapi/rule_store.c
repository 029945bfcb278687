/*
 * rule_store.c - see rule_store.h.
 */
#include "base/base.h"
#include "dataapi/rule_store.h"

#include "base/limits.h"
#include "base/log.h"

#define ARENA_BYTES (64 * LIMIT_MIB)

SQL(rule_list_all, "SELECT id, value, tag FROM data_rules WHERE licensee_id = $1 AND app_id = $2 ORDER BY id");
/* On PostgreSQL two may write at once: the row of the app is what the second waits for. */
SQL(rule_hold_app, "UPDATE data_apps SET name = name WHERE licensee_id = $1 AND id = $2");
SQL(rule_count, "SELECT COUNT(*) FROM data_rules WHERE licensee_id = $1 AND app_id = $2");
SQL(rule_same, "SELECT id FROM data_rules WHERE licensee_id = $1 AND app_id = $2 AND value = $3");
SQL(rule_insert, "INSERT INTO data_rules (licensee_id, app_id, id, value, tag, created_at)"
		 " VALUES ($1, $2, $3, $4, $5, $6)");
SQL(rule_remove, "DELETE FROM data_rules WHERE licensee_id = $1 AND app_id = $2 AND id = $3");

enum err stream_rules_list(struct db *db, struct arena *a, const struct licence *l, struct stream_rule **ret,
			   size_t *ret_n)
{
	size_t n = 0, room = (size_t)(l->plan.rules > 0 ? l->plan.rules : 1);
	struct stream_rule *list = ARENA_ARRAY(a, room, struct stream_rule);
	struct rows r;

	/* More than the plan allows are from a larger one: they wait, and do not count. */
	db_query(db, &r, &rule_list_all, BINDS(B_INT(l->licensee), B_INT(l->app)));
	while (n < room && rows_next(&r))
		list[n++] = (struct stream_rule){row_int(&r, 0), row_copy(&r, 1, a), row_copy(&r, 2, a)};
	*ret = list;
	*ret_n = n;
	return rows_end(&r);
}

enum err stream_rules_hold(struct db *tx, const struct licence *l)
{
	return db_exec(tx, &rule_hold_app, BINDS(B_INT(l->licensee), B_INT(l->app)), NULL);
}

enum err stream_rules_count(struct db *tx, const struct licence *l, int64_t *ret)
{
	return db_int(tx, &rule_count, BINDS(B_INT(l->licensee), B_INT(l->app)), ret);
}

enum err stream_rule_add(struct db *tx, const struct licence *l, const struct stream_rule *rule, int64_t now_ms,
			 int64_t *ret_taken)
{
	enum err err = db_int(tx, &rule_same, BINDS(B_INT(l->licensee), B_INT(l->app), B_TEXT(rule->value)), ret_taken);

	if (err == OK)
		return ERR_CONFLICT;
	if (err != ERR_NOT_FOUND)
		return err;
	return db_exec(tx, &rule_insert,
		       BINDS(B_INT(l->licensee), B_INT(l->app), B_INT(rule->id), B_TEXT(rule->value), B_TEXT(rule->tag),
			     B_INT(now_ms)),
		       NULL);
}

enum err stream_rule_delete(struct db *tx, const struct licence *l, int64_t id, bool *ret_gone)
{
	int64_t n;

	TRY(db_exec(tx, &rule_remove, BINDS(B_INT(l->licensee), B_INT(l->app), B_INT(id)), &n));
	*ret_gone = n > 0;
	return OK;
}

static void add_rule(struct rule_set *s, const struct licence *l, const struct stream_rule *rule)
{
	struct query_limits limits = {QUERY_STREAM, (size_t)l->plan.query_chars};
	const struct query *q;
	struct problem problem;

	if (query_parse(&s->arena, rule->value, &limits, &q, &problem) != OK || rules_add(s->rules, rule->id, q) != OK)
		log_warn("a rule cannot be read any more", F_INT("rule", rule->id),
			 F_STR("problem", view_of(problem.text)));
}

enum err rule_set_load(struct db *db, const struct licence *l, struct rule_set **ret)
{
	struct rule_set *s = xcalloc(1, sizeof(*s));
	enum err err;

	arena_init(&s->arena, ARENA_BYTES);
	s->rules = rules_new();
	err = stream_rules_list(db, &s->arena, l, &s->list, &s->n);
	if (err != OK) {
		rule_set_free(s);
		return err;
	}
	for (size_t i = 0; i < s->n; i++)
		add_rule(s, l, &s->list[i]);
	*ret = s;
	return OK;
}

void rule_set_free(struct rule_set *s)
{
	if (!s)
		return;
	rules_free(s->rules);
	arena_release(&s->arena);
	free(s);
}

/*
 * rules.c - see rules.h.
 */
#include "base/base.h"

#include "core/rules.h"

#include "base/clock.h"
#include "core/events.h"
#include "text/compose.h"

SQL(rules_all, "SELECT id, text, hint FROM rules ORDER BY id LIMIT $1");
SQL(rules_count, "SELECT COUNT(*) FROM rules");
SQL(rule_insert, "INSERT INTO rules (id, text, hint, created_at) VALUES ($1, $2, $3, $4)");
SQL(rule_rewrite, "UPDATE rules SET text = $2, hint = $3 WHERE id = $1");
SQL(rule_remove, "DELETE FROM rules WHERE id = $1");

enum err rules_load(struct db *db, struct arena *a, struct rule *ret, size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &rules_all, BINDS(B_INT(LIMIT_RULES)));
	for (; n < LIMIT_RULES && rows_next(&r); n++)
		ret[n] = (struct rule){row_int(&r, 0), row_copy(&r, 1, a), row_copy(&r, 2, a)};
	*ret_n = n;
	return rows_end(&r);
}

static enum err changed(struct core *c)
{
	events_announce(c->events, &(struct event){.kind = EVENT_WORDS_CHANGED});
	return OK;
}

static enum err check(const struct rule *rule, struct problem *problem)
{
	if (!rule->text.len)
		return fail(problem, ERR_UNPROCESSABLE, "a rule needs words");
	if (compose_chars(rule->text) > LIMIT_RULE_CHARS || compose_chars(rule->hint) > LIMIT_RULE_CHARS)
		return fail(problem, ERR_UNPROCESSABLE, "a rule has at most %d characters", LIMIT_RULE_CHARS);
	return OK;
}

struct making {
	struct rule rule;
	struct problem *problem;
};

static enum err insert(struct db *tx, void *arg)
{
	const struct making *m = arg;
	int64_t n;

	TRY(db_int(tx, &rules_count, NO_BINDS, &n));
	if (n >= LIMIT_RULES)
		return fail(m->problem, ERR_UNPROCESSABLE, "there are %d rules already", LIMIT_RULES);
	return db_exec(tx, &rule_insert,
		       BINDS(B_INT(m->rule.id), B_TEXT(m->rule.text), B_TEXT(m->rule.hint), B_INT(clock_now())), NULL);
}

enum err rule_create(struct core *c, struct view text, struct view hint, int64_t *ret, struct problem *problem)
{
	struct making m = {.rule = {id_next(), view_trim(text), view_trim(hint)}, .problem = problem};

	TRY(check(&m.rule, problem));
	TRY(store_write(c->store, insert, &m));
	*ret = m.rule.id;
	return changed(c);
}

static enum err rewrite(struct db *tx, void *arg)
{
	const struct rule *rule = arg;
	int64_t n;

	TRY(db_exec(tx, &rule_rewrite, BINDS(B_INT(rule->id), B_TEXT(rule->text), B_TEXT(rule->hint)), &n));
	return n ? OK : ERR_NOT_FOUND;
}

enum err rule_update(struct core *c, const struct rule *rule, struct problem *problem)
{
	struct rule trimmed = {rule->id, view_trim(rule->text), view_trim(rule->hint)};

	TRY(check(&trimmed, problem));
	TRY(store_write(c->store, rewrite, &trimmed));
	return changed(c);
}

static enum err remove_rule(struct db *tx, void *arg)
{
	const int64_t *id = arg;
	int64_t n;

	TRY(db_exec(tx, &rule_remove, BINDS(B_INT(*id)), &n));
	return n ? OK : ERR_NOT_FOUND;
}

enum err rule_delete(struct core *c, int64_t id)
{
	TRY(store_write(c->store, remove_rule, &id));
	return changed(c);
}

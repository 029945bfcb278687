/*
 * dialect_test.c
 */
#include "base/base.h"
#include "store/dialect.h"

#include <setjmp.h>
#include <cmocka.h>

static void splits(const char *text, size_t n, const char *const *expected)
{
	struct view rest = view_of(text), statement;

	for (size_t i = 0; i < n; i++) {
		assert_true(sql_next(&rest, &statement));
		statement = view_trim(statement);
		assert_int_equal(statement.len, strlen(expected[i]));
		assert_memory_equal(statement.p, expected[i], statement.len);
	}
	assert_false(sql_next(&rest, &statement));
}
#define SPLITS(text, ...) splits((text), ARRAY_LEN(((const char *[]){__VA_ARGS__})), (const char *[]){__VA_ARGS__})

static void statements_are_split(void **state MAYBE_UNUSED)
{
	struct view rest = V(" \n -- nothing; here\n /* nor; here */ ;; "), statement;

	assert_false(sql_next(&rest, &statement));
	SPLITS("A;B", "A", "B");
	SPLITS("A;\nB;\n", "A", "B");
	SPLITS("A ';' B; C \";\" D", "A ';' B", "C \";\" D");
	SPLITS("A 'it''s; so' B; C", "A 'it''s; so' B", "C");
	SPLITS("A -- x; y\nB; C /* ; ' */ D", "A -- x; y\nB", "C /* ; ' */ D");
	SPLITS("A 'never closed; B", "A 'never closed; B");
	SPLITS("A - B / C; D", "A - B / C", "D");
}

static void schema_is(const char *from, struct sql_words words, const char *to)
{
	struct buf out;

	buf_init(&out, LIMIT_SQL_BYTES);
	sql_schema(view_of(from), &words, &out);
	assert_false(out.over);
	assert_string_equal(out.p, to);
	buf_release(&out);
}

static void schema_is_translated(void **state MAYBE_UNUSED)
{
	const char *table = "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT, -- a TEXT\nTEXTS INTEGER) /*CLUSTERED*/";
	struct sql_words sqlite = {" WITHOUT ROWID", "TEXT", "INTEGER"}, pgsql = {"", "TEXT COLLATE \"C\"", "BIGINT"};

	schema_is(table, sqlite, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, \nTEXTS INTEGER)  WITHOUT ROWID");
	schema_is(table, pgsql, "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT COLLATE \"C\", \nTEXTS INTEGER) ");
	schema_is("-- first\nalter table t add a TEXT DEFAULT 'TEXT -- x'", pgsql,
		  "\nalter table t add a TEXT COLLATE \"C\" DEFAULT 'TEXT -- x'");
	schema_is("CREATE INDEX i ON t (CAST(a AS TEXT))", pgsql, "CREATE INDEX i ON t (CAST(a AS TEXT))");
}

static void ids_are(const char *from, const char *to, uint64_t used)
{
	struct buf out;

	buf_init(&out, LIMIT_SQL_BYTES);
	assert_int_equal(sql_expand_ids(from, "<", ">", &out), used);
	assert_string_equal(out.p, to);
	buf_release(&out);
}

static void ids_are_expanded(void **state MAYBE_UNUSED)
{
	ids_are("a IN IDS($1)", "a IN <$1>", 1);
	ids_are("a IN IDS($2) AND b IN IDS($1) AND c = $3", "a IN <$2> AND b IN <$1> AND c = $3", 3);
	ids_are("'IDS($1)' XIDS($1) IDS ($1) IDS($x) IDS($0) IDS(", "'IDS($1)' XIDS($1) IDS ($1) IDS($x) IDS($0) IDS(",
		0);
	ids_are("IDS($64)", "<$64>", (uint64_t)1 << 63);
	ids_are("IDS($65)", "IDS($65)", 0);
	ids_are("x", "x", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_are_split),
		cmocka_unit_test(schema_is_translated),
		cmocka_unit_test(ids_are_expanded),
	};

	return cmocka_run_group_tests_name("dialect", tests, NULL, NULL);
}

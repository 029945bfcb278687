/*
 * Scores: what is read, and what is refused with which words.
 */
#include "base/base.h"
#include "base/secret.h"
#include "trace/scores.h"

#include <setjmp.h>

#include <cmocka.h>

static const struct view ids[] = {{"s-1", 3}, {"s-2", 3}, {"s-3", 3}};

static enum err read_text(const char *text, double ret[3], struct problem *problem)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	assert_non_null(in);
	enum err err = scores_read(in, ids, 3, ret, problem);
	fclose(in);
	return err;
}

static void test_read(void **state)
{
	static const char *const good[] = {
		("{\"id\": \"s-2\", \"score\": 2}\n{\"id\": \"s-1\", \"score\": -1.5e0}\n\n{\"score\": 1e-3, \"id\": "
		 "\"s-3\", \"tokens\": [1]}"),
		"s-3,0.001\ns-2,2\r\ns-1,-1.5\n",
		"id,score\n\"s-3\", 0.001\ns-2,\"2\"\ns-1,-1.5\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		double scores[3] = {0};
		struct problem problem;

		assert_int_equal(read_text(good[i], scores, &problem), OK);
		assert_true(scores[0] == -1.5 && scores[1] == 2 && scores[2] == 0.001);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *words;
	} bad[] = {
		{"s-1,1\ns-2,2\ns-3,NaN\n", "line 3: the score is no finite number"},
		{"{\"id\": \"s-1\", \"score\": NaN}\n", "line 1: the score is no finite number"},
		{"{\"id\": \"s-1\", \"score\": null}\n", "line 1: the score is no finite number"},
		{"s-1,1e999\n", "line 1: the score is no finite number"},
		{"s-1,inf\n", "line 1: the score is no finite number"},
		{"s-1,1\ns-2,2\n", "1 of 3 probes have no score (the first is s-3)"},
		{"s-1,1\ns-2,2\ns-3,3\ns-4,4\n", "line 4: there is no probe s-4"},
		{"s-1,1\ns-1,2\ns-3,3\n", "line 2: a second score of probe s-1"},
		{"s-1\n", "line 1 is neither"},
		{"{\"id\": \"s-1\", \"score\": 1, \"score\": 2}\n", "line 1 is neither"},
		{"{\"id\": 7, \"score\": 1}\n", "line 1 is neither"},
		{"s-1,1,2\n", "line 1 is neither"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		double scores[3];
		struct problem problem = {0};

		assert_int_equal(read_text(bad[i].text, scores, &problem), ERR_INVALID);
		if (!strstr(problem.text, bad[i].words))
			fail_msg("%s: %s", bad[i].text, problem.text);
	}
}

static void test_telling(void **state)
{
	double scores[100];
	bool delivered[100];
	struct problem problem;

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		scores[i] = 1;
		delivered[i] = i % 2;
	}
	assert_int_equal(scores_look_measured(scores, delivered, 100, &problem), ERR_INVALID);
	assert_non_null(strstr(problem.text, "equal"));
	for (size_t i = 0; i < 100; i++)
		scores[i] = (double)delivered[i];
	assert_int_equal(scores_look_measured(scores, delivered, 100, &problem), ERR_INVALID);
	assert_non_null(strstr(problem.text, "group"));
	for (size_t i = 0; i < 100; i++)
		scores[i] = -(double)delivered[i] * 100 + (double)i / 50;
	assert_int_equal(scores_look_measured(scores, delivered, 100, &problem), ERR_INVALID);
	scores[0] = -200; /* one in common is enough */
	assert_int_equal(scores_look_measured(scores, delivered, 100, &problem), OK);
	assert_int_equal(scores_look_measured((double[]){1, 2}, (bool[]){true, false}, 2, &problem), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_telling),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

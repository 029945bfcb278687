/*
 * rule_body_fuzz.c - the body of a call that changes rules: what is taken is bounded, inside its tree, and ready to be read as
 * a query; whether it is one, query_fuzz.c has tried.
 */
#include "base/base.h"
#include "dataapi/rule_body.h"

#include "base/limits.h"
#include "query/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct arena *a, const struct named_rule *rules, size_t n)
{
	const struct query_limits limits = {QUERY_STREAM, 1024};

	if (n == 0 || n > RULES_PER_CALL)
		BUG("%zu rules", n);
	for (size_t i = 0; i < n; i++) {
		const struct query *q;
		struct problem problem = {0};

		if (!utf8_valid(rules[i].value) || !utf8_valid(rules[i].tag) || rules[i].id < 0)
			BUG("rule %zu is none", i);
		if (query_parse(a, rules[i].value, &limits, &q, &problem) != OK && !problem.text[0])
			BUG("a rule is refused without words");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct named_rule *rules;
	struct problem problem = {0};
	struct arena a;
	size_t n;

	if (size > 64 * LIMIT_KIB)
		return 0;
	json_t *body = json_loadb((const char *)data, size, 0, NULL);

	if (!body)
		return 0;
	arena_init(&a, LIMIT_CALL_ARENA);
	if (rule_body_add(&a, json_object_get(body, "add"), &rules, &n, &problem) == OK)
		check(&a, rules, n);
	else if (!problem.text[0])
		BUG("refused without words");
	if (rule_body_delete(&a, json_object_get(body, "delete"), &rules, &n, &problem) == OK)
		check(&a, rules, n);
	arena_release(&a);
	json_decref(body);
	return 0;
}

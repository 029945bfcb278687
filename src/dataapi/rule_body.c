/*
 * rule_body.c - see rule_body.h.
 */
#include "base/base.h"
#include "dataapi/rule_body.h"

static struct view json_view(const json_t *string)
{
	return string ? view_make(json_string_value(string), json_string_length(string)) : V("");
}

enum err rule_body_add(struct arena *a, const json_t *list, struct named_rule **ret, size_t *ret_n,
		       struct problem *problem)
{
	size_t i, n = json_array_size(list);
	json_t *entry;

	if (n == 0 || n > RULES_PER_CALL)
		return fail(problem, ERR_INVALID, "add: a list of 1 to %d rules is wanted, there are %zu",
			    RULES_PER_CALL, n);
	struct named_rule *rules = ARENA_ARRAY(a, n, struct named_rule);

	json_array_foreach (list, i, entry) {
		const json_t *value = json_object_get(entry, "value"), *tag = json_object_get(entry, "tag");

		if (!json_is_string(value) || (tag && !json_is_string(tag)))
			return fail(problem, ERR_INVALID, "add[%zu]: a rule is {\"value\": text, \"tag\": text}", i);
		rules[i] = (struct named_rule){.value = json_view(value), .tag = json_view(tag)};
	}
	*ret = rules;
	*ret_n = n;
	return OK;
}

enum err rule_body_delete(struct arena *a, const json_t *named, struct named_rule **ret, size_t *ret_n,
			  struct problem *problem)
{
	const json_t *ids = json_object_get(named, "ids"), *values = json_object_get(named, "values");
	size_t n_ids = json_array_size(ids), n = n_ids + json_array_size(values);

	if (n == 0 || n > RULES_PER_CALL)
		return fail(problem, ERR_INVALID,
			    "delete: {\"ids\": [...]} or {\"values\": [...]} with 1 to %d entries", RULES_PER_CALL);
	struct named_rule *rules = ARENA_ARRAY(a, n, struct named_rule);

	for (size_t i = 0; i < n; i++) {
		const json_t *name = i < n_ids ? json_array_get(ids, i) : json_array_get(values, i - n_ids);

		if (!json_is_string(name))
			return fail(problem, ERR_INVALID, "delete: rules are named by texts");
		rules[i].value = json_view(name);
		if (i < n_ids && !parse_i64(rules[i].value, 1, INT64_MAX, &rules[i].id))
			return fail(problem, ERR_INVALID, "delete.ids: \"%.*s\" is no id",
				    VIEW_ARG(view_sub(rules[i].value, 0, 200)));
	}
	*ret = rules;
	*ret_n = n;
	return OK;
}

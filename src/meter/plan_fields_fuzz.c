/*
 * plan_fields_fuzz.c - what begins with '{' is a plan as the administrators' API takes it, anything else lines of
 * "FIELD=VALUE" and amounts of money: what is taken stays within its field's range, and money is printed as it was read.
 */
#include "base/base.h"
#include "meter/plan_fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct plan *p)
{
	for (const struct plan_field *f = plan_fields; f->name; f++) {
		int64_t value = plan_field_get(p, f);

		if (value < 0 || value > f->max)
			BUG("%s is %" PRId64, f->name, value);
	}
}

static void try_money(struct view v)
{
	char text[MONEY_LEN];
	int64_t micro, again;

	if (!money_parse(v, &micro))
		return;
	money_print(micro, text);
	if (!money_parse(view_of(text), &again) || again != micro)
		BUG("%" PRId64 " is printed as %s", micro, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view all = view_make((const char *)data, size), line;
	struct problem problem;
	struct plan p = {0};

	if (size && data[0] == '{') {
		json_t *root = json_loadb(all.p, all.len, 0, NULL);

		if (root && plan_read(root, &p, &problem) == OK)
			check(&p);
		json_decref(root);
		return 0;
	}
	while (view_split(&all, '\n', &line)) {
		if (plan_assign(&p, line, &problem) == OK)
			check(&p);
		try_money(line);
	}
	return 0;
}

/*
 * options.c - one pass over argv against two tables.
 */
#include "base/base.h"
#include "cli/options.h"

/* Where the option is kept, or NULL. */
static const char **find(struct options *o, struct view name, const struct option_row **ret_row)
{
	for (size_t t = 0; t < 2; t++) {
		for (size_t i = 0; o->rows[t] && o->rows[t][i].name; i++) {
			if (i == OPTIONS_MAX)
				BUG("more than %d options", OPTIONS_MAX);
			if (view_is(name, o->rows[t][i].name)) {
				*ret_row = &o->rows[t][i];
				return &o->values[t][i];
			}
		}
	}
	return NULL;
}

/* The few whose name is one letter are written with one dash. */
static bool is_letter_option(struct options *o, char letter)
{
	const struct option_row *row;

	return find(o, view_make(&letter, 1), &row) != NULL;
}

/* arg is what follows "--". *ret_used: the value stood in the next argument. */
static enum err take_option(struct options *o, struct view arg, const char *next, bool *ret_used,
			    struct problem *problem)
{
	size_t equals = view_find(arg, 0, '=');
	struct view name = view_sub(arg, 0, equals);
	bool has_value = equals < arg.len;
	const struct option_row *row;
	const char **slot = find(o, name, &row);

	if (!slot)
		return fail(problem, ERR_INVALID, "--%.*s is not an option here", VIEW_ARG(view_sub(name, 0, 60)));
	if (*slot)
		return fail(problem, ERR_INVALID, "--%s is given twice", row->name);
	if (!row->value && has_value)
		return fail(problem, ERR_INVALID, "--%s takes no value", row->name);
	if (row->value && !has_value && !next)
		return fail(problem, ERR_INVALID, "--%s needs a value: --%s %s", row->name, row->name, row->value);
	*slot = !row->value ? "" : has_value ? arg.p + equals + 1 : next;
	*ret_used = row->value && !has_value;
	return OK;
}

enum err options_parse(struct options *o, const struct option_row *own, const struct option_row *common, int argc,
		       char *const *argv, struct problem *problem)
{
	bool only_operands = false;

	*o = (struct options){.rows = {own, common}};
	for (int i = 0; i < argc; i++) {
		struct view arg = view_of(argv[i]);
		bool used = false;

		if (!only_operands && view_is(arg, "--")) {
			only_operands = true;
		} else if (!only_operands && view_starts(arg, V("--"))) {
			TRY(take_option(o, view_sub(arg, 2, arg.len), i + 1 < argc ? argv[i + 1] : NULL, &used,
					problem));
			i += used;
		} else if (!only_operands && arg.len == 2 && arg.p[0] == '-' && is_letter_option(o, arg.p[1])) {
			TRY(take_option(o, view_sub(arg, 1, 1), i + 1 < argc ? argv[i + 1] : NULL, &used, problem));
			i += used;
		} else if (!only_operands && arg.len > 1 && arg.p[0] == '-') {
			return fail(problem, ERR_INVALID, "%.60s is not an option: names are written out, as --help",
				    arg.p);
		} else if (o->n_operands == OPERANDS_MAX) {
			return fail(problem, ERR_INVALID, "%.60s is one argument too many", arg.p);
		} else {
			o->operands[o->n_operands++] = argv[i];
		}
	}
	return OK;
}

const char *option_text(const struct options *o, const char *name)
{
	const struct option_row *row;
	const char **slot = find((struct options *)o, view_of(name), &row);

	if (!slot)
		BUG("no option --%s in this command", name);
	return *slot;
}

bool option_given(const struct options *o, const char *name)
{
	return option_text(o, name) != NULL;
}

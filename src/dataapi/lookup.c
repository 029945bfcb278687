/*
 * lookup.c - see lookup.h.
 */
#include "base/base.h"

#include "dataapi/lookup.h"

#include "base/limits.h"
#include "core/accounts.h"

#define ID_DIGITS 19 /* X: ^[0-9]{1,19}$ */

static enum err wrong_value(struct call *c, const char *parameter, struct view value)
{
	return call_wrong(c, parameter, value, "The `%s` query parameter value [%.*s] is not valid", parameter,
			  VIEW_ARG(value));
}

enum err data_id(struct call *c, const char *parameter, struct view value, int64_t *ret)
{
	uint64_t id;

	if (value.len > ID_DIGITS || !parse_u64(value, UINT64_MAX, &id))
		return wrong_value(c, parameter, value);
	*ret = id <= INT64_MAX ? (int64_t)id : 0;
	return OK;
}

static enum err check_name(struct call *c, const char *parameter, struct view value)
{
	bool good = value.len >= 1 && value.len <= LIMIT_USERNAME;

	for (size_t i = 0; good && i < value.len; i++) {
		char ch = value.p[i];

		good = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_';
	}
	return good ? OK : wrong_value(c, parameter, value);
}

/* The id of what a value names; 0: of nothing. */
static enum err find(struct call *c, const struct lookup *l, struct view value, int64_t *ret)
{
	struct account_id id = {0};

	if (!l->names)
		return data_id(c, l->parameter, value, ret);
	TRY(check_name(c, l->parameter, value));
	enum err err = account_find_name(c->db, value, V(""), &id);
	*ret = err == OK ? id.v : 0;
	return err == ERR_NOT_FOUND ? OK : err;
}

struct named {
	struct view value;
	int64_t id; /* 0: of nothing */
};

static enum err read_names(struct call *c, const struct lookup *l, struct named *ret, size_t *ret_n)
{
	struct view list = arg_str(c, l->parameter), value;
	size_t n = 0;

	while (l->shape == DATA_ONE ? n == 0 : view_split(&list, ',', &value)) {
		if (n == LOOKUP_MAX)
			return call_wrong(
				c, l->parameter, arg_str(c, l->parameter),
				"The number of values in the `%s` query parameter list is not between 1 and %d",
				l->parameter, LOOKUP_MAX);
		ret[n].value = l->shape == DATA_ONE ? list : value;
		TRY(find(c, l, ret[n].value, &ret[n].id));
		n++;
	}
	*ret_n = n;
	return OK;
}

static enum err add(const struct lookup *l, struct data_answer *a, const struct named *named)
{
	enum err err = !named->id ? ERR_NOT_FOUND
		       : l->users ? xanswer_add_user(&a->x, (struct account_id){named->id})
				  : xanswer_add_post(&a->x, (struct post_id){named->id});
	if (err != ERR_NOT_FOUND)
		return err;
	data_missing(a, l->resource, l->parameter, named->value);
	return OK;
}

static void expect(struct data_answer *a, const struct named *all, size_t n)
{
	struct post_id ids[LOOKUP_MAX];

	for (size_t i = 0; i < n; i++)
		ids[i] = (struct post_id){all[i].id};
	xanswer_expect_posts(&a->x, ids, n);
}

static enum err add_all(struct call *c, const struct lookup *l, struct data_answer *a)
{
	struct named all[LOOKUP_MAX];
	size_t n = 0;

	TRY(read_names(c, l, all, &n));
	if (!l->users && n > 1)
		expect(a, all, n);
	for (size_t i = 0; i < n; i++)
		TRY(add(l, a, &all[i]));
	return OK;
}

static enum err answer(struct call *c, const struct lookup *l, struct data_answer *a)
{
	TRY(add_all(c, l, a));
	TRY(data_pay(c, a, l->endpoint, false, 0));
	if (!a->unchanged)
		data_write(c, a, l->shape, false);
	return OK;
}

enum err data_lookup(struct call *c, const struct lookup *l)
{
	struct data_answer a;
	enum err err = data_begin(c, &a, l->users);

	if (err == OK)
		err = answer(c, l, &a);
	data_end(&a);
	return err;
}

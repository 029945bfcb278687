/*
 * args.c - parameters as the row declares them, checked before the handler runs. Words follow Rails' validations,
 * which clients show to people.
 */
#include "base/base.h"
#include "gate/private.h"

#include "base/limits.h"
#include "core/admitted.h"
#include "core/cards.h"
#include "core/page.h"
#include "core/visibility.h"
#include "gate/form.h"
#include "text/tongue.h"

#define TEXT_MAX_DEFAULT 1024

/* Where a value is looked for: captured from the path, else among the fields. */
static bool find_text(const struct call_state *cs, const struct param *p, struct view *ret, bool *ret_in_path)
{
	const struct route *route = cs->match.route;
	*ret_in_path = false;
	for (size_t i = 0; i < route->n_captures; i++)
		if (view_is(route->names[i], p->name)) {
			*ret = cs->match.values[i];
			*ret_in_path = true;
			return true;
		}
	return fields_text(&cs->fields, view_of(p->name), ret);
}

/* "poll[expires_in]" → "Poll expires in", as Rails' humanize. */
static struct view human_name(struct arena *a, const char *name)
{
	char *p = arena_cstr(a, view_of(name));
	size_t n = 0;
	for (size_t i = 0; p[i]; i++) {
		char c = p[i] == '_' || p[i] == '[' ? ' ' : p[i];
		if (c != ']')
			p[n++] = c;
	}
	if (n && p[0] >= 'a' && p[0] <= 'z')
		p[0] = (char)(p[0] - 'a' + 'A');
	while (n && p[n - 1] == ' ')
		n--;
	return view_make(p, n);
}

enum fault { TOO_LONG, NO_NUMBER, TOO_SMALL, TOO_BIG, NOT_LISTED, NO_TIME, SENSELESS, BLANK };

/* For clients, behind the name of the parameter; and for who filled in a form. */
static const struct {
	const char *words;
	struct view page;
} faults[] = {
	[TOO_LONG] = {"is too long", N_("Something here is longer than fits. Nothing was changed.")},
	[NO_NUMBER] = {"is not a number", N_("Something here is to be a number, and is none. Nothing was changed.")},
	[TOO_SMALL] = {"is too small", N_("A number here is too small. Nothing was changed.")},
	[TOO_BIG] = {"is too large", N_("A number here is too large. Nothing was changed.")},
	[NOT_LISTED] = {"is not included in the list",
			N_("One of the choices is none of those there are. Nothing was changed.")},
	[NO_TIME] = {"is not a time", N_("Something here is to be a time, and is none. Nothing was changed.")},
	[SENSELESS] = {"is invalid", N_("One of the choices is none of those there are. Nothing was changed.")},
	[BLANK] = {"can't be blank", N_("Something that is needed was left empty. Nothing was changed.")},
};

/* OK: the form is to be drawn again, with all parameters; the first that is refused is the one it speaks of. */
static enum err refuse_form(struct call *c, const struct param *p, struct view value, enum fault fault)
{
	if (c->refused)
		return OK;
	c->wrong.name = p->name;
	c->wrong.value = value;
	enum err err = fail(&c->problem, ERR_UNPROCESSABLE, "%.*s", VIEW_ARG(faults[fault].page));
	if (!c->row->refused_ok)
		return err;
	c->refused = err;
	return OK;
}

/* Where it returns OK, the reader takes the value as far as it can be taken. */
static enum err invalid(struct call_state *cs, const struct param *p, struct view value, enum fault fault)
{
	struct call *c = &cs->pub;
	struct view name = human_name(c->arena, p->name), found;
	const char *what = faults[fault].words;
	bool in_path;
	if (c->row->kind == REPLY_HTML)
		return refuse_form(c, p, value, fault);
	if (cs->licensed && find_text(cs, p, &found, &in_path))
		return call_wrong(c, p->name, found, "The `%s` %s parameter value [%.*s] %s", p->name,
				  in_path ? "path" : "query", VIEW_ARG(found), what);
	return fail(&c->problem, ERR_UNPROCESSABLE, "Validation failed: %.*s %s", VIEW_ARG(name), what);
}

static enum err read_string(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	(void)in_path;
	size_t max = a->param->max > 0 ? (size_t)a->param->max : TEXT_MAX_DEFAULT;
	if (!utf8_valid(v))
		return fail(&cs->pub.problem, ERR_INVALID, "Invalid encoding");
	if (v.len > max)
		TRY(invalid(cs, a->param, v, TOO_LONG));
	a->given = true;
	a->text = v;
	return OK;
}

static enum err read_int(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	const struct param *p = a->param;
	int64_t n, min = p->min == p->max ? INT64_MIN : p->min, max = p->min == p->max ? INT64_MAX : p->max;
	(void)in_path;
	v = view_trim(v);
	if (v.len == 0)
		return OK;
	if (!parse_i64(v, INT64_MIN, INT64_MAX, &n))
		return p->clamp ? OK : invalid(cs, p, v, NO_NUMBER);
	if (p->clamp)
		n = n < min ? min : n > max ? max : n;
	if (n < min || n > max)
		return invalid(cs, p, v, n < min ? TOO_SMALL : TOO_BIG);
	a->given = true;
	a->number = n;
	return OK;
}

static enum err read_bool(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	bool b = true;
	(void)cs;
	(void)in_path;
	if (v.len == 0)
		return OK;
	/* Anything that does not say no is yes (Mastodon's docs, "Parameters: booleans"). */
	a->given = true;
	a->number = parse_bool(v, &b) ? b : true;
	return OK;
}

static enum err not_found(struct call_state *cs)
{
	return fail(&cs->pub.problem, ERR_NOT_FOUND, "Record not found");
}

static enum err read_id(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	uint64_t id;
	if (!parse_u64(v, INT64_MAX, &id) || id == 0)
		return in_path ? not_found(cs) : OK;
	a->given = true;
	a->number = (int64_t)id;
	return OK;
}

static enum err read_post(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	struct call *c = &cs->pub;
	struct card *card;
	if (v.len == 0 && !in_path)
		return OK;
	TRY(read_id(cs, a, v, true));
	TRY(card_get(c->core, c->db, c->arena, (struct post_id){a->number}, &card));
	bool visible = visible_to(c->viewer, &card->meta);
	card_put(card);
	return visible ? OK : not_found(cs);
}

static enum err read_account(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	struct call *c = &cs->pub;
	struct account_card *card;
	if (v.len == 0 && !in_path)
		return OK;
	TRY(read_id(cs, a, v, true));
	TRY(account_card_get(c->core, c->db, c->arena, (struct account_id){a->number}, &card));
	bool suspended = card->suspended;
	account_card_put(card);
	return suspended ? not_found(cs) : account_admitted(c->core, c->db, (struct account_id){a->number});
}

static bool find_choice(const struct param *p, struct view name, size_t *ret)
{
	for (size_t i = 0; p->choices[i]; i++)
		if (view_is(name, p->choices[i])) {
			*ret = i;
			return true;
		}
	return false;
}

static enum err read_choice(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	(void)in_path;
	if (v.len == 0)
		return OK;
	size_t i;
	if (!find_choice(a->param, v, &i))
		return invalid(cs, a->param, v, NOT_LISTED);
	a->given = true;
	a->number = (int64_t)i;
	return OK;
}

#define NAMES_MAX 2000

static struct view choices_of(struct arena *a, const struct param *p)
{
	struct view all = V("");

	for (size_t i = 0; p->choices[i]; i++)
		all = arena_printf(a, "%.*s%s%s", VIEW_ARG(all), i ? "," : "", p->choices[i]);
	return all;
}

static enum err read_names(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	struct call *c = &cs->pub;
	struct view rest = v, name;
	size_t i;

	(void)in_path;
	if (v.len > NAMES_MAX)
		return invalid(cs, a->param, v, TOO_LONG);
	a->number = 0;
	while (!a->param->nth && view_split(&rest, ',', &name)) {
		if (!find_choice(a->param, name, &i))
			return call_wrong(c, a->param->name, name,
					  "The `%s` query parameter value [%.*s] is not one of [%.*s]", a->param->name,
					  VIEW_ARG(name), VIEW_ARG(choices_of(c->arena, a->param)));
		a->number |= INT64_C(1) << i;
	}
	a->given = v.len > 0;
	a->text = v;
	return OK;
}

static enum err read_time(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	(void)in_path;
	if (v.len == 0)
		return OK;
	if (!clock_parse_iso(v, &a->number))
		return invalid(cs, a->param, v, NO_TIME);
	a->given = true;
	a->text = v;
	return OK;
}

static enum err read_double(struct call_state *cs, struct arg *a, struct view v, bool in_path)
{
	(void)in_path;
	if (v.len == 0)
		return OK;
	if (!parse_double(v, &a->real))
		return invalid(cs, a->param, v, NO_NUMBER);
	a->given = true;
	return OK;
}

static enum err read_strings(struct call_state *cs, struct arg *a)
{
	size_t max = a->param->max > 0 ? (size_t)a->param->max : TEXT_MAX_DEFAULT;
	a->given = fields_list(&cs->fields, view_of(a->param->name), &a->texts, &a->n);
	for (size_t i = 0; i < a->n; i++) {
		if (!utf8_valid(a->texts[i]))
			return fail(&cs->pub.problem, ERR_INVALID, "Invalid encoding");
		if (a->texts[i].len > max)
			TRY(invalid(cs, a->param, a->texts[i], TOO_LONG));
	}
	return OK;
}

/* Ids that are none are left out; a small integer that is none is an error, or a vote would be for something else. */
static enum err read_numbers(struct call_state *cs, struct arg *a)
{
	bool ids = a->param->type == PARAM_IDS;
	const struct view *texts;
	size_t n = 0, count = 0;
	a->given = fields_list(&cs->fields, view_of(a->param->name), &texts, &count);
	int64_t *numbers = ARENA_ARRAY(cs->pub.arena, count + 1, int64_t);
	for (size_t i = 0; i < count; i++) {
		bool yes;
		if (parse_i64(texts[i], ids ? 1 : INT32_MIN, ids ? INT64_MAX : INT32_MAX, &numbers[n]))
			n++;
		else if (!ids && parse_bool(texts[i], &yes))
			numbers[n++] = yes;
		else if (!ids)
			TRY(invalid(cs, a->param, texts[i], SENSELESS));
	}
	a->numbers = numbers;
	a->n = n;
	return OK;
}

static enum err read_file(struct call_state *cs, struct arg *a)
{
	a->file = fields_file(&cs->fields, view_of(a->param->name));
	a->given = a->file != NULL;
	return OK;
}

static enum err read_tree(struct call_state *cs, struct arg *a)
{
	a->tree = fields_node(&cs->fields, view_of(a->param->name));
	a->given = a->tree != NULL;
	return OK;
}

/* One value each, from the path or the fields; or the kinds that read the fields themselves. */
static const struct {
	enum err (*one)(struct call_state *cs, struct arg *a, struct view v, bool in_path);
	enum err (*many)(struct call_state *cs, struct arg *a);
} readers[] = {
	[PARAM_STRING] = {.one = read_string},
	[PARAM_INT] = {.one = read_int},
	[PARAM_BOOL] = {.one = read_bool},
	[PARAM_ID] = {.one = read_id},
	[PARAM_POST] = {.one = read_post},
	[PARAM_ACCOUNT] = {.one = read_account},
	[PARAM_CHOICE] = {.one = read_choice},
	[PARAM_NAMES] = {.one = read_names},
	[PARAM_TIME] = {.one = read_time},
	[PARAM_DOUBLE] = {.one = read_double},
	[PARAM_STRINGS] = {.many = read_strings},
	[PARAM_IDS] = {.many = read_numbers},
	[PARAM_BOOLS_OR_INTS] = {.many = read_numbers},
	[PARAM_FILE] = {.many = read_file},
	[PARAM_TREE] = {.many = read_tree},
};

static bool is_blank(const struct arg *a)
{
	return !a->given || (a->param->type == PARAM_STRING && view_trim(a->text).len == 0);
}

static enum err read_one(struct call_state *cs, struct arg *a)
{
	struct view v;
	bool in_path;
	a->number = a->param->fallback;
	a->text = V("");
	if (readers[a->param->type].many)
		TRY(readers[a->param->type].many(cs, a));
	else if (find_text(cs, a->param, &v, &in_path))
		TRY(readers[a->param->type].one(cs, a, v, in_path));
	if (a->param->required && is_blank(a))
		return invalid(cs, a->param, V(""), BLANK);
	return OK;
}

/* ---- names that the row does not have: refused under /2/, as X does; elsewhere Mastodon's clients send what they like ---- */

#define NAME_SHOWN 100

static bool is_declared(const struct endpoint *row, struct view name)
{
	for (const struct param *p = row->params; p && p->name; p++)
		if (view_is(name, p->name))
			return !route_captures(row->path, name);
	return false;
}

static struct view declared_names(const struct call *c)
{
	struct view names = V("");

	for (const struct param *p = c->row->params; p && p->name; p++)
		if (!route_captures(c->row->path, view_of(p->name)))
			names = arena_printf(c->arena, "%.*s%s%s", VIEW_ARG(names), names.len ? "," : "", p->name);
	return names;
}

static enum err undeclared(struct call *c, const char *what, struct view name, struct view value)
{
	struct view shown = view_sub(name, 0, NAME_SHOWN), names = declared_names(c);

	return call_wrong(c, arena_cstr(c->arena, shown), value, "The %s [%.*s] is not one of [%.*s]", what,
			  VIEW_ARG(shown), VIEW_ARG(names));
}

enum err args_query_known(struct call_state *cs)
{
	struct call *c = &cs->pub;
	struct view rest = cs->query, name, value;

	if (!cs->licensed)
		return OK;
	while (form_next(&rest, &name, &value)) {
		if (is_declared(c->row, name)) /* most are sent as they are; values may be long */
			continue;
		TRY(percent_decode(c->arena, name, true, &name));
		TRY(percent_decode(c->arena, value, true, &value));
		if (!is_declared(c->row, name))
			return undeclared(c, "query parameter", name, value);
	}
	return OK;
}

enum err args_body_known(struct call_state *cs)
{
	const struct fields *f = &cs->fields;
	const char *key;
	json_t *value;

	if (!cs->licensed)
		return OK;
	for (size_t i = 0; i < f->n_plain; i++)
		if (!is_declared(cs->pub.row, f->plain[i].name))
			return undeclared(&cs->pub, "body's member", f->plain[i].name, f->plain[i].value);
	json_object_foreach (f->tree, key, value)
		if (!is_declared(cs->pub.row, view_of(key)))
			return undeclared(&cs->pub, "body's member", view_of(key), V(""));
	return OK;
}

static bool fits_again(const struct call_state *cs)
{
	size_t bytes = 0;
	for (size_t i = 0; i < cs->n_args; i++) {
		bytes += cs->args[i].text.len;
		for (size_t k = 0; cs->args[i].texts && k < cs->args[i].n; k++)
			bytes += cs->args[i].texts[k].len;
	}
	return bytes <= LIMIT_FORM_AGAIN;
}

enum err args_check(struct call_state *cs)
{
	size_t n = 0;
	for (const struct param *p = cs->pub.row->params; p && p->name; p++)
		n++;
	cs->args = ARENA_ARRAY(cs->pub.arena, n, struct arg);
	cs->n_args = n;
	for (size_t i = 0; i < n; i++) {
		cs->args[i].param = &cs->pub.row->params[i];
		TRY(read_one(cs, &cs->args[i]));
	}
	return fits_again(cs) ? OK : cs->pub.refused;
}

/* "media_ids" and "media_ids[]" are one name. */
static bool same_name(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	n -= n > 2 && strcmp(a + n - 2, "[]") == 0 ? 2 : 0;
	m -= m > 2 && strcmp(b + m - 2, "[]") == 0 ? 2 : 0;
	return n == m && memcmp(a, b, n) == 0;
}

static const struct arg *arg(struct call *c, const char *name)
{
	const struct call_state *cs = state_of(c);
	for (size_t i = 0; i < cs->n_args; i++)
		if (same_name(cs->args[i].param->name, name))
			return &cs->args[i];
	BUG("%s has no parameter %s", c->row->path, name);
}

bool arg_given(struct call *c, const char *name)
{
	return arg(c, name)->given;
}

struct view arg_str(struct call *c, const char *name)
{
	return arg(c, name)->text;
}

int64_t arg_int(struct call *c, const char *name)
{
	return arg(c, name)->number;
}

bool arg_bool(struct call *c, const char *name)
{
	return arg(c, name)->number != 0;
}

double arg_double(struct call *c, const char *name)
{
	return arg(c, name)->real;
}

int64_t arg_id(struct call *c, const char *name)
{
	return arg(c, name)->number;
}

struct post_id arg_post(struct call *c, const char *name)
{
	return (struct post_id){arg(c, name)->number};
}

struct account_id arg_account(struct call *c, const char *name)
{
	return (struct account_id){arg(c, name)->number};
}

size_t arg_choice(struct call *c, const char *name)
{
	return (size_t)arg(c, name)->number;
}

uint64_t arg_names(struct call *c, const char *name)
{
	return (uint64_t)arg(c, name)->number;
}

size_t arg_strings(struct call *c, const char *name, const struct view **ret)
{
	const struct arg *a = arg(c, name);
	*ret = a->texts;
	return a->n;
}

size_t arg_ids(struct call *c, const char *name, const int64_t **ret)
{
	const struct arg *a = arg(c, name);
	*ret = a->numbers;
	return a->n;
}

const json_t *arg_tree(struct call *c, const char *name)
{
	return arg(c, name)->tree;
}

bool arg_file(struct call *c, const char *name, struct upload *ret)
{
	const struct arg *a = arg(c, name);
	if (a->file)
		*ret = *a->file;
	return a->file != NULL;
}

struct page call_page(struct call *c)
{
	return (struct page){
		.max_id = arg_id(c, "max_id"),
		.since_id = arg_id(c, "since_id"),
		.min_id = arg_id(c, "min_id"),
		.limit = (size_t)arg_int(c, "limit"),
	};
}

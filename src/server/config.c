/*
 * config.c - reads settings from where they may stand, weakest first, each through its row of the table.
 */
#include "base/base.h"
#include "server/config.h"

#include "base/limits.h"

#include <errno.h>
#include <ini.h>
#include <unistd.h>

#define ARENA_MAX LIMIT_MIB
#define FILE_VALUE_MAX (64 * LIMIT_KIB)

extern char **environ;

/* Where a value stands, for complaints about it. */
struct place {
	enum config_source source;
	const char *name; /* file, variable or flag */
	int line;
};

static struct view place_text(struct arena *a, const struct place *p)
{
	return p->source == CONFIG_FILE ? arena_printf(a, "%s:%d", p->name, p->line) : view_of(p->name);
}

static enum err complain(struct config *c, const struct place *p, const struct config_row *row, struct view value,
			 struct problem *problem, const char *cure)
{
	struct view where = place_text(&c->arena, p);

	if (row->secret)
		return fail(problem, ERR_INVALID, "%.*s: %s %s", VIEW_ARG(where), row->key, cure);
	return fail(problem, ERR_INVALID, "%.*s: %s = %.*s: %s", VIEW_ARG(where), row->key,
		    VIEW_ARG(view_sub(value, 0, 60)), cure);
}

static const struct config_row *row_of(struct view key)
{
	for (const struct config_row *row = config_table; row->key; row++)
		if (view_is(key, row->key))
			return row;
	return NULL;
}

static void *slot(struct config *c, const struct config_row *row)
{
	return (char *)&c->v + row->at;
}

/* One line of text: what is shown to people and written to logs has no control characters. */
static bool is_plain(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.p[i] < 0x20 && v.p[i] != '\n')
			return false;
	return utf8_valid(v);
}

static enum err set_text(struct config *c, const struct config_row *row, struct view v, const struct place *p,
			 struct problem *problem)
{
	char cure[128];

	if (!is_plain(v))
		return complain(c, p, row, V("…"), problem, "must be plain UTF-8 text");
	if (v.len < (size_t)row->min || v.len > (size_t)row->max) {
		snprintf(cure, sizeof(cure), "must be %" PRId64 " to %" PRId64 " bytes long", row->min, row->max);
		return complain(c, p, row, v, problem, v.len ? cure : "must not be empty");
	}
	const char *wrong = row->check && v.len ? row->check(v) : NULL;
	if (wrong)
		return complain(c, p, row, v, problem, wrong);
	*(const char **)slot(c, row) = arena_cstr(&c->arena, v);
	return OK;
}

static enum err set_number(struct config *c, const struct config_row *row, struct view v, const struct place *p,
			   struct problem *problem)
{
	char cure[160];

	if (parse_i64(v, row->min, row->max, slot(c, row)))
		return OK;
	snprintf(cure, sizeof(cure), "must be a whole number from %" PRId64 " to %" PRId64 "%s%s", row->min, row->max,
		 row->unit ? ", in " : "", row->unit ? row->unit : "");
	return complain(c, p, row, v, problem, cure);
}

static enum err set_switch(struct config *c, const struct config_row *row, struct view v, const struct place *p,
			   struct problem *problem)
{
	static const char *const on[] = {"on", "yes", "true", "1"}, *const off[] = {"off", "no", "false", "0"};

	for (size_t i = 0; i < ARRAY_LEN(on); i++) {
		bool is_on = view_is(v, on[i]);
		if (is_on || view_is(v, off[i])) {
			*(bool *)slot(c, row) = is_on;
			return OK;
		}
	}
	return complain(c, p, row, v, problem, "must be on or off");
}

static enum err set_choice(struct config *c, const struct config_row *row, struct view v, const struct place *p,
			   struct problem *problem)
{
	char cure[160] = "must be one of";

	for (size_t i = 0, at = strlen(cure); row->choices[i]; i++) {
		if (view_is(v, row->choices[i])) {
			*(int64_t *)slot(c, row) = (int64_t)i;
			return OK;
		}
		at += (size_t)snprintf(cure + at, sizeof(cure) - at, "%s %s", i ? "," : "", row->choices[i]);
	}
	return complain(c, p, row, v, problem, cure);
}

static enum err set(struct config *c, const struct config_row *row, struct view v, const struct place *p,
		    struct problem *problem)
{
	static enum err (*const setters[])(struct config *, const struct config_row *, struct view,
					   const struct place *, struct problem *) = {
		[CONFIG_TEXT] = set_text,     [CONFIG_PATH] = set_text,	    [CONFIG_NUMBER] = set_number,
		[CONFIG_SWITCH] = set_switch, [CONFIG_CHOICE] = set_choice,
	};

	TRY(setters[row->type](c, row, v, p, problem));
	c->origins[row - config_table] = (struct config_origin){p->source, p->line};
	return OK;
}

/* ---- the file ---- */

struct reading {
	struct config *c;
	FILE *f;
	const char *name;
	int line;
	bool continues; /* the line at hand begins with white space: more of the value before */
	bool found_by_data_dir;
	struct {
		const struct config_row *row; /* whose value is being collected, or NULL */
		int line;
		struct buf value;
	} open;
	enum err err;
	struct problem *problem;
};

/* inih's reader: fgets that counts lines and refuses what inih would cut in two. */
static char *next_line(char *line, int size, void *arg)
{
	struct reading *r = arg;

	if (r->err != OK || !fgets(line, size, r->f))
		return NULL;
	r->line++;
	r->continues = line[0] == ' ' || line[0] == '\t';
	size_t len = strlen(line);
	if (len + 1 == (size_t)size && line[len - 1] != '\n' && !feof(r->f)) {
		r->err = fail(r->problem, ERR_INVALID,
			      "%s:%d: longer than %d bytes; continue it on the next line, which begins with a space",
			      r->name, r->line, size - 2);
		return NULL;
	}
	return line;
}

static enum err close_value(struct reading *r)
{
	const struct config_row *row = r->open.row;

	if (!row)
		return OK;
	r->open.row = NULL;
	struct place place = {CONFIG_FILE, r->name, r->open.line};
	if (r->open.value.over)
		return complain(r->c, &place, row, V("…"), r->problem, "is far too long");
	return set(r->c, row, buf_view(&r->open.value), &place, r->problem);
}

static enum err open_value(struct reading *r, struct view section, struct view key, struct view value)
{
	const struct config_row *row = row_of(key);

	if (section.len)
		return fail(r->problem, ERR_INVALID, "%s:%d: [%.*s]: there are no sections; leave the line out",
			    r->name, r->line, VIEW_ARG(view_sub(section, 0, 40)));
	if (!row)
		return fail(r->problem, ERR_INVALID, "%s:%d: %.*s is not a setting; `kicau config list` shows them all",
			    r->name, r->line, VIEW_ARG(view_sub(key, 0, 60)));
	if (r->c->origins[row - config_table].source == CONFIG_FILE)
		return fail(r->problem, ERR_INVALID, "%s:%d: %s stands in line %d already; keep one", r->name, r->line,
			    row->key, r->c->origins[row - config_table].line);
	if (r->found_by_data_dir && row->at == offsetof(struct config_values, data_dir))
		return fail(
			r->problem, ERR_INVALID,
			"%s:%d: data_dir cannot be set in the file that is found in it; use --data or KICAU_DATA_DIR",
			r->name, r->line);
	r->open.row = row;
	r->open.line = r->line;
	buf_clear(&r->open.value);
	buf_add(&r->open.value, value);
	return OK;
}

/* inih's handler: nonzero goes on. The error is kept in r, as inih reports only line numbers of its own. */
static int take_pair(void *arg, const char *section, const char *key, const char *value)
{
	struct reading *r = arg;

	if (r->err != OK)
		return 1;
	if (r->continues && r->open.row) {
		buf_add_c(&r->open.value, '\n');
		buf_add_str(&r->open.value, value);
		return 1;
	}
	r->err = close_value(r);
	if (r->err == OK)
		r->err = open_value(r, view_of(section), view_of(key), view_of(value));
	return 1;
}

static enum err read_stream(struct reading *r)
{
	buf_init(&r->open.value, FILE_VALUE_MAX);
	int wrong = ini_parse_stream(next_line, r, take_pair, r);
	if (r->err == OK)
		r->err = close_value(r);
	if (r->err == OK && wrong)
		r->err = fail(r->problem, ERR_INVALID, "%s:%d: must be written as key = value", r->name, wrong);
	buf_release(&r->open.value);
	return r->err;
}

static enum err read_file(struct config *c, const char *name, bool must_exist, struct problem *problem)
{
	struct reading r = {.c = c, .name = name, .found_by_data_dir = !must_exist, .problem = problem};

	r.f = fopen(name, "re");
	if (!r.f && errno == ENOENT && !must_exist)
		return OK;
	if (!r.f)
		return fail(problem, ERR_INVALID, "%s cannot be read: %s", name, strerror(errno));
	enum err err = read_stream(&r);
	fclose(r.f);
	c->file = arena_cstr(&c->arena, view_of(name));
	return err;
}

/* ---- environment, flags, defaults ---- */

static const char *env_value(const struct config_row *row)
{
	struct buf name;

	buf_init(&name, 128);
	config_env_name(row, &name);
	const char *value = getenv(buf_view(&name).p);
	buf_release(&name);
	return value;
}

static enum err read_env(struct config *c, const struct config_row *row, struct problem *problem)
{
	const char *value = env_value(row);
	struct buf name;

	if (!value)
		return OK;
	buf_init(&name, 128);
	config_env_name(row, &name);
	enum err err = set(c, row, view_trim(view_of(value)), &(struct place){CONFIG_ENVIRONMENT, name.p, 0}, problem);
	buf_release(&name);
	return err;
}

const char *config_stray_variable(void)
{
	static const char *const ours[] = {"CONFIG=", "BIN=", "IMAGE="}, *const kept[] = {"TEST_", "BENCH_"};

	for (char **e = environ; *e; e++) {
		struct view v = view_of(*e);
		bool known = !view_starts(v, V("KICAU_"));
		struct view rest = view_sub(v, 6, v.len);
		for (size_t i = 0; i < ARRAY_LEN(ours); i++)
			known |= view_starts(rest, view_of(ours[i]));
		for (size_t i = 0; i < ARRAY_LEN(kept); i++)
			known |= view_starts(rest, view_of(kept[i]));
		for (const struct config_row *row = config_table; !known && row->key; row++)
			known = env_value(row) &&
				view_eq_nocase(view_sub(rest, 0, view_find(rest, 0, '=')), view_of(row->key));
		if (!known)
			return rest.p;
	}
	return NULL;
}

static enum err read_flag(struct config *c, const char *key, const char *value, struct problem *problem)
{
	const struct config_row *row = row_of(view_of(key));

	return value ? set(c, row, view_of(value), &(struct place){CONFIG_FLAG, row->flag, 0}, problem) : OK;
}

static enum err read_defaults(struct config *c, struct problem *problem)
{
	for (const struct config_row *row = config_table; row->key; row++)
		TRY(set(c, row, view_of(row->fallback), &(struct place){CONFIG_DEFAULT, "default", 0}, problem));
	return OK;
}

/* The file lies in the data directory, so that one is known first. */
static enum err read_given_file(struct config *c, const struct config_flags *flags, struct problem *problem)
{
	const char *named = flags->file ? flags->file : getenv("KICAU_CONFIG");

	if (named)
		return read_file(c, named, true, problem);
	TRY(read_env(c, row_of(V("data_dir")), problem));
	TRY(read_flag(c, "data_dir", flags->data_dir, problem));
	return read_file(c, arena_printf(&c->arena, "%s/kicau.conf", c->v.data_dir).p, false, problem);
}

/* What follows from other settings. */
static void complete(struct config *c)
{
	struct view url = view_of(c->v.base_url), listen = view_of(c->v.listen);
	size_t colon = listen.len;

	while (colon > 0 && listen.p[colon - 1] != ':')
		colon--;
	if (!url.len)
		c->v.base_url = arena_printf(&c->arena, "http://localhost:%s", listen.p + colon).p;
}

enum err config_load(struct config *c, const struct config_flags *flags, struct problem *problem)
{
	*c = (struct config){0};
	arena_init(&c->arena, ARENA_MAX);
	TRY(read_defaults(c, problem));
	TRY(read_given_file(c, flags, problem));
	for (const struct config_row *row = config_table; row->key; row++)
		TRY(read_env(c, row, problem));
	TRY(read_flag(c, "data_dir", flags->data_dir, problem));
	TRY(read_flag(c, "listen", flags->listen, problem));
	complete(c);
	return OK;
}

void config_release(struct config *c)
{
	arena_release(&c->arena);
}

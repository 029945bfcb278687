/*
 * search_filter.c - see search_filter.h.
 */
#include "base/base.h"

#include "core/search_filter.h"

#include "base/clock.h"
#include "core/accounts.h"
#include "text/lang.h"

#define MS_PER_DAY ((int64_t)24 * 3600 * 1000)

struct reader {
	struct core *core;
	struct db *db;
	struct arena *arena;
	struct account_id me;
	struct search_filter *f;
};

void search_filter_from(struct search_filter *f, struct account_id who)
{
	if (f->from.v && !account_eq(f->from, who))
		f->impossible = true;
	f->from = who;
}

static enum err op_from(struct reader *r, const struct segment_term *t)
{
	struct account_id who = r->me;
	enum err err = view_is(t->value, "me") ? OK : account_find_acct(r->core, r->db, t->value, &who);

	if (err == ERR_NOT_FOUND) {
		r->f->impossible = r->f->impossible || !t->negated;
		return OK;
	}
	TRY(err);
	if (t->negated)
		r->f->not_from[r->f->n_not_from++] = who;
	else
		search_filter_from(r->f, who);
	return OK;
}

/* has: and is: */
static enum err op_has(struct reader *r, const struct segment_term *t)
{
	static const struct {
		const char *op, *value;
		enum search_has bit;
	} known[] = {
		{"has", "media", SEARCH_MEDIA}, {"has", "poll", SEARCH_POLL},	{"has", "image", SEARCH_IMAGE},
		{"has", "video", SEARCH_VIDEO}, {"has", "audio", SEARCH_AUDIO}, {"has", "link", SEARCH_LINK},
		{"has", "embed", SEARCH_EMBED}, {"is", "reply", SEARCH_REPLY},	{"is", "sensitive", SEARCH_SENSITIVE},
	};
	struct search_filter *f = r->f;
	int64_t bit = 0, wanted;

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (view_is(t->op, known[i].op) && view_is(t->value, known[i].value))
			bit = known[i].bit;
	wanted = t->negated ? 0 : bit;
	if ((!bit && !t->negated) || ((f->care & bit) && (f->want & bit) != wanted))
		f->impossible = true;
	f->care |= bit;
	f->want |= wanted;
	return OK;
}

static enum err op_language(struct reader *r, const struct segment_term *t)
{
	char code[LANG_BYTES];

	if (lang_normalise(t->value, code))
		r->f->languages[r->f->n_languages++] =
			(struct search_language){arena_view(r->arena, view_of(code)), t->negated};
	else if (!t->negated)
		r->f->impossible = true;
	return OK;
}

static enum err op_in(struct reader *r, const struct segment_term *t)
{
	int64_t there = SEARCH_ANYWHERE;

	if (view_is(t->value, "library"))
		there = SEARCH_LIBRARY_ONLY | SEARCH_OPEN_IN_LIBRARY;
	else if (view_is(t->value, "public"))
		there = SEARCH_OPEN_ONLY | SEARCH_OPEN_IN_LIBRARY;
	else
		return OK;
	r->f->where &= t->negated ? SEARCH_ANYWHERE & ~there : there;
	r->f->impossible = r->f->impossible || !r->f->where;
	return OK;
}

static void from_id(struct search_filter *f, int64_t id)
{
	f->min_id = id - 1 > f->min_id ? id - 1 : f->min_id;
}
static void below_id(struct search_filter *f, int64_t id)
{
	f->max_id = f->max_id == 0 || id < f->max_id ? id : f->max_id;
}

/* Not before a day is from it on, not after it is until its end. */
static enum err op_date(struct reader *r, const struct segment_term *t)
{
	struct search_range day;
	int64_t at;

	if (!clock_parse_iso(t->value, &at)) {
		r->f->impossible = true;
		return OK;
	}
	day = (struct search_range){id_at(at), id_at(at + MS_PER_DAY)};
	if (view_is(t->op, "during") && t->negated) {
		r->f->not_during[r->f->n_not_during++] = day;
	} else if (view_is(t->op, "during")) {
		from_id(r->f, day.from);
		below_id(r->f, day.to);
	} else if (view_is(t->op, "before")) {
		(t->negated ? from_id : below_id)(r->f, day.from);
	} else {
		(t->negated ? below_id : from_id)(r->f, day.to);
	}
	return OK;
}

enum err search_filter_add(struct core *c, struct db *db, struct arena *a, struct account_id me,
			   const struct segment_term *t, struct search_filter *f)
{
	static const struct {
		const char *name;
		enum err (*add)(struct reader *r, const struct segment_term *t);
	} operators[] = {
		{"from", op_from}, {"has", op_has},	{"is", op_has},	    {"language", op_language},
		{"in", op_in},	   {"before", op_date}, {"after", op_date}, {"during", op_date},
	};
	struct reader r = {c, db, a, me, f};

	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (view_is(t->op, operators[i].name))
			return operators[i].add(&r, t);
	return OK;
}

bool search_filter_allows(const struct search_filter *f, int64_t id, struct account_id author, struct view language)
{
	for (size_t i = 0; i < f->n_not_from; i++)
		if (account_eq(author, f->not_from[i]))
			return false;
	for (size_t i = 0; i < f->n_not_during; i++)
		if (id >= f->not_during[i].from && id < f->not_during[i].to)
			return false;
	for (size_t i = 0; i < f->n_languages; i++)
		if (view_eq(language, f->languages[i].code) == f->languages[i].negated)
			return false;
	return true;
}

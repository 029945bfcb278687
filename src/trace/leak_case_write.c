/*
 * leak_case_write.c - see leak_case.h: a weighed leak as JSON (docs/trace-files.md), and in words.
 */
#include "base/base.h"

#include "trace/leak_case.h"

#include <math.h>

#include "core/core.h"
#include "trace/binomial.h"
#include "trace/power.h"

#define EXAMPLES_OF_A_KIND 5
#define CURVE_POINTS 101
#define NULL_POINTS_MAX 400
#define TEXT_SHOWN 1000 /* bytes of our own texts */

/* ---- in words ---- */

struct view leak_case_names(struct leak_case *c)
{
	struct view said = V("");

	for (size_t i = 0; i < c->e->n_names; i++) {
		struct view name = c->licensees[c->e->names[i]].name;
		const char *joint = !i ? "" : i + 1 == c->e->n_names ? " and " : ", ";

		said = arena_printf(&c->arena, "%.*s%s%.*s", VIEW_ARG(said), joint, VIEW_ARG(name));
	}
	return said;
}

static struct view says_of_few(struct leak_case *c)
{
	if (!c->n_licensees)
		return V("There is no licensee whose copy it could be.");
	if (c->e->needs.p <= 0)
		return V("Nothing is withheld from anybody, so no copy can be told from another.");
	if (!c->e->needs.single)
		return V("Of these posts so little is withheld from one of the licensees that it would never be named: "
			 "nothing can be said of anybody.");
	return arena_printf(&c->arena,
			    "%zu posts of ours are in it. A lone source, whoever it is, would be named from %" PRIu64
			    " posts on: with so few, "
			    "nothing can be said of anybody.",
			    c->n, c->e->needs.single);
}

struct view leak_case_says(struct leak_case *c)
{
	struct view names = leak_case_names(c);
	double percent = 100 * c->e->rules.alpha;

	if (c->e->prepared)
		return V("The withheld posts in this file are not what any honest copy or scrape would have: somebody "
			 "who knows what "
			 "is withheld has prepared it. Nobody is named.");
	switch (c->e->verdict) {
	case EVIDENCE_IDENTIFIED:
		return arena_printf(
			&c->arena,
			"At least a part of it was made from the copy of %.*s. That anybody is named wrongly, over all "
			"%zu licensees, has a chance of at most %.3g %%.",
			VIEW_ARG(names), c->n_licensees, percent);
	case EVIDENCE_NARROWED:
		return arena_printf(
			&c->arena,
			"At least one of these is a source: %.*s. That none of them is has a chance of at most "
			"%.3g %%.",
			VIEW_ARG(names), percent);
	case EVIDENCE_NOT_ATTRIBUTABLE:
		return arena_printf(&c->arena,
				    "%zu posts of ours are in it, enough to name a lone source%s, and nobody's copy "
				    "shows. A scrape of the "
				    "public pages looks like this; so do many sources, or holes that were filled.",
				    c->n, c->e->needs.unseen ? " (but one from whom nothing of them is withheld)" : "");
	default:
		return says_of_few(c);
	}
}

/* ---- JSON ---- */

static void kv_places(struct jw *j, const char *key, const uint32_t *v, size_t n)
{
	jw_key(j, key);
	jw_array(j);
	for (size_t i = 0; i < n; i++)
		jw_int(j, v[i]);
	jw_array_end(j);
}

void leak_rules_write(const struct evidence_rules *r, struct jw *j)
{
	jw_object(j);
	jw_kv_double(j, "alpha", r->alpha);
	jw_kv_double(j, "single", r->single);
	jw_kv_double(j, "pair", r->pair);
	jw_kv_double(j, "triple", r->triple);
	jw_kv_double(j, "narrow", r->narrow);
	jw_kv_double(j, "tamper", r->tamper);
	jw_kv_double(j, "contradiction", r->contradiction);
	jw_kv_double(j, "slack", r->slack);
	jw_kv_int(j, "narrow_max", (int64_t)r->narrow_max);
	jw_kv_double(j, "power", r->power);
	jw_object_end(j);
}

static void write_input(const struct leak_case *c, struct jw *j)
{
	const struct match_counts *m = leak_counts(c->leak);

	jw_key(j, "input");
	jw_object(j);
	jw_kv_int(j, "rows", (int64_t)m->rows);
	jw_kv_int(j, "unreadable", (int64_t)m->unreadable);
	jw_kv_int(j, "matched", (int64_t)m->matched);
	jw_kv_int(j, "posts", (int64_t)m->posts);
	for (enum match_how how = MATCH_ID; how < MATCH_HOWS; how++)
		jw_kv_int(j, match_how_name(how), (int64_t)m->by[how]);
	jw_kv_int(j, "ambiguous", (int64_t)m->ambiguous);
	jw_kv_int(j, "conflicting", (int64_t)m->conflicting);
	jw_kv_int(j, "short_text", (int64_t)m->short_text);
	jw_kv_int(j, "without_text", (int64_t)m->without_text);
	jw_kv_int(j, "unmatched", (int64_t)m->unmatched);
	jw_kv_int(j, "repeated", (int64_t)m->repeated);
	jw_kv_int(j, "gone", (int64_t)m->gone);
	jw_kv_int(j, "weighed", (int64_t)c->n);
	jw_object_end(j);
}

static void write_licensee(const struct leak_case *c, size_t i, struct jw *j)
{
	const struct evidence_single *s = &c->e->singles[i];

	jw_object(j);
	jw_kv_id(j, "id", c->licensees[i].id);
	jw_kv_str(j, "name", c->licensees[i].name);
	jw_kv_doubles(j, "p", c->coins[i].p, c->n_strata);
	jw_kv_int(j, "withheld", (int64_t)s->withheld);
	jw_kv_double(j, "expected", s->expected);
	jw_kv_double(j, "ln_p", s->ln_p);
	jw_kv_double(j, "ln_p_holm", s->ln_p_holm);
	jw_kv_double(j, "ln_p_many", s->ln_p_many);
	jw_kv_double(j, "share", s->share);
	jw_kv_double(j, "share_low", s->share_low);
	jw_kv_double(j, "share_high", s->share_high);
	jw_kv_double(j, "share_together", s->share_together);
	jw_kv_double(j, "share_named", s->share_named);
	jw_kv_double(j, "ln_likelihood", s->ln_likelihood);
	jw_kv_int(j, "delivered", (int64_t)s->delivered);
	jw_kv_bool(j, "named", s->named);
	jw_kv_bool(j, "excused", s->excused);
	jw_kv_bool(j, "contradicted", s->contradicted);
	jw_kv_bool(j, "many", s->many);
	jw_object_end(j);
}

static void write_group(const struct evidence_group *g, struct jw *j)
{
	jw_object(j);
	kv_places(j, "members", g->member, g->n);
	jw_kv_int(j, "withheld", (int64_t)g->withheld);
	jw_key(j, "others");
	jw_array(j);
	for (uint32_t m = 0; m < g->n; m++)
		jw_int(j, (int64_t)g->others[m]);
	jw_array_end(j);
	jw_kv_double(j, "ln_p", g->ln_p);
	jw_kv_double(j, "ln_p_holm", g->ln_p_holm);
	jw_kv_bool(j, "named", g->named);
	jw_kv_bool(j, "excused", g->excused);
	jw_object_end(j);
}

static void write_groups(const char *key, const struct evidence_groups *g, struct jw *j)
{
	jw_key(j, key);
	jw_object(j);
	jw_kv_int(j, "tested", (int64_t)g->tested);
	jw_kv_int(j, "visible", (int64_t)g->visible);
	jw_key(j, "list");
	jw_array(j);
	for (size_t i = 0; i < g->n; i++)
		write_group(&g->v[i], j);
	jw_array_end(j);
	jw_object_end(j);
}

static void write_origin(const struct evidence_origin *o, struct jw *j)
{
	jw_key(j, "came");
	jw_object(j);
	jw_kv_bool(j, "known", o->known);
	if (o->known) {
		jw_kv_int(j, "withheld", (int64_t)o->withheld);
		jw_kv_double(j, "expected", o->expected);
		jw_kv_double(j, "ln_p", o->ln_p);
		jw_kv_double(j, "share", o->share);
		jw_kv_double(j, "share_low", o->share_low);
		jw_kv_double(j, "share_high", o->share_high);
	}
	jw_kv_int(j, "delivered_to_none", (int64_t)o->delivered_to_none);
	jw_object_end(j);
}

static void write_needs(const struct evidence_needs *n, struct jw *j)
{
	jw_key(j, "needs");
	jw_object(j);
	jw_kv_double(j, "p", n->p);
	jw_kv_int(j, "unseen", (int64_t)n->unseen);
	jw_kv_int(j, "single", (int64_t)n->single);
	jw_kv_int(j, "half", (int64_t)n->half);
	jw_kv_int(j, "pair", (int64_t)n->pair);
	jw_kv_int(j, "triple", (int64_t)n->triple);
	jw_kv_int(j, "best", (int64_t)n->best);
	jw_kv_double(j, "smallest_share", n->smallest_share);
	jw_object_end(j);
}

/* ---- curves ---- */

static void write_curve(struct jw *j, const double *x, const double *y, size_t n)
{
	jw_kv_doubles(j, "x", x, n);
	jw_kv_doubles(j, "y", y, n);
}

static void write_power(const struct leak_case *c, struct jw *j)
{
	double x[CURVE_POINTS], y[CURVE_POINTS], p = c->e->needs.p;
	double level = log(c->e->rules.alpha * c->e->rules.single / fmax(1, (double)c->n_licensees));

	jw_key(j, "power");
	jw_object(j);
	for (size_t i = 0; i < CURVE_POINTS; i++) {
		x[i] = (double)i / (CURVE_POINTS - 1);
		y[i] = p > 0 ? power_share(c->n, p, x[i], level) : 0;
	}
	write_curve(j, x, y, c->n && p > 0 ? CURVE_POINTS : 0);
	jw_object_end(j);
}

/* How many withheld posts an innocent likeliest licensee would have: P(K <= k) - P(K < k). */
static void write_null(const struct leak_case *c, struct jw *j)
{
	const struct evidence_single *s = &c->e->singles[c->order[0]];
	struct tosses *t = xcalloc(c->n_strata, sizeof(*t));
	double x[NULL_POINTS_MAX], y[NULL_POINTS_MAX], wide = 5 * sqrt(s->expected) + 3;
	double from = floor(fmax(0, s->expected - wide)),
	       step = fmax(1, ceil((s->expected + wide - from) / NULL_POINTS_MAX));
	size_t n = 0;

	for (size_t i = 0; i < c->n_strata; i++)
		t[i].p = c->coins[c->order[0]].p[i];
	for (size_t i = 0; i < c->n; i++)
		t[c->stratum[i]].n++;
	while (n < NULL_POINTS_MAX && from + (double)n * step <= s->expected + wide) {
		double k = from + (double)n * step;
		double above = tosses_ln_low(t, c->n_strata, (uint64_t)(k + step - 1));
		double below = k > 0 ? exp(tosses_ln_low(t, c->n_strata, (uint64_t)k - 1)) : 0;

		x[n] = k;
		y[n++] = fmax(0, exp(above) - below);
	}
	free(t);
	jw_kv_str(j, "name", c->licensees[c->order[0]].name);
	jw_kv_int(j, "licensee", c->order[0]);
	jw_kv_int(j, "observed", (int64_t)s->withheld);
	jw_kv_double(j, "step", step);
	write_curve(j, x, y, n);
}

void leak_case_write(struct leak_case *c, struct jw *j)
{
	const struct evidence *e = c->e;

	write_input(c, j);
	jw_key(j, "rules");
	leak_rules_write(&e->rules, j);
	jw_kv_int(j, "strata", (int64_t)c->n_strata);
	jw_kv_doubles(j, "p_everybody", c->p_everybody, c->n_strata);
	jw_key(j, "licensees");
	jw_array(j);
	for (size_t i = 0; i < c->n_licensees; i++)
		write_licensee(c, i, j);
	jw_array_end(j);
	kv_places(j, "order", c->order, c->n_licensees);
	write_groups("pairs", &e->pairs, j);
	write_groups("triples", &e->triples, j);
	jw_kv_double(j, "share_other", e->share_other);
	jw_kv_double(j, "share_not_named", e->share_not_named);
	jw_kv_double(j, "ln_likelihood_together", e->ln_likelihood_together);
	jw_kv_double(j, "ln_likelihood_named", e->ln_likelihood_named);
	jw_kv_double(j, "likelihood_gap", e->likelihood_gap);
	write_origin(&e->origin, j);
	write_needs(&e->needs, j);
	write_power(c, j);
	jw_key(j, "null");
	jw_object(j);
	if (c->n_licensees && c->n)
		write_null(c, j);
	jw_object_end(j);
	jw_kv_bool(j, "prepared", e->prepared);
	jw_kv_cstr(j, "verdict", evidence_verdict_name(e->verdict));
	jw_kv_str(j, "verdict_says", leak_case_says(c));
	kv_places(j, "names", e->names, e->n_names);
}

/* ---- posts ---- */

/* As one hexadecimal number: licensee i is bit i. */
static void kv_bits(const struct leak_case *c, size_t post, bool delivered, const char *key, struct jw *j)
{
	char hex[EVIDENCE_LICENSEES_MAX / 4 + 2];
	size_t digits = (c->n_licensees + 3) / 4, at = 0;

	for (size_t d = digits; d-- > 0;) {
		unsigned v = 0;

		for (size_t b = 0; b < 4 && 4 * d + b < c->n_licensees; b++) {
			const struct evidence_licensee *l = &c->coins[4 * d + b];

			v |= (unsigned)evidence_has(delivered ? l->delivered : l->withheld, post) << b;
		}
		hex[at++] = "0123456789abcdef"[v];
	}
	if (!at)
		hex[at++] = '0';
	jw_kv_str(j, key, view_make(hex, at));
}

void leak_case_posts(const struct leak_case *c, struct buf *out)
{
	for (size_t i = 0; i < c->n; i++) {
		struct jw j = jw_to(out);

		jw_object(&j);
		jw_kv_id(&j, "post", c->posts[i]);
		jw_kv_cstr(&j, "how", match_how_name(c->how[i]->how));
		jw_kv_int(&j, "stratum", c->stratum[i]);
		kv_bits(c, i, false, "withheld", &j);
		kv_bits(c, i, true, "delivered", &j);
		jw_kv_bool(&j, "everybody", evidence_has(c->everybody, i));
		jw_object_end(&j);
		buf_add_c(out, '\n');
	}
}

/* ---- examples ---- */

SQL(case_text, "SELECT text FROM posts WHERE id = $1");

struct showing {
	struct leak_case *c;
	struct db *db;
	struct jw *j;
	unsigned shown[MATCH_HOWS];
};

/* Cut between characters. */
static struct view shown_text(struct view text)
{
	size_t at = 0;

	if (text.len <= TEXT_SHOWN)
		return text;
	for (size_t step; at < TEXT_SHOWN && (step = utf8_step(text, at)); at += step)
		;
	return view_sub(text, 0, at);
}

static enum err our_text(struct showing *s, int64_t post, struct view *ret)
{
	struct rows rows;

	*ret = V("(deleted since)");
	db_query(s->db, &rows, &case_text, BINDS(B_INT(post)));
	if (rows_next(&rows))
		*ret = arena_view(&s->c->arena, shown_text(row_text(&rows, 0)));
	return rows_end(&rows);
}

static enum err show(void *arg, const struct trace_match *m)
{
	struct showing *s = arg;
	struct view ours;

	if (!m->text.len || s->shown[m->how] == EXAMPLES_OF_A_KIND)
		return OK;
	s->shown[m->how]++;
	TRY(our_text(s, m->post, &ours));
	jw_object(s->j);
	jw_kv_id(s->j, "post", m->post);
	jw_kv_int(s->j, "row", (int64_t)m->place);
	jw_kv_cstr(s->j, "source", leak_source_name(s->c->leak, m->source));
	jw_kv_cstr(s->j, "how", match_how_name(m->how));
	jw_kv_double(s->j, "similarity", (double)m->similarity);
	jw_kv_str(s->j, "theirs", m->text);
	jw_kv_str(s->j, "ours", ours);
	jw_object_end(s->j);
	return OK;
}

enum err leak_case_examples(struct leak_case *c, struct db *db, struct jw *j)
{
	struct showing s = {.c = c, .db = db, .j = j};

	jw_key(j, "examples");
	jw_array(j);
	enum err err = leak_each(c->leak, show, &s);
	jw_array_end(j);
	return err;
}

/*
 * paper_leak.c - the part of a report about a leak: whose copy is it from?
 */
#include "base/base.h"

#include "trace/paper_private.h"

#include <math.h>

#define ROWS_MAX 200 /* of tables: all stand in report.json */
#define BARS_MAX 20

static void method(struct paper *p)
{
	static const struct view steps[] = {
		V("Rows of the leak were matched with posts of this server: by id, by address, by the same text, by "
		  "nearly the "
		  "same text. What fits several posts counts for none."),
		V("From each licensee some posts are withheld, chosen by its secret key, which was committed to before "
		  "the first "
		  "delivery. What was made from a licensee's copy lacks them; what was not has them at the usual "
		  "rate."),
		V("If a licensee's copy had no part in the leak, then how many of the matched posts are withheld from "
		  "it is the "
		  "outcome of coin tosses: binomial, exactly. The p-value is the chance of so few or fewer."),
		V("The threshold is the chance to name anybody innocent at all, over all licensees together: p-values "
		  "are "
		  "corrected (Holm) for how many were looked at. Pairs and triples who merged copies have a part of "
		  "it."),
		V("The ledger only excuses: whoever never received what leaked is not named, whatever the p-value."),
		V("A file with far more withheld posts than chance allows, or with more than the deliveries to the "
		  "named explain, was "
		  "prepared by somebody who knows what is withheld. Then nobody is named."),
	};

	paper_list(p, steps, ARRAY_LEN(steps));
}

static struct view count(struct paper *p, const json_t *from, const char *key)
{
	return arena_printf(p->arena, "%" PRId64, paper_int(from, key));
}

static void matching(struct paper *p)
{
	static const struct {
		const char *key;
		struct view name;
	} rows[] = {
		{"rows", V("Rows read")},
		{"unreadable", V("Unreadable")},
		{"matched", V("Rows that are posts of ours")},
		{"posts", V("Different posts among them")},
		{"id", V("Matched by id")},
		{"url", V("by address")},
		{"text", V("by the same text")},
		{"near", V("by nearly the same text")},
		{"ambiguous", V("Fit several posts: not counted")},
		{"conflicting", V("An id of ours with another text: not counted")},
		{"short_text", V("Too short or too ordinary to tell: not counted")},
		{"unmatched", V("Not ours")},
		{"weighed", V("Posts weighed (no boosts, none deleted since)")},
	};
	const json_t *input = json_object_get(p->doc, "input");

	paper_facts(p);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		paper_fact(p, rows[i].name, count(p, input, rows[i].key));
	paper_facts_end(p);
}

static void licensee_row(struct paper *p, const json_t *l)
{
	bool named = paper_true(l, "named");

	html_tag(&p->h, "tr", A("class", named ? V("named") : V("other")));
	paper_cell(p, paper_text(l, "name"));
	paper_number(p, count(p, l, "withheld"));
	paper_number(p, arena_printf(p->arena, "%.1f", paper_real(l, "expected")));
	paper_number(p, paper_chance(p, paper_real(l, "ln_p")));
	paper_number(p, paper_chance(p, paper_real(l, "ln_p_holm")));
	paper_number(p, arena_printf(p->arena, "%.0f–%.0f %%", 100 * paper_real(l, "share_low"),
				     100 * paper_real(l, "share_high")));
	paper_number(p, count(p, l, "delivered"));
	paper_cell(p, named			      ? V("named")
		      : paper_true(l, "contradicted") ? V("excused: received too few of them")
		      : paper_true(l, "excused")      ? V("excused: received none")
		      : paper_true(l, "many")	      ? V("more withheld posts than chance allows")
						      : V(""));
	html_close(&p->h, "tr");
}

static void licensees(struct paper *p)
{
	static const struct view heads[] = {V("Licensee"),     V("Withheld"),	       V("Expected"), V("p"),
					    V("p, corrected"), V("Share of the leak"), V("Received"), V("Remark")};
	const json_t *list = json_object_get(p->doc, "licensees"), *order = json_object_get(p->doc, "order");
	size_t n = json_array_size(order);

	paper_table(p,
		    V("Likeliest first. Withheld: of the leaked posts, from this licensee. Expected: of an innocent. "
		      "Share: "
		      "99 % interval, from this licensee's withheld posts alone"),
		    heads, ARRAY_LEN(heads), 1);
	for (size_t i = 0; i < n && i < ROWS_MAX; i++)
		licensee_row(p, json_array_get(list, (size_t)json_integer_value(json_array_get(order, i))));
	paper_table_end(p);
	if (n > ROWS_MAX)
		paper_paragraph(p, arena_printf(p->arena, "%zu more are in report.json.", n - ROWS_MAX));
}

static struct view members(struct paper *p, const json_t *group)
{
	const json_t *list = json_object_get(p->doc, "licensees"), *m = json_object_get(group, "members");
	struct view said = V("");

	for (size_t i = 0; i < json_array_size(m); i++) {
		const json_t *l = json_array_get(list, (size_t)json_integer_value(json_array_get(m, i)));
		struct view name = paper_text(l, "name");

		said = arena_printf(p->arena, "%.*s%s%.*s", VIEW_ARG(said), i ? ", " : "", VIEW_ARG(name));
	}
	return said;
}

static void groups(struct paper *p, const char *key, struct view caption)
{
	static const struct view heads[] = {V("Members"), V("Withheld from all"), V("p"), V("p, corrected"),
					    V("Remark")};
	const json_t *g = json_object_get(p->doc, key), *list = json_object_get(g, "list");

	if (!paper_int(g, "tested"))
		return;
	if (!json_array_size(list)) {
		paper_paragraph(p, arena_printf(p->arena, "%.*s: %" PRId64 " tested, none is near a threshold.",
						VIEW_ARG(caption), paper_int(g, "tested")));
		return;
	}
	paper_table(p,
		    arena_printf(p->arena, "%.*s: %" PRId64 " tested; the likeliest", VIEW_ARG(caption),
				 paper_int(g, "tested")),
		    heads, ARRAY_LEN(heads), 1);
	for (size_t i = 0; i < json_array_size(list) && (i < 5 || paper_true(json_array_get(list, i), "named")); i++) {
		const json_t *one = json_array_get(list, i);

		html_tag(&p->h, "tr", A("class", paper_true(one, "named") ? V("named") : V("other")));
		paper_cell(p, members(p, one));
		paper_number(p, count(p, one, "withheld"));
		paper_number(p, paper_chance(p, paper_real(one, "ln_p")));
		paper_number(p, paper_chance(p, paper_real(one, "ln_p_holm")));
		paper_cell(p, paper_true(one, "named")	   ? V("named")
			      : paper_true(one, "excused") ? V("excused by the ledger")
							   : V(""));
		html_close(&p->h, "tr");
	}
	paper_table_end(p);
}

/* ---- figures ---- */

static void likelihoods(struct paper *p)
{
	const json_t *list = json_object_get(p->doc, "licensees"), *order = json_object_get(p->doc, "order");
	struct figure_row rows[BARS_MAX];
	struct figure_rows f = {
		.title = V("Likelihood by licensee: how much better the leak is explained with its copy than without"),
		.x_label = V("powers of ten"),
		.rows = rows};

	for (size_t i = 0; i < json_array_size(order) && f.n < BARS_MAX; i++) {
		const json_t *l = json_array_get(list, (size_t)json_integer_value(json_array_get(order, i)));

		rows[f.n++] = (struct figure_row){paper_text(l, "name"), paper_real(l, "ln_likelihood") / log(10),
						  paper_true(l, "named")};
	}
	if (f.n)
		figure_draw_rows(&p->h, &f);
}

static void figures(struct paper *p)
{
	const json_t *null = json_object_get(p->doc, "null"), *power = json_object_get(p->doc, "power");
	struct figure_mark seen = {paper_real(null, "observed"), V("observed")};
	struct figure_mark smallest = {paper_real(json_object_get(p->doc, "needs"), "smallest_share"),
				       V("smallest share seen")};

	likelihoods(p);
	paper_curve(
		p, null,
		(struct figure){
			.title = arena_printf(
				p->arena,
				"Posts withheld from %.*s in a leak of this size that is not from it, and as observed",
				VIEW_ARG(paper_text(null, "name"))),
			.x_label = V("withheld posts among the matched ones"),
			.y_label = V("chance"),
			.columns = true,
			.marks = &seen,
			.n_marks = 1});
	paper_curve(p, power,
		    (struct figure){
			    .title = V("The chance that the licensee from whom least is withheld would be named alone, "
				       "by its share of the leak"),
			    .x_label = V("share of the leak"),
			    .y_label = V("chance"),
			    .marks = &smallest,
			    .n_marks = smallest.x <= 1});
}

/* ---- the rest ---- */

static void ways(struct paper *p)
{
	const json_t *o = json_object_get(p->doc, "came"), *n = json_object_get(p->doc, "needs");

	paper_facts(p);
	if (paper_true(o, "known"))
		paper_fact(
			p, V("Withheld from everybody"),
			arena_printf(p->arena,
				     "%" PRId64
				     " of the leaked posts, %.1f if the leak had come past all licensees (p %.*s). A "
				     "share of %.0f to %.0f %% came another way, as from the public pages.",
				     paper_int(o, "withheld"), paper_real(o, "expected"),
				     VIEW_ARG(paper_chance(p, paper_real(o, "ln_p"))), 100 * paper_real(o, "share_low"),
				     100 * paper_real(o, "share_high")));
	paper_fact(p, V("No licensee received"),
		   arena_printf(p->arena, "%" PRId64 " of the leaked posts", paper_int(o, "delivered_to_none")));
	paper_fact(p, V("Posts needed"),
		   arena_printf(p->arena,
				"for a lone source %" PRId64 ", for who gives half %" PRId64
				", for two who merged copies %" PRId64 ", for three %" PRId64
				" (0: never), whoever it is: at %.3g %%, the smallest rate of a licensee. From %" PRId64
				" licensees nothing of these posts is withheld: they are never seen.",
				paper_int(n, "single"), paper_int(n, "half"), paper_int(n, "pair"),
				paper_int(n, "triple"), 100 * paper_real(n, "p"), paper_int(n, "unseen")));
	paper_facts_end(p);
}

static struct view name_of(struct paper *p, struct view id)
{
	const json_t *list = json_object_get(p->doc, "licensees");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (view_eq(paper_text(json_array_get(list, i), "id"), id))
			return paper_text(json_array_get(list, i), "name");
	return id;
}

/* "2026-11-28 12:34 UTC" */
static struct view minute(struct paper *p, const json_t *of, const char *key)
{
	struct view time = paper_text(of, key);

	if (!time.len)
		return time; /* no row was taken for it */
	return arena_printf(p->arena, "%.*s %.*s UTC", VIEW_ARG(view_sub(time, 0, 10)),
			    VIEW_ARG(view_sub(time, 11, 5)));
}

static void dated(struct paper *p)
{
	static const struct view heads[] = {V("Licensee"), V("First"),	       V("Half of them before"),
					    V("Last"),	   V("Rows that fit"), V("Taken for it")};
	const json_t *d = json_object_get(p->doc, "dating"), *list = json_object_get(d, "licensees");
	size_t n = json_array_size(list);

	paper_section(p, V("When it was delivered"));
	if (!paper_int(d, "complete")) {
		paper_paragraph(p, V("No row has all the counters (likes, replies, boosts, quotes, followers) that "
				     "deliveries are dated by."));
		return;
	}
	paper_paragraph(p, arena_printf(p->arena,
					"%" PRId64 " rows have their counters; %" PRId64 " were compared with %" PRId64
					" deliveries of their posts, %" PRId64
					" fit one. By chance %.1f fits are expected. It helps the "
					"reader; no verdict rests on it.",
					paper_int(d, "complete"), paper_int(d, "looked_at"), paper_int(d, "compared"),
					paper_int(d, "dated"), paper_real(d, "by_chance")));
	if (!n)
		return;
	paper_table(p, V("Deliveries that the counters fit, by licensee"), heads, ARRAY_LEN(heads), 4);
	for (size_t i = 0; i < n && i < ROWS_MAX; i++) {
		const json_t *l = json_array_get(list, i);

		html_open(&p->h, "tr");
		paper_cell(p, name_of(p, paper_text(l, "licensee")));
		paper_cell(p, minute(p, l, "first"));
		paper_cell(p, minute(p, l, "median"));
		paper_cell(p, minute(p, l, "last"));
		paper_number(p, count(p, l, "fits"));
		paper_number(p, count(p, l, "rows"));
		html_close(&p->h, "tr");
	}
	paper_table_end(p);
}

static void examples(struct paper *p)
{
	static const struct view heads[] = {V("The leak"), V("Our post")};
	const json_t *list = json_object_get(p->doc, "examples");

	paper_section(p, V("Examples, side by side"));
	html_tag(&p->h, "table", A("class", V("side")));
	html_elem(&p->h, "caption", V("The first matched rows of each kind"));
	html_open(&p->h, "thead");
	html_open(&p->h, "tr");
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		html_elem(&p->h, "th", heads[i], A("scope", V("col")));
	html_close(&p->h, "tr");
	html_close(&p->h, "thead");
	html_open(&p->h, "tbody");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *e = json_array_get(list, i);

		html_open(&p->h, "tr");
		html_elem(&p->h, "th",
			  arena_printf(p->arena, "Row %" PRId64 " of %.*s", paper_int(e, "row"),
				       VIEW_ARG(paper_text(e, "source"))),
			  A("scope", V("col")));
		html_elem(&p->h, "th",
			  arena_printf(p->arena, "Post %.*s, by %.*s", VIEW_ARG(paper_text(e, "post")),
				       VIEW_ARG(paper_text(e, "how"))),
			  A("scope", V("col")));
		html_close(&p->h, "tr");
		html_open(&p->h, "tr");
		html_elem(&p->h, "td", paper_text(e, "theirs"));
		html_elem(&p->h, "td", paper_text(e, "ours"));
		html_close(&p->h, "tr");
	}
	paper_table_end(p);
}

static void result(struct paper *p)
{
	paper_section(p, V("What was matched"));
	matching(p);
	paper_section(p, V("Result"));
	licensees(p);
	figures(p);
	groups(p, "pairs", V("Pairs"));
	groups(p, "triples", V("Triples"));
	ways(p);
	dated(p);
	examples(p);
}

static void shows(struct paper *p)
{
	static const struct view items[] = {
		V("A name means: this licensee's copy is where at least a part of these rows is from. It does not say "
		  "who took it, "
		  "from whom, or that it was done on purpose."),
		V("It rests on the key being secret until now. Who knows a key can prepare a file that names another: "
		  "far more or "
		  "far fewer withheld posts than deliveries explain are looked for, but a small forgery by an insider "
		  "cannot be "
		  "excluded by numbers."),
		V("“No evidence” and “ours but not attributable” acquit nobody. Who fills the holes of a copy from the "
		  "public pages looks "
		  "like a scrape of them."),
		V("The chance of a false name is that of the whole report, over all licensees; it is not the chance "
		  "that a named one "
		  "is innocent, which depends on what else is known."),
		V("Matches by nearly the same text may be wrong now and then; they are then random posts, which only "
		  "weakens the result."),
	};

	paper_list(p, items, ARRAY_LEN(items));
}

static void innocent(struct paper *p)
{
	static const struct view items[] = {
		V("The licensee was robbed, or handed the posts to somebody who was allowed to have them: its copy "
		  "leaked, not by its will."),
		V("Another who has the licensee's copy (a processor, a successor, a customer) is the source."),
		V("The key was known to somebody who made the file to look like this. Ask who could read the server's "
		  "database."),
		V("Chance, at the rate that was fixed beforehand."),
	};

	paper_list(p, items, ARRAY_LEN(items));
}

const struct paper_about paper_about_leak = {"leak", method, result, shows, innocent};

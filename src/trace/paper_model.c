/*
 * paper_model.c - the part of a report about a model: was it trained on what one licensee received, or any?
 */
#include "base/base.h"

#include "trace/paper_private.h"

#include <math.h>

/* Said of one licensee, and of everybody where that is said otherwise. */
struct words {
	struct view one, everybody;
};

static bool of_everybody(const struct paper *p)
{
	return view_is(paper_text(p->doc, "licensee"), "everybody");
}

static void words_list(struct paper *p, const struct words *words, size_t n)
{
	struct view *items = ARENA_ARRAY(p->arena, n, struct view);

	for (size_t i = 0; i < n; i++)
		items[i] = of_everybody(p) && words[i].everybody.len ? words[i].everybody : words[i].one;
	paper_list(p, items, n);
}

static void method(struct paper *p)
{
	static const struct words steps[] = {
		{V("Some posts are withheld from each licensee, chosen by a secret key that was committed to before the "
		   "first "
		   "delivery. They are a control group drawn by lot: like the delivered ones in everything but that the "
		   "licensee "
		   "never got them."),
		 V("Some posts are withheld from all licensees alike, chosen by a secret key that was committed to "
		   "before the first delivery. They are a control group drawn by lot: like those that went to at least "
		   "one licensee in everything but that none ever got them.")},
		{.one = V("A sample of both was drawn, in blocks of posts alike in language, popularity, length and "
			  "age; delivered ones are in the ledger as handed over. Posts that may be known from "
			  "elsewhere were left out: brought here from another network, edited, repeated, too short to "
			  "tell.")},
		{.one = V("The examiner got ids and texts in random order, and nothing that tells the groups. Ids, "
			  "groups and the SHA-256 of what was handed out were fixed in the ledger before any score "
			  "existed.")},
		{.one = V("The examiner's score of each post (any number: log-probability, min-k %, compression) "
			  "became its rank within its block. Added up are the ranks of delivered posts (van Elteren's "
			  "statistic).")},
		{V("If the model has learnt nothing from this licensee's copy, then within each block every choice of "
		   "which posts were withheld is equally likely, whatever the model is and whatever the score "
		   "measures. So the chance of a sum at least so extreme is counted, not estimated."),
		 V("If the model has learnt nothing from any licensee's copy, then within each block every choice of "
		   "which posts were withheld from all is equally likely, whatever the model is and whatever the score "
		   "measures. So the chance of a sum at least so extreme is counted, not estimated.")},
	};

	words_list(p, steps, ARRAY_LEN(steps));
}

static struct view side(const json_t *doc)
{
	struct view s = paper_text(json_object_get(doc, "fixed"), "side");

	return view_is(s, "higher")  ? V("delivered posts score higher")
	       : view_is(s, "lower") ? V("delivered posts score lower")
				     : V("either way");
}

static void numbers(struct paper *p, const json_t *r)
{
	paper_facts(p);
	paper_fact(p, V("Withheld from"),
		   of_everybody(p) ? V("all licensees alike") : paper_text(p->doc, "licensee_name"));
	paper_fact(p, V("Posts scored"),
		   arena_printf(p->arena, "%" PRId64 " delivered, %" PRId64 " withheld, in %" PRId64 " blocks",
				paper_int(r, "delivered"), paper_int(r, "withheld"), paper_int(r, "blocks")));
	paper_fact(p, V("Tested"), side(p->doc));
	paper_fact(p, V("Statistic"),
		   arena_printf(p->arena, "%" PRId64 "; by chance %.1f ± %.1f", paper_int(r, "statistic"),
				paper_real(r, "expected"), paper_real(r, "deviation")));
	paper_fact(p, V("p-value"),
		   arena_printf(p->arena, "%.*s (%s); threshold %.4g",
				VIEW_ARG(paper_chance(p, paper_real(r, "log10_p") * log(10))),
				paper_true(r, "exact") ? "exact" : "Monte Carlo",
				paper_real(json_object_get(p->doc, "fixed"), "alpha")));
	if (!paper_true(r, "exact"))
		paper_fact(p, V("Its 99 % interval"),
			   arena_printf(p->arena, "%.3g to %.3g, %" PRId64 " rounds", paper_real(r, "p_low"),
					paper_real(r, "p_high"), paper_int(r, "rounds")));
	paper_fact(
		p, V("Effect"),
		arena_printf(p->arena,
			     "a delivered post scores above a withheld one of its block with a chance of %.4f (95 %% "
			     "interval %.4f to %.4f; 0.5: no difference)",
			     paper_real(r, "auc"), paper_real(r, "auc_low"), paper_real(r, "auc_high")));
	paper_fact(p, V("Smallest effect it could see"),
		   arena_printf(p->arena, "%.4f (seen with a chance of 0.8)", paper_real(r, "smallest_auc")));
	paper_fact(p, V("Samples fixed so far"),
		   arena_printf(p->arena,
				"%" PRId64 ": whoever draws many and shows one has not tested at this threshold",
				paper_int(p->doc, "samples_fixed")));
	paper_facts_end(p);
}

static void alike(struct paper *p)
{
	static const struct view heads[] = {V("What"), V("Difference, in standard deviations")};
	static const char *const names[] = {"length", "popularity", "age"};
	const json_t *b = json_object_get(p->doc, "balance"), *c = json_object_get(p->doc, "counts");

	paper_table(p, V("How alike the groups are: below 0.1 is alike"), heads, 2, 1);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		html_open(&p->h, "tr");
		paper_cell(p, view_of(names[i]));
		paper_number(p, arena_printf(p->arena, "%+.3f", paper_real(b, names[i])));
		html_close(&p->h, "tr");
	}
	paper_table_end(p);
	paper_paragraph(p, arena_printf(p->arena,
					"Drawn from %" PRId64 " delivered and %" PRId64 " withheld posts of %" PRId64
					" authors, of whose posts %.1f %% were delivered. Left out: %" PRId64
					" authors of whom it was less; and posts: %" PRId64
					" published elsewhere, %" PRId64 " edited, %" PRId64 " repeated, %" PRId64
					" too short, %" PRId64 " withheld from everybody, %" PRId64
					" whose answer broke off.",
					paper_int(c, "delivered"), paper_int(c, "withheld"),
					paper_int(c, "authors") - paper_int(c, "authors_chosen"),
					100 * paper_real(c, "coverage"), paper_int(c, "authors_chosen"),
					paper_int(c, "published"), paper_int(c, "edited"), paper_int(c, "repeated"),
					paper_int(c, "too_short"), paper_int(c, "everybody"), paper_int(c, "unsure")));
}

static void result(struct paper *p)
{
	const json_t *r = json_object_get(p->doc, "result");
	struct figure_mark seen = {paper_real(r, "statistic"), V("observed")};
	struct figure_mark smallest = {paper_real(r, "smallest_auc"), V("smallest effect, chance 0.8")};

	paper_section(p, V("Result"));
	numbers(p, r);
	paper_curve(
		p, json_object_get(p->doc, "null"),
		(struct figure){
			.title = V(
				"The statistic if the model had learnt nothing of what was delivered, and as observed"),
			.x_label = V("sum of ranks of delivered posts"),
			.y_label = V("chance"),
			.columns = true,
			.marks = &seen,
			.n_marks = 1});
	paper_curve(p, json_object_get(p->doc, "power"),
		    (struct figure){.title = V("The chance to see an effect, by its size"),
				    .x_label = V("chance that a delivered post scores above a withheld one"),
				    .y_label = V("chance"),
				    .marks = &smallest,
				    .n_marks = 1});
	alike(p);
	paper_paragraph(p, arena_printf(p->arena, "Mean of the scores: %.4g of delivered posts, %.4g of withheld ones.",
					paper_real(r, "mean_delivered"), paper_real(r, "mean_withheld")));
}

static void shows(struct paper *p)
{
	static const struct words items[] = {
		{.one = V("It tests a set, not a post: of no single post does it say that the model was trained on "
			  "it.")},
		{V("A small p-value says that the model's scores tell delivered posts from withheld ones. Such "
		   "knowledge has to come from this licensee's deliveries, or from a copy of them: nothing else "
		   "differs between the groups but what is named below."),
		 V("A small p-value says that the model's scores tell posts that went to licensees from posts that "
		   "went to none. Such knowledge has to come from deliveries of this network, or from copies of them: "
		   "nothing else differs between the groups but what is named below. It names no licensee: for that, "
		   "draw a sample of one.")},
		{.one = V("It does not say who trained the model, or that it was allowed or not.")},
		{V("A large p-value is no acquittal: it says that no effect larger than the smallest named above was "
		   "there to be seen. A model trained on many copies, or on the public pages as well, has seen the "
		   "withheld posts too."),
		 V("A large p-value is no acquittal: it says that no effect larger than the smallest named above was "
		   "there to be seen. A model trained on the public pages has seen the withheld posts too.")},
		{.one = V("The texts were those of the server's own posts, as they stood when the sample was drawn.")},
	};

	words_list(p, items, ARRAY_LEN(items));
}

static void innocent(struct paper *p)
{
	static const struct words items[] = {
		{V("Somebody else trained the model, on what had been taken from this licensee."),
		 V("A licensee trained the model, or handed posts on, as its licence allows: ask what each licence "
		   "says.")},
		{V("The licensee chose posts in a way that the sample does not balance. It is drawn from authors whose "
		   "posts it took nearly all of, which leaves little room for this."),
		 V("Licensees chose posts in a way that the sample does not balance. It is drawn from authors whose "
		   "posts they took nearly all of together, which leaves little room for this.")},
		{.one = V("The examiner knew the groups, or scored them apart. Have the scores made again by somebody "
			  "who has only the probes.")},
		{.one = V("Chance: at this threshold, one innocent model in so many as the threshold says is "
			  "accused.")},
	};

	words_list(p, items, ARRAY_LEN(items));
}

const struct paper_about paper_about_model = {"model", method, result, shows, innocent};

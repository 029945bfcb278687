/*
 * paper.c - see paper.h: what all reports have. paper_leak.c and paper_model.c have the rest.
 */
#include "base/base.h"

#include "trace/paper_private.h"

#include <math.h>

#include "base/embedded.h"

#define POINTS_MAX 1000 /* of a figure */

static const struct paper_about *const abouts[] = {&paper_about_leak, &paper_about_model};

/* ---- reading ---- */

struct view paper_text(const json_t *from, const char *key)
{
	const json_t *v = json_object_get(from, key);

	return json_is_string(v) ? view_make(json_string_value(v), json_string_length(v)) : V("");
}

double paper_real(const json_t *from, const char *key)
{
	return json_number_value(json_object_get(from, key));
}

int64_t paper_int(const json_t *from, const char *key)
{
	return json_integer_value(json_object_get(from, key));
}

bool paper_true(const json_t *from, const char *key)
{
	return json_is_true(json_object_get(from, key));
}

struct view paper_chance(struct paper *p, double ln_p)
{
	double log10_p = ln_p / log(10);

	if (log10_p > -3)
		return arena_printf(p->arena, "%.3g", exp(ln_p));
	double whole = floor(log10_p), digits = pow(10, log10_p - whole);
	if (digits >= 9.95) {
		digits = 1;
		whole++;
	}
	return arena_printf(p->arena, "%.1fe%.0f", digits, whole);
}

/* ---- pieces ---- */

void paper_section(struct paper *p, struct view title)
{
	html_elem(&p->h, "h2", title);
}

void paper_paragraph(struct paper *p, struct view text)
{
	html_elem(&p->h, "p", text);
}

void paper_list(struct paper *p, const struct view *items, size_t n)
{
	html_open(&p->h, "ul");
	for (size_t i = 0; i < n; i++)
		html_elem(&p->h, "li", items[i]);
	html_close(&p->h, "ul");
}

void paper_facts(struct paper *p)
{
	html_tag(&p->h, "table", A("class", V("facts")));
	html_open(&p->h, "tbody");
}

void paper_fact(struct paper *p, struct view name, struct view value)
{
	html_open(&p->h, "tr");
	html_elem(&p->h, "th", name, A("scope", V("row")));
	html_elem(&p->h, "td", value);
	html_close(&p->h, "tr");
}

void paper_facts_end(struct paper *p)
{
	paper_table_end(p);
}

void paper_table(struct paper *p, struct view caption, const struct view *heads, size_t n, size_t words)
{
	html_open(&p->h, "table");
	html_elem(&p->h, "caption", caption);
	html_open(&p->h, "thead");
	html_open(&p->h, "tr");
	for (size_t i = 0; i < n; i++)
		html_elem(&p->h, "th", heads[i], A("scope", V("col")), A("class", i < words ? V("w") : V("n")));
	html_close(&p->h, "tr");
	html_close(&p->h, "thead");
	html_open(&p->h, "tbody");
}

void paper_table_end(struct paper *p)
{
	html_close(&p->h, "tbody");
	html_close(&p->h, "table");
}

void paper_cell(struct paper *p, struct view text)
{
	html_elem(&p->h, "td", text);
}

void paper_number(struct paper *p, struct view text)
{
	html_elem(&p->h, "td", text, A("class", V("n")));
}

static size_t numbers(const json_t *list, double ret[POINTS_MAX])
{
	size_t n = json_array_size(list) < POINTS_MAX ? json_array_size(list) : POINTS_MAX;

	for (size_t i = 0; i < n; i++)
		ret[i] = json_number_value(json_array_get(list, i));
	return n;
}

void paper_curve(struct paper *p, const json_t *from, struct figure f)
{
	double x[POINTS_MAX], y[POINTS_MAX];

	f.n = numbers(json_object_get(from, "x"), x);
	f.x = x;
	f.y = y;
	if (f.n && numbers(json_object_get(from, "y"), y) == f.n)
		figure_draw(&p->h, &f);
}

/* ---- the parts ---- */

/* As one piece: the writer puts no text into a style sheet. */
static struct safe_html style(struct arena *a)
{
	for (const struct embedded *e = embedded_assets; e->name; e++)
		if (strcmp(e->name, "report.css") == 0)
			return html_trust_stored(
				arena_printf(a, "<style>%.*s</style>", (int)e->len, (const char *)e->data));
	return html_trust_stored(V(""));
}

static void head(struct paper *p, struct view title)
{
	html_doctype(&p->h);
	html_tag(&p->h, "html", A("lang", V("en")));
	html_open(&p->h, "head");
	html_tag(&p->h, "meta", A("charset", V("utf-8")));
	html_tag(&p->h, "meta", A("http-equiv", V("Content-Security-Policy")),
		 A("content", V("default-src 'none'; style-src 'unsafe-inline'")));
	html_tag(&p->h, "meta", A("name", V("viewport")), A("content", V("width=device-width, initial-scale=1")));
	html_elem(&p->h, "title", title);
	html_safe(&p->h, style(p->arena)); /* compiled in */
	html_close(&p->h, "head");
	html_open(&p->h, "body");
	html_open(&p->h, "main");
	html_elem(&p->h, "h1", title);
}

static void verdict(struct paper *p)
{
	html_tag(&p->h, "div", A("class", V("verdict")));
	html_elem(&p->h, "strong", paper_text(p->doc, "verdict"));
	html_elem(&p->h, "p", paper_text(p->doc, "verdict_says"));
	html_close(&p->h, "div");
}

static void about(struct paper *p)
{
	paper_facts(p);
	paper_fact(p, V("Made"), paper_text(p->doc, "made"));
	paper_fact(p, V("By"), paper_text(p->doc, "software"));
	paper_fact(p, V("Ledger"), paper_text(p->doc, "origin"));
	paper_fact(p, V("Tree head"),
		   arena_printf(p->arena, "%" PRId64 " records; attached, signed", paper_int(p->doc, "tree_size")));
	paper_fact(p, V("Keys"),
		   paper_true(p->doc, "revealed")
			   ? V("Revealed for those who are named: this report can be checked by anybody.")
			   : V("Not revealed: what is withheld from whom is taken from the server's word. "
			       "For the inside of a house, not for a court."));
	paper_facts_end(p);
}

static void fixed(struct paper *p)
{
	char *text = json_dumps(json_object_get(p->doc, "fixed"), JSON_INDENT(1) | JSON_REAL_PRECISION(6));
	const json_t *index = json_object_get(p->doc, "fixed_record");

	paper_section(p, V("Fixed beforehand"));
	paper_paragraph(p, arena_printf(p->arena,
					"Before anything was weighed, this went into the ledger as record %" PRId64
					" (%.*s); its proof is attached. Nothing of it was changed afterwards.",
					(int64_t)json_integer_value(index), VIEW_ARG(paper_text(p->doc, "fixed_at"))));
	html_elem(&p->h, "pre", view_of(text));
	free(text);
}

static struct view said_record(struct paper *p, const json_t *key, const char *name)
{
	const json_t *v = json_object_get(key, name);

	return json_is_integer(v) ? arena_printf(p->arena, "record %" PRId64, (int64_t)json_integer_value(v)) : V("no");
}

static void keys(struct paper *p)
{
	static const struct view heads[] = {V("Licensee"), V("Commitment (SHA-256)"), V("Committed"), V("Revealed"),
					    V("Key"),	   V("Of a million")};
	const json_t *list = json_object_get(p->doc, "keys");

	paper_section(p, V("Commitments and reveals"));
	paper_paragraph(p,
			V("A post is withheld from a licensee if HMAC-SHA-256 of its id, under the licensee's key, is "
			  "below the rate. SHA-256 of key and salt was committed to in the ledger before the first "
			  "delivery, so nobody can have chosen afterwards what was withheld."));
	paper_table(p, V("Keys that decided on posts of this report"), heads, ARRAY_LEN(heads), 5);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *key = json_array_get(list, i);

		html_open(&p->h, "tr");
		paper_cell(p, arena_printf(p->arena, "%.*s, key %" PRId64, VIEW_ARG(paper_text(key, "name")),
					   paper_int(key, "generation")));
		paper_cell(p, paper_text(key, "commitment"));
		paper_cell(p, said_record(p, key, "committed"));
		paper_cell(p, said_record(p, key, "revealed"));
		paper_cell(p, paper_text(key, "key").len ? paper_text(key, "key") : V("secret"));
		paper_number(p, arena_printf(p->arena, "%" PRId64, paper_int(key, "ppm")));
		html_close(&p->h, "tr");
	}
	paper_table_end(p);
}

static void proofs(struct paper *p)
{
	static const struct view heads[] = {V("File"), V("What it proves"), V("Record")};
	const json_t *list = json_object_get(p->doc, "proofs");

	paper_section(p, V("Proofs from the ledger"));
	paper_table(p, V("Each opens one record and proves that it is in the signed tree"), heads, ARRAY_LEN(heads), 2);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *proof = json_array_get(list, i);

		html_open(&p->h, "tr");
		paper_cell(p, paper_text(proof, "file"));
		paper_cell(p, paper_text(proof, "of"));
		paper_number(p, arena_printf(p->arena, "%" PRId64, paper_int(proof, "record")));
		html_close(&p->h, "tr");
	}
	paper_table_end(p);
}

static void check_it(struct paper *p)
{
	static const struct view heads[] = {V("File"), V("SHA-256")};
	const json_t *list = json_object_get(p->doc, "files");

	paper_section(p, V("Check it"));
	paper_paragraph(
		p, V("Everything on this page is computed from the attached files. A program of some 430 lines in five "
		     "files that shares "
		     "nothing with the one that made this report computes it again, and checks commitments, proofs "
		     "and signatures:"));
	html_elem(
		&p->h, "pre",
		arena_printf(p->arena, "python3 tools/verify/trace.py %.*s/", VIEW_ARG(paper_text(p->doc, "folder"))));
	paper_paragraph(
		p, arena_printf(p->arena,
				"Get the ledger's public key over a way you trust, and name the file with it behind "
				"the folder. In this report it is %.*s.",
				VIEW_ARG(paper_text(p->doc, "key"))));
	paper_table(p, V("Attached"), heads, ARRAY_LEN(heads), 2);
	for (size_t i = 0; i < json_array_size(list); i++) {
		html_open(&p->h, "tr");
		paper_cell(p, paper_text(json_array_get(list, i), "file"));
		paper_cell(p, paper_text(json_array_get(list, i), "sha256"));
		html_close(&p->h, "tr");
	}
	paper_table_end(p);
}

static enum err draw(struct paper *p, const struct paper_about *a)
{
	head(p, paper_text(p->doc, "title"));
	verdict(p);
	about(p);
	paper_section(p, V("The question"));
	paper_paragraph(p, paper_text(p->doc, "question"));
	paper_section(p, V("Method"));
	a->method(p);
	fixed(p);
	a->result(p);
	paper_section(p, V("What this shows, and what it does not"));
	a->shows(p);
	paper_section(p, V("What an innocent explanation would be"));
	a->innocent(p);
	keys(p);
	proofs(p);
	check_it(p);
	html_close(&p->h, "main");
	html_close(&p->h, "body");
	html_close(&p->h, "html");
	return html_done(&p->h);
}

enum err trace_paper(struct arena *a, struct view json, struct buf *out)
{
	json_t *doc = json_loadb(json.p, json.len, 0, NULL);
	struct paper p = {.h = html_to(out), .arena = a, .doc = doc};
	enum err err = ERR_CORRUPT;

	for (size_t i = 0; i < ARRAY_LEN(abouts); i++)
		if (view_is(paper_text(doc, "about"), abouts[i]->name))
			err = draw(&p, abouts[i]);
	json_decref(doc);
	return err;
}

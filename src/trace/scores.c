/*
 * scores.c - see scores.h.
 */
#include "base/base.h"

#include "trace/scores.h"

#include <jansson.h>
#include <math.h>

#include "base/map.h"

#define APART_MIN 20 /* of each group: below it, no score in common happens by chance */

/* ---- one line ---- */

static bool copy_id(struct view id, char *scratch, struct view *ret)
{
	if (!id.len || id.len > SCORE_ID_MAX)
		return false;
	memcpy(scratch, id.p, id.len);
	*ret = view_make(scratch, id.len);
	return true;
}

static enum score_line parse_json(struct view line, char *scratch, struct view *ret_id, double *ret)
{
	json_t *doc = json_loadb(line.p, line.len, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, NULL);
	const json_t *id = json_object_get(doc, "id"), *score = json_object_get(doc, "score");
	struct view text = json_is_string(id) ? view_make(json_string_value(id), json_string_length(id)) : V("");
	enum score_line got = SCORE_NOT_A_LINE;

	if (copy_id(text, scratch, ret_id) && score) {
		*ret = json_real_value(score);
		got = json_is_real(score) && isfinite(*ret) ? SCORE_GOOD : SCORE_NO_NUMBER;
	}
	json_decref(doc);
	return got;
}

/* Python and R write them so into what is not JSON any more. */
static bool says_nan(struct view line)
{
	static const char *const words[] = {"NaN", "nan", "Infinity", "inf", "null"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (memmem(line.p, line.len, words[i], strlen(words[i])))
			return true;
	return false;
}

static struct view unquote(struct view v)
{
	v = view_trim(v);
	return v.len >= 2 && v.p[0] == '"' && v.p[v.len - 1] == '"' ? view_sub(v, 1, v.len - 2) : v;
}

static enum score_line parse_csv(struct view line, char *scratch, struct view *ret_id, double *ret)
{
	size_t comma = view_find(line, 0, ',');

	if (comma == line.len || !copy_id(unquote(view_sub(line, 0, comma)), scratch, ret_id))
		return SCORE_NOT_A_LINE;
	struct view number = unquote(view_sub(line, comma + 1, line.len));
	if (view_find(number, 0, ',') != number.len)
		return SCORE_NOT_A_LINE;
	return parse_double(number, ret) ? SCORE_GOOD : SCORE_NO_NUMBER;
}

enum score_line score_parse(struct view line, char *scratch, struct view *ret_id, double *ret)
{
	line = view_trim(line);
	if (!line.len)
		return SCORE_BLANK;
	if (line.len > SCORE_LINE_MAX)
		return SCORE_NOT_A_LINE;
	if (line.p[0] != '{')
		return parse_csv(line, scratch, ret_id, ret);
	enum score_line got = parse_json(line, scratch, ret_id, ret);
	return got == SCORE_NOT_A_LINE && says_nan(line) ? SCORE_NO_NUMBER : got;
}

/* ---- all lines ---- */

struct scoring {
	struct strmap places; /* id → place + 1 */
	bool *seen;
	size_t n, n_seen;
	double *to;
	uint64_t line;
	struct problem *problem;
};

static enum err take(struct scoring *s, struct view id, double score)
{
	size_t at = (size_t)(uintptr_t)strmap_get(&s->places, id);

	if (!at)
		return fail(s->problem, ERR_INVALID, "line %" PRIu64 ": there is no probe %.*s in this sample", s->line,
			    VIEW_ARG(id));
	if (s->seen[at - 1])
		return fail(s->problem, ERR_INVALID, "line %" PRIu64 ": a second score of probe %.*s", s->line,
			    VIEW_ARG(id));
	s->seen[at - 1] = true;
	s->to[at - 1] = score;
	s->n_seen++;
	return OK;
}

static enum err read_line(struct scoring *s, struct view line)
{
	char scratch[SCORE_LINE_MAX];
	struct view id = V("");
	double score;

	s->line++;
	switch (score_parse(line, scratch, &id, &score)) {
	case SCORE_GOOD:
		return take(s, id, score);
	case SCORE_BLANK:
		return OK;
	case SCORE_NO_NUMBER:
		if (s->line == 1 && line.p[0] != '{' && !strmap_get(&s->places, id))
			return OK; /* the head of a CSV file */
		return fail(s->problem, ERR_INVALID, "line %" PRIu64 ": the score is no finite number", s->line);
	default:
		return fail(s->problem, ERR_INVALID,
			    "line %" PRIu64 " is neither {\"id\": …, \"score\": …} nor id,score", s->line);
	}
}

static enum err read_lines(struct scoring *s, FILE *in)
{
	char line[SCORE_LINE_MAX + 2];
	enum err err = OK;

	while (err == OK && fgets(line, sizeof(line), in)) {
		struct view v = view_of(line);

		if (v.len == SCORE_LINE_MAX + 1 && v.p[v.len - 1] != '\n')
			return fail(s->problem, ERR_INVALID, "line %" PRIu64 " is longer than %d bytes", s->line + 1,
				    SCORE_LINE_MAX);
		err = read_line(s, v);
	}
	if (err == OK && ferror(in))
		return fail(s->problem, ERR_UNAVAILABLE, "the scores cannot be read");
	return err;
}

static enum err all_there(const struct scoring *s, const struct view *ids)
{
	if (s->n_seen == s->n)
		return OK;
	for (size_t i = 0; i < s->n; i++)
		if (!s->seen[i])
			return fail(
				s->problem, ERR_INVALID,
				"%zu of %zu probes have no score (the first is %.*s): a score is needed for each, or "
				"whoever left some out has chosen",
				s->n - s->n_seen, s->n, VIEW_ARG(ids[i]));
	return OK;
}

enum err scores_read(FILE *in, const struct view *ids, size_t n, double *ret, struct problem *problem)
{
	struct scoring s = {.n = n, .to = ret, .problem = problem, .seen = xcalloc(n + 1, sizeof(bool))};

	strmap_init(&s.places);
	for (size_t i = 0; i < n; i++)
		strmap_put(&s.places, ids[i], (void *)(uintptr_t)(i + 1));
	enum err err = read_lines(&s, in);
	if (err == OK)
		err = all_there(&s, ids);
	strmap_release(&s.places);
	free(s.seen);
	return err;
}

/* ---- what they look like ---- */

enum err scores_look_measured(const double *scores, const bool *delivered, size_t n, struct problem *problem)
{
	double least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY};
	size_t count[2] = {0};

	for (size_t i = 0; i < n; i++) {
		bool d = delivered[i];

		least[d] = fmin(least[d], scores[i]);
		most[d] = fmax(most[d], scores[i]);
		count[d]++;
	}
	if (fmin(least[0], least[1]) >= fmax(most[0], most[1]))
		return fail(problem, ERR_INVALID, "all scores are equal: they measure nothing");
	if (count[0] >= APART_MIN && count[1] >= APART_MIN && (least[0] > most[1] || least[1] > most[0]))
		return fail(problem, ERR_INVALID,
			    "each score tells which group its post is in: no model that is known does that. Whoever "
			    "made the "
			    "scores knew the groups, or looked posts up");
	return OK;
}

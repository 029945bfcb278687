/*
 * scores_fuzz.c - what is taken for a score is finite and has an id within its limit, and all that is read fits the ids.
 */
#include "base/base.h"
#include "trace/scores.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct view ids[] = {{"a1", 2}, {"b2", 2}};
	double scores[2] = {NAN, NAN}, score = NAN;
	char scratch[SCORE_LINE_MAX];
	struct problem problem;
	struct view id;

	if (score_parse(view_make((const char *)data, size), scratch, &id, &score) == SCORE_GOOD &&
	    (!isfinite(score) || !id.len || id.len > SCORE_ID_MAX))
		BUG("a score that is none");
	if (!size)
		return 0;
	FILE *in = fmemopen((void *)(uintptr_t)data, size, "r");
	if (in && scores_read(in, ids, 2, scores, &problem) == OK && !(isfinite(scores[0]) && isfinite(scores[1])))
		BUG("scores are missing");
	if (in)
		fclose(in);
	return 0;
}

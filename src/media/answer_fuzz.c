/* What kicau-image and kicau-av answer. */
#include "base/base.h"
#include "media/av.h"
#include "media/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view line = {(const char *)data, size};
	struct problem problem;
	struct image_result i;
	struct av_result a;

	if (image_parse_answer(line, &i, &problem) == OK && !i.moving &&
	    (i.width < 1 || i.height < 1 || strchr(i.ext, '/') || strchr(i.small_ext, '/')))
		BUG("%d x %d %s", i.width, i.height, i.ext);
	if (av_parse_answer(line, &a, &problem) == OK &&
	    (a.width < 0 || a.rate_den < 1 || a.duration_ms < 0 || strchr(a.ext, '/')))
		BUG("%d wide, %" PRId64 " ms", a.width, a.duration_ms);
	return 0;
}

/* What ffprobe printed. */
#include "base/base.h"
#include "media/probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct probe p;
	int w = 0, h = 0;

	if (!probe_parse(view_make((const char *)data, size), &p))
		return 0;
	probe_shown(&p, &w, &h);
	if (w < 0 || h < 0 || p.duration_ms < 0 || p.bits < 0 || probe_fps(&p) < 0 || (!p.has_picture && (w || h)))
		BUG("%d x %d, %" PRId64 " ms", w, h, p.duration_ms);
	return 0;
}

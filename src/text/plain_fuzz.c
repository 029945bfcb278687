/*
 * plain_fuzz.c - the plain text of any bytes is no longer than they are and holds no tag.
 */
#include "base/base.h"
#include "text/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct safe_html html = html_trust_stored(view_make((const char *)data, size));
	struct buf CLEANUP(buf_release) text = {.max = size}, line = {.max = size + 8};
	if (plain_text(&text, html) != OK || plain_line(&line, html, 20) != OK)
		BUG("longer than the HTML");
	if (view_find(html.reviewed, 0, '&') == size && view_find(buf_view(&text), 0, '<') != text.len)
		BUG("a tag was left");
	if (view_find(buf_view(&line), 0, '\n') != line.len)
		BUG("two lines");
	return 0;
}

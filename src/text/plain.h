/*
 * plain.h - the words of HTML of ours, for page titles, previews and mail. Not a parser of remote HTML.
 */
#ifndef TEXT_PLAIN_H
#define TEXT_PLAIN_H

#include "text/html.h"

/*
 * Appends html without tags and with entities decoded; <br> is a line end, the end of a paragraph two when another
 * follows. The result is plain text: to be escaped again wherever it is written. Linear; out bounds it.
 */
enum err plain_text(struct buf *out, struct safe_html html);

/* As one line: white space is one space, and after max_chars characters it ends in "…". For titles. */
enum err plain_line(struct buf *out, struct safe_html html, size_t max_chars);
/* The same of what is plain text. */
enum err plain_line_of_text(struct buf *out, struct view text, size_t max_chars);

#endif

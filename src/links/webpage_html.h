/*
 * webpage_html.h - HTML as a stream of tags and texts, from libxml2 (for links/ and trace/).
 */
#ifndef LINKS_WEBPAGE_HTML_H
#define LINKS_WEBPAGE_HTML_H

#include "base/base.h"

/* Names in lower case; values are decoded, UTF-8. Views live during the call. */
struct webpage_events {
	void (*open)(void *arg, const char *element, const char *const *attrs); /* name, value (may be NULL), …, NULL */
	void (*close)(void *arg, const char *element);
	void (*text)(void *arg, struct view text); /* in pieces */
};
void webpage_html(struct view html, struct view charset, const struct webpage_events *events, void *arg);

/* Of attrs as above; empty when it is not there. */
struct view webpage_attr(const char *const *attrs, const char *name);

#endif

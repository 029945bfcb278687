/*
 * documents.h - what the people who run the server ask and promise, on pages: its rules, what it is at length, how it treats
 * what it knows of people, and its terms.
 */
#ifndef WEB_DOCUMENTS_H
#define WEB_DOCUMENTS_H

#include "core/documents.h"
#include "web/page.h"

/* A heading and the rules as a list; nothing when there are none. */
enum err draw_rules(struct call *c, struct html *h);
/* Links to /about, and to the others that are there; reads no database. */
void draw_document_links(struct call *c, struct html *h);
/* The version that holds now; nothing when there is none. */
enum err draw_document(struct call *c, struct html *h, enum document_kind k);

#endif

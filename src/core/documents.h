/*
 * documents.h - longer texts of the people who run the server: what it is, how it treats what it knows of people, and
 * under which terms (docs: methods/instance, entities/ExtendedDescription, PrivacyPolicy, TermsOfService). Each version
 * holds from a day on, until the day of the next.
 */
#ifndef CORE_DOCUMENTS_H
#define CORE_DOCUMENTS_H

#include "base/arena.h"
#include "base/limits.h"
#include "core/core.h"

/* Stored numbers: append only. */
enum document_kind { DOCUMENT_ABOUT, DOCUMENT_PRIVACY, DOCUMENT_TERMS, DOCUMENTS };
const char *document_name(enum document_kind k); /* "about", "privacy", "terms" */
bool document_parse(struct view v, enum document_kind *ret);

#define LIMIT_DOCUMENT_BYTES (256 * LIMIT_KIB)

struct document {
	int64_t day, written_at; /* ms */
	struct view text, html;
	int64_t next_day; /* of the version behind it; 0: it is the last */
};

/*
 * The text is plain, with paragraphs between blank lines; addresses in it become links. A version of the same day is
 * replaced. Announces EVENT_WORDS_CHANGED, as document_remove does. ERR_UNPROCESSABLE with words.
 */
enum err document_write(struct core *c, enum document_kind k, int64_t day, struct view text, struct problem *problem);
/* The version of a day, or with day 0 the one that holds now (else the first to come). ERR_NOT_FOUND: none. */
enum err document_load(struct db *db, struct arena *a, enum document_kind k, int64_t day, struct document *ret);
/* Whether there is any version of it; from memory. */
bool document_is_there(const struct core *c, enum document_kind k);
/* For core_open: looks which there are, now and whenever another process has changed it. */
enum err documents_open(struct core *c);
/* All versions. */
enum err document_remove(struct core *c, enum document_kind k);

#endif

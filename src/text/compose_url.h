/*
 * compose_url.h - where a link in running text ends.
 */
#ifndef TEXT_COMPOSE_URL_H
#define TEXT_COMPOSE_URL_H

#include "base/base.h"

/*
 * Length in bytes of the http or https URL that begins at byte offset at; 0 when none does. The grammar is
 * twitter-text's as Mastodon changed it (config/initializers/twitter_regex.rb): a host with a top-level domain in
 * letters, any script; pairs of parentheses up to two deep; no punctuation at the end. Unlike there, a top-level
 * domain need not be on a list, and a fragment may follow the host.
 */
size_t compose_url(struct view text, size_t at);

#endif

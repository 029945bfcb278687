/*
 * fetch.h - the job that looks at the link of a post: asks its site for the page, its oEmbed and its picture, each with
 * limits (net/net.h), and makes the card of it.
 */
#ifndef LINKS_FETCH_H
#define LINKS_FETCH_H

#include "core/core.h"

/* The row of server/kinds.c; payload: id of a post. Blocks for as long as the site takes, at most some tens of seconds. */
enum err link_fetch_job(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);

#endif

/*
 * answer.h - what most handlers write with.
 */
#ifndef API_ANSWER_H
#define API_ANSWER_H

#include "gate/call.h"
#include "present/present.h"

static inline struct present call_presenter(const struct call *c)
{
	return (struct present){.core = c->core, .db = c->db, .arena = c->arena, .viewer = c->viewer};
}

/* "{}", which Mastodon answers where there is nothing to say. */
static inline enum err answer_empty(struct call *c)
{
	jw_object(&c->json);
	jw_object_end(&c->json);
	return OK;
}

/* "[]" */
static inline enum err answer_none(struct call *c)
{
	jw_array(&c->json);
	jw_array_end(&c->json);
	return OK;
}

#endif

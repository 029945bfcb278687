/*
 * deliver_private.h - shared by deliver.c (who gets an event) and deliver_send.c (judging, rendering, pushing).
 */
#ifndef STREAM_DELIVER_PRIVATE_H
#define STREAM_DELIVER_PRIVATE_H

#include "core/cards.h"
#include "core/viewer.h"
#include "present/present.h"
#include "stream/deliver.h"
#include "stream/renderings.h"

/* What one event is to all its receivers. */
struct delivery {
	const struct deliver *d;
	const struct event *ev;
	const char *name;	      /* of the event, for clients */
	const struct post_meta *meta; /* what receivers are judged by; NULL: the event is theirs alone */
	struct post_meta gone;	      /* what is left of a deleted post */
	struct card *card, *boosted;  /* of the post, and of the post it boosts; NULL: not about a post's text */
	unsigned context;	      /* as struct present has it, when the payload is of such a list */
	bool same;		      /* the payload is the same for everybody */
	struct targets targets;
	struct arena arena; /* of this event */
	/* The payload, for viewers who see the same; see variant_of(). */
	enum err (*render)(const struct delivery *v, const struct present *p, struct jw *j);
};

/* Judges, renders and pushes to all of targets. An error: nobody has got it. */
enum err delivery_send(struct delivery *v);

#endif

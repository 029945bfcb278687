/*
 * push.h - sends notifications by Web Push (RFC 8030): the kind of job that core/push.h writes down. Encrypted for the
 * app (ece.h), vouched for by this server (voucher.h), sent by net/. Who does not answer is tried again, later and later;
 * who says that nobody is there any more is not asked again.
 */
#ifndef PUSH_PUSH_H
#define PUSH_PUSH_H

#include "core/core.h"
#include "core/push.h"
#include "push/ece.h"

struct job;
struct push;

/* Sets c->push; after c->net. NULL, with a word in the log, when there is no key: then nothing is pushed. */
struct push *push_start(struct core *c);
void push_drain(struct push *p); /* after the net was stopped, before the jobs are: none waits any more; NULL-safe */
void push_stop(struct push *p);	 /* after the jobs; NULL-safe */

/* See struct job_kind. */
enum err push_job_start(struct core *c, struct db *db, struct arena *a, struct view payload, struct job *job,
			struct problem *problem);

#endif

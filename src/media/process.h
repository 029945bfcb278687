/*
 * process.h - runs another program, reads what it prints, and leaves nothing of it behind: it gets a time, and a maximum
 * of words, and is killed with everything it started when it goes over one.
 */
#ifndef MEDIA_PROCESS_H
#define MEDIA_PROCESS_H

#include "base/base.h"

enum process_end {
	PROCESS_DONE,	       /* it exited by itself: ret_status is its exit status */
	PROCESS_KILLED,	       /* by a signal: ret_status is its number */
	PROCESS_TOOK_TOO_MUCH, /* time, processor time, file size or memory; it was ended for that */
	PROCESS_BROKEN,	       /* it said too much, or could not be listened to */
	PROCESS_NOT_STARTED,   /* no process is free, or there is no such program */
	PROCESS_STOPPED,       /* nobody wants it any more */
};

/* Asked a few times a second. */
struct stop {
	bool (*wanted)(void *arg);
	void *arg;
};

struct process {
	char *const *argv; /* argv[0]: a path, or a name that is looked for in PATH */
	bool own_group;	   /* lead a process group, all of which is killed in the end */
	int timeout_ms;
	int input;		 /* descriptor of its standard input; 0: that is empty */
	const struct stop *stop; /* NULL: it is waited for in any case */
};

/*
 * Standard error goes nowhere; the environment is LC_ALL=C and the PATH of this process. Blocks.
 * buf gets at most cap bytes of its output, *ret_len of them.
 */
enum process_end process_run(const struct process *p, char *buf, size_t cap, size_t *ret_len, int *ret_status);

/* Where a program of ours is: beside this one, or in ../libexec/kicau. False when it is in neither. */
bool process_beside(const char *name, char *ret, size_t size);

/* Whether process_run() would find a program of that name. */
bool process_in_path(const char *name);

#endif

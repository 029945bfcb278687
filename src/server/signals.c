/*
 * signals.c - signals are waited for by the main thread, never handled in the middle of something.
 */
#include "base/base.h"
#include "server/signals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "base/log.h"

static void our_signals(sigset_t *ret)
{
	sigemptyset(ret);
	sigaddset(ret, SIGTERM);
	sigaddset(ret, SIGINT);
	sigaddset(ret, SIGHUP);
}

void signals_block(void)
{
	sigset_t set;

	our_signals(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

void signals_wait(void)
{
	sigset_t set;
	int sig;

	our_signals(&set);
	for (;;) {
		sig = sigwaitinfo(&set, NULL);
		if (sig == SIGTERM || sig == SIGINT)
			break;
		if (sig == SIGHUP)
			log_info("SIGHUP: settings are read at the start only; restart to change them");
	}
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

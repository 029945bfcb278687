/*
 * signals.h - SIGTERM and SIGINT end the server cleanly; SIGHUP does nothing, as there is nothing to reopen.
 */
#ifndef SERVER_SIGNALS_H
#define SERVER_SIGNALS_H

#include "base/base.h"

void signals_block(void); /* before the first thread: all of them leave signals to the waiting one */
void signals_wait(void);  /* until the end is wanted; a second signal then ends the process at once */

#endif

/*
 * home.h - the home timeline, which is the first page too for who is logged in.
 */
#ifndef WEB_HOME_H
#define WEB_HOME_H

#include "gate/call.h"

/* Of who is logged in; for rows with FEED_PARAMS. */
enum err home_draw(struct call *c);

#endif

/*
 * sha1.h - SHA-1 (RFC 3174), for the WebSocket handshake alone, where it is no secret's guard but a greeting.
 */
#ifndef HTTP_SHA1_H
#define HTTP_SHA1_H

#include "base/base.h"

#define SHA1_LEN 20
void sha1(struct view v, unsigned char ret[SHA1_LEN]);

#endif

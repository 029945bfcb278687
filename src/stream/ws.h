/*
 * ws.h - WebSocket streams: epoll threads that own the sockets http/ gives away. An open stream that is silent costs
 * its struct and a table entry, nothing else: rings and readers come and go with what is said.
 *
 * Clients are asked for a sign of life every 30 s; who gives none for 75 s is dropped. Ends are told with a closing
 * frame (listener.h: end_code), and the socket closed when the client has answered it, or after 5 s.
 */
#ifndef STREAM_WS_H
#define STREAM_WS_H

#include "stream/registry.h"

struct ws;
struct ws *ws_start(struct core *c, struct registry *r, size_t threads);
/* Closes what is open; every socket made has been given to ws_taken. NULL-safe. */
void ws_stop(struct ws *ws);

struct ws_socket;
/* Registered, so that no event is missed while the handshake is under way. Ends with ws_taken, in any case. */
enum err ws_socket_new(struct ws *ws, const struct auth_info *auth, struct view address, struct ws_socket **ret,
		       struct problem *problem);
/* Subscribes, or tells the client why not. Before ws_taken on the caller's thread. */
void ws_socket_wish(struct ws_socket *s, struct db *db, struct arena *a, const struct wish *wish);
/* For http_reply_websocket; arg: struct ws_socket. fd -1: there is no socket, the handshake failed. */
void ws_taken(void *arg, int fd, const char *early, size_t early_len);

#endif

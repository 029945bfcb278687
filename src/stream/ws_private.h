/*
 * ws_private.h - shared by ws.c (threads, life and death of sockets), ws_client.c (what a client says) and ws_send.c.
 * A socket belongs to its loop's thread; others reach it by its listener, and through `handed`, under the loop's lock.
 */
#ifndef STREAM_WS_PRIVATE_H
#define STREAM_WS_PRIVATE_H

#include "stream/ws.h"
#include "stream/ws_input.h"

enum handed { HANDED_NOT, HANDED_SOCKET, HANDED_NOTHING };

enum ws_state {
	WS_NEW, /* no socket yet */
	WS_OPEN,
	WS_CLOSING,   /* the last frame is on its way */
	WS_LINGERING, /* it is out: the client may hang up first (RFC 6455 7.1.1) */
};

struct ws_socket {
	struct listener listener; /* first */
	struct ws_loop *loop;
	struct ws_input *input;
	struct frame *last; /* the closing frame wslay answered with; NULL: ours */
	int fd;
	uint32_t sent;			   /* bytes of the first frame of the ring */
	uint32_t heard, ping_at, close_by; /* seconds, ws_now() */
	uint32_t index;			   /* in loop->sockets */
	uint16_t messages;		   /* since the last ping */
	uint8_t state;
	bool wants_out, eof;

	/* Under the loop's lock. */
	struct ws_socket *next_awake;
	bool awake; /* in the list, which has a reference */
	uint8_t handed;
	int handed_fd;
	char *early; /* bytes that came with the handshake; the thread's own once it has taken the socket */
	uint32_t early_len;
};

struct ws_loop {
	struct ws *ws;
	pthread_t thread;
	int epoll, wake_fd;
	uint32_t now;
	struct VEC(struct ws_socket *) sockets; /* with a descriptor */
	struct arena arena;			/* of one message */
	struct frame *ping;

	pthread_mutex_t lock;
	struct ws_socket *awake, **awake_end;
	size_t n_made; /* sockets that live, with or without descriptor */
	bool stopping;
};

struct ws {
	struct core *core;
	struct registry *registry;
	_Atomic uint32_t next; /* loop of the next socket */
	size_t n_loops;
	struct ws_loop loops[];
};

#define WS_CLOSE_SECONDS 5

/* ws_client.c. False: the connection is gone. */
bool ws_receive(struct ws_socket *s);

/* ws_send.c: as much as the socket takes now, and the end when it has come. False: the connection is gone. */
bool ws_flush(struct ws_socket *s);

#endif

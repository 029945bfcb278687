/*
 * ws_send.c - from the ring to the socket: several frames with one system call.
 */
#include "base/base.h"

#include "stream/ws_private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define FRAMES_AT_ONCE 32

static void want_out(struct ws_socket *s, bool wanted)
{
	struct epoll_event ev = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0), .data.ptr = s};

	if (s->wants_out == wanted)
		return;
	if (epoll_ctl(s->loop->epoll, EPOLL_CTL_MOD, s->fd, &ev) != 0)
		BUG("epoll has lost a socket (%d)", errno);
	s->wants_out = wanted;
}

/* What is half sent stays whole; then the closing frame. */
static void begin_closing(struct ws_socket *s, enum end why)
{
	struct frame *last = s->last ? s->last : frame_close_ws(end_code(why), view_of(end_words(why)));

	listener_finish(&s->listener, s->sent ? 1 : 0, last);
	s->last = NULL;
	s->state = WS_CLOSING;
	s->close_by = s->loop->now + WS_CLOSE_SECONDS;
}

static void begin_lingering(struct ws_socket *s)
{
	want_out(s, false);
	shutdown(s->fd, SHUT_WR);
	s->state = WS_LINGERING;
	registry_remove(s->loop->ws->registry, &s->listener);
}

/* Frames that are out leave the ring; the rest of the first one that is not is remembered. */
static void account_for(struct ws_socket *s, struct frame **frames, size_t n, size_t bytes)
{
	size_t done = 0;

	bytes += s->sent;
	while (done < n && bytes >= frames[done]->len)
		bytes -= frames[done++]->len;
	listener_pop(&s->listener, done);
	s->sent = (uint32_t)bytes;
}

static ssize_t send_frames(struct ws_socket *s, struct frame **frames, size_t n)
{
	struct iovec iov[FRAMES_AT_ONCE];
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = n};

	for (size_t i = 0; i < n; i++)
		iov[i] = (struct iovec){frames[i]->bytes, frames[i]->len};
	iov[0].iov_base = frames[0]->bytes + s->sent;
	iov[0].iov_len -= s->sent;
	return sendmsg(s->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool ws_flush(struct ws_socket *s)
{
	struct frame *frames[FRAMES_AT_ONCE];
	enum end end;

	while (s->state == WS_OPEN || s->state == WS_CLOSING) {
		size_t n = listener_peek(&s->listener, frames, FRAMES_AT_ONCE, &end);

		if (end && s->state == WS_OPEN) {
			begin_closing(s, end);
			continue;
		}
		if (!n) {
			want_out(s, false);
			if (s->state == WS_CLOSING)
				begin_lingering(s);
			return true;
		}
		ssize_t bytes = send_frames(s, frames, n);
		if (bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			want_out(s, true);
			return true;
		}
		if (bytes < 0 && errno != EINTR)
			return false;
		if (bytes > 0)
			account_for(s, frames, n, (size_t)bytes);
	}
	return true;
}

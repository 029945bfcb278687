/*
 * websocket.c - the handshake of RFC 6455, and giving the socket away. libmicrohttpd would keep its connection's
 * memory (tens of KB) as long as the socket lives; so the socket is duplicated and libmicrohttpd told at once that it
 * may close. It closes its descriptor without shutdown(2), which leaves ours open; websocket tests hold it to that.
 */
#include "base/base.h"
#include "http/exchange.h"

#include "http/deadline.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <sodium.h>

#define KEY_LEN 24
#define ACCEPT_LEN 28

struct websocket {
	void (*taken)(void *arg, int fd, const char *early, size_t early_len);
	void *arg;
	bool given;
};

static bool has_token(struct view list, const char *token)
{
	struct view piece;
	while (view_split(&list, ',', &piece))
		if (view_eq_nocase(view_trim(piece), view_of(token)))
			return true;
	return false;
}

bool http_websocket_ok(const struct http_exchange *pub)
{
	struct view key = http_header(pub, "Sec-WebSocket-Key");
	unsigned char raw[18];
	size_t raw_len = 0;
	return pub->method == HTTP_GET && exchange_of(pub)->http11 &&
	       has_token(http_header(pub, "Upgrade"), "websocket") &&
	       has_token(http_header(pub, "Connection"), "upgrade") &&
	       view_is(http_header(pub, "Sec-WebSocket-Version"), "13") && key.len == KEY_LEN &&
	       sodium_base642bin(raw, sizeof(raw), key.p, key.len, NULL, &raw_len, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       raw_len == 16;
}

static void make_accept(struct view key, char ret[ACCEPT_LEN + 1])
{
	char text[KEY_LEN + 37];
	unsigned char hash[SHA_DIGEST_LENGTH];
	int n = snprintf(text, sizeof(text), "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", VIEW_ARG(key));
	SHA1((const unsigned char *)text, (size_t)n, hash);
	sodium_bin2base64(ret, ACCEPT_LEN + 1, hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
}

static void on_upgrade(void *arg, struct MHD_Connection *mhd, void *context, const char *early, size_t early_len,
		       MHD_socket sock, struct MHD_UpgradeResponseHandle *handle)
{
	struct websocket *w = arg;
	(void)mhd;
	(void)context;
	int fd = fcntl(sock, F_DUPFD_CLOEXEC, 0);
	w->given = true;
	/* The connection, and with it the early bytes, lives until this thread is back in its loop. */
	MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
	w->taken(w->arg, fd, early, early_len);
}

void http_reply_websocket(struct http_exchange *pub, struct view protocol,
			  void (*taken)(void *arg, int fd, const char *early, size_t early_len), void *arg)
{
	struct exchange *x = exchange_of(pub);
	char accept[ACCEPT_LEN + 1];
	make_accept(http_header(pub, "Sec-WebSocket-Key"), accept);
	http_set_header(pub, "Upgrade", V("websocket"));
	http_set_header(pub, "Sec-WebSocket-Accept", view_of(accept));
	if (protocol.len)
		http_set_header(pub, "Sec-WebSocket-Protocol", protocol);
	struct websocket *w = ARENA_NEW(&pub->arena, struct websocket);
	*w = (struct websocket){.taken = taken, .arg = arg};
	x->websocket = w;
	reply_with(x, 101, NULL, MHD_create_response_for_upgrade(on_upgrade, w), 0);
}

void websocket_end(struct exchange *x)
{
	struct websocket *w = x->websocket;
	x->websocket = NULL;
	if (w && !w->given)
		w->taken(w->arg, -1, NULL, 0);
}

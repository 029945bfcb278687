/*
 * connection.c - one struct conn for each connection of libmicrohttpd, and how many an address may have.
 */
#include "base/base.h"
#include "http/exchange.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "http/deadline.h"

static uint64_t site_key(const struct address *a)
{
	struct address site = address_site(*a);
	uint64_t key = hash_bytes(view_make((const char *)site.b, sizeof(site.b)));
	return key ? key : 1;
}

/* Under the lock. */
static void per_ip_add(struct http_server *s, const struct address *a, intptr_t n)
{
	uint64_t key = site_key(a);
	intptr_t count = (intptr_t)map_get(&s->per_ip, key) + n;
	if (count > 0)
		map_put(&s->per_ip, key, (void *)count);
	else
		map_del(&s->per_ip, key);
}

enum MHD_Result connection_on_accept(void *server, const struct sockaddr *addr, socklen_t len)
{
	struct http_server *s = server;
	struct address a;
	(void)len;
	if (atomic_load(&s->draining))
		return MHD_NO;
	if (!s->connections_per_ip || !address_from_socket(addr, &a) || networks_have(s->trusted, s->n_trusted, &a))
		return MHD_YES;
	pthread_mutex_lock(&s->lock);
	size_t count = (size_t)(uintptr_t)map_get(&s->per_ip, site_key(&a));
	pthread_mutex_unlock(&s->lock);
	return count < s->connections_per_ip ? MHD_YES : MHD_NO;
}

static struct conn *conn_open(struct http_server *s, struct MHD_Connection *mhd)
{
	struct conn *c = xcalloc(1, sizeof(*c));
	c->server = s;
	c->mhd = mhd;
	c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	address_from_socket(MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr, &c->address);
	address_text(&c->address, c->peer);
	c->trusted = networks_have(s->trusted, s->n_trusted, &c->address);
	deadline_set(c, clock_mono_ns() + s->request_seconds * NS_PER_SECOND, LATE_CLOSE);

	pthread_mutex_lock(&s->lock);
	c->next = s->conns;
	if (s->conns)
		s->conns->prev = c;
	s->conns = c;
	per_ip_add(s, &c->address, 1);
	pthread_mutex_unlock(&s->lock);
	metric_add(METRIC_HTTP_CONNECTIONS, 1);
	return c;
}

static void conn_close(struct conn *c)
{
	struct http_server *s = c->server;
	exchange_end(&c->x);
	pthread_mutex_lock(&s->lock);
	*(c->prev ? &c->prev->next : &s->conns) = c->next;
	if (c->next)
		c->next->prev = c->prev;
	per_ip_add(s, &c->address, -1);
	pthread_mutex_unlock(&s->lock);
	metric_add(METRIC_HTTP_CONNECTIONS, -1);
	free(c);
}

void connection_on_change(void *server, struct MHD_Connection *mhd, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*socket_context = conn_open(server, mhd);
	else
		conn_close(*socket_context);
}

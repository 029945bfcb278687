/*
 * forwarded.h - addresses, networks, and whom a chain of proxies speaks for (X-Forwarded-For, which has no
 * specification; read as nginx's real_ip_recursive does: from the right, past every trusted address).
 */
#ifndef HTTP_FORWARDED_H
#define HTTP_FORWARDED_H

#include <sys/socket.h>

#include "base/base.h"

#define ADDRESS_TEXT 46 /* INET6_ADDRSTRLEN */

/* IPv6, or IPv4 as ::ffff:a.b.c.d. */
struct address {
	unsigned char b[16];
};

struct network {
	struct address base;
	unsigned bits; /* 0…128 */
};

bool address_from_socket(const struct sockaddr *sa, struct address *ret);
/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80". */
bool address_parse(struct view v, struct address *ret);
void address_text(const struct address *a, char ret[ADDRESS_TEXT]); /* IPv4 dotted */
/* The part that stands for one customer: all of IPv4, the first 64 bits of IPv6. */
struct address address_site(struct address a);

/* "10.0.0.0/8, ::1": *ret is malloc()ed. ERR_INVALID names the part that is wrong. */
enum err networks_parse(const char *text, struct network **ret, size_t *ret_n, struct problem *problem);
bool networks_have(const struct network *networks, size_t n, const struct address *a);

/* One header of the chain, right to left: replaces *client while it is trusted. False when the walk has ended. */
bool forwarded_walk(const struct network *trusted, size_t n, struct view header, struct address *client);
/* The last protocol named, "https" or not. */
bool forwarded_https(struct view header);

#endif

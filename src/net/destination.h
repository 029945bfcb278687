/*
 * destination.h - which addresses this server may connect to on behalf of what people wrote: those of the public
 * internet. IANA's registries of special addresses (RFC 6890, and
 * https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-) name the others.
 */
#ifndef NET_DESTINATION_H
#define NET_DESTINATION_H

#include <sys/socket.h>

#include "base/base.h"

/*
 * False for loopback, private, shared, link-local, documentation, multicast and reserved addresses, and for families
 * that are not IP. IPv6 addresses that stand for an IPv4 address (mapped, NAT64) are judged as that one; those of tunnels
 * (6to4, Teredo) are refused.
 */
bool destination_is_public(const struct sockaddr *sa, size_t len);

#endif

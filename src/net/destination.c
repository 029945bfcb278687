/*
 * destination.c - two tables and their walk.
 */
#include "base/base.h"
#include "net/destination.h"

#include <netinet/in.h>

struct range {
	unsigned char bytes[12]; /* of the beginning; the rest is zero */
	unsigned bits;
};

static const struct range special_v4[] = {
	{{0}, 8},                /* this network */
	{{10}, 8},               /* private */
	{{100, 64}, 10},         /* shared by the customers of a provider */
	{{127}, 8},              /* loopback */
	{{169, 254}, 16},        /* link-local; also where clouds keep the secrets of a machine */
	{{172, 16}, 12},         /* private */
	{{192, 0, 0}, 24},       /* protocol assignments */
	{{192, 0, 2}, 24},       /* documentation */
	{{192, 88, 99}, 24},     /* 6to4 relays */
	{{192, 168}, 16},        /* private */
	{{198, 18}, 15},         /* benchmarks */
	{{198, 51, 100}, 24},    /* documentation */
	{{203, 0, 113}, 24},     /* documentation */
	{{224}, 4},              /* multicast */
	{{240}, 4},              /* reserved, broadcast */
};

/* Only 2000::/3 is handed out at all, so these are the exceptions within it. */
static const struct range special_v6[] = {
	{{0x20, 0x01, 0x00}, 23},             /* protocol assignments, Teredo */
	{{0x20, 0x01, 0x0d, 0xb8}, 32},       /* documentation */
	{{0x20, 0x02}, 16},                   /* 6to4 */
	{{0x3f, 0xff, 0x00}, 20},             /* documentation */
};
static const struct range global_unicast = {{0x20}, 3};
static const struct range mapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
static const struct range nat64 = {{0x00, 0x64, 0xff, 0x9b}, 96}; /* RFC 6052 */

static bool within(const struct range *r, const unsigned char *address)
{
	size_t whole = r->bits / 8;
	unsigned mask = 0xffu << (8 - r->bits % 8) & 0xffu;

	if (memcmp(address, r->bytes, whole) != 0)
		return false;
	return r->bits % 8 == 0 || (address[whole] & mask) == r->bytes[whole];
}

static bool within_any(const struct range *ranges, size_t n, const unsigned char *address)
{
	for (size_t i = 0; i < n; i++)
		if (within(&ranges[i], address))
			return true;
	return false;
}

static bool v4_is_public(const unsigned char address[4])
{
	return !within_any(special_v4, ARRAY_LEN(special_v4), address);
}

static bool v6_is_public(const unsigned char address[16])
{
	if (within(&mapped, address) || within(&nat64, address))
		return v4_is_public(address + 12);
	return within(&global_unicast, address) && !within_any(special_v6, ARRAY_LEN(special_v6), address);
}

bool destination_is_public(const struct sockaddr *sa, size_t len)
{
	unsigned char address[16];

	if (sa->sa_family == AF_INET && len >= sizeof(struct sockaddr_in)) {
		memcpy(address, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
		return v4_is_public(address);
	}
	if (sa->sa_family == AF_INET6 && len >= sizeof(struct sockaddr_in6)) {
		memcpy(address, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 16);
		return v6_is_public(address);
	}
	return false;
}

/*
 * destination_test.c
 */
#include "base/base.h"
#include "net/destination.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <sys/un.h>

#include <cmocka.h>

static bool is_public(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return destination_is_public((const struct sockaddr *)&v4, sizeof(v4));
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return destination_is_public((const struct sockaddr *)&v6, sizeof(v6));
}

static void the_public_internet_is_allowed(void **state MAYBE_UNUSED)
{
	static const char *const addresses[] = {
		"1.1.1.1",     "9.255.255.255",	 "11.0.0.0",	"100.63.255.255", "100.128.0.0",	 "126.255.255.255",
		"128.0.0.0",   "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",	 "192.0.1.0",
		"192.167.0.1", "192.169.0.0",	 "198.17.0.0",	"198.20.0.0",	  "223.255.255.255", "2606:4700::1111",
		"2001:200::1", "2a00:1450::1",	 "2003::",	"3ffe::1",	  "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8",
	};

	for (size_t i = 0; i < ARRAY_LEN(addresses); i++)
		if (!is_public(addresses[i]))
			fail_msg("%s is refused", addresses[i]);
}

static void everything_else_is_refused(void **state MAYBE_UNUSED)
{
	static const char *const addresses[] = {
		"0.0.0.0",	 "0.1.2.3",	    "10.0.0.1",	       "10.255.255.255",  "100.64.0.1",
		"100.127.255.1", "127.0.0.1",	    "127.8.9.1",       "169.254.169.254", "172.16.0.1",
		"172.31.255.1",	 "192.0.0.8",	    "192.0.2.1",       "192.88.99.1",	  "192.168.1.1",
		"198.18.0.1",	 "198.19.255.255",  "198.51.100.7",    "203.0.113.9",	  "224.0.0.1",
		"239.1.1.1",	 "240.0.0.1",	    "255.255.255.255", "::",		  "::1",
		"::127.0.0.1",	 "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1",
		"64:ff9b:1::1",	 "100::1",	    "2001::1",	       "2001:0:1:2::",	  "2001:1ff::1",
		"2001:db8::1",	 "2002:7f00:1::",   "2002:808:808::",  "3fff::1",	  "3fff:fff::1",
		"fc00::1",	 "fd12:3456::1",    "fe80::1",	       "fec0::1",	  "ff02::1",
		"5f00::1",	 "4000::1",	    "1fff::1",
	};

	for (size_t i = 0; i < ARRAY_LEN(addresses); i++)
		if (is_public(addresses[i]))
			fail_msg("%s is allowed", addresses[i]);
}

static void other_families_and_short_ones_are_refused(void **state MAYBE_UNUSED)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "/run/x"};
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = {htonl(0x01010101)}};

	assert_false(destination_is_public((const struct sockaddr *)&local, sizeof(local)));
	assert_true(destination_is_public((const struct sockaddr *)&v4, sizeof(v4)));
	assert_false(destination_is_public((const struct sockaddr *)&v4, sizeof(v4) - 9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_public_internet_is_allowed),
		cmocka_unit_test(everything_else_is_refused),
		cmocka_unit_test(other_families_and_short_ones_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * password.c - letters that look alike are left out: these are read aloud and typed.
 */
#include "base/base.h"
#include "cli/password.h"

#include "base/limits.h"
#include "base/secret.h"

#define MADE_LEN 20

struct view password_make(struct arena *a)
{
	static const char letters[] = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789+-";
	char *p = arena_alloc(a, MADE_LEN + 1);

	/* 2^64 is so much larger than the number of letters that the remainder is even to one part in 2^58. */
	for (size_t i = 0; i < MADE_LEN; i++)
		p[i] = letters[rand_u64() % (sizeof(letters) - 1)];
	return view_make(p, MADE_LEN);
}

bool password_obtain(struct cli *cli, struct view *ret, bool *ret_made)
{
	if (option_given(&cli->options, "password-stdin")) {
		*ret_made = false;
		return cli_read_line(cli, LIMIT_PASSWORD_MAX, "password", ret);
	}
	*ret_made = true;
	*ret = password_make(&cli->arena);
	return true;
}

/*
 * amount.c - see amount.h.
 */
#include "base/base.h"

#include "meter/amount.h"

#define MICRO INT64_C(1000000)
#define MICRO_DIGITS 6

static const int64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

bool amount_parse(struct view v, int64_t max, int64_t *ret_micro)
{
	size_t point = view_find(v, 0, '.');
	struct view behind = view_sub(v, point + 1, v.len);
	uint64_t units, fraction = 0;

	if (!parse_u64(view_sub(v, 0, point), (uint64_t)(max / MICRO), &units))
		return false;
	if (point < v.len) {
		if (behind.len > MICRO_DIGITS || !parse_u64(behind, MICRO - 1, &fraction))
			return false;
		fraction *= (uint64_t)tens[MICRO_DIGITS - behind.len];
	}
	int64_t micro = (int64_t)units * MICRO + (int64_t)fraction;
	if (micro > max)
		return false;
	*ret_micro = micro;
	return true;
}

/* Digits of n in threes. */
static size_t put_units(char *to, uint64_t n, char mark)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n), at = 0;

	for (size_t i = 0; i < len; i++) {
		if (mark && i && (len - i) % 3 == 0)
			to[at++] = mark;
		to[at++] = digits[i];
	}
	return at;
}

static void put(int64_t micro, char mark, char point, char ret[AMOUNT_MAX])
{
	uint64_t n = micro < 0 ? 0 - (uint64_t)micro : (uint64_t)micro;
	char fraction[8];
	size_t at = 0, keep = MICRO_DIGITS;

	if (micro < 0)
		ret[at++] = '-';
	at += put_units(ret + at, n / MICRO, mark);
	snprintf(fraction, sizeof(fraction), "%06u", (unsigned)(n % MICRO));
	while (keep > 2 && fraction[keep - 1] == '0')
		keep--;
	ret[at++] = point;
	memcpy(ret + at, fraction, keep);
	ret[at + keep] = '\0';
}

void amount_text(int64_t micro, char ret[AMOUNT_MAX])
{
	put(micro, '\0', '.', ret);
}

void amount_said(enum tongue t, int64_t micro, char ret[AMOUNT_MAX])
{
	if (t == TONGUE_ID)
		put(micro, '.', ',', ret);
	else
		put(micro, ',', '.', ret);
}

void count_said(enum tongue t, int64_t n, char ret[AMOUNT_MAX])
{
	ret[put_units(ret, n < 0 ? 0 : (uint64_t)n, t == TONGUE_ID ? '.' : ',')] = '\0';
}

/* --- currencies --- */

static const struct {
	char code[4];
	int digits;
} odd[] = {{"BIF", 0}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0}, {"JPY", 0}, {"KMF", 0}, {"KRW", 0},
	   {"MGA", 0}, {"PYG", 0}, {"RWF", 0}, {"VND", 0}, {"VUV", 0}, {"XAF", 0}, {"XOF", 0},
	   {"XPF", 0}, {"BHD", 3}, {"JOD", 3}, {"KWD", 3}, {"OMR", 3}, {"TND", 3}};

bool currency_valid(struct view code)
{
	bool good = code.len == 3;

	for (size_t i = 0; good && i < code.len; i++)
		good = code.p[i] >= 'A' && code.p[i] <= 'Z';
	return good;
}

int currency_digits(struct view code)
{
	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		if (view_is(code, odd[i].code))
			return odd[i].digits;
	return 2;
}

bool amount_to_minor(int64_t micro, int digits, int64_t *ret)
{
	int64_t each = tens[MICRO_DIGITS - digits];

	if (micro % each != 0)
		return false;
	*ret = micro / each;
	return true;
}

bool amount_of_minor(int64_t minor, int digits, int64_t *ret_micro)
{
	return minor >= 0 && !__builtin_mul_overflow(minor, tens[MICRO_DIGITS - digits], ret_micro);
}

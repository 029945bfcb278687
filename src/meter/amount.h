/*
 * amount.h - amounts of money as texts, and what is known of currencies. 1.5 units are 1500000 micro-units.
 */
#ifndef METER_AMOUNT_H
#define METER_AMOUNT_H

#include "base/base.h"
#include "text/tongue.h"

#define AMOUNT_MAX 40 /* bytes of the text of any amount, with NUL */

/* "12", "12.5", "0.000001": a point, at most six digits behind it, no sign, at most max. */
bool amount_parse(struct view v, int64_t max, int64_t *ret_micro);
/* "-12.50": a point, at least two digits behind it, and no more than are needed. For machines and the command line. */
void amount_text(int64_t micro, char ret[AMOUNT_MAX]);
/* "-1,234.50" or, in Indonesian, "-1.234,50". For people. */
void amount_said(enum tongue t, int64_t micro, char ret[AMOUNT_MAX]);
/* "1,234": a count. */
void count_said(enum tongue t, int64_t n, char ret[AMOUNT_MAX]);

/* ISO 4217: three capital letters. */
bool currency_valid(struct view code);
/*
 * How many digits of a unit payment providers count (their "minor unit"): 2 for most, 0 for some as JPY, 3 for a few as
 * KWD. Source: https://docs.stripe.com/currencies (zero-decimal and three-decimal currencies).
 */
int currency_digits(struct view code);
/* To minor units and back. False: it is no whole number of them. */
bool amount_to_minor(int64_t micro, int digits, int64_t *ret);
bool amount_of_minor(int64_t minor, int digits, int64_t *ret_micro); /* false: too large, or below 0 */

#endif

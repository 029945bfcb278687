/*
 * currency.h - the one currency of all amounts. It stands nowhere beside them, so it may not change once there are any.
 */
#ifndef METER_CURRENCY_H
#define METER_CURRENCY_H

#include "core/core.h"

/*
 * The configured currency is that of the books; the first start with it makes it so. ERR_CONFLICT with words: something
 * is booked, or was read for money, in another one.
 */
enum err currency_hold(struct core *c, struct problem *problem);

#endif

/*
 * day_book.h - books the days that are over: of each licensee and UTC day one entry, with the day's share of the monthly
 * fee and what its reads cost. A day without either has none.
 *
 * The fee of a day is that of the plan the licensee has when the day ends, shared out as fee_of_day() says: so a change
 * of plans in the middle of a month is charged pro rata, by whole days. Whoever is suspended when a day begins, and still is
 * when it is booked, pays no fee for it.
 */
#ifndef METER_DAY_BOOK_H
#define METER_DAY_BOOK_H

#include "core/core.h"

/* Up to the last day that is over. A periodic task of the serving process, which alone knows what is under way. */
enum err days_book(struct core *c, struct db *db, struct arena *a, int64_t now);

/* The day a movement of money counts for: today, but never a day that is booked (the clock may have gone back). */
int32_t day_for_movement(int32_t booked, int64_t now);

#endif

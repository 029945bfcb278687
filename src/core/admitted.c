/*
 * admitted.c - see admitted.h. Who is in stays in, so that is remembered without ever being forgotten: a table in which
 * every account has one place, where the last to be found admitted stands.
 */
#include "base/base.h"

#include "core/admitted.h"

#include <stdatomic.h>

#include "base/map.h"

#define PLACES 4096 /* a power of two */

SQL(admitted_row, "SELECT 1 FROM accounts a LEFT JOIN users u ON u.account_id = a.id WHERE a.id = $1"
		  " AND (u.account_id IS NULL OR (u.approved = 1 AND u.confirmed_at IS NOT NULL))");

struct admitted {
	_Atomic int64_t places[PLACES];
};

struct admitted *admitted_new(void) { return xcalloc(1, sizeof(struct admitted)); }
void admitted_free(struct admitted *a) { free(a); }

enum err account_admitted(struct core *c, struct db *db, struct account_id id)
{
	_Atomic int64_t *place = &c->admitted->places[hash_u64((uint64_t)id.v) % PLACES];
	int64_t one;

	if (atomic_load_explicit(place, memory_order_relaxed) == id.v)
		return OK;
	TRY(db_int(db, &admitted_row, BINDS(B_INT(id.v)), &one));
	atomic_store_explicit(place, id.v, memory_order_relaxed);
	return OK;
}

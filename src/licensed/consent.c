/*
 * consent.c - see consent.h.
 */
#include "base/base.h"

#include "licensed/consent.h"

#include "base/clock.h"
#include "core/compliance.h"
#include "core/events.h"

SQL(consent_select, "SELECT uses, changed_at FROM account_licences WHERE account_id = $1");
SQL(consent_put, "INSERT INTO account_licences (account_id, uses, changed_at) VALUES ($1, $2, $3)"
		 " ON CONFLICT (account_id) DO UPDATE SET uses = $2, changed_at = $3");

const char *const use_names[USES + 1] = {"search", "research", "commercial", "training", NULL};

bool uses_parse(struct view list, uint32_t *ret)
{
	struct view name;
	uint32_t uses = 0;

	while (view_split(&list, ',', &name)) {
		size_t i = 0;

		name = view_trim(name);
		while (i < USES && !view_is(name, use_names[i]))
			i++;
		if (i == USES && name.len)
			return false;
		uses |= i < USES ? 1u << i : 0;
	}
	*ret = uses;
	return true;
}

enum err consent_load(struct core *c, struct db *db, struct account_id who, struct consent *ret)
{
	struct consent consent = {.uses = c->config.data_uses_default};
	struct rows r;

	db_query(db, &r, &consent_select, BINDS(B_INT(who.v)));
	if (rows_next(&r))
		consent = (struct consent){
			.chosen = true,
			.uses = (uint32_t)row_int(&r, 0) & USES_ALL,
			.changed_at = row_int(&r, 1),
		};
	TRY(rows_end(&r));
	*ret = consent;
	return OK;
}

uint32_t consent_holds(const struct core *c, const struct consent *consent)
{
	return consent->uses & c->config.data_uses;
}

struct change {
	struct core *core;
	struct account_id who;
	uint32_t uses, before, now; /* chosen; that held, and that hold */
};

static enum err write_change(struct db *tx, void *arg)
{
	struct change *change = arg;
	struct consent consent;

	TRY(consent_load(change->core, tx, change->who, &consent));
	change->before = consent_holds(change->core, &consent);
	change->now = change->uses & change->core->config.data_uses;
	if (change->now != change->before)
		TRY(compliance_note_licence(tx, change->who, change->before, change->now));
	return db_exec(tx, &consent_put, BINDS(B_INT(change->who.v), B_INT(change->uses), B_INT(clock_now())), NULL);
}

enum err consent_set(struct core *c, struct account_id who, uint32_t uses)
{
	struct change change = {.core = c, .who = who, .uses = uses & USES_ALL};

	TRY(store_write(c->store, write_change, &change));
	if (change.now != change.before)
		events_announce(c->events,
				&(struct event){.kind = EVENT_ACCOUNT_LICENCE,
						.account = who,
						.other_id = (int64_t)change.now + 256 * (int64_t)change.before});
	return OK;
}

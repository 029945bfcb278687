/*
 * admin_withholding.c - which keys decide what licensees never get, for operators; kicau's own. The same as `kicau withhold
 * status|rotate|reveal`; what concerns damaged databases is the command line's alone.
 */
#include "base/base.h"

#include "api/groups.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/roles.h"
#include "gate/call.h"
#include "meter/answers.h"
#include "meter/licensee_store.h"
#include "meter/statements.h"
#include "meter/withhold_keys.h"

#define EVERYBODY "everybody"
#define NAME_MAX_BYTES 20

static enum err whose(struct call *c, int64_t *ret)
{
	struct view name = arg_str(c, "licensee");
	struct licensee l;
	int64_t id;

	if (view_is(name, EVERYBODY)) {
		*ret = WITHHOLD_EVERYBODY;
		return OK;
	}
	if (!parse_i64(name, 1, INT64_MAX, &id))
		return ERR_NOT_FOUND;
	TRY(licensee_load(c->db, c->arena, id, &l));
	*ret = id;
	return OK;
}

static enum err answer_list(struct call *c, int64_t licensee)
{
	struct withhold_generation *list;
	size_t n;

	TRY(withhold_load(c->db, c->arena, licensee, &list, &n));
	call_header(c, "Cache-Control", V("no-store"));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		withhold_answer(&list[i], clock_now(), &c->json);
	jw_array_end(&c->json);
	if (n)
		secret_wipe(list, n * sizeof(*list));
	return OK;
}

static enum err list_all(struct call *c)
{
	return answer_list(c, WITHHOLD_ALL);
}

static enum err show(struct call *c)
{
	int64_t licensee;

	TRY(whose(c, &licensee));
	return answer_list(c, licensee);
}

/* ---- changing ---- */

struct change {
	struct account_id by;
	int64_t licensee, number, now;
	uint32_t ppm;
	struct problem *problem;
};

static enum err write_rotation(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return withhold_rotate(tx, ch->by, ch->licensee, ch->ppm, ch->now, ch->problem);
}

static enum err write_reveal(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return withhold_reveal(tx, ch->by, ch->licensee, ch->number, ch->now, ch->problem);
}

/* With the statement about it in the ledger, where that can be written now; else it waits there. */
static enum err answer_one(struct call *c, int64_t licensee, int64_t number)
{
	struct withhold_generation *list;
	size_t n, at = 0;

	if (c->core->ledger && statements_send(c->core->store, c->core->ledger) != OK)
		log_warn("a statement about withholding waits for the ledger", F_INT("licensee", licensee));
	TRY(withhold_load(c->db, c->arena, licensee, &list, &n));
	while (at + 1 < n && list[at].number != number)
		at++;
	if (!n)
		return ERR_NOT_FOUND;
	call_header(c, "Cache-Control", V("no-store"));
	withhold_answer(&list[at], clock_now(), &c->json);
	secret_wipe(list, n * sizeof(*list));
	return OK;
}

static enum err rotate(struct call *c)
{
	struct change ch = {.by = c->auth.account, .now = clock_now(), .problem = &c->problem};
	struct withhold_generation *list;
	size_t n;

	TRY(whose(c, &ch.licensee));
	TRY(withhold_load(c->db, c->arena, ch.licensee, &list, &n));
	if (!n)
		return ERR_NOT_FOUND;
	ch.ppm = arg_given(c, "ppm") ? (uint32_t)arg_int(c, "ppm") : list[n - 1].ppm;
	ch.number = list[n - 1].number + 1;
	secret_wipe(list, n * sizeof(*list));
	TRY(store_write(c->core->store, write_rotation, &ch));
	return answer_one(c, ch.licensee, ch.number);
}

static enum err reveal(struct call *c)
{
	struct change ch = {
		.by = c->auth.account, .number = arg_int(c, "generation"), .now = clock_now(), .problem = &c->problem};

	TRY(whose(c, &ch.licensee));
	TRY(store_write(c->core->store, write_reveal, &ch));
	return answer_one(c, ch.licensee, ch.number);
}

#define ROW                                                                                                            \
	.auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .permissions = PERMISSION_MANAGE_DATA,           \
	.run = RUN_WORKER
#define READ ROW, .method = HTTP_GET, .scope = SCOPE_ADMIN_READ
#define WRITE ROW, .method = HTTP_POST, .body = BODY_FIELDS, .scope = SCOPE_ADMIN_WRITE
#define LICENSEE {.name = "licensee", .type = PARAM_STRING, .required = true, .max = NAME_MAX_BYTES, .doc = "Its id, or `everybody`."}
#define BASE "/api/v1/admin/kicau/withholding"

const struct endpoint api_admin_withholding[] = {
	{READ, .path = BASE, .handle = list_all, .reply = "[AdminWithholdingKey]",
	 .doc = "How much is withheld from whom, by which generation of keys. Licensee 0 is everybody."},
	{READ, .path = BASE "/:licensee", .handle = show, .params = PARAMS(LICENSEE), .reply = "[AdminWithholdingKey]",
	 .doc = "The keys of one licensee, oldest first. `committed` and `revealed` are records of the ledger; `key` and `salt` are there once it is revealed."},
	{WRITE, .path = BASE "/:licensee/rotate", .handle = rotate,
	 .params = PARAMS(LICENSEE, {.name = "ppm", .type = PARAM_INT, .max = WITHHOLD_PPM / 2, .doc = "Withhold so many of a million posts. As before, when it is not named."}),
	 .reply = "AdminWithholdingKey", .doc = "Give a licensee another key, or another rate, for posts from ten minutes on. Older posts keep their key."},
	{WRITE, .path = BASE "/:licensee/reveal", .handle = reveal,
	 .params = PARAMS(LICENSEE, {.name = "generation", .type = PARAM_INT, .required = true, .min = 1, .max = INT32_MAX, .doc = "Which of its keys; one that decides on new posts is not revealed."}),
	 .reply = "AdminWithholdingKey", .doc = "Say in the ledger, and here, what a key was. From then on the licensee can know it too, and fill its gaps."},
	ENDPOINTS_END};

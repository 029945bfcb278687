/*
 * data_side.c - see data_side.h. Each part stands on the one before it.
 */
#include "base/base.h"
#include "server/data_side.h"

#include <pthread.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/wait.h"
#include "dataapi/job_store.h"
#include "dataapi/streams.h"
#include "ledger/ledger.h"
#include "licensed/licensed.h"
#include "meter/currency.h"
#include "meter/licensees.h"
#include "meter/meter.h"
#include "meter/plan_store.h"
#include "meter/withholding.h"
#include "server/boot.h"

#define AGAIN_MS 3000 /* between two looks whether there is room */

struct data_side {
	struct core *core;
	const struct config *config;
	bool waits; /* the thread was started */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool ending; /* under lock */
};

static enum err open_ledger(const struct config *config, struct ledger **ret, struct problem *problem)
{
	char dir[4096], origin[512];
	const char *archive = config->v.ledger_archive;
	struct ledger_config lc = {.dir = dir,
				   .origin = origin,
				   .archive = archive[0] ? archive : NULL,
				   .fingerprints = config->v.ledger_fingerprints,
				   .segment_bytes = config->v.ledger_segment_kib * (int64_t)LIMIT_KIB};

	snprintf(dir, sizeof(dir), "%s/ledger", config->v.data_dir);
	/* C2SP tlog-tiles: the address it is published at. What it was called at its first start, it stays. */
	snprintf(origin, sizeof(origin), "%s/.well-known/kicau-ledger", boot_domain(config));
	return ledger_open(&lc, ret, problem);
}

/* Both are there for others, or neither: what cannot be recorded is not delivered. */
static enum err open_recording(const struct data_side *d, struct problem *problem)
{
	struct ledger *ledger;
	struct meter *meter;

	TRY(open_ledger(d->config, &ledger, problem));
	enum err err = meter_open(d->core, ledger, &meter, problem);
	if (err != OK) {
		ledger_close(ledger);
		return err;
	}
	d->core->ledger = ledger;
	err = withholding_open(d->core, problem);
	if (err != OK) {
		d->core->ledger = NULL;
		withholding_close(d->core);
		meter_close(meter);
		ledger_close(ledger);
		return err;
	}
	licences_forget(d->core->licences); /* their terms are not in it */
	d->core->meter = meter;
	return OK;
}

/* ---- a disk that was full at the start ---- */

/* True when it is time to end. */
static bool wait_a_while(struct data_side *d)
{
	pthread_mutex_lock(&d->lock);
	if (!d->ending)
		wait_ms(&d->wake, &d->lock, AGAIN_MS);
	bool ending = d->ending;
	pthread_mutex_unlock(&d->lock);
	return ending;
}

static void *open_when_possible(void *arg)
{
	struct data_side *d = arg;
	enum err before = ERR_NO_SPACE, err = ERR_NO_SPACE;

	while (err != OK && !wait_a_while(d)) {
		struct problem problem = {0};

		err = open_recording(d, &problem);
		if (err == OK)
			log_info("there is room again: licensees are served");
		else if (err != before)
			log_error("there is still no ledger, so nothing is delivered to licensees; it is tried again",
				  F_STR("problem", view_of(problem.text)));
		before = err;
	}
	store_thread_done(d->core->store);
	return NULL;
}

/* A ledger that is damaged, or somebody else's, is not passed over. */
static enum err open_or_wait(struct data_side *d, struct problem *problem)
{
	enum err err = open_recording(d, problem);

	if (err != ERR_NO_SPACE)
		return err;
	log_error("the disk is full: nothing is delivered to licensees until there is room",
		  F_STR("problem", view_of(problem->text)));
	if (pthread_create(&d->thread, NULL, open_when_possible, d) != 0)
		return fail(problem, ERR_UNAVAILABLE, "no thread can be started that waits for room on the disk");
	d->waits = true;
	return OK;
}

static void stop_waiting(struct data_side *d)
{
	if (!d->waits)
		return;
	pthread_mutex_lock(&d->lock);
	d->ending = true;
	pthread_cond_signal(&d->wake);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->thread, NULL);
}

/* ---- all of it ---- */

enum err data_side_open(struct core *c, const struct config *config, struct data_side **ret, struct problem *problem)
{
	struct data_side *d = xcalloc(1, sizeof(*d));

	d->core = c;
	d->config = config;
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->wake, NULL);
	*ret = d;
	TRY(currency_hold(c, problem));
	TRY(plans_install(c));
	TRY(withhold_install(c));
	c->licences = licences_new(c);
	TRY(licensed_open(c, (size_t)config->v.data_cards_mb * LIMIT_MIB, problem));
	TRY(open_or_wait(d, problem));
	if (data_job_tidy(c, store_db(c->store)) != OK)
		log_warn("files of jobs could not be looked through; the next start does it");
	c->data_streams = data_streams_new(c);
	return OK;
}

void data_side_drain(struct data_side *d)
{
	if (d && d->core->data_streams)
		data_streams_end(d->core->data_streams);
}

void data_side_close(struct data_side *d)
{
	if (!d)
		return;
	struct core *c = d->core;

	stop_waiting(d);
	data_streams_close(c->data_streams);
	meter_close(c->meter);
	ledger_close(c->ledger);
	licensed_close(c);
	licences_free(c->licences);
	withholding_close(c);
	c->data_streams = NULL;
	c->meter = NULL;
	c->ledger = NULL;
	c->licences = NULL;
	pthread_mutex_destroy(&d->lock);
	pthread_cond_destroy(&d->wake);
	free(d);
}

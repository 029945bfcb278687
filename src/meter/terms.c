/*
 * terms.c - see terms.h.
 */
#include "base/base.h"

#include "meter/terms.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "base/map.h"
#include "ledger/ledger.h"
#include "meter/plan_store.h"

/* What a record says that may change. */
struct agreed {
	int64_t plan;
	uint32_t ppm, everybody_ppm; /* withheld of the posts of now */
};

struct terms {
	struct core *core;
	pthread_mutex_t lock;
	struct map recorded; /* licensee → its struct agreed */
};

struct terms *terms_new(struct core *c)
{
	struct terms *t = xcalloc(1, sizeof(*t));

	t->core = c;
	pthread_mutex_init(&t->lock, NULL);
	map_init(&t->recorded);
	return t;
}

void terms_free(struct terms *t)
{
	size_t at = 0;
	uint64_t licensee;
	void *agreed;

	if (!t)
		return;
	while (map_next(&t->recorded, &at, &licensee, &agreed))
		free(agreed);
	map_release(&t->recorded);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static struct agreed agreed_of(const struct licence *l)
{
	struct withhold_terms w = withhold_set_terms(l->withhold, (struct post_id){id_at(clock_now())});

	return (struct agreed){.plan = l->plan.id, .ppm = w.ppm, .everybody_ppm = w.everybody_ppm};
}

static void write_text(const struct licence *l, const struct agreed *agreed, const struct digest *digest,
		       struct buf *out)
{
	char hex[HEX_LEN(DIGEST_LEN) + 1];
	struct jw j = jw_to(out);

	hex_encode(digest->b, DIGEST_LEN, hex);
	jw_object(&j);
	jw_kv_id(&j, "licensee", l->licensee);
	jw_kv_id(&j, "terms", l->plan.id);
	jw_kv_cstr(&j, "plan", l->plan.name);
	jw_kv_int(&j, "version", l->plan.version);
	jw_kv_time(&j, "since", l->plan_since_ms);
	jw_kv_cstr(&j, "sha256", hex);
	jw_key(&j, "withheld");
	jw_object(&j);
	jw_kv_int(&j, "ppm", agreed->ppm);
	jw_kv_int(&j, "everybody_ppm", agreed->everybody_ppm);
	jw_object_end(&j);
	jw_object_end(&j);
}

/* A record that is on its way into the ledger. */
struct sent {
	struct terms *terms;
	int64_t licensee;
};

/* On the ledger's thread, which comes to an end before terms do. */
static void recorded(void *arg, const struct ledger_done *done)
{
	struct sent *s = arg;

	if (done->err != OK) {
		pthread_mutex_lock(&s->terms->lock);
		free(map_del(&s->terms->recorded, (uint64_t)s->licensee));
		pthread_mutex_unlock(&s->terms->lock);
	}
	free(s);
}

static enum err append(struct terms *t, struct db *db, const struct licence *l, const struct agreed *agreed)
{
	struct ledger_record r = {
		.kind = LEDGER_TERMS, .time_ms = clock_now(), .licensee = l->licensee, .terms = l->plan.id};
	struct digest digest;
	struct plan plan;
	struct buf text;

	TRY(plan_load(db, l->plan.id, &plan, &digest));
	buf_init(&text, LEDGER_DATA_MAX);
	write_text(l, agreed, &digest, &text);
	r.data = buf_view(&text);
	struct sent *s = xcalloc(1, sizeof(*s));
	*s = (struct sent){t, l->licensee};
	enum err err = ledger_append(t->core->ledger, &r, recorded, s);
	if (err != OK)
		free(s);
	buf_release(&text);
	return err;
}

static bool is_recorded(const struct terms *t, int64_t licensee, const struct agreed *agreed)
{
	const struct agreed *was = map_get(&t->recorded, (uint64_t)licensee);

	return was && was->plan == agreed->plan && was->ppm == agreed->ppm &&
	       was->everybody_ppm == agreed->everybody_ppm;
}

enum err terms_record(struct terms *t, struct db *db, const struct licence *l)
{
	struct agreed now, *kept;
	enum err err = OK;

	if (!t->core->ledger)
		return OK;
	now = agreed_of(l);
	/* Whoever comes second waits until the first has queued it. */
	pthread_mutex_lock(&t->lock);
	if (!is_recorded(t, l->licensee, &now)) {
		err = append(t, db, l, &now);
		if (err == OK) {
			kept = xmalloc(sizeof(*kept));
			*kept = now;
			free(map_put(&t->recorded, (uint64_t)l->licensee, kept));
		}
	}
	pthread_mutex_unlock(&t->lock);
	return err;
}

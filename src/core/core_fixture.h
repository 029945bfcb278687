/*
 * core_fixture.h - a network on a temporary SQLite file, for unit tests. Include in one test program only.
 */
#ifndef CORE_CORE_FIXTURE_H
#define CORE_CORE_FIXTURE_H

#include <pthread.h>
#include <setjmp.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/secret.h"
#include "core/accounts.h"
#include "core/cards.h"
#include "core/events.h"
#include "core/notification_policy.h"

#define FIXTURE_PASSWORD "correct horse battery"

struct fixture {
	char dir[64], url[96];
	struct store *store;
	struct core *core;
	struct db *db;
	struct arena arena;
	struct event_list seen; /* everything announced since fixture_forget() */
	pthread_mutex_t seen_lock;
};

static inline void fixture_record(void *arg, const struct event *ev)
{
	struct fixture *f = arg;

	pthread_mutex_lock(&f->seen_lock);
	events_pend(&f->seen, *ev);
	pthread_mutex_unlock(&f->seen_lock);
}

static inline void fixture_forget(struct fixture *f)
{
	f->seen.n = 0;
}

static inline size_t fixture_events(const struct fixture *f, enum event_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < f->seen.n; i++)
		n += f->seen.v[i].kind == kind;
	return n;
}

/* Cards with nothing but the meta: what is shown of a post is present/'s. */
static inline enum err fixture_render(struct core *c, struct db *db, struct arena *a, const struct post *post,
				      struct card **ret)
{
	const struct post_meta *m = &post->meta;
	size_t size = sizeof(struct card) + m->n_mentions * sizeof(*m->mentions);
	struct card *card = xcalloc(1, size);
	struct account_id *mentions = (struct account_id *)(card + 1);
	(void)c, (void)db, (void)a;
	for (size_t i = 0; i < m->n_mentions; i++)
		mentions[i] = m->mentions[i];
	card->meta = *m;
	card->meta.mentions = mentions;
	cached_init(&card->cached, size, NULL);
	*ret = card;
	return OK;
}

static inline struct fixture *fixture_open(void)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	pthread_mutex_init(&f->seen_lock, NULL);
	struct problem problem = {0};
	assert_int_equal(secret_init(), OK);
	snprintf(f->dir, sizeof(f->dir), "/tmp/kicau-core-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->url, sizeof(f->url), "sqlite:%s/kicau.db", f->dir);
	arena_init(&f->arena, LIMIT_CALL_ARENA);
	struct store_config store = {.url = f->url, .sqlite_cache_kib = 1024, .queue_max = 1024};
	assert_int_equal(store_open(&store, &f->store, &problem), OK);
	struct core_config config = {.base_url = "http://kicau.example",
				     .domain = "kicau.example",
				     .title = "kicau",
				     .description = "",
				     .contact_email = "",
				     .data_dir = f->dir,
				     .languages = "en",
				     .currency = "USD",
				     .seller = "",
				     .stripe_key = "",
				     .stripe_webhook_secret = "",
				     .stripe_api = "https://api.stripe.com",
				     .post_chars = 500,
				     .registrations = true,
				     .timelines_bytes = LIMIT_MIB,
				     .cards_bytes = LIMIT_MIB,
				     .viewers_bytes = LIMIT_MIB,
				     .merge_followers = 20000,
				     .active_days = 14};
	assert_int_equal(core_open(&config, f->store, &f->core, &problem), OK);
	f->db = store_db(f->store);
	cards_set_renderers(f->core, (struct card_renderers){.post = fixture_render});
	events_subscribe(f->core->events, fixture_record, f);
	return f;
}

static inline void fixture_close(struct fixture *f)
{
	static const char *const files[] = {"kicau.db", "kicau.db-wal", "kicau.db-shm", "kicau.db-ballast"};
	core_close(f->core);
	store_thread_done(f->store);
	store_close(f->store);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", f->dir, files[i]);
		unlink(path);
	}
	rmdir(f->dir);
	event_list_drop(&f->seen);
	pthread_mutex_destroy(&f->seen_lock);
	arena_release(&f->arena);
	free(f);
}

/* An account of this server; its address is NAME@example.org. */
static inline struct account_id fixture_account(struct fixture *f, const char *name)
{
	struct field_errors errors = {0};
	struct account_id id = {0};
	struct new_account na = {.username = view_of(name),
				 .password = V(FIXTURE_PASSWORD),
				 .reserved_ok = true,
				 .approved = true,
				 .confirmed = true};
	na.email = arena_printf(&f->arena, "%s@example.org", name);
	assert_int_equal(account_create(f->core, &f->arena, &na, &id, &errors), OK);
	return id;
}

/* Tells an account of everything, private mentions of strangers too. */
static inline void fixture_takes_all(struct fixture *f, struct account_id who)
{
	const struct notification_policy accept = {0};
	assert_int_equal(notification_policy_save(f->core, who, &accept), OK);
}

/* For cmocka_run_group_tests: one network for all tests of a program. */
static inline int fixture_setup(void **state)
{
	*state = fixture_open();
	return 0;
}
static inline int fixture_teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

#endif

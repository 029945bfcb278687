/*
 * answers.c - see answers.h.
 */
#include "base/base.h"

#include "meter/answers.h"

#include <assert.h>

#include "base/secret.h"
#include "meter/plan_fields.h"

void plan_answer(const struct plan *p, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", p->id);
	plan_write(p, j);
	jw_object_end(j);
}

void licensee_answer(const struct licensee *l, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", l->id);
	jw_kv_str(j, "name", l->name);
	jw_kv_str(j, "email", l->email);
	jw_kv_cstr(j, "plan", l->plan.name);
	jw_kv_int(j, "plan_version", l->plan.version);
	jw_kv_time(j, "plan_since", l->plan_since_ms);
	jw_kv_int(j, "keys", l->keys);
	jw_kv_bool(j, "waits", l->waits);
	jw_kv_time(j, "suspended_at", l->suspended_ms);
	jw_kv_time(j, "created_at", l->created_ms);
	jw_object_end(j);
}

const char *key_state(const struct data_key *k, int64_t now)
{
	if (k->revoked_ms)
		return "revoked";
	return k->expires_ms && k->expires_ms <= now ? "expired" : "active";
}

void key_answer(const struct data_key *k, struct view token, int64_t now, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", k->id);
	jw_kv_id(j, "licensee_id", k->licensee);
	jw_kv_str(j, "licensee", k->licensee_name);
	jw_kv_id(j, "project_id", k->project);
	jw_kv_str(j, "project", k->project_name);
	jw_kv_id(j, "app_id", k->app);
	jw_kv_str(j, "app", k->app_name);
	jw_kv_str(j, "hint", k->hint);
	jw_kv_cstr(j, "state", key_state(k, now));
	jw_kv_time(j, "created_at", k->created_ms);
	jw_kv_time(j, "expires_at", k->expires_ms);
	jw_kv_time(j, "revoked_at", k->revoked_ms);
	jw_kv_time(j, "last_used_at", k->last_used_ms);
	if (token.len)
		jw_kv_str(j, "token", token);
	jw_object_end(j);
}

static void kv_index(struct jw *j, const char *key, int64_t index)
{
	jw_key(j, key);
	if (index < 0)
		jw_null(j);
	else
		jw_int(j, index);
}

/* An id, where 0 is one too: everybody, the first post. */
static void kv_number(struct jw *j, const char *key, int64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, id);
	jw_kv_cstr(j, key, text);
}

static void kv_hex(struct jw *j, const char *key, const unsigned char *p, bool known)
{
	char text[HEX_LEN(WITHHOLD_KEY_LEN) + 1];

	jw_key(j, key);
	if (!known) {
		jw_null(j);
		return;
	}
	hex_encode(p, WITHHOLD_KEY_LEN, text);
	jw_str(j, view_of(text));
}

void withhold_answer(const struct withhold_generation *g, int64_t now, struct jw *j)
{
	static_assert(WITHHOLD_KEY_LEN == WITHHOLD_SALT_LEN, "one length in hexadecimal");

	jw_object(j);
	kv_number(j, "licensee_id", g->licensee);
	jw_kv_int(j, "generation", g->number);
	jw_kv_cstr(j, "state", withhold_state_name(g, now));
	jw_kv_int(j, "ppm", g->ppm);
	kv_number(j, "from_id", g->from_id);
	jw_key(j, "until_id");
	if (g->until_id == INT64_MAX)
		jw_null(j);
	else
		jw_id(j, g->until_id);
	jw_kv_time(j, "created_at", g->made_ms);
	kv_index(j, "committed", g->committed);
	kv_index(j, "revealed", g->revealed);
	kv_hex(j, "key", g->key.b, g->revealing);
	kv_hex(j, "salt", g->salt.b, g->revealing);
	jw_object_end(j);
}

/*
 * data_licence.c - what people let their public posts be licensed for (docs/licences.md). Not Mastodon's.
 */
#include "base/base.h"

#include "api/groups.h"
#include "gate/call.h"
#include "licensed/consent.h"

static enum err answer(struct call *c)
{
	struct consent consent;
	struct jw *j = &c->json;

	TRY(consent_load(c->core, c->db, c->auth.account, &consent));
	jw_object(j);
	for (size_t i = 0; i < USES; i++)
		jw_kv_bool(j, use_names[i], (consent.uses >> i & 1) != 0);
	jw_key(j, "offered");
	jw_array(j);
	for (size_t i = 0; i < USES; i++)
		if (c->core->config.data_uses >> i & 1)
			jw_cstr(j, use_names[i]);
	jw_array_end(j);
	jw_kv_bool(j, "chosen", consent.chosen);
	jw_kv_time(j, "changed_at", consent.changed_at);
	jw_object_end(j);
	return OK;
}

static enum err change(struct call *c)
{
	struct consent consent;

	TRY(consent_load(c->core, c->db, c->auth.account, &consent));
	for (size_t i = 0; i < USES; i++) {
		if (!arg_given(c, use_names[i]))
			continue;
		consent.uses &= ~(1u << i);
		consent.uses |= (uint32_t)arg_bool(c, use_names[i]) << i;
	}
	TRY(consent_set(c->core, c->auth.account, consent.uses));
	return answer(c);
}

#define USE_PARAM(use_name, words)                                                                                     \
	{                                                                                                              \
		.name = (use_name), .type = PARAM_BOOL, .doc = (words)                                                 \
	}

const struct endpoint api_data_licence[] = {
	{.method = HTTP_GET, .path = "/api/v1/accounts/data_licence", .handle = answer, .auth = AUTH_USER,
	 .scope = SCOPE_READ_ACCOUNTS, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE,
	 .reply = "DataLicence", .doc = "What one's public posts may be licensed for, and which of it this server offers."},
	{.method = HTTP_PATCH, .path = "/api/v1/accounts/data_licence", .handle = change, .auth = AUTH_USER,
	 .scope = SCOPE_WRITE_ACCOUNTS, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(USE_PARAM("search", "Others may search and show them."),
			  USE_PARAM("research", "For science."), USE_PARAM("commercial", "For business."),
			  USE_PARAM("training", "To train AI.")),
	 .reply = "DataLicence", .doc = "Changes it. What is not named stays as it was. Holds for all posts, from now on."},
	ENDPOINTS_END,
};

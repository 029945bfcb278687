/*
 * instance.c - what this server is and what it allows (Mastodon: methods/instance). All numbers fit 32 bits, because
 * apps read them so.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "api/software.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/activity.h"
#include "core/census.h"
#include "core/documents.h"
#include "core/rules.h"
#include "core/vapid.h"
#include "media/sniff.h"
#include "present/report.h"
#include "text/compose.h"

/*
 * The level whose promises are kept (docs: entities/Instance, api_versions, and "API version" in the pages of methods):
 * 7 is Mastodon 4.5; 8 has /api/v1/profile and the states of annual reports, 9 descriptions of avatar and header in the
 * profile, 10, which is Mastodon 4.6, collections with their notifications, and supported_types.
 */
#define API_LEVEL 10

static int64_t int32(int64_t n)
{
	return n > INT32_MAX ? INT32_MAX : n;
}

static struct view own_url(struct call *c, const char *path)
{
	return arena_printf(c->arena, "%s%s", c->core->config.base_url, path);
}

/* "https://…" → "wss://…" */
static struct view streaming_url(struct call *c)
{
	const char *base = c->core->config.base_url;
	return arena_printf(c->arena, "ws%s", strncmp(base, "http", 4) == 0 ? base + 4 : base);
}

static void write_languages(struct call *c)
{
	struct view rest = view_of(c->core->config.languages), code;
	jw_key(&c->json, "languages");
	jw_array(&c->json);
	while (view_split(&rest, ',', &code))
		if (view_trim(code).len > 0)
			jw_str(&c->json, view_trim(code));
	jw_array_end(&c->json);
}

static void write_accounts_limits(struct jw *j)
{
	jw_key(j, "accounts");
	jw_object(j);
	jw_kv_int(j, "max_display_name_length", LIMIT_DISPLAY_NAME_CHARS);
	jw_kv_int(j, "max_note_length", LIMIT_NOTE_CHARS);
	jw_kv_int(j, "max_avatar_description_length", LIMIT_MEDIA_ALT_CHARS);
	jw_kv_int(j, "max_header_description_length", LIMIT_MEDIA_ALT_CHARS);
	jw_kv_int(j, "max_featured_tags", LIMIT_FEATURED_TAGS);
	jw_kv_int(j, "max_pinned_statuses", LIMIT_PINS);
	jw_kv_int(j, "max_profile_fields", LIMIT_FIELDS);
	jw_kv_int(j, "profile_field_name_limit", LIMIT_FIELD_CHARS);
	jw_kv_int(j, "profile_field_value_limit", LIMIT_FIELD_CHARS);
	jw_object_end(j);
}

/* What both forms of the instance have of "configuration". */
static void write_limits(struct call *c)
{
	struct jw *j = &c->json;
	write_accounts_limits(j);
	jw_key(j, "statuses");
	jw_object(j);
	jw_kv_int(j, "max_characters", int32(c->core->config.post_chars));
	jw_kv_int(j, "max_media_attachments", LIMIT_POST_MEDIA);
	jw_kv_int(j, "characters_reserved_per_url", COMPOSE_URL_CHARS);
	jw_object_end(j);
	jw_key(j, "media_attachments");
	jw_object(j);
	jw_kv_raw(j, "supported_mime_types", V(SNIFF_MIME_TYPES));
	jw_kv_int(j, "description_limit", LIMIT_MEDIA_ALT_CHARS);
	jw_kv_int(j, "image_size_limit", LIMIT_IMAGE_BYTES);
	jw_kv_int(j, "image_matrix_limit", LIMIT_IMAGE_PIXELS);
	jw_kv_int(j, "video_size_limit", LIMIT_FILM_BYTES);
	jw_kv_int(j, "video_frame_rate_limit", LIMIT_FILM_FPS);
	jw_kv_int(j, "video_matrix_limit", LIMIT_FILM_PIXELS);
	jw_object_end(j);
	jw_key(j, "polls");
	jw_object(j);
	jw_kv_int(j, "max_options", LIMIT_POLL_OPTIONS);
	jw_kv_int(j, "max_characters_per_option", LIMIT_POLL_OPTION_CHARS);
	jw_kv_int(j, "min_expiration", int32(c->core->config.poll_min_seconds));
	jw_kv_int(j, "max_expiration", LIMIT_POLL_MAX_SECONDS);
	jw_object_end(j);
}

static void write_access(struct call *c)
{
	static const char *const feeds[] = {"live_feeds", "hashtag_feeds", "trending_link_feeds"};
	const char *access = c->core->config.public_timelines_need_login ? "authenticated" : "public";
	jw_key(&c->json, "timelines_access");
	jw_object(&c->json);
	for (size_t i = 0; i < ARRAY_LEN(feeds); i++) {
		jw_key(&c->json, feeds[i]);
		jw_object(&c->json);
		jw_kv_cstr(&c->json, "local", access);
		jw_kv_cstr(&c->json, "remote", access);
		jw_object_end(&c->json);
	}
	jw_object_end(&c->json);
}

static void write_page(struct call *c, const char *key, enum document_kind k, const char *path)
{
	if (document_is_there(c->core, k))
		jw_kv_str(&c->json, key, own_url(c, path));
	else
		jw_kv_null(&c->json, key);
}

static enum err write_configuration(struct call *c)
{
	struct jw *j = &c->json;
	struct view vapid;
	TRY(vapid_public_key(c->core->store, c->arena, &vapid));
	jw_key(j, "configuration");
	jw_object(j);
	jw_key(j, "urls");
	jw_object(j);
	jw_kv_str(j, "streaming", streaming_url(c));
	jw_kv_null(j, "status");
	jw_kv_str(j, "about", own_url(c, "/about"));
	write_page(c, "privacy_policy", DOCUMENT_PRIVACY, "/privacy-policy");
	write_page(c, "terms_of_service", DOCUMENT_TERMS, "/terms-of-service");
	jw_object_end(j);
	jw_key(j, "vapid");
	jw_object(j);
	jw_kv_str(j, "public_key", vapid);
	jw_object_end(j);
	write_limits(c);
	jw_key(j, "translation");
	jw_object(j);
	jw_kv_bool(j, "enabled", false);
	jw_object_end(j);
	write_access(c);
	jw_kv_bool(j, "limited_federation", false);
	jw_object_end(j);
	return OK;
}

static enum err write_contact_account(struct call *c, const char *key)
{
	struct present p = call_presenter(c);
	struct account_id contact;
	TRY(activity_contact(c->db, &contact));
	jw_key(&c->json, key);
	if (contact.v == 0) {
		jw_null(&c->json);
		return OK;
	}
	enum err err = present_account(&p, contact, &c->json);
	if (err == ERR_NOT_FOUND)
		jw_null(&c->json);
	return err == ERR_NOT_FOUND ? OK : err;
}

static void write_pictures(struct call *c)
{
	struct jw *j = &c->json;
	struct view icon = own_url(c, "/assets/icon-180.png");
	jw_key(j, "thumbnail");
	jw_object(j);
	jw_kv_str(j, "url", own_url(c, "/assets/header.png"));
	jw_kv_cstr(j, "description", "");
	jw_kv_null(j, "blurhash");
	jw_object_end(j);
	jw_key(j, "icon");
	jw_array(j);
	jw_object(j);
	jw_kv_str(j, "src", icon);
	jw_kv_cstr(j, "size", "180x180");
	jw_object_end(j);
	jw_array_end(j);
}

static void write_registrations(struct call *c)
{
	struct jw *j = &c->json;
	const struct core_config *config = &c->core->config;
	jw_key(j, "registrations");
	jw_object(j);
	jw_kv_bool(j, "enabled", config->registrations);
	jw_kv_bool(j, "approval_required", config->approval);
	jw_kv_bool(j, "reason_required", config->approval);
	jw_kv_null(j, "message");
	if (config->min_age)
		jw_kv_int(j, "min_age", config->min_age);
	else
		jw_kv_null(j, "min_age");
	jw_kv_str(j, "url", own_url(c, "/auth/sign_up"));
	jw_object_end(j);
}

static enum err write_rules(struct call *c)
{
	struct rule rules[LIMIT_RULES];
	size_t n = 0;
	TRY(rules_load(c->db, c->arena, rules, &n));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		present_rule(&rules[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

static enum err show_v2(struct call *c)
{
	struct jw *j = &c->json;
	const struct core_config *config = &c->core->config;
	struct census census;
	TRY(census_read(c->core, c->db, &census));
	jw_object(j);
	jw_kv_cstr(j, "domain", config->domain);
	jw_kv_cstr(j, "title", config->title);
	jw_kv_cstr(j, "version", SOFTWARE_MASTODON_VERSION);
	jw_kv_str(j, "source_url", own_url(c, ""));
	jw_kv_cstr(j, "description", config->description);
	jw_kv_null(j, "wrapstodon"); /* absent.c: no annual reports */
	jw_key(j, "usage");
	jw_object(j);
	jw_key(j, "users");
	jw_object(j);
	jw_kv_int(j, "active_month", int32(census.active));
	jw_object_end(j);
	jw_object_end(j);
	write_pictures(c);
	write_languages(c);
	TRY(write_configuration(c));
	write_registrations(c);
	jw_key(j, "api_versions");
	jw_object(j);
	jw_kv_int(j, "mastodon", API_LEVEL);
	jw_object_end(j);
	jw_key(j, "contact");
	jw_object(j);
	jw_kv_cstr(j, "email", config->contact_email);
	TRY(write_contact_account(c, "account"));
	jw_object_end(j);
	jw_key(j, "rules");
	TRY(write_rules(c));
	jw_object_end(j);
	return OK;
}

static enum err show_v1(struct call *c)
{
	struct jw *j = &c->json;
	const struct core_config *config = &c->core->config;
	struct census census;
	TRY(census_read(c->core, c->db, &census));
	jw_object(j);
	jw_kv_cstr(j, "uri", config->domain);
	jw_kv_cstr(j, "title", config->title);
	jw_kv_cstr(j, "short_description", config->description);
	jw_kv_cstr(j, "description", config->description);
	jw_kv_cstr(j, "email", config->contact_email);
	jw_kv_cstr(j, "version", SOFTWARE_MASTODON_VERSION);
	jw_key(j, "urls");
	jw_object(j);
	jw_kv_str(j, "streaming_api", streaming_url(c));
	jw_object_end(j);
	jw_key(j, "stats");
	jw_object(j);
	jw_kv_int(j, "user_count", int32(census.people));
	jw_kv_int(j, "status_count", int32(census.posts));
	jw_kv_int(j, "domain_count", 0);
	jw_object_end(j);
	jw_kv_str(j, "thumbnail", own_url(c, "/assets/header.png"));
	write_languages(c);
	jw_kv_bool(j, "registrations", config->registrations);
	jw_kv_bool(j, "approval_required", config->approval);
	jw_kv_bool(j, "invites_enabled", config->invites_by_all);
	jw_key(j, "configuration");
	jw_object(j);
	write_limits(c);
	jw_object_end(j);
	TRY(write_contact_account(c, "contact_account"));
	jw_key(j, "rules");
	TRY(write_rules(c));
	jw_object_end(j);
	return OK;
}

/* Numbers as text, times in seconds. */
static enum err activity(struct call *c)
{
	struct jw *j = &c->json;
	struct activity_week weeks[ACTIVITY_WEEKS];
	TRY(activity_read(c->db, clock_now(), weeks));
	jw_array(j);
	for (size_t i = 0; i < ARRAY_LEN(weeks); i++) {
		jw_object(j);
		jw_kv_str(j, "week", arena_printf(c->arena, "%" PRId64, weeks[i].begin / 1000));
		jw_kv_str(j, "statuses", arena_printf(c->arena, "%" PRId64, weeks[i].posts));
		jw_kv_str(j, "logins", arena_printf(c->arena, "%" PRId64, weeks[i].logins));
		jw_kv_str(j, "registrations", arena_printf(c->arena, "%" PRId64, weeks[i].registrations));
		jw_object_end(j);
	}
	jw_array_end(j);
	return OK;
}

static enum err nothing(struct call *c)
{
	return answer_none(c);
}

#define READ                                                                                                           \
	.method = HTTP_GET, .auth = AUTH_OPTIONAL, .scope = SCOPE_NONE, .rate = RATE_DEFAULT, .meter = METER_FREE,     \
	.run = RUN_INLINE

const struct endpoint api_instance[] = {
	{READ, .path = "/api/v2/instance", .handle = show_v2, .reply = "Instance",
	 .doc = "What this server is and allows."},
	{READ, .path = "/api/v1/instance", .handle = show_v1, .reply = "V1::Instance",
	 .doc = "What this server is and allows, in the older form."},
	{READ, .path = "/api/v1/instance/rules", .handle = write_rules, .reply = "[Rule]",
	 .doc = "What this server asks of the people on it."},
	{READ, .path = "/api/v1/instance/peers", .handle = nothing, .reply = "[String]",
	 .doc = "Servers known: none, so far."},
	{READ, .path = "/api/v1/peers/search", .handle = nothing,
	 .params = PARAMS({.name = "q", .type = PARAM_STRING, .doc = "Part of a domain."}), .reply = "[String]",
	 .doc = "Servers known by a part of their name: none, so far."},
	{.method = HTTP_GET, .path = "/api/v1/instance/activity", .handle = activity, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_NONE, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER, .reply = "[Activity]",
	 .doc = "Posts, logins and new accounts of the last twelve weeks."},
	{READ, .path = "/api/v1/instance/domain_blocks", .handle = nothing, .reply = "[DomainBlock]",
	 .doc = "Servers this one does not talk to: none."},
	ENDPOINTS_END};
